package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Oracles: a program of twelve lines in Python (`hashlib`, whole numbers without limit) for the draw,
/// exact fractions for the probabilities.
class DrawTest {
    private static final byte[] ROOT = new byte[32];

    static {
        for (int i = 0; i < ROOT.length; i++) ROOT[i] = (byte) i;
    }

    @Test
    void anybodyDrawsTheSame() {
        assertArrayEquals(
                new int[] {104, 261, 305, 719, 739, 795, 886, 923}, Draw.sample("2026-11-28", ROOT, 8, 1_000));
        assertArrayEquals(new int[] {1, 3, 4, 5, 6}, Draw.sample("ديوان", ROOT, 5, 7));
        assertArrayEquals(new int[] {0, 1, 2, 3}, Draw.sample("x", ROOT, 9, 4));
        assertArrayEquals(
                new int[] {1_096_930_793, 1_152_258_288, 1_762_667_860},
                Draw.sample("all", ROOT, 3, Integer.MAX_VALUE));
        assertArrayEquals(new int[0], Draw.sample("none", ROOT, 3, 0));
    }

    /// 5,000 seeds, two of five: each of the ten pairs about 500 times (χ² with 9 degrees of freedom
    /// exceeds 33.7 once in 10,000; the seeds are fixed, so this passes always or never).
    @Test
    void everySetIsEquallyLikely() {
        Map<String, Integer> seen = new HashMap<>();
        for (int seed = 0; seed < 5_000; seed++)
            seen.merge(Arrays.toString(Draw.sample("s" + seed, ROOT, 2, 5)), 1, Integer::sum);
        assertEquals(10, seen.size());
        double squares = 0;
        for (int count : seen.values()) squares += Math.pow(count - 500, 2) / 500;
        assertTrue(squares < 33.7, seen.toString());
    }

    @Test
    void probabilitiesAreThoseOfTheHypergeometricDistribution() {
        for (int answers = 1; answers <= 14; answers++) {
            for (int forged = 0; forged <= answers; forged++) {
                for (int drawn = 0; drawn <= answers; drawn++) {
                    var missed = new BigDecimal(choose(answers - forged, drawn))
                            .divide(new BigDecimal(choose(answers, drawn)), MathContext.DECIMAL64);
                    assertEquals(1 - missed.doubleValue(), Detection.probability(answers, forged, drawn), 1e-12);
                }
            }
        }
        // 1 % of a million, 300 drawn: close to 1 - 0.99³⁰⁰.
        assertEquals(1 - Math.pow(0.99, 300), Detection.probability(1_000_000, 10_000, 300), 1e-3);
    }

    @Test
    void theBoundIsTheMostThatMayHaveBeenMissed() {
        for (int answers = 1; answers <= 40; answers++) {
            for (int drawn = 0; drawn <= answers; drawn++) {
                int most = 0;
                for (int forged = 0; forged <= answers; forged++)
                    if (Detection.probability(answers, forged, drawn) < 0.95) most = forged;
                assertEquals(most, Detection.bound(answers, drawn, 0.95), answers + " " + drawn);
            }
        }
    }

    /// Forgers and auditors, 4,000 times: found as often as promised, within four standard deviations.
    @Test
    void forgeriesAreFoundAsOftenAsPromised() {
        int found = 0;
        for (int seed = 0; seed < 4_000; seed++) {
            int[] drawn = Draw.sample("audit " + seed, ROOT, 20, 300);
            if (Arrays.stream(drawn).anyMatch(number -> number % 25 == 3)) found++;
        }
        double promised = Detection.probability(300, 12, 20);
        assertEquals(promised, found / 4_000.0, 4 * Math.sqrt(promised * (1 - promised) / 4_000));
    }

    private static BigInteger choose(int n, int k) {
        if (k > n) return BigInteger.ZERO;
        var result = BigInteger.ONE;
        for (int i = 0; i < k; i++)
            result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
        return result;
    }
}
