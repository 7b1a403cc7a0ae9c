package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.DenseProduct;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products of float weights against a plain loop, to the bit, on random shapes with odd tails.
class DenseMatrixTwinTest {
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void productsEqualTheScalarTwinForAnyTokensAndThreads(TensorType type) {
        Seeded.forAll(40, random -> {
            int rows = random.nextInt(1, 70);
            // Whole groups of sixteen, which machine code takes, as often as others.
            int columns = random.nextBoolean() ? random.nextInt(1, 130) : 16 * random.nextInt(1, 9);
            int tokens = random.nextInt(1, 8);
            MemorySegment data = Arena.ofAuto().allocate(type.size((long) rows * columns));
            Quantizer.quantize(type, Floats.random(random, rows * columns), 0, rows * columns, data, 0);
            Matrix matrix = Matrix.of(type, data, rows, columns);
            float[] x = Floats.random(random, tokens * columns);
            float[] expected = new float[tokens * rows];
            float[] weights = new float[columns];
            for (int r = 0; r < rows; r++) {
                matrix.row(r, weights, 0);
                for (int t = 0; t < tokens; t++) {
                    expected[t * rows + r] = DenseProduct.dotScalar(weights, x, t * columns, columns);
                }
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

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void rowsComeBackAsStored(TensorType type) {
        Seeded.forAll(20, random -> {
            int columns = random.nextInt(1, 100);
            float[] values = Floats.random(random, columns);
            MemorySegment data = Arena.ofAuto().allocate(type.size(columns));
            Quantizer.quantize(type, values, 0, columns, data, 0);
            float[] row = new float[columns];
            Matrix.of(type, data, 1, columns).row(0, row, 0);
            for (int i = 0; i < columns; i++) {
                // Half a unit in the last place: 2⁻¹¹ for F16 (or half its smallest step), 2⁻⁸ for BF16.
                double bound =
                        switch (type) {
                            case F32 -> 0;
                            case F16 -> Math.max(Math.abs(values[i]) * 0x1p-11, 0x1p-25);
                            default -> Math.abs(values[i]) * 0x1p-8;
                        };
                assertEquals(values[i], row[i], bound, "column " + i);
            }
        });
    }
}
