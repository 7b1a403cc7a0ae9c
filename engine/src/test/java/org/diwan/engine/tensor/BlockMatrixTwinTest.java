package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernels against the plain definition of a product, to the bit, on random shapes.
class BlockMatrixTwinTest {
    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q6_K"})
    void kernelsEqualTheScalarTwinForAnyTokensAndThreads(TensorType type) {
        Seeded.forAll(12, random -> {
            int rows = random.nextInt(1, 100);
            int columns = random.nextInt(1, 6) * type.blockWeights();
            int tokens = random.nextInt(1, 12);
            var matrix = (BlockMatrix) Matrix.of(type, weights(random, type, rows, columns), rows, columns);
            float[] x = Floats.random(random, tokens * columns);
            float[] expected = new float[tokens * rows];
            try (var one = new Workers(1)) {
                matrix.multiplyScalar(x, tokens, expected, one);
            }
            for (int threads = 1; threads <= 3; threads++) {
                try (var workers = new Workers(threads)) {
                    float[] out = new float[tokens * rows];
                    matrix.multiply(x, tokens, out, workers);
                    assertArrayEquals(expected, out, threads + " threads");
                    float[] first = new float[rows];
                    matrix.multiply(Arrays.copyOf(x, columns), 1, first, workers);
                    assertArrayEquals(Arrays.copyOf(expected, rows), first, "decode equals prefill");
                }
            }
        });
    }

    private static MemorySegment weights(SplittableRandom random, TensorType type, int rows, int columns) {
        float[] values = Floats.random(random, rows * columns);
        MemorySegment blocks = Arena.ofAuto().allocate(type.size((long) rows * columns));
        Quantizer.quantize(type, values, 0, values.length, blocks, 0);
        return blocks;
    }
}
