package org.diwan.cloud.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.diwan.cloud.api.Json;
import org.jspecify.annotations.Nullable;

/// The drawn answers of one upstream's model, added up: what no single answer shows.
///
/// @param maker `upstream/model`
/// @param weights that it claims, a file's name
/// @param words answers of which the upstream told its words and not its tokens
/// @param greedy of all greedy answers
/// @param sampled of the answers that were sampled from the whole distribution and whose tokens were told: where
///     words had to be cut into tokens by guess, each guess makes them less likely, and sums would show the guesses
public record Together(
        String maker,
        String weights,
        int words,
        @Nullable GreedyPlausibility greedy,
        @Nullable SampledPlausibility sampled) {
    Together(String maker, String weights) {
        this(maker, weights, 0, null, null);
    }

    /// With one answer more.
    ///
    /// @param told whether the upstream told its tokens
    Together plus(Plausibility one, boolean told) {
        int more = told ? words : words + 1;
        return switch (one) {
            case GreedyPlausibility each ->
                new Together(maker, weights, more, greedy == null ? each : greedy.plus(each), sampled);
            case SampledPlausibility each
            when told && !each.cut() ->
                new Together(maker, weights, more, greedy, sampled == null ? each : sampled.plus(each));
            case SampledPlausibility _ -> new Together(maker, weights, more, greedy, sampled);
        };
    }

    /// Whether the claimed weights may have made them all.
    public boolean isPlausible() {
        return (greedy == null || greedy.isPlausible()) && (sampled == null || sampled.isPlausible());
    }

    /// For programs: `maker`, `weights`, `plausible`, `toldWordsOnly` (answers), and where there are such answers
    /// `greedy` (`statistic`, `answers`, `tokens`, `misses`, `logEvidence`, `honestAtMost`, `plausible`) and
    /// `sampled` (`statistic`, `answers`, `tokens`, `z`, `plausible`).
    ObjectNode json() {
        var json = Json.object()
                .put("maker", maker)
                .put("weights", weights)
                .put("plausible", isPlausible())
                .put("toldWordsOnly", words)
                .put("falseAlarms", Plausibility.FALSE_ALARMS);
        if (greedy != null)
            json.putObject("greedy")
                    .put("statistic", "likelihood ratio, wider noise or other weights against honest rounding")
                    .put("answers", greedy.answers())
                    .put("tokens", greedy.tokens())
                    .put("misses", greedy.misses())
                    .put("logEvidence", greedy.logEvidence())
                    .put("honestAtMost", Math.min(1, Math.exp(-greedy.logEvidence())))
                    .put("plausible", greedy.isPlausible());
        if (sampled != null)
            json.putObject("sampled")
                    .put("statistic", "z of log probabilities")
                    .put("answers", sampled.answers())
                    .put("tokens", sampled.tokens())
                    .put("z", sampled.z())
                    .put("plausible", sampled.isPlausible());
        return json;
    }

    /// For people, a line for each statistic.
    String text() {
        var text = new StringBuilder();
        if (greedy != null) line(text, greedy.answers() + " greedy", greedy);
        if (sampled != null) line(text, sampled.answers() + " sampled", sampled);
        if (words > 0)
            text.append("- %s told its words and not its tokens in %d answers; they were cut as %s cuts them%n"
                    .formatted(maker, words, weights));
        return text.toString();
    }

    private void line(StringBuilder text, String which, Plausibility sum) {
        text.append("%s %s answers of %s together, under %s: %s, %s%n"
                .formatted(
                        sum.isPlausible() ? "-" : "✗",
                        which,
                        maker,
                        weights,
                        sum.isPlausible() ? "plausible" : "implausible",
                        sum.text()));
    }
}
