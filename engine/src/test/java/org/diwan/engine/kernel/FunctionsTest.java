package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// The small functions against their scalar twins (to the bit) and against double precision.
class FunctionsTest {
    @Test
    void expIsWithinTwoUlpOfTheTrueValue() {
        double worst = 0;
        for (float x = -87; x < 88.7f; x += 0.00137f) {
            double exact = StrictMath.exp(x);
            worst = Math.max(worst, Math.abs(Exp.exp(x) - exact) / Math.ulp((float) exact));
        }
        assertTrue(worst < 2, "worst error " + worst + " ulp");
    }

    @Test
    void expMeetsItsEnds() {
        assertEquals(1f, Exp.exp(0));
        assertEquals(1f, Exp.exp(-0f));
        assertEquals(0f, Exp.exp(-105));
        assertEquals(0f, Exp.exp(Float.NEGATIVE_INFINITY));
        assertEquals(Float.POSITIVE_INFINITY, Exp.exp(89.5f));
        assertEquals(Float.POSITIVE_INFINITY, Exp.exp(Float.POSITIVE_INFINITY));
        assertTrue(Float.isNaN(Exp.exp(Float.NaN)));
        assertEquals(StrictMath.exp(-100), Exp.exp(-100), Float.MIN_VALUE);
    }

    @Test
    void expInLanesEqualsItsScalarTwin() {
        Seeded.forAll(200, random -> {
            float[] x = new float[Lanes.COUNT];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(10) == 0
                        ? Float.intBitsToFloat(random.nextInt())
                        : (float) random.nextDouble(-110, 95);
            }
            float[] expected = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                expected[i] = Exp.exp(x[i]);
            }
            assertArrayEquals(
                    expected, Exp.exp(FloatVector.fromArray(Lanes.FLOATS, x, 0)).toArray());
        });
    }

    @Test
    void expm1AndTanhAreWithinAFewUlpOfTheTrueValue() {
        double expm1 = 0;
        double tanh = 0;
        for (float x = -40; x < 88; x += 0.00137f) {
            expm1 = Math.max(expm1, ulps(StrictMath.expm1(x), Expm1.expm1(x)));
            tanh = Math.max(tanh, ulps(StrictMath.tanh(x), Tanh.tanh(x)));
        }
        for (float x = 1; x > 1e-30f; x *= 0.9987f) {
            expm1 = Math.max(expm1, ulps(StrictMath.expm1(-x), Expm1.expm1(-x)));
            expm1 = Math.max(expm1, ulps(StrictMath.expm1(x), Expm1.expm1(x)));
            tanh = Math.max(tanh, ulps(StrictMath.tanh(-x), Tanh.tanh(-x)));
        }
        assertTrue(expm1 < 2 && tanh < 4, "worst errors " + expm1 + ", " + tanh + " ulp");
    }

    private static double ulps(double exact, float actual) {
        return Math.abs(actual - exact) / Math.ulp((float) exact);
    }

    @Test
    void expm1AndTanhMeetTheirEnds() {
        assertEquals(0f, Expm1.expm1(0));
        assertEquals(-1f, Expm1.expm1(Float.NEGATIVE_INFINITY));
        assertEquals(Float.POSITIVE_INFINITY, Expm1.expm1(89.5f));
        assertTrue(Float.isNaN(Expm1.expm1(Float.NaN)));
        assertEquals(-0f, Tanh.tanh(-0f));
        assertEquals(1f, Tanh.tanh(Float.POSITIVE_INFINITY));
        assertEquals(-1f, Tanh.tanh(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(Tanh.tanh(Float.NaN)));
    }

    @Test
    void expm1AndTanhInLanesEqualTheirScalarTwins() {
        Seeded.forAll(200, random -> {
            float[] x = new float[Lanes.COUNT];
            float[] expm1 = new float[x.length];
            float[] tanh = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(10) == 0
                        ? Float.intBitsToFloat(random.nextInt())
                        : (float) (random.nextGaussian() * (random.nextBoolean() ? 30 : 0.5));
                expm1[i] = Expm1.expm1(x[i]);
                tanh[i] = Tanh.tanh(x[i]);
            }
            FloatVector lanes = FloatVector.fromArray(Lanes.FLOATS, x, 0);
            assertArrayEquals(expm1, Expm1.expm1(lanes).toArray());
            assertArrayEquals(tanh, Tanh.tanh(lanes).toArray());
            int from = random.nextInt(Lanes.COUNT);
            float[] capped = x.clone();
            float[] expected = x.clone();
            SoftCap.apply(capped, from, x.length - from, 30);
            SoftCap.applyScalar(expected, from, x.length - from, 30);
            assertArrayEquals(expected, capped);
        });
    }

    @Test
    void sumsEqualTheirScalarTwins() {
        Seeded.forAll(100, random -> {
            int count = random.nextInt(1, 200);
            int offset = random.nextInt(0, 5);
            float[] x = Numbers.random(random, offset + count);
            assertEquals(RmsNorm.sumOfSquaresScalar(x, offset, count), RmsNorm.sumOfSquares(x, offset, count), "norm");
            float[] out = new float[count];
            float[] expected = new float[count];
            assertEquals(
                    Softmax.exponentialsScalar(x, offset, count, 2, expected, 0),
                    Softmax.exponentials(x, offset, count, 2, out, 0),
                    "softmax");
            assertArrayEquals(expected, out);
            float[] gate = x.clone();
            float[] expectedGate = x.clone();
            float[] up = Numbers.random(random, x.length);
            Silu.gate(gate, up, offset, count);
            Silu.gateScalar(expectedGate, up, offset, count);
            assertArrayEquals(expectedGate, gate);
        });
    }

    @Test
    void activationsEqualTheirScalarTwinsAndTheirFormulas() {
        Seeded.forAll(100, random -> {
            int count = random.nextInt(1, 200);
            int offset = random.nextInt(0, 5);
            float[] x = Numbers.random(random, offset + count);
            for (int i = 0; i < x.length; i++) x[i] *= random.nextInt(10) == 0 ? 20 : 2;
            float[] up = Numbers.random(random, x.length);
            float[] gelu = x.clone();
            float[] geluScalar = x.clone();
            TanhGelu.gate(gelu, up, offset, count);
            TanhGelu.gateScalar(geluScalar, up, offset, count);
            assertArrayEquals(geluScalar, gelu);
            var unit = new Xielu((float) random.nextDouble(-2, 3), (float) random.nextDouble(-2, 3), 0.5f, -1e-6f);
            float[] xielu = x.clone();
            float[] xieluScalar = x.clone();
            unit.apply(xielu, offset, count);
            unit.applyScalar(xieluScalar, offset, count);
            assertArrayEquals(xieluScalar, xielu);
            double positive = Math.log(1 + Math.exp(unit.alphaP()));
            double negative = 0.5 + Math.log(1 + Math.exp(unit.alphaN()));
            for (int i = offset; i < offset + count; i++) {
                double v = x[i];
                double inner = Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v);
                assertEquals(v / 2 * (1 + Math.tanh(inner)) * up[i], gelu[i], 1e-6 * Math.max(1, Math.abs(v * up[i])));
                double right = positive * v * v + 0.5 * v;
                double left = negative * (Math.expm1(Math.min(v, -1e-6f)) - v) + 0.5 * v;
                assertEquals(v > 0 ? right : left, xielu[i], 2e-6 * Math.max(1, v * v));
            }
        });
    }

    @Test
    void softmaxAndNormAreCloseToDoublePrecision() {
        Seeded.forAll(50, random -> {
            int count = random.nextInt(1, 300);
            float[] x = Numbers.random(random, count);
            double sum = 0;
            double squares = 0;
            for (float v : x) {
                sum += Math.exp(v);
                squares += (double) v * v;
            }
            float[] weight = Numbers.random(random, count);
            float[] normed = new float[count];
            RmsNorm.apply(x, 0, weight, 1e-5f, normed, 0);
            assertEquals(Math.log(sum), Softmax.logSumExp(x, 0, count), 1e-6 * (1 + Math.abs(Math.log(sum))));
            float[] soft = x.clone();
            Softmax.inPlace(soft, 0, count);
            for (int i = 0; i < count; i++) {
                assertEquals(Math.exp(x[i]) / sum, soft[i], 1e-6);
                double norm = weight[i] * x[i] / Math.sqrt(squares / count + 1e-5);
                assertEquals(norm, normed[i], 1e-5);
            }
        });
    }

    @Test
    void ropeTurnsPairsByTheAngleOfThePaper() {
        Seeded.forAll(30, random -> {
            int size = 2 * random.nextInt(1, 40);
            int position = random.nextInt(2000);
            double stretch = random.nextBoolean() ? 1 : 8;
            for (Rope.Pairing pairing : Rope.Pairing.values()) {
                float[] x = Numbers.random(random, 2 * size);
                float[] turned = x.clone();
                new Rope(pairing, size, 10_000, stretch, null, 2000).apply(turned, 0, 2, size, position);
                for (int head = 0; head < 2; head++) {
                    for (int i = 0; i < size / 2; i++) {
                        int a = head * size + (pairing == Rope.Pairing.ADJACENT ? 2 * i : i);
                        int b = pairing == Rope.Pairing.ADJACENT ? a + 1 : a + size / 2;
                        double angle = position / stretch * Math.pow(10_000, -2.0 * i / size);
                        assertEquals(x[a] * Math.cos(angle) - x[b] * Math.sin(angle), turned[a], 2e-6);
                        assertEquals(x[a] * Math.sin(angle) + x[b] * Math.cos(angle), turned[b], 2e-6);
                    }
                }
            }
        });
    }
}
