package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Softmax and log-sum-exp over one row, with sixteen partial sums as [Lanes] describes.
public final class Softmax {
    private Softmax() {}

    /// Replaces `count` scores from `offset` by their softmax. All of them -∞ gives NaN.
    public static void inPlace(float[] x, int offset, int count) {
        float max = max(x, offset, count);
        float scale = 1f / exponentials(x, offset, count, max, x, offset);
        for (int i = offset; i < offset + count; i++) {
            x[i] *= scale;
        }
    }

    /// ln Σ e^x over `count` values from `offset`; `x` is unchanged.
    public static float logSumExp(float[] x, int offset, int count) {
        float max = max(x, offset, count);
        float sum = exponentials(x, offset, count, max, new float[count], 0);
        return max + (float) StrictMath.log(sum);
    }

    /// The largest value; its order does not matter, so lanes may be of any number.
    static float max(float[] x, int offset, int count) {
        FloatVector largest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i < Lanes.FLOATS.loopBound(count); i += Lanes.COUNT) {
            largest = largest.max(FloatVector.fromArray(Lanes.FLOATS, x, offset + i));
        }
        float max = Float.NEGATIVE_INFINITY;
        for (float lane : largest.toArray()) {
            max = Math.max(max, lane);
        }
        for (; i < count; i++) {
            max = Math.max(max, x[offset + i]);
        }
        return max;
    }

    /// Writes e^(x - max) to `out` and returns their sum.
    static float exponentials(float[] x, int offset, int count, float max, float[] out, int outOffset) {
        if (Lanes.SCALAR) return exponentialsScalar(x, offset, count, max, out, outOffset);
        float[] partial = new float[Lanes.GROUP];
        int whole = count - count % Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = lane; i < whole; i += Lanes.GROUP) {
                FloatVector e = Exp.exp(
                        FloatVector.fromArray(Lanes.FLOATS, x, offset + i).sub(max));
                e.intoArray(out, outOffset + i);
                sum = sum.add(e);
            }
            sum.intoArray(partial, lane);
        }
        for (int i = whole; i < count; i++) {
            float e = Exp.exp(x[offset + i] - max);
            out[outOffset + i] = e;
            partial[i - whole] += e;
        }
        return Lanes.sum(partial);
    }

    /// The scalar twin of [#exponentials].
    static float exponentialsScalar(float[] x, int offset, int count, float max, float[] out, int outOffset) {
        float[] partial = new float[Lanes.GROUP];
        for (int i = 0; i < count; i++) {
            float e = Exp.exp(x[offset + i] - max);
            out[outOffset + i] = e;
            partial[i % Lanes.GROUP] += e;
        }
        return Lanes.sum(partial);
    }
}
