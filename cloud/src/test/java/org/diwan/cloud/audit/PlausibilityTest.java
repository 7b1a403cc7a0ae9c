package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.engine.generate.TokenScore;
import org.junit.jupiter.api.Test;

/// Oracles: distributions from which the answers are drawn in truth, and exact sums.
class PlausibilityTest {
    /// 20,000 honest answers: suspected about once in a thousand; z has mean 0 and variance 1.
    @Test
    void honestAnswersAreSeldomSuspected() {
        var random = new SplittableRandom(1);
        int suspected = 0;
        double sum = 0;
        double squares = 0;
        int answers = 20_000;
        for (int answer = 0; answer < answers; answer++) {
            var found = Plausibility.of(sampled(random, 60, 0), false, false);
            if (!found.isPlausible()) suspected++;
            sum += found.z();
            squares += found.z() * found.z();
        }
        assertEquals(0, sum / answers, 0.03);
        assertEquals(1, squares / answers, 0.05);
        // The tail of a sum of 60 terms is a little heavier than the normal one: 20 expected there.
        assertTrue(suspected <= 60, suspected + " of " + answers);
    }

    @Test
    void answersFromOtherWeightsAreSuspectedTheMoreTheLongerTheyAre() {
        double[] found = new double[3];
        int[] lengths = {20, 80, 320};
        for (int i = 0; i < lengths.length; i++) {
            var random = new SplittableRandom(2);
            for (int answer = 0; answer < 300; answer++)
                if (!Plausibility.of(sampled(random, lengths[i], 0.4), false, false)
                        .isPlausible()) found[i] += 1.0 / 300;
        }
        assertTrue(found[0] < found[1] && found[1] < found[2] && found[2] > 0.99, java.util.Arrays.toString(found));
    }

    /// Independent noise in all logits, as rounding of weights is, makes no token less likely on average:
    /// this test cannot see it, and says so here.
    @Test
    void noiseAloneIsNotSeenInSampledAnswers() {
        var random = new SplittableRandom(3);
        int suspected = 0;
        for (int answer = 0; answer < 300; answer++)
            if (!Plausibility.of(sampled(random, 80, 0.05), false, false).isPlausible()) suspected++;
        assertTrue(suspected < 15, suspected + " of 300");
    }

    /// Scores under the claimed logits of tokens drawn from them, or from logits that share `1 - other` with them.
    private static List<TokenScore> sampled(SplittableRandom random, int length, double other) {
        var scores = new ArrayList<TokenScore>();
        double[] claimed = new double[12];
        double[] drawn = new double[12];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < claimed.length; i++) {
                claimed[i] = 1.5 * random.nextGaussian();
                drawn[i] = (1 - other) * claimed[i] + 1.5 * other * random.nextGaussian();
            }
            double[] p = softmax(claimed);
            int token = draw(softmax(drawn), random.nextDouble());
            double entropy = 0;
            double second = 0;
            for (double each : p) {
                entropy -= each * Math.log(each);
                second += each * Math.log(each) * Math.log(each);
            }
            scores.add(new TokenScore(Math.log(p[token]), entropy, second - entropy * entropy, 0));
        }
        return scores;
    }

    private static double[] softmax(double[] logits) {
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i]);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) p[i] /= sum;
        return p;
    }

    private static int draw(double[] p, double u) {
        for (int i = 0; i < p.length - 1; i++) {
            if (u < p[i]) return i;
            u -= p[i];
        }
        return p.length - 1;
    }

    @Test
    void greedyAnswersMayHaveTheMissesOfRounding() {
        var best = new TokenScore(-1, 1, 1, 0);
        var near = new TokenScore(-1, 1, 1, 0.09);
        var miss = new TokenScore(-2, 1, 1, 0.6);
        var scores = new ArrayList<TokenScore>();
        for (int i = 0; i < 200; i++) scores.add(i % 2 == 0 ? best : near);
        assertTrue(Plausibility.of(scores, true, false).isPlausible(), "what is near is no miss");
        int misses = 0;
        while (Plausibility.of(scores, true, false).isPlausible()) scores.set(misses++, miss);
        assertEquals(6, misses, "P(6 or more of 200 at 1/200) = 0.0006, P(5 or more) = 0.0036");
        assertEquals(
                "6 of 200 tokens are not the most likely ones",
                Plausibility.of(scores, true, false).text());
    }

    @Test
    void theTailIsThatOfTheBinomialDistribution() {
        // 4 coins: 1, 15/16, 11/16, 5/16, 1/16.
        double[] tail = {1, 15 / 16.0, 11 / 16.0, 5 / 16.0, 1 / 16.0};
        for (int k = 0; k <= 4; k++) assertEquals(tail[k], Plausibility.atLeast(k, 4, 0.5), 1e-12);
    }
}
