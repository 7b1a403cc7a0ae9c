package org.diwan.cloud.audit;

import java.util.List;
import java.util.Locale;
import org.diwan.engine.generate.TokenScore;

/// Whether sampled answers may come from the claimed weights and sampler.
///
/// Were each token drawn from the claimed distribution, then log p - E log p would have mean 0 and a known
/// variance at every position, so that
///
/// ```
/// z = Σ (log pᵢ + Hᵢ) / √Σ vᵢ
/// ```
///
/// were close to standard normal (a martingale's central limit theorem). Tokens of a worse model, or of a
/// hotter sampler, are less likely than they claim to be: z falls with the square root of the number of tokens; a
/// cooler sampler makes it rise. Cutting the tail off (top-p, top-k, min-p) makes tokens likelier too, so
/// that then only a low z is suspect. What z cannot see is noise: rounding weights to fewer bits moves every
/// logit a little, up or down, and on average makes no token less likely but for a term of second order. Nor can
/// a model whose own distribution is flat tell much about anybody's words.
///
/// @param answers added up
/// @param surprise Σ (log pᵢ + Hᵢ), in nats
/// @param variance Σ vᵢ
/// @param cut whether the sampler cut the tail off
public record SampledPlausibility(int answers, int tokens, double surprise, double variance, boolean cut)
        implements Plausibility {
    /// Largest |z| of a plausible answer: beyond, on both sides together, lies [#FALSE_ALARMS] of a normal
    /// distribution.
    static final double MOST_Z = 3.29;

    /// Of one answer.
    public static SampledPlausibility of(List<TokenScore> scores, boolean cut) {
        double sum = 0;
        double variance = 0;
        for (var score : scores) {
            sum += score.logProbability() + score.entropy();
            variance += score.variance();
        }
        return new SampledPlausibility(1, scores.size(), sum, variance, cut);
    }

    /// Of the answers of both.
    public SampledPlausibility plus(SampledPlausibility more) {
        return new SampledPlausibility(
                answers + more.answers,
                tokens + more.tokens,
                surprise + more.surprise,
                variance + more.variance,
                cut || more.cut);
    }

    /// As above; 0 where nothing was left to chance.
    public double z() {
        return variance > 0 ? surprise / Math.sqrt(variance) : 0;
    }

    @Override
    public boolean isPlausible() {
        return z() >= -MOST_Z && (cut || z() <= MOST_Z);
    }

    @Override
    public String text() {
        return String.format(
                Locale.ROOT, "%d tokens, z = %.2f (%s)", tokens, z(), (cut ? "at least -" : "within ±") + MOST_Z);
    }
}
