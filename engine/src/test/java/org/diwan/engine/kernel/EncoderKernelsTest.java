package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import jdk.incubator.vector.FloatVector;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// What encoders need beyond decoders, against scalar twins (to the bit) and against slow exact
/// arithmetic.
class EncoderKernelsTest {
    private static final MathContext DIGITS = new MathContext(120);

    /// The oracle is the Taylor series of the error function in 120 digits.
    @Test
    void geluIsWithinFiveUlpOfTheTrueValue() {
        double worst = 0;
        for (float x = -12.9f; x < 14; x += 0.0137f) {
            double exact = gelu(x);
            worst = Math.max(worst, Math.abs(ErfGelu.gelu(x) - exact) / Math.ulp((float) exact));
        }
        System.out.printf("GELU: at most %.2f ulp%n", worst);
        assertTrue(worst < 5, "worst error " + worst + " ulp");
    }

    /// x/2 · (1 + erf(x/√2)), with erf z = 2/√π · Σ (-1)ⁿ z²ⁿ⁺¹ / (n! (2n+1)).
    private static double gelu(float x) {
        BigDecimal square = new BigDecimal(x).pow(2).divide(BigDecimal.TWO, DIGITS);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 0; n < 600; n++) {
            sum = sum.add(term.divide(BigDecimal.valueOf(2 * n + 1), DIGITS), DIGITS);
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf(-(n + 1)), DIGITS);
        }
        BigDecimal pi = new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620"
                + "8998628034825342117067982148086513282306647093844609550582231725");
        // 2/√π · z = x · √(2/π)
        BigDecimal erf = sum.multiply(new BigDecimal(x))
                .multiply(BigDecimal.TWO.divide(pi, DIGITS).sqrt(DIGITS));
        return new BigDecimal(x)
                .multiply(BigDecimal.ONE.add(erf))
                .divide(BigDecimal.TWO, DIGITS)
                .doubleValue();
    }

    @Test
    void geluMeetsItsEnds() {
        assertEquals(0f, ErfGelu.gelu(0));
        assertEquals(0f, Math.abs(ErfGelu.gelu(-20)));
        assertEquals(20f, ErfGelu.gelu(20));
        assertEquals(Float.POSITIVE_INFINITY, ErfGelu.gelu(Float.POSITIVE_INFINITY));
        assertTrue(Float.isNaN(ErfGelu.gelu(Float.NaN)));
    }

    @Test
    void geluInLanesEqualsItsScalarTwin() {
        Seeded.forAll(200, random -> {
            float[] x = new float[Lanes.COUNT];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(10) == 0
                        ? Float.intBitsToFloat(random.nextInt())
                        : (float) random.nextDouble(-16, 16);
            }
            float[] expected = new float[x.length];
            for (int i = 0; i < x.length; i++) expected[i] = ErfGelu.gelu(x[i]);
            assertArrayEquals(
                    expected,
                    ErfGelu.gelu(FloatVector.fromArray(Lanes.FLOATS, x, 0)).toArray());
            float[] many = new float[3 + 2 * x.length + 1];
            for (int i = 0; i < many.length; i++) many[i] = x[i % x.length];
            ErfGelu.inPlace(many, 3, many.length - 3);
            for (int i = 3; i < many.length; i++) assertEquals(expected[i % x.length], many[i]);
        });
    }

    @Test
    void layerNormEqualsItsScalarTwinAndIsCloseToDoublePrecision() {
        Seeded.forAll(100, random -> {
            int count = random.nextInt(1, 300);
            int offset = random.nextInt(0, 5);
            float[] x = Numbers.random(random, offset + count);
            for (int i = 0; i < x.length; i++) x[i] += 3;
            assertEquals(LayerNorm.sumScalar(x, offset, count), LayerNorm.sum(x, offset, count));
            assertEquals(
                    LayerNorm.sumOfSquaresScalar(x, offset, count, 2.5f),
                    LayerNorm.sumOfSquares(x, offset, count, 2.5f));

            float[] weight = Numbers.random(random, count);
            float[] bias = Numbers.random(random, count);
            float[] out = new float[count];
            LayerNorm.apply(x, offset, weight, bias, 1e-5f, out, 0);
            double mean = 0;
            for (int i = 0; i < count; i++) mean += x[offset + i];
            mean /= count;
            double variance = 0;
            for (int i = 0; i < count; i++) variance += (x[offset + i] - mean) * (x[offset + i] - mean);
            double scale = 1 / Math.sqrt(variance / count + 1e-5);
            for (int i = 0; i < count; i++) {
                assertEquals((x[offset + i] - mean) * scale * weight[i] + bias[i], out[i], 2e-5);
            }
        });
    }

    @Test
    void attentionEqualsItsScalarTwin() {
        Seeded.forAll(60, random -> {
            int heads = random.nextInt(1, 4);
            int size = random.nextBoolean() ? 16 * random.nextInt(1, 9) : random.nextInt(1, 150);
            int first = random.nextInt(0, 4);
            int length = random.nextInt(20) == 0 ? random.nextInt(500, 1_100) : random.nextInt(1, 90);
            int width = heads * size;
            float[] query = Numbers.random(random, (first + length) * width);
            float[] key = Numbers.random(random, query.length);
            float[] value = Numbers.random(random, query.length);
            float[] out = new float[query.length];
            float[] expected = new float[query.length];
            for (int head = 0; head < heads; head++) {
                FullAttention.attend(query, key, value, first, length, heads, size, head, out);
                FullAttention.attendScalar(query, key, value, first, length, heads, size, head, expected);
            }
            assertArrayEquals(expected, out);
        });
    }
}
