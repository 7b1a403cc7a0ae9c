package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// e^x - 1 with the same bits everywhere, exact where e^x is close to 1.
///
/// x = n·ln 2 + r as in [Exp]; e^r - 1 by its Taylor polynomial of degree 8, whose remainder
/// 0.3466⁹/9! ≈ 2e-10 is far below an ulp of the smallest result with n ≠ 0; then
/// 2·(2ⁿ⁻¹·(e^r - 1) + (2ⁿ⁻¹ - ½)), of which only the inner sum rounds. Within 2 ulp of the true value;
/// -1 below -18, +∞ above 89, NaN for NaN.
final class Expm1 {
    private static final float LEAST = -30f;
    private static final float MOST = 89f;
    private static final float C8 = 1f / 40_320;

    private Expm1() {}

    static float expm1(float value) {
        float x = Math.min(Math.max(value, LEAST), MOST);
        float n = Math.fma(x, Exp.LOG2_E, Exp.ROUND) - Exp.ROUND;
        float r = Math.fma(n, -Exp.LN2_LOW, Math.fma(n, -Exp.LN2_HIGH, x));
        float q = Math.fma(C8, r, Exp.C7);
        q = Math.fma(q, r, Exp.C6);
        q = Math.fma(q, r, Exp.C5);
        q = Math.fma(q, r, Exp.C4);
        q = Math.fma(q, r, Exp.C3);
        q = Math.fma(q, r, Exp.C2);
        float p = Math.fma(q, r * r, r);
        float half = Exp.powerOfTwo((int) n - 1);
        return 2 * Math.fma(half, p, half - 0.5f);
    }

    /// [#expm1(float)] in every lane.
    static FloatVector expm1(FloatVector value) {
        FloatVector x = value.max(LEAST).min(MOST);
        FloatVector n = x.fma(all(Exp.LOG2_E), all(Exp.ROUND)).sub(Exp.ROUND);
        FloatVector r = n.fma(all(-Exp.LN2_LOW), n.fma(all(-Exp.LN2_HIGH), x));
        FloatVector q = all(C8).fma(r, all(Exp.C7));
        q = q.fma(r, all(Exp.C6));
        q = q.fma(r, all(Exp.C5));
        q = q.fma(r, all(Exp.C4));
        q = q.fma(r, all(Exp.C3));
        q = q.fma(r, all(Exp.C2));
        FloatVector p = q.fma(r.mul(r), r);
        IntVector exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
        FloatVector half = Exp.powerOfTwo(exponent.sub(1));
        return half.fma(p, half.sub(0.5f)).mul(2f);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.FLOATS, value);
    }
}
