package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Root-mean-square normalisation: y = weight · x / √(mean(x²) + ε), Zhang and Sennrich 2019, eq. 4.
public final class RmsNorm {
    private RmsNorm() {}

    /// Normalises `weight.length` values from `x[offset]` into `out[outOffset]`; `out` may be `x`.
    public static void apply(float[] x, int offset, float[] weight, float epsilon, float[] out, int outOffset) {
        int count = weight.length;
        float mean = sumOfSquares(x, offset, count) / count;
        float scale = 1f / (float) Math.sqrt(mean + epsilon);
        for (int i = 0; i < count; i++) {
            out[outOffset + i] = weight[i] * (x[offset + i] * scale);
        }
    }

    static float sumOfSquares(float[] x, int offset, int count) {
        if (Lanes.SCALAR) return sumOfSquaresScalar(x, offset, count);
        float[] partial = new float[Lanes.GROUP];
        int whole = count - count % Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = lane; i < whole; i += Lanes.GROUP) {
                FloatVector v = FloatVector.fromArray(Lanes.FLOATS, x, offset + i);
                sum = v.fma(v, sum);
            }
            sum.intoArray(partial, lane);
        }
        for (int i = whole; i < count; i++) {
            partial[i - whole] = Math.fma(x[offset + i], x[offset + i], partial[i - whole]);
        }
        return Lanes.sum(partial);
    }

    /// The scalar twin of [#sumOfSquares].
    static float sumOfSquaresScalar(float[] x, int offset, int count) {
        float[] partial = new float[Lanes.GROUP];
        for (int i = 0; i < count; i++) {
            int lane = i % Lanes.GROUP;
            partial[lane] = Math.fma(x[offset + i], x[offset + i], partial[lane]);
        }
        return Lanes.sum(partial);
    }
}
