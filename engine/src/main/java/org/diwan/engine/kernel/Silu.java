package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// The gate of a SwiGLU feed-forward layer (Shazeer 2020, eq. 6): gate ← silu(gate) · up, with
/// silu(x) = x / (1 + e^-x).
public final class Silu {
    private Silu() {}

    /// Multiplies `count` values of `up` by the silu of `gate`, both from `offset`, into `gate`.
    public static void gate(float[] gate, float[] up, int offset, int count) {
        if (Lanes.SCALAR) {
            gateScalar(gate, up, offset, count);
            return;
        }
        int i = offset;
        for (int end = offset + Lanes.FLOATS.loopBound(count); i < end; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, gate, i);
            FloatVector silu = x.div(Exp.exp(x.neg()).add(1f));
            silu.mul(FloatVector.fromArray(Lanes.FLOATS, up, i)).intoArray(gate, i);
        }
        gateScalar(gate, up, i, offset + count - i);
    }

    /// The scalar twin of [#gate].
    static void gateScalar(float[] gate, float[] up, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            float x = gate[i];
            gate[i] = x / (1f + Exp.exp(-x)) * up[i];
        }
    }
}
