package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// The hyperbolic tangent with the same bits everywhere: with m = e^2|x| - 1, tanh |x| = m / (m + 2),
/// and the sign of x. Within 4 ulp of the true value; ±1 beyond ±10, NaN for NaN.
final class Tanh {
    /// tanh 9.02 rounds to 1, and e^20 is still far from overflow.
    private static final float MOST = 10f;

    private Tanh() {}

    static float tanh(float x) {
        float m = Expm1.expm1(2 * Math.min(Math.abs(x), MOST));
        return Math.copySign(m / (m + 2), x);
    }

    /// [#tanh(float)] in every lane.
    static FloatVector tanh(FloatVector x) {
        FloatVector m = Expm1.expm1(x.abs().min(MOST).mul(2f));
        var sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return m.div(m.add(2f)).reinterpretAsInts().or(sign).reinterpretAsFloats();
    }
}
