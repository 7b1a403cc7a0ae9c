package org.diwan.cloud.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.diwan.engine.generate.TokenScore;

/// Whether greedy answers may come from the claimed weights: evidence about how noisy their maker's logits are.
///
/// A greedy maker takes the token whose logit is the largest, after what its own arithmetic does to logits. Where
/// two are nearly as large, noise decides; how near they must be for that tells how wide the noise is. Under
/// Gumbel noise of width s, token i is the largest with probability softmax(l / s)ᵢ, where l are the claimed
/// weights' logits, so that each token multiplies a likelihood ratio
///
/// ```
/// E = Π Q(tokenᵢ) / P(tokenᵢ)     P = (1 - u) softmax(l / s) + u softmax(l)
/// ```
///
/// P is an honest maker: s is twice the noise that was measured ([TokenScore]), and a share u of tokens comes by
/// ways that nobody thought of. Q is one who is not: noise 2, 4 or 8 times as wide (weights of fewer bits), or more
/// tokens that are not explained (other weights, another sampler). Under P the expectation of every factor given
/// the tokens before is 1. So is that of E, the mean over all Q, and by Ville's inequality E passes 1/a with
/// probability a at most, wherever one stops adding answers up (Wald 1945, Sequential Tests; Ramdas et al. 2023,
/// Game-Theoretic Statistics, §2). Noise narrower than s only makes E smaller.
///
/// @param answers added up
/// @param misses tokens whose logit is clearly below the largest, for people
/// @param evidence natural logarithm of E under each Q
public record GreedyPlausibility(int answers, int tokens, int misses, List<Double> evidence) implements Plausibility {
    /// Logit by which a token must be below the largest to be a miss.
    private static final double MISS_GAP = 0.1;

    /// Share of an honest maker's tokens that rounding does not explain.
    static final double UNEXPLAINED = 0.005;

    /// Who is not honest.
    ///
    /// @param width of the noise, an index into [TokenScore#WIDTHS]
    private record Other(int width, double unexplained) {}

    private static final List<Other> OTHERS = List.of(
            new Other(1, UNEXPLAINED),
            new Other(2, UNEXPLAINED),
            new Other(3, UNEXPLAINED),
            new Other(0, 0.05),
            new Other(0, 0.25));

    public GreedyPlausibility {
        evidence = List.copyOf(evidence);
    }

    /// Of one answer.
    public static GreedyPlausibility of(List<TokenScore> scores) {
        long misses = scores.stream().filter(score -> score.gap() > MISS_GAP).count();
        var evidence = new ArrayList<Double>();
        for (var other : OTHERS) {
            double sum = 0;
            for (var score : scores)
                sum += Math.log(likelihood(score, other.width(), other.unexplained()))
                        - Math.log(likelihood(score, 0, UNEXPLAINED));
            evidence.add(sum);
        }
        return new GreedyPlausibility(1, scores.size(), (int) misses, evidence);
    }

    private static double likelihood(TokenScore score, int width, double unexplained) {
        return (1 - unexplained) * Math.exp(score.rounded().get(width))
                + unexplained * Math.exp(score.logProbability());
    }

    /// Of the answers of both.
    public GreedyPlausibility plus(GreedyPlausibility more) {
        var sums = new ArrayList<Double>();
        for (int i = 0; i < evidence.size(); i++) sums.add(evidence.get(i) + more.evidence.get(i));
        return new GreedyPlausibility(answers + more.answers, tokens + more.tokens, misses + more.misses, sums);
    }

    /// The natural logarithm of E: an honest maker's is above x with probability exp(-x) at most.
    public double logEvidence() {
        double most = evidence.stream().mapToDouble(each -> each).max().orElseThrow();
        double sum =
                evidence.stream().mapToDouble(each -> Math.exp(each - most)).sum();
        return most + Math.log(sum / evidence.size());
    }

    @Override
    public boolean isPlausible() {
        return logEvidence() < -Math.log(FALSE_ALARMS);
    }

    @Override
    public String text() {
        String bound = logEvidence() <= 0
                ? "nothing speaks against them"
                : String.format(
                        Locale.ROOT,
                        "an honest maker gives such ones with probability 1e%.1f at most",
                        -logEvidence() / Math.log(10));
        return misses + " of " + tokens + " tokens are not the most likely ones; " + bound;
    }
}
