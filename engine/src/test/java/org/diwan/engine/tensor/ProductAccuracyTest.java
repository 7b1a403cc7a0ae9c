package org.diwan.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products against double precision, with bounds that follow from the definition.
class ProductAccuracyTest {
    /// The stored weights are exact here. What is left: float rounding, at most (terms + 1) units of 2⁻²⁴ of
    /// Σ|w·x|; and for quantised types the input's, at most half a step of max|x| / 127 for each element.
    @ParameterizedTest
    @EnumSource(TensorType.class)
    void errorsStayWithinTheirBound(TensorType type) {
        Seeded.forAll(20, random -> {
            int rows = 20;
            int columns = 256 * random.nextInt(1, 5);
            Matrix matrix = Matrix.of(type, Blocks.random(random, type, rows, columns), rows, columns);
            float[] x = Floats.random(random, columns);
            float[] out = new float[rows];
            try (var workers = new Workers(1)) {
                matrix.multiply(x, 1, out, workers);
            }
            boolean dense = matrix instanceof DenseMatrix;
            float[] weights = new float[columns];
            for (int r = 0; r < rows; r++) {
                matrix.row(r, weights, 0);
                double exact = 0;
                double rounding = 0;
                double quantising = 0;
                for (int k = 0; k < columns; k++) {
                    exact += (double) weights[k] * x[k];
                    rounding += terms(matrix, r, k, weights[k]) * Math.abs(x[k]);
                    quantising += Math.abs(weights[k]) * largestOfBlock(x, k) / 254;
                }
                double bound = (rounding + quantising) * (columns + 3) * 0x1p-24 + (dense ? 0 : 1.001 * quantising);
                assertEquals(exact, out[r], bound, "row " + r);
            }
        });
    }

    /// |w|, or where a weight is a difference the size of both terms.
    private static double terms(Matrix matrix, int row, int k, float weight) {
        if (!(matrix instanceof BlockMatrix blocks)) return Math.abs(weight);
        int[] integers = new int[32];
        float scale = blocks.block(row, k / 32, integers);
        return Math.abs(scale * integers[k % 32]) + Math.abs(blocks.minimum(row, k / 32));
    }

    private static float largestOfBlock(float[] x, int k) {
        float largest = 0;
        for (int i = k / 32 * 32; i < k / 32 * 32 + 32; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        return largest;
    }

    @Test
    void weightsWithoutAFiniteScaleAreRefused() {
        MemorySegment data = Arena.ofAuto().allocate(34);
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) 0x7c00);
        var e = assertThrows(IllegalArgumentException.class, () -> Matrix.of(TensorType.Q8_0, data, 1, 32));
        assertTrue(e.toString().contains("a scale is infinite"), e.toString());
    }

    @Test
    void columnsThatAreNotWholeBlocksAreRefused() {
        MemorySegment data = Arena.ofAuto().allocate(1000);
        for (TensorType type :
                new TensorType[] {TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K
                }) {
            var e = assertThrows(IllegalArgumentException.class, () -> Matrix.of(type, data, 1, 33));
            assertTrue(e.toString().contains("multiple of"), e.toString());
        }
    }

    /// A NaN must not vanish in quantising: an answer from damaged numbers would look like any other.
    @ParameterizedTest
    @EnumSource(TensorType.class)
    void notANumberComesOutWhereItWentIn(TensorType type) {
        MemorySegment data = Blocks.random(new SplittableRandom(1), type, 1, 256);
        float[] values = new float[256];
        values[100] = Float.NaN;
        float[] out = new float[1];
        try (var workers = new Workers(1)) {
            Matrix.of(type, data, 1, 256).multiply(values, 1, out, workers);
        }
        assertTrue(Float.isNaN(out[0]), "was " + out[0]);
    }

    /// Machine code would read or write what lies beside the array.
    @ParameterizedTest
    @EnumSource(TensorType.class)
    void arraysThatAreTooShortAreRefused(TensorType type) {
        Matrix matrix = Matrix.of(type, Blocks.random(new SplittableRandom(1), type, 16, 256), 16, 256);
        try (var workers = new Workers(1)) {
            assertThrows(
                    IllegalArgumentException.class, () -> matrix.multiply(new float[511], 2, new float[32], workers));
            assertThrows(
                    IllegalArgumentException.class, () -> matrix.multiply(new float[512], 2, new float[31], workers));
        }
    }
}
