package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The integral of an exponential linear unit, with constants that each layer learned (Huang and
/// Schlag 2025, "Deriving Activation Functions Using Integration", eq. 8):
///
///     x > 0:  αₚ·x² + beta·x
///     x ≤ 0:  αₙ·(e^min(x, epsilon) - 1 - x) + beta·x
///
/// with αₚ = softplus(alphaP) and αₙ = beta + softplus(alphaN) (ibid., §3.2).
///
/// @param alphaP curvature to the right, as training stores it
/// @param alphaN curvature to the left, as training stores it
/// @param beta slope at 0
/// @param epsilon just below 0
public record Xielu(float alphaP, float alphaN, float beta, float epsilon) {
    private float positive() {
        return (float) softplus(alphaP);
    }

    private float negative() {
        return (float) (beta + softplus(alphaN));
    }

    /// ln(1 + e^x).
    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /// Replaces `count` values from `x[offset]`.
    public void apply(float[] x, int offset, int count) {
        float positive = positive();
        float negative = negative();
        int i = offset;
        for (int end = offset + Lanes.FLOATS.loopBound(count); i < end; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.FLOATS, x, i);
            FloatVector right = v.mul(v).mul(positive);
            FloatVector left = Expm1.expm1(v.min(epsilon)).sub(v).mul(negative);
            FloatVector curve = left.blend(right, v.compare(VectorOperators.GT, 0f));
            v.fma(FloatVector.broadcast(Lanes.FLOATS, beta), curve).intoArray(x, i);
        }
        applyScalar(x, i, offset + count - i);
    }

    /// The scalar twin of [#apply].
    void applyScalar(float[] x, int offset, int count) {
        float positive = positive();
        float negative = negative();
        for (int i = offset; i < offset + count; i++) {
            float v = x[i];
            float curve = v > 0 ? v * v * positive : (Expm1.expm1(Math.min(v, epsilon)) - v) * negative;
            x[i] = Math.fma(v, beta, curve);
        }
    }
}
