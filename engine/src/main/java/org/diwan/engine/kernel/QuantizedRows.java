package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Rows of floats as 8-bit integers, 32 sharing one scale: the input of a product with quantised
/// weights.
///
/// scale = max|x| / 127, integer = x · (127 / max|x|) to the nearest, ties to even, in [-127, 127].
/// A block whose largest value is at most [#TINY] becomes zeros with scale 0 (its inverse would
/// overflow). A block with NaN gets scale NaN, so that NaN comes out.
public final class QuantizedRows {
    /// Elements that share a scale.
    public static final int BLOCK = 32;

    static final float TINY = 1e-30f;

    final int rows;
    final int columns;

    /// [rows, columns]: the integers, held as floats.
    final float[] values;

    /// [rows, columns / 32].
    final float[] scales;

    private QuantizedRows(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.values = new float[rows * columns];
        this.scales = new float[rows * (columns / BLOCK)];
    }

    /// Quantises `x`, [rows, columns] from `offset`.
    public static QuantizedRows of(float[] x, int offset, int rows, int columns, Workers workers) {
        QuantizedRows q = new QuantizedRows(rows, columns);
        int blocks = columns / BLOCK;
        workers.run(rows, row -> {
            for (int block = row * blocks; block < (row + 1) * blocks; block++) {
                q.quantize(x, offset + block * BLOCK, block);
            }
        });
        return q;
    }

    private void quantize(float[] x, int from, int block) {
        // Absolute values compare as their bits do, NaN above all; so the maximum is exact.
        IntVector largestBits = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < BLOCK; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.FLOATS, x, from + i);
            largestBits = largestBits.max(v.reinterpretAsInts().and(Integer.MAX_VALUE));
        }
        float largest = Float.intBitsToFloat(largestBits.reduceLanes(VectorOperators.MAX));
        boolean zero = largest <= TINY;
        float inverse = zero ? 0 : 127 / largest;
        scales[block] = zero ? 0 : largest / 127;
        for (int i = 0; i < BLOCK; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.FLOATS, x, from + i);
            FloatVector rounded = v.mul(inverse).add(Exp.ROUND).sub(Exp.ROUND);
            rounded.max(-127f).min(127f).intoArray(values, block * BLOCK + i);
        }
    }

    /// The scalar twin of [#of].
    public static QuantizedRows scalar(float[] x, int rows, int columns) {
        QuantizedRows q = new QuantizedRows(rows, columns);
        for (int block = 0; block < q.scales.length; block++) {
            int from = block * BLOCK;
            float largest = 0;
            for (int i = from; i < from + BLOCK; i++) {
                largest = Math.max(largest, Math.abs(x[i]));
            }
            boolean zero = largest <= TINY;
            float inverse = zero ? 0 : 127 / largest;
            q.scales[block] = zero ? 0 : largest / 127;
            for (int i = from; i < from + BLOCK; i++) {
                float rounded = x[i] * inverse + Exp.ROUND - Exp.ROUND;
                q.values[i] = Math.min(Math.max(rounded, -127f), 127f);
            }
        }
        return q;
    }

    public int value(int row, int column) {
        return (int) values[row * columns + column];
    }

    public float scale(int row, int block) {
        return scales[row * (columns / BLOCK) + block];
    }

    /// The first row as shorts in pairs: element 2i in the low half of an int, 2i + 1 in the high half.
    int[] pairs() {
        int[] pairs = new int[columns / 2];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pair(values[2 * i], values[2 * i + 1]);
        }
        return pairs;
    }

    /// Two shorts in an int.
    static int pair(float low, float high) {
        return ((int) low & 0xffff) | ((int) high << 16);
    }

    /// The sums of the first row's integers, block by block.
    int[] sums() {
        int[] sums = new int[columns / BLOCK];
        for (int i = 0; i < columns; i++) {
            sums[i / BLOCK] += (int) values[i];
        }
        return sums;
    }
}
