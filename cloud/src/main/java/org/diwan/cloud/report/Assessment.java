package org.diwan.cloud.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.diwan.cloud.report.Contradiction.Kind;
import org.diwan.cloud.report.Control.Evidence;
import org.diwan.cloud.report.Control.Outcome;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Rule;

/// What the facts of a log mean: a [Control] for each rule in force, for each law's duty to tell of a
/// breach, for what the ledger must keep, and for an audit if there was one.
///
/// A rule is satisfied where entries name it and none contradicts it: a request that it denied shows that
/// it is enforced. A rule that no entry speaks of is untested, and nothing is claimed about it.
///
/// @param audit an audit of the same log, if there was one
/// @param controls in the order of a reader: ledger, breaches, audit, rules
public record Assessment(LogFacts facts, Optional<AuditResult> audit, List<Control> controls) {
    public Assessment {
        controls = List.copyOf(controls);
    }

    /// Judges `facts`.
    public static Assessment of(LogFacts facts, Optional<AuditResult> audit) {
        var controls = new ArrayList<Control>();
        for (var kind : Kind.values()) controls.add(ledger(facts, kind));
        for (var pack : facts.policy().packs()) if (pack.breach().isPresent()) controls.add(breaches(facts, pack));
        audit.ifPresent(result -> controls.add(audit(result)));
        facts.policy().rules().stream()
                .sorted(Comparator.comparing(Rule::id))
                .forEach(rule -> controls.add(rule(facts, rule)));
        return new Assessment(facts, audit, controls);
    }

    /// Whether nothing contradicts the law.
    public boolean passes() {
        return controls.stream().noneMatch(control -> control.outcome() == Outcome.NOT_SATISFIED);
    }

    /// The control with this id.
    public Control control(String id) {
        return controls.stream()
                .filter(control -> control.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// The clocks of all breaches.
    public List<BreachClock> clocks() {
        return BreachClock.of(facts.breaches(), facts.policy().packs(), facts.now());
    }

    private static Control ledger(LogFacts facts, Kind kind) {
        var found = facts.contradictions(kind);
        long looked =
                switch (kind) {
                    case ALLOWED_AGAINST_LAW -> facts.decisions();
                    case UNDECIDED, ELSEWHERE, UNAPPROVED -> facts.answers();
                    case UNREADABLE -> facts.checkpoint().size();
                };
        String demands =
                switch (kind) {
                    case ALLOWED_AGAINST_LAW -> "Nothing is allowed that the law of this report denies.";
                    case UNDECIDED -> "Every answer follows an earlier decision that allows it.";
                    case ELSEWHERE -> "Every answer is made where it was decided to be made.";
                    case UNAPPROVED -> "What a person must approve is answered only after one did.";
                    case UNREADABLE -> "Every entry can be read, and follows from those before.";
                };
        return new Control(
                "diwan-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "Ledger: " + kind.label(),
                demands,
                found.contradicted() + " of " + looked + " entries: " + kind.label(),
                Map.of("looked-at", "" + looked, "contradicted", "" + found.contradicted()),
                evidence(found),
                found.contradicted() > 0 ? Outcome.NOT_SATISFIED : looked > 0 ? Outcome.SATISFIED : Outcome.UNTESTED);
    }

    private static List<Evidence> evidence(Tally found) {
        return found.contradictions().stream()
                .map(one -> new Evidence(one.index(), one.kind().label() + ": " + one.detail()))
                .toList();
    }

    private static Control breaches(LogFacts facts, Pack pack) {
        var duty = pack.breach().orElseThrow();
        var clocks = BreachClock.of(facts.breaches(), List.of(pack), facts.now()).stream()
                .filter(clock -> clock.state() != Breach.State.NO_DUTY)
                .toList();
        long missed = clocks.stream().filter(clock -> clock.state().isMissed()).count();
        long ticking =
                clocks.stream().filter(clock -> clock.state().isTicking()).count();
        var evidence = clocks.stream()
                .sorted(Comparator.comparing(clock -> !clock.state().isMissed()))
                .limit(Tally.MAX_KEPT)
                .map(clock -> new Evidence(clock.breach().opened().index(), text(clock)))
                .toList();
        return new Control(
                pack.jurisdiction() + "-breach",
                duty.article() + ", " + duty.law(),
                "A breach of personal data is told to " + duty.authority() + " within " + duty.hours() + " hours.",
                clocks.size() + " breaches of personal data: " + missed + " not told in time, " + ticking
                        + " clocks running",
                Map.of("breaches", "" + clocks.size(), "missed", "" + missed, "running", "" + ticking),
                evidence,
                missed > 0 ? Outcome.NOT_SATISFIED : clocks.isEmpty() ? Outcome.UNTESTED : Outcome.SATISFIED);
    }

    private static String text(BreachClock clock) {
        String left = clock.state().isTicking() ? ", " + clock.hoursLeft() + " hours left" : "";
        return "breach " + clock.breach().id() + ", due " + clock.due() + ": "
                + clock.state().label() + left;
    }

    private static Control audit(AuditResult audit) {
        return new Control(
                "diwan-audit",
                "Audit by sampling",
                "Answers that are drawn from the log come out the same when they are run again.",
                audit.drawn() + " of " + audit.answers() + " answers drawn under size " + audit.size() + ": "
                        + (audit.passes() ? "no finding" : "findings"),
                Map.of("drawn", "" + audit.drawn(), "answers", "" + audit.answers(), "size", "" + audit.size()),
                List.of(),
                audit.passes() ? Outcome.SATISFIED : Outcome.NOT_SATISFIED);
    }

    private static Control rule(LogFacts facts, Rule rule) {
        var tally = facts.rule(rule.id());
        long decided = tally.allowed() + tally.denied();
        var counts = new LinkedHashMap<String, String>();
        counts.put("allowed", "" + tally.allowed());
        counts.put("denied", "" + tally.denied());
        counts.put("contradicted", "" + tally.contradicted());
        boolean retains = rule.obligations().stream().anyMatch(obligation -> obligation.days() > 0);
        if (retains) {
            counts.put("retained", "" + tally.retained());
            counts.put("past-retention", "" + tally.pastRetention());
        }
        var evidence = new ArrayList<>(evidence(tally));
        for (var seen : tally.newest())
            evidence.add(new Evidence(
                    seen.index(),
                    seen.time() + ": " + seen.verdict() + ", " + seen.dataClass() + " data to " + seen.destination()));
        return new Control(
                rule.id(),
                rule.article() + ", " + rule.law(),
                rule.explanation(),
                "allowed " + tally.allowed() + " and denied " + tally.denied() + " requests; " + tally.contradicted()
                        + " entries contradict it",
                counts,
                evidence,
                tally.contradicted() > 0 ? Outcome.NOT_SATISFIED : decided > 0 ? Outcome.SATISFIED : Outcome.UNTESTED);
    }
}
