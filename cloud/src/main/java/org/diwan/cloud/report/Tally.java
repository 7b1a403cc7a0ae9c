package org.diwan.cloud.report;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.cloud.receipt.DecidedEntry;
import org.jspecify.annotations.Nullable;

/// How often one rule decided in a log, and its newest entries. Filled by [LogFacts] alone.
public final class Tally {
    /// Entries of each kind that are kept one by one; all are counted.
    public static final int MAX_KEPT = 10;

    /// One decision of the rule.
    ///
    /// @param destination jurisdiction
    public record Seen(long index, String time, String dataClass, String destination, String verdict) {}

    private final Deque<Seen> newest = new ArrayDeque<>();
    private final List<Contradiction> contradictions = new ArrayList<>();
    private final Map<String, LogFacts.Owed> owed = new TreeMap<>();
    private long allowed;
    private long denied;
    private long contradicted;
    private long retained;
    private long pastRetention;
    private @Nullable Instant nextEnd;

    Tally() {}

    void add(long index, DecidedEntry entry) {
        if (entry.allowed()) allowed++;
        else denied++;
        if (newest.size() == MAX_KEPT) newest.removeLast();
        newest.addFirst(new Seen(index, entry.time(), entry.dataClass(), entry.destination(), entry.verdict()));
    }

    void add(Contradiction contradiction) {
        contradicted++;
        if (contradictions.size() < MAX_KEPT) contradictions.add(contradiction);
    }

    /// Counts a record that must be kept until `end`.
    void retain(Instant end, Instant now) {
        if (end.isAfter(now)) {
            retained++;
            if (nextEnd == null || end.isBefore(nextEnd)) nextEnd = end;
        } else pastRetention++;
    }

    /// What the answers under the rule owed, by obligation, to be added to.
    Map<String, LogFacts.Owed> owed() {
        return owed;
    }

    /// What the answers under the rule owed of `obligation`, by this rule or another that matched as well.
    public LogFacts.Owed owed(String obligation) {
        return owed.getOrDefault(obligation, new LogFacts.Owed(0, 0, 0));
    }

    public long allowed() {
        return allowed;
    }

    public long denied() {
        return denied;
    }

    /// Entries that contradict the rule.
    public long contradicted() {
        return contradicted;
    }

    /// The first of them, [#MAX_KEPT] at most.
    public List<Contradiction> contradictions() {
        return Collections.unmodifiableList(contradictions);
    }

    /// The newest decisions, newest first, [#MAX_KEPT] at most.
    public Collection<Seen> newest() {
        return Collections.unmodifiableCollection(newest);
    }

    /// Records that the rule still wants kept.
    public long retained() {
        return retained;
    }

    /// Records that were kept as long as the rule wants.
    public long pastRetention() {
        return pastRetention;
    }

    /// When the next of [#retained] may go; null where there are none.
    public @Nullable Instant nextEnd() {
        return nextEnd;
    }
}
