package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// e^x with the same bits everywhere, which `Math.exp` does not promise (Java allows it 1 ulp of
/// freedom, and intrinsics use it).
///
/// x = n·ln 2 + r with n the nearest integer and |r| ≤ ln 2 / 2; e^r by its Taylor polynomial of
/// degree 7, whose remainder 0.3466⁸/8! ≈ 5e-9 is below a tenth of an ulp; then a scaling by 2ⁿ in two
/// exact steps, so that results down to the smallest subnormal round once. Within 2 ulp of the true
/// value for normal results; 0 below -104, +∞ above 89, NaN for NaN.
public final class Exp {
    static final float LOG2_E = 0x1.715476p0f;
    /// ln 2 in two parts (Cody and Waite 1980): n·HIGH is exact for |n| < 2¹¹.
    static final float LN2_HIGH = 0x1.63p-1f;

    static final float LN2_LOW = -0x1.bd0106p-13f;
    /// Adding 1.5·2²³ rounds to an integer, ties to even; subtracting it again leaves that integer.
    static final float ROUND = 12_582_912f;

    static final float C2 = 1f / 2;
    static final float C3 = 1f / 6;
    static final float C4 = 1f / 24;
    static final float C5 = 1f / 120;
    static final float C6 = 1f / 720;
    static final float C7 = 1f / 5040;

    private Exp() {}

    public static float exp(float value) {
        float x = Math.min(Math.max(value, -104f), 89f);
        float n = Math.fma(x, LOG2_E, ROUND) - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        int exponent = (int) n;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }

    /// [#exp(float)] in every lane.
    static FloatVector exp(FloatVector value) {
        FloatVector x = value.max(-104f).min(89f);
        FloatVector n = x.fma(all(LOG2_E), all(ROUND)).sub(ROUND);
        FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), x));
        FloatVector p = all(C7).fma(r, all(C6));
        p = p.fma(r, all(C5));
        p = p.fma(r, all(C4));
        p = p.fma(r, all(C3));
        p = p.fma(r, all(C2));
        p = p.fma(r, all(1f));
        p = p.fma(r, all(1f));
        IntVector exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.FLOATS, value);
    }
}
