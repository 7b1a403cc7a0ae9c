package org.diwan.cloud.audit;

import java.util.List;
import java.util.Locale;
import org.diwan.engine.generate.TokenScore;

/// Whether an answer may come from the weights that its maker claims, where the maker computes in an
/// order of its own (a GPU) and bits cannot be compared: its tokens are scored under those weights.
///
/// **Sampled answers.** Were each token drawn from the claimed distribution, then log p - E log p would
/// have mean 0 and a known variance at every position, so that
///
/// ```
/// z = Σ (log pᵢ + Hᵢ) / √Σ vᵢ
/// ```
///
/// were close to standard normal (a martingale's central limit theorem). Tokens of a worse model, or of a
/// hotter sampler, are less likely than they claim to be: z falls with the square root of the length; a
/// cooler sampler makes it rise. Cutting the tail off (top-p, top-k, min-p) makes tokens likelier too, so
/// that then only a low z is suspect. What z cannot see is noise: rounding weights to fewer bits moves every
/// logit a little, up or down, and on average makes no token less likely. Nor can a model whose own
/// distribution is flat tell much about anybody's words.
///
/// **Greedy answers.** Each token is the most likely one, up to rounding: a token whose logit is clearly
/// below the largest is a miss, and honest makers have few. Here fewer bits do show: whoever wants to know
/// sends greedy requests of its own among the others.
///
/// Both bounds are set so that rounding alone makes an honest answer suspect about once in a thousand. An
/// upstream tells its words and not its tokens; where a model did not cut its own words as the tokenizer
/// does, an honest answer can look forged. How often, and what is found, is measured in `./diwan bench
/// rescore`.
///
/// @param tokens scored
/// @param misses tokens of a greedy answer that are clearly not the most likely; -1 for a sampled one
/// @param z as above; 0 for a greedy answer
/// @param cut whether the sampler cut the tail off
public record Plausibility(int tokens, int misses, double z, boolean cut) {
    /// Largest |z| of a plausible answer: beyond, on both sides together, lies 1/1,000 of a normal
    /// distribution.
    static final double MOST_Z = 3.29;

    /// Logit by which a token must be below the largest to be a miss. A GPU that keeps logits in bfloat16
    /// rounds those from 16 to 32 by up to 0.06; none was measured here.
    static final double MISS_GAP = 0.1;

    /// Share of misses that an honest maker may have.
    static final double HONEST_MISSES = 0.005;

    private static final double FALSE_ALARMS = 1e-3;

    /// The plausibility of the tokens with `scores`.
    ///
    /// @param greedy whether the answer was to take the most likely token each time
    /// @param cut whether the sampler was to cut the tail off
    public static Plausibility of(List<TokenScore> scores, boolean greedy, boolean cut) {
        if (greedy) {
            long misses =
                    scores.stream().filter(score -> score.gap() > MISS_GAP).count();
            return new Plausibility(scores.size(), (int) misses, 0, cut);
        }
        double sum = 0;
        double variance = 0;
        for (var score : scores) {
            sum += score.logProbability() + score.entropy();
            variance += score.variance();
        }
        return new Plausibility(scores.size(), -1, variance > 0 ? sum / Math.sqrt(variance) : 0, cut);
    }

    /// Whether the claimed weights may have made it.
    public boolean isPlausible() {
        return misses < 0
                ? z >= -MOST_Z && (cut || z <= MOST_Z)
                : atLeast(misses, tokens, HONEST_MISSES) >= FALSE_ALARMS;
    }

    /// What was found, for people.
    public String text() {
        return misses < 0
                ? String.format(
                        Locale.ROOT, "%d tokens, z = %.2f (%s)", tokens, z, (cut ? "at least -" : "within ±") + MOST_Z)
                : misses + " of " + tokens + " tokens are not the most likely ones";
    }

    /// The probability of `k` or more successes in `n` trials of probability `p`.
    static double atLeast(int k, int n, double p) {
        double term = Math.pow(1 - p, n);
        double below = 0;
        for (int i = 0; i < k; i++) {
            below += term;
            term *= (n - i) / (i + 1.0) * p / (1 - p);
        }
        return 1 - below;
    }
}
