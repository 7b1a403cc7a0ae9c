package org.diwan.cloud.audit;

import java.util.List;
import org.diwan.engine.generate.TokenScore;

/// Whether answers may come from the weights that their maker claims, where the maker computes in an order of
/// its own (a GPU) and bits cannot be compared: their tokens are scored under those weights.
///
/// Each kind has a statistic that adds up over answers, so that what one answer cannot show many together can,
/// and a bound that an honest maker passes by about once in a thousand. What is found, from how many answers,
/// is measured in `./diwan bench rescore`.
public sealed interface Plausibility permits GreedyPlausibility, SampledPlausibility {
    /// How often an honest maker is suspected, at most.
    double FALSE_ALARMS = 1e-3;

    /// The plausibility of the answer whose tokens have `scores`.
    ///
    /// @param greedy whether it was to take the most likely token each time
    /// @param cut whether a sampler was to cut the tail off
    static Plausibility of(List<TokenScore> scores, boolean greedy, boolean cut) {
        return greedy ? GreedyPlausibility.of(scores) : SampledPlausibility.of(scores, cut);
    }

    /// Tokens scored.
    int tokens();

    /// Whether the claimed weights may have made them.
    boolean isPlausible();

    /// What was found, for people.
    String text();
}
