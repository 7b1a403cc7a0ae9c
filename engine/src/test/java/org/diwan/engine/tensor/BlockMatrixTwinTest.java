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
}
