package org.diwan.bench;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.tensor.Matrix;
import org.diwan.engine.tensor.Quantizer;

/// `bench kernels`: products alone, with weights that do not fit a cache.
final class KernelBench {
    private static final int ROWS = 8192;
    private static final int COLUMNS = 2048;
    private static final int MATRICES = 24;
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 5;

    private KernelBench() {}

    static int run(Options options, PrintStream out) {
        TensorType type = ModelWriter.type(options.named().getOrDefault("type", "Q8_0"));
        int threads = options.number("threads", 2, 1, 256);
        var random = new SplittableRandom(1);
        MemorySegment blocks = blocks(type, random);
        Matrix[] matrices = new Matrix[MATRICES];
        Arrays.setAll(matrices, i -> Matrix.of(type, blocks, ROWS, COLUMNS));
        try (var workers = new Workers(threads)) {
            for (int tokens : new int[] {1, 8, 32, 128, 512}) {
                int used = tokens > 8 ? 2 : MATRICES;
                float[] x = floats(random, tokens * COLUMNS);
                float[] y = new float[tokens * ROWS];
                double[] rates = new double[ROUNDS];
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    for (int i = 0; i < used; i++) {
                        matrices[i].multiply(x, tokens, y, workers);
                    }
                    if (round >= 0) {
                        rates[round] = (double) used * ROWS * COLUMNS * tokens / (System.nanoTime() - start);
                    }
                }
                Arrays.sort(rates);
                out.printf("%s, %d threads, %d tokens: %.1f GMAC/s%n", type, threads, tokens, rates[ROUNDS / 2]);
            }
        }
        return 0;
    }

    private static MemorySegment blocks(TensorType type, SplittableRandom random) {
        float[] values = floats(random, ROWS * COLUMNS);
        MemorySegment blocks = Arena.ofAuto().allocate(type.size(values.length));
        Quantizer.quantize(type, values, 0, values.length, blocks, 0);
        return blocks;
    }

    private static float[] floats(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
