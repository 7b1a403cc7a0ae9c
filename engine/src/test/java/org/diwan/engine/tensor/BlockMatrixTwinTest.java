package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kernels against the plain definition of a product, to the bit, on random shapes.
class BlockMatrixTwinTest {
    private static final int ROWS = 32;

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
    void kernelsEqualTheScalarTwinForAnyTokensAndThreads(TensorType type) {
        Seeded.forAll(24, random -> {
            int rows = random.nextInt(1, 100);
            int columns = random.nextInt(1, 6) * type.blockWeights();
            int tokens = random.nextInt(1, 20);
            var matrix = (BlockMatrix) Matrix.of(type, Blocks.random(random, type, rows, columns), rows, columns);
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

    /// Instructions that add in 16 bits would saturate or wrap here first: every weight of a matrix at an end of its
    /// range, every input ±127 as stored.
    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
    void theLargestSumsAreExact(TensorType type) {
        int[] ends = {0x00, 0xff, 0x7f, 0x80};
        Seeded.forAll(24, random -> {
            int columns = 2 * type.blockWeights();
            int end = ends[random.nextInt(ends.length)];
            var matrix =
                    (BlockMatrix) Matrix.of(type, Blocks.of(() -> end, random, type, ROWS, columns), ROWS, columns);
            int tokens = random.nextInt(1, 9);
            float[] x = new float[tokens * columns];
            int same = random.nextInt(1, 33);
            for (int i = 0; i < x.length; i++) x[i] = i / same % 2 == 0 ? 1 : -1;
            float[] expected = new float[tokens * ROWS];
            float[] out = new float[tokens * ROWS];
            try (var workers = new Workers(1)) {
                matrix.multiplyScalar(x, tokens, expected, workers);
                matrix.multiply(x, tokens, out, workers);
            }
            assertArrayEquals(expected, out);
        });
    }
}
