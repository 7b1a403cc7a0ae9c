package org.diwan.cloud.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.FailedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Outcome;
import org.diwan.cloud.receipt.Outcome.DecisionReference;
import org.diwan.cloud.report.Contradiction.Kind;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.LogScan;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;
import org.jspecify.annotations.Nullable;

/// What a whole log says about the rules: every entry up to the signed root is read once and counted.
///
/// A decision is counted under each rule that its entry names, and made again under the law of the
/// report. An answer must refer to an earlier decision that allows it and that no outcome used up before; so
/// must a failure.
public final class LogFacts {
    /// Most decisions that wait for their outcome, 2 kB each.
    public static final int MAX_OPEN = 1 << 17;

    /// Most kinds of entries, rules and obligations that are told apart.
    static final int MAX_NAMES = 10_000;

    /// How often an obligation was owed by an answered request, and what the log shows of it.
    ///
    /// @param owed by how many answers
    /// @param met by how many the log shows it met
    /// @param broken by how many the log shows it not met; of the others the log shows nothing
    public record Owed(long owed, long met, long broken) {
        Owed plus(Owed more) {
            return new Owed(owed + more.owed, met + more.met, broken + more.broken);
        }
    }

    private record Waiting(String hash, DecidedEntry entry) {}

    private final Policy policy;
    private final Instant now;
    private final Map<String, Long> types = new TreeMap<>();
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Owed> obligations = new TreeMap<>();
    private final Map<Kind, Tally> contradictions = new EnumMap<>(Kind.class);
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final BreachLog breaches = new BreachLog();
    private @Nullable Checkpoint checkpoint;
    private @Nullable Instant first;
    private @Nullable Instant last;
    private long decisions;
    private long answers;
    private long otherLaw;

    private LogFacts(Policy policy, Instant now) {
        this.policy = policy;
        this.now = now;
    }

    /// Reads all of `log`.
    ///
    /// @param policy the law of the report
    /// @param now against which times are held
    /// @throws VerificationException when the log is not what its keys signed, or has more than
    ///     [#MAX_OPEN] decisions without outcome
    public static LogFacts read(TileSource log, List<VerifierKey> keys, Policy policy, Instant now)
            throws IOException, VerificationException {
        var facts = new LogFacts(policy, now);
        facts.checkpoint = LogScan.read(log, keys, facts::entry);
        return facts;
    }

    private void entry(long index, byte[] bytes) throws VerificationException {
        if (waiting.size() > MAX_OPEN)
            throw new VerificationException("entry " + index + ": more than " + MAX_OPEN
                    + " decisions wait for their outcome, which is the limit of a report");
        try {
            JsonNode json = Json.parse(bytes);
            String type = json.path("type").asText("");
            count(types, type);
            period(json.path("time").asText(""));
            switch (type) {
                case "decided" -> decided(index, bytes, DecidedEntry.read(bytes).orElseThrow());
                case "answered", "failed" -> outcome(index, Outcome.read(bytes));
                default -> {
                    var breach = BreachEntry.read(bytes);
                    if (breach.isPresent()) breaches.add(index, breach.get());
                }
            }
        } catch (IOException | VerificationException | IllegalArgumentException | DateTimeException e) {
            contradict(Kind.UNREADABLE, index, String.valueOf(e.getMessage()), List.of());
        }
    }

    private static void count(Map<String, Long> counts, String name) {
        counts.merge(counts.size() < MAX_NAMES || counts.containsKey(name) ? name : "others", 1L, Long::sum);
    }

    private void period(String time) {
        if (time.isEmpty()) return;
        var at = Instant.parse(time);
        if (first == null || at.isBefore(first)) first = at;
        if (last == null || at.isAfter(last)) last = at;
    }

    private void decided(long index, byte[] bytes, DecidedEntry entry) {
        var time = Instant.parse(entry.time());
        var today = policy.decide(entry.decision());
        decisions++;
        if (!entry.policy().equals(policy.digest())) otherLaw++;
        for (String rule : entry.rules()) tally(rule).add(index, entry);
        if (!entry.allowed()) return;
        waiting.put(index, new Waiting(DecisionReference.of(index, bytes).hash(), entry));
        if (today instanceof Decision.Deny)
            contradict(
                    Kind.ALLOWED_AGAINST_LAW,
                    index,
                    entry.decision() + (entry.policy().equals(policy.digest()) ? "" : ", decided under another law"),
                    today.rules().stream().map(Rule::id).toList());
        for (String rule : entry.rules()) {
            int days = policy.rules().stream()
                    .filter(known -> known.id().equals(rule))
                    .flatMap(known -> known.obligations().stream())
                    .mapToInt(Obligation::days)
                    .max()
                    .orElse(0);
            if (days > 0) tally(rule).retain(time.plus(Duration.ofDays(days)), now);
        }
    }

    private void outcome(long index, Outcome outcome) {
        var reference = outcome.decided();
        var found = waiting.get(reference.index());
        boolean fits = found != null
                && found.hash().equals(reference.hash())
                && found.entry().receipt().equals(outcome.receipt());
        if (fits) waiting.remove(reference.index());
        String unfit = "refers to entry " + reference.index() + ", which is no decision that allows it and waits";
        switch (outcome) {
            case FailedEntry failed -> {
                count(failures, failed.reason());
                if (!fits) contradict(Kind.UNREADABLE, index, unfit, List.of());
            }
            case AnsweredEntry answered -> {
                answers++;
                if (!fits || found == null) contradict(Kind.UNDECIDED, index, unfit, List.of());
                else answered(index, answered, found.entry());
            }
        }
    }

    private void answered(long index, AnsweredEntry answered, DecidedEntry decided) {
        boolean asDecided =
                switch (answered.by()) {
                    case Maker.Engine engine -> decided.upstream() == null;
                    case Maker.Encoder encoder -> decided.upstream() == null;
                    case Maker.Upstream upstream ->
                        upstream.upstream().equals(decided.upstream())
                                && upstream.jurisdiction().equals(decided.destination());
                };
        if (!asDecided)
            contradict(
                    Kind.ELSEWHERE,
                    index,
                    "decided for " + (decided.upstream() == null ? "this machine" : decided.upstream()) + " in "
                            + decided.destination() + " (entry "
                            + answered.decided().index() + ")",
                    decided.rules());
        for (String label : decided.obligations()) {
            boolean broken = label.equals(Obligation.HUMAN_APPROVAL.label())
                    || (label.equals(Obligation.IN_COUNTRY.label()) && !asDecided);
            boolean met = label.startsWith("retain ") || (label.equals(Obligation.IN_COUNTRY.label()) && asDecided);
            var owed = new Owed(1, met ? 1 : 0, broken ? 1 : 0);
            owe(obligations, label, owed);
            for (String rule : decided.rules()) owe(tally(rule).owed(), label, owed);
        }
        if (decided.obligations().contains(Obligation.HUMAN_APPROVAL.label()))
            contradict(Kind.UNAPPROVED, index, "entry " + answered.decided().index() + " wanted one", decided.rules());
    }

    private static void owe(Map<String, Owed> all, String label, Owed owed) {
        if (all.size() < MAX_NAMES || all.containsKey(label)) all.merge(label, owed, Owed::plus);
    }

    private void contradict(Kind kind, long index, String detail, Collection<String> rules) {
        var contradiction = new Contradiction(kind, index, detail);
        contradictions.computeIfAbsent(kind, some -> new Tally()).add(contradiction);
        for (String rule : rules) tally(rule).add(contradiction);
    }

    private Tally tally(String rule) {
        return tallies.computeIfAbsent(
                tallies.size() < MAX_NAMES || tallies.containsKey(rule) ? rule : "others", some -> new Tally());
    }

    /// The signed root that the log was read up to.
    public Checkpoint checkpoint() {
        if (checkpoint == null) throw new AssertionError("set when the log was read");
        return checkpoint;
    }

    /// The law of the report.
    public Policy policy() {
        return policy;
    }

    public Instant now() {
        return now;
    }

    /// Time of the earliest entry; null where none has a time. So for [#last].
    public @Nullable Instant first() {
        return first;
    }

    public @Nullable Instant last() {
        return last;
    }

    /// Entries by type.
    public Map<String, Long> types() {
        return Collections.unmodifiableMap(types);
    }

    public long decisions() {
        return decisions;
    }

    public long answers() {
        return answers;
    }

    /// Allowed requests that came to nothing, by the error that the client got: `key_refused` where a tenant
    /// did not lend its key for the texts.
    public Map<String, Long> failures() {
        return Collections.unmodifiableMap(failures);
    }

    /// Decisions under other rules than those of the report, as their digest tells.
    public long otherLaw() {
        return otherLaw;
    }

    /// Allowed requests without any outcome: still running, or cut off by a crash.
    public long unfinished() {
        return waiting.size();
    }

    /// What `rule` did; all zero for one that decided nothing.
    public Tally rule(String rule) {
        return tallies.getOrDefault(rule, new Tally());
    }

    /// Rules that entries name and the packs do not have, by id.
    public List<String> unknownRules() {
        var unknown = new ArrayList<>(tallies.keySet());
        policy.rules().forEach(rule -> unknown.remove(rule.id()));
        return unknown;
    }

    /// The contradictions of one kind, counted as [Tally#contradicted].
    public Tally contradictions(Kind kind) {
        return contradictions.getOrDefault(kind, new Tally());
    }

    /// Obligations of answered requests, by label.
    public Map<String, Owed> obligations() {
        return Collections.unmodifiableMap(obligations);
    }

    public Collection<Breach> breaches() {
        return breaches.all();
    }
}
