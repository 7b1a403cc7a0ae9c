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

    /// Elements whose sum is kept.
    static final int HALF = 16;

    static final float TINY = 1e-30f;

    final int rows;
    final int columns;

    /// [rows, columns]: the integers.
    final byte[] values;

    /// [rows, columns / 32].
    final float[] scales;

    /// [rows, columns / 16]: the sums of sixteen integers.
    final int[] sums;

    private QuantizedRows(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.values = new byte[rows * columns];
        this.scales = new float[rows * (columns / BLOCK)];
        this.sums = new int[rows * (columns / HALF)];
    }

    /// Quantises `x`, [rows, columns] from `offset`.
    public static QuantizedRows of(float[] x, int offset, int rows, int columns, Workers workers) {
        QuantizedRows q = new QuantizedRows(rows, columns);
        int blocks = columns / BLOCK;
        workers.run(rows, row -> {
            int[] integers = new int[BLOCK];
            for (int block = row * blocks; block < (row + 1) * blocks; block++) {
                q.quantize(x, offset + block * BLOCK, block, integers);
            }
        });
        return q;
    }

    private void quantize(float[] x, int from, int block, int[] integers) {
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
        for (int half = 0; half < 2; half++) {
            IntVector sum = IntVector.zero(Lanes.INTS);
            for (int i = half * HALF; i < (half + 1) * HALF; i += Lanes.COUNT) {
                FloatVector v = FloatVector.fromArray(Lanes.FLOATS, x, from + i);
                FloatVector rounded = v.mul(inverse).add(Exp.ROUND).sub(Exp.ROUND);
                var n = (IntVector) rounded.max(-127f).min(127f).convert(VectorOperators.F2I, 0);
                n.intoArray(integers, i);
                sum = sum.add(n);
            }
            sums[2 * block + half] = sum.reduceLanes(VectorOperators.ADD);
        }
        for (int i = 0; i < BLOCK; i++) {
            values[block * BLOCK + i] = (byte) integers[i];
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
                q.values[i] = (byte) Math.min(Math.max(rounded, -127f), 127f);
                q.sums[i / HALF] += q.values[i];
            }
        }
        return q;
    }

    public int value(int row, int column) {
        return values[row * columns + column];
    }

    public float scale(int row, int block) {
        return scales[row * (columns / BLOCK) + block];
    }

    /// The sum of a block's elements, as the rounded elements give it: what minima are multiplied with.
    public float total(int row, int block) {
        int at = row * (columns / BLOCK) + block;
        return (float) (sums[2 * at] + sums[2 * at + 1]) * scales[at];
    }
}
