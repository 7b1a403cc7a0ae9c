package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Layer normalisation: y = weight · (x - μ) / √(σ² + ε) + bias, Ba, Kiros and Hinton 2016, eq. 4, with σ²
/// the mean of (x - μ)².
///
/// Both sums have sixteen partial sums as [Lanes] describes; the second runs over differences, so
/// that nothing cancels.
public final class LayerNorm {
    private LayerNorm() {}

    /// Normalises `weight.length` values from `x[offset]` into `out[outOffset]`; `out` may be `x`.
    public static void apply(
            float[] x, int offset, float[] weight, float[] bias, float epsilon, float[] out, int outOffset) {
        int count = weight.length;
        float mean = sum(x, offset, count) / count;
        float variance = sumOfSquares(x, offset, count, mean) / count;
        float scale = 1f / (float) Math.sqrt(variance + epsilon);
        for (int i = 0; i < count; i++) {
            out[outOffset + i] = Math.fma((x[offset + i] - mean) * scale, weight[i], bias[i]);
        }
    }

    static float sum(float[] x, int offset, int count) {
        float[] partial = new float[Lanes.GROUP];
        int whole = count - count % Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = lane; i < whole; i += Lanes.GROUP) {
                sum = sum.add(FloatVector.fromArray(Lanes.FLOATS, x, offset + i));
            }
            sum.intoArray(partial, lane);
        }
        for (int i = whole; i < count; i++) partial[i - whole] += x[offset + i];
        return Lanes.sum(partial);
    }

    /// Σ (x - mean)².
    static float sumOfSquares(float[] x, int offset, int count, float mean) {
        float[] partial = new float[Lanes.GROUP];
        int whole = count - count % Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = lane; i < whole; i += Lanes.GROUP) {
                FloatVector d =
                        FloatVector.fromArray(Lanes.FLOATS, x, offset + i).sub(mean);
                sum = d.fma(d, sum);
            }
            sum.intoArray(partial, lane);
        }
        for (int i = whole; i < count; i++) {
            float d = x[offset + i] - mean;
            partial[i - whole] = Math.fma(d, d, partial[i - whole]);
        }
        return Lanes.sum(partial);
    }

    /// The scalar twin of [#sum].
    static float sumScalar(float[] x, int offset, int count) {
        float[] partial = new float[Lanes.GROUP];
        for (int i = 0; i < count; i++) partial[i % Lanes.GROUP] += x[offset + i];
        return Lanes.sum(partial);
    }

    /// The scalar twin of [#sumOfSquares].
    static float sumOfSquaresScalar(float[] x, int offset, int count, float mean) {
        float[] partial = new float[Lanes.GROUP];
        for (int i = 0; i < count; i++) {
            float d = x[offset + i] - mean;
            partial[i % Lanes.GROUP] = Math.fma(d, d, partial[i % Lanes.GROUP]);
        }
        return Lanes.sum(partial);
    }
}
