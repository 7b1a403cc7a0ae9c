package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Keeps values within ±cap without a corner: x ← cap · tanh(x / cap) (Gemma Team 2024, "Gemma 2", §2).
public final class SoftCap {
    private SoftCap() {}

    /// Caps `count` values from `x[offset]`.
    public static void apply(float[] x, int offset, int count, float cap) {
        int i = offset;
        for (int end = offset + Lanes.FLOATS.loopBound(count); i < end; i += Lanes.COUNT) {
            Tanh.tanh(FloatVector.fromArray(Lanes.FLOATS, x, i).div(cap))
                    .mul(cap)
                    .intoArray(x, i);
        }
        applyScalar(x, i, offset + count - i, cap);
    }

    /// The scalar twin of [#apply].
    static void applyScalar(float[] x, int offset, int count, float cap) {
        for (int i = offset; i < offset + count; i++) x[i] = Tanh.tanh(x[i] / cap) * cap;
    }
}
