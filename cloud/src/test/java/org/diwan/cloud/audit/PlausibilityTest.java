package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.generate.TokenScore;
import org.junit.jupiter.api.Test;

/// Oracles: distributions from which the answers are drawn in truth, and exact sums.
class PlausibilityTest {
    /// Width of an honest maker's noise.
    private static final double UNIT = 0.02;

    /// 20,000 honest answers: suspected about once in a thousand; z has mean 0 and variance 1.
    @Test
    void honestAnswersAreSeldomSuspected() {
        var random = new SplittableRandom(1);
        int suspected = 0;
        double sum = 0;
        double squares = 0;
        int answers = 20_000;
        for (int answer = 0; answer < answers; answer++) {
            var found = SampledPlausibility.of(sampled(random, 60, 0), false);
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
        assertTrue(found[0] < found[1] && found[1] < found[2] && found[2] > 0.99, Arrays.toString(found));
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
            scores.add(new TokenScore(Math.log(p[token]), entropy, second - entropy * entropy, 0, 0, List.of()));
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

    /// Ville's bound is no approximation: under the honest maker's own distribution, every factor of the evidence
    /// has the expectation 1, whatever the logits are.
    @Test
    void evidenceAgainstAnHonestMakerIsExpectedToBeOne() {
        Seeded.forAll(200, random -> {
            double[] logits = random.doubles(random.nextInt(1, 20), 0, random.nextDouble(0.01, 3))
                    .toArray();
            double[] expected =
                    new double[GreedyPlausibility.of(List.of()).evidence().size()];
            for (int token = 0; token < logits.length; token++) {
                double honest = (1 - GreedyPlausibility.UNEXPLAINED) * Math.exp(logSoftmax(logits, token, UNIT))
                        + GreedyPlausibility.UNEXPLAINED * Math.exp(logSoftmax(logits, token, 1));
                var evidence =
                        GreedyPlausibility.of(List.of(score(logits, token))).evidence();
                for (int k = 0; k < expected.length; k++) expected[k] += honest * Math.exp(evidence.get(k));
            }
            for (double each : expected) assertEquals(1, each, 1e-9);
        });
    }

    /// With noise as wide as an honest maker's may be, and as many unexplained tokens.
    @Test
    void honestGreedyAnswersAreSeldomSuspected() {
        var random = new SplittableRandom(4);
        int suspected = 0;
        for (int answer = 0; answer < 5_000; answer++)
            if (!GreedyPlausibility.of(greedy(random, 50, 1, GreedyPlausibility.UNEXPLAINED))
                    .isPlausible()) suspected++;
        assertTrue(suspected <= 12, suspected + " of 5000, 5 expected at most");
    }

    /// What one answer cannot show, many together do; and honest ones together only look more honest.
    @Test
    void widerNoiseShowsWhenAnswersAreAddedUp() {
        var random = new SplittableRandom(5);
        var honest = GreedyPlausibility.of(greedy(random, 50, 0.5, 0));
        var wide = GreedyPlausibility.of(greedy(random, 50, 2, 0));
        assertTrue(wide.isPlausible(), wide.text());
        for (int answer = 1; answer < 100; answer++) {
            honest = honest.plus(GreedyPlausibility.of(greedy(random, 50, 0.5, 0)));
            wide = wide.plus(GreedyPlausibility.of(greedy(random, 50, 2, 0)));
        }
        assertEquals(100, wide.answers());
        assertEquals(5_000, wide.tokens());
        assertTrue(honest.logEvidence() < 0, honest.text());
        assertTrue(wide.logEvidence() > 20, wide.text());
    }

    /// Another sampler or other weights: tokens that no rounding explains, a few or many.
    @Test
    void tokensThatNoRoundingExplainsAreSuspected() {
        var random = new SplittableRandom(6);
        assertFalse(GreedyPlausibility.of(greedy(random, 100, 0.5, 0.5)).isPlausible());
        assertFalse(GreedyPlausibility.of(greedy(random, 400, 0.5, 0.1)).isPlausible());
        assertTrue(GreedyPlausibility.of(greedy(random, 400, 0.5, 0.002)).isPlausible());
    }

    /// A single token can be as unlikely as it likes: it is one that nobody thought of.
    @Test
    void oneUnlikelyTokenIsNoEvidence() {
        var scores = new ArrayList<>(greedy(new SplittableRandom(7), 100, 0.1, 0));
        var far = List.of(-5_000.0, -2_500.0, -1_250.0, -625.0);
        scores.set(50, new TokenScore(-50, 1, 1, 50, 0, far));
        var found = GreedyPlausibility.of(scores);
        assertTrue(found.isPlausible(), found.text());
        assertEquals(1, found.misses());
    }

    /// Scores of the tokens whose logits are the largest of six after Gumbel noise `width` times that of an
    /// honest maker, or of tokens drawn from the distribution itself, a share `drawn` of them.
    private static List<TokenScore> greedy(SplittableRandom random, int length, double width, double drawn) {
        var scores = new ArrayList<TokenScore>();
        double[] logits = new double[6];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < logits.length; i++) logits[i] = random.nextDouble();
            double scale = random.nextDouble() < drawn ? 1 : width * UNIT;
            int token = 0;
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                double noisy = logits[i] - scale * Math.log(-Math.log(random.nextDouble(1e-300, 1)));
                if (noisy > largest) {
                    largest = noisy;
                    token = i;
                }
            }
            scores.add(score(logits, token));
        }
        return scores;
    }

    private static TokenScore score(double[] logits, int token) {
        double most = Arrays.stream(logits).max().orElseThrow();
        var rounded = new ArrayList<Double>();
        for (int each : TokenScore.WIDTHS) rounded.add(logSoftmax(logits, token, UNIT * each));
        return new TokenScore(logSoftmax(logits, token, 1), 1, 1, most - logits[token], 0, rounded);
    }

    private static double logSoftmax(double[] logits, int token, double width) {
        double sum = 0;
        for (double logit : logits) sum += Math.exp((logit - logits[token]) / width);
        return -Math.log(sum);
    }
}
