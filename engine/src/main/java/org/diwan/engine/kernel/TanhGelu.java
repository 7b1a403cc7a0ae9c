package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// The gate of a GeGLU feed-forward layer (Shazeer 2020, eq. 6): gate ← gelu(gate) · up, with the
/// approximation gelu(x) = x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) that Gemma was trained with
/// (Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", §2).
public final class TanhGelu {
    /// √(2/π).
    private static final float SLOPE = 0x1.988454p-1f;

    private static final float CUBIC = 0.044715f;

    private TanhGelu() {}

    /// Multiplies `count` values of `up` by the gelu of `gate`, both from `offset`, into `gate`.
    public static void gate(float[] gate, float[] up, int offset, int count) {
        int i = offset;
        for (int end = offset + Lanes.FLOATS.loopBound(count); i < end; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, gate, i);
            FloatVector cube = x.mul(x).mul(x);
            FloatVector inner = cube.fma(FloatVector.broadcast(Lanes.FLOATS, CUBIC), x);
            FloatVector gelu = Tanh.tanh(inner.mul(SLOPE)).add(1f).mul(x.mul(0.5f));
            gelu.mul(FloatVector.fromArray(Lanes.FLOATS, up, i)).intoArray(gate, i);
        }
        gateScalar(gate, up, i, offset + count - i);
    }

    /// The scalar twin of [#gate].
    static void gateScalar(float[] gate, float[] up, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            float x = gate[i];
            float inner = Math.fma(x * x * x, CUBIC, x);
            gate[i] = (Tanh.tanh(inner * SLOPE) + 1f) * (x * 0.5f) * up[i];
        }
    }
}
