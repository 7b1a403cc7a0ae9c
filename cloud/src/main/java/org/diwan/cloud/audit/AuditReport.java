package org.diwan.cloud.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.audit.Drawn.Verdict;
import org.diwan.sovereignty.ledger.Checkpoint;

/// What an audit found, and what that proves.
///
/// @param checkpoint that the log was read under
/// @param answers in the log
/// @param seed of the draw
/// @param drawn the sample, in the order of the log
/// @param together the sample's answers from upstreams, added up by who claims to have made them
public record AuditReport(
        Checkpoint checkpoint, long answers, String seed, List<Drawn> drawn, List<Together> together) {
    /// Shares of forged answers of which the report says how likely they would have been found.
    private static final double[] FRACTIONS = {0.001, 0.01, 0.05, 0.1};

    /// Of the bound on forged answers.
    private static final double CONFIDENCE = 0.95;

    public AuditReport {
        drawn = List.copyOf(drawn);
        together = List.copyOf(together);
    }

    /// Whether the operator has nothing to answer for.
    public boolean passes() {
        return drawn.stream().noneMatch(one -> one.verdict().isFinding())
                && together.stream().allMatch(Together::isPlausible);
    }

    /// Drawn answers by verdict.
    public Map<Verdict, Long> counts() {
        var counts = new EnumMap<Verdict, Long>(Verdict.class);
        for (var one : drawn) counts.merge(one.verdict(), 1L, Long::sum);
        return counts;
    }

    /// Drawn answers that a forgery among them could not have passed for.
    public long conclusive() {
        return drawn.stream().filter(one -> one.verdict().isConclusive()).count();
    }

    /// The probability that a share `fraction` of forged answers, at least one, would have been found.
    /// Answers that could not be run again do not count as drawn.
    public double detection(double fraction) {
        return answers == 0 ? 0 : Detection.probability(answers, forged(fraction), conclusive());
    }

    private long forged(double fraction) {
        return Math.clamp(Math.round(fraction * answers), 1, Math.max(1, answers));
    }

    /// At most as many answers are forged, at 95 % confidence, if the audit passes.
    public long bound() {
        return Detection.bound(answers, conclusive(), CONFIDENCE);
    }

    /// For programs: `log`, `size`, `root`, `answers`, `seed`, `passes`, `drawn` and
    /// `together` (an object each, see [Together#json]), `detection` (share to probability) and `bound`, null where
    /// the audit does not pass.
    public ObjectNode json() {
        var body = Json.object();
        body.put("log", checkpoint.origin())
                .put("size", checkpoint.size())
                .put("root", Digest.hex(checkpoint.root()))
                .put("answers", answers)
                .put("seed", seed)
                .put("passes", passes());
        var list = body.putArray("drawn");
        for (var one : drawn)
            list.addObject()
                    .put("index", one.index())
                    .put("receipt", one.receipt())
                    .put("verdict", one.verdict().label())
                    .put("detail", one.detail());
        var sums = body.putArray("together");
        for (var sum : together) sums.add(sum.json());
        var shares = body.putObject("detection");
        for (double fraction : FRACTIONS) shares.put(Double.toString(fraction), detection(fraction));
        if (passes()) body.put("bound", bound());
        else body.putNull("bound");
        return body;
    }

    /// For people.
    public String text() {
        var text = new StringBuilder();
        text.append("%s, size %d, root %s%n"
                .formatted(checkpoint.origin(), checkpoint.size(), Digest.hex(checkpoint.root())));
        text.append("%d answers, %d drawn with seed '%s'%n".formatted(answers, drawn.size(), seed));
        for (var one : drawn)
            text.append("%s entry %d, %s: %s, %s%n"
                    .formatted(
                            one.verdict().isFinding() ? "✗" : one.verdict().isConclusive() ? "✓" : "-",
                            one.index(),
                            one.receipt(),
                            one.verdict().label(),
                            one.detail()));
        for (var sum : together) text.append(sum.text());
        counts().forEach((verdict, count) -> text.append("%s: %d%n".formatted(verdict.label(), count)));
        if (conclusive() > 0) {
            long told = 0;
            for (double fraction : FRACTIONS) {
                long forged = forged(fraction);
                if (forged == told) continue;
                told = forged;
                text.append(String.format(
                        Locale.ROOT,
                        "were %d of %d answers forged, this sample would have shown it with probability %.3f%n",
                        forged,
                        answers,
                        detection(fraction)));
            }
            if (passes())
                text.append("with 95 %% confidence, at most %d of %d answers are forged%n".formatted(bound(), answers));
        }
        return text.toString();
    }
}
