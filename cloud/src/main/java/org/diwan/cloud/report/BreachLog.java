package org.diwan.cloud.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.report.Breach.Moment;
import org.diwan.sovereignty.ledger.VerificationException;

/// The breaches of a log, put together from its entries. Owned by one thread at a time.
public final class BreachLog {
    /// Most breaches of one log.
    public static final int MAX_BREACHES = 10_000;

    private final Map<String, Breach> breaches = new LinkedHashMap<>();

    /// Takes the next entry about a breach.
    ///
    /// @throws VerificationException when it does not follow from those before; nothing is changed
    public void add(long index, BreachEntry entry) throws VerificationException {
        breaches.put(entry.breach(), after(index, entry));
    }

    /// Says whether `entry` could be added; changes nothing.
    ///
    /// @throws VerificationException as [#add]
    public void check(BreachEntry entry) throws VerificationException {
        after(0, entry);
    }

    private Breach after(long index, BreachEntry entry) throws VerificationException {
        var moment = new Moment(index, time(entry));
        var before = breaches.get(entry.breach());
        return switch (entry) {
            case BreachEntry.Opened opened -> {
                if (before != null) throw wrong(entry, "is opened twice");
                if (breaches.size() == MAX_BREACHES)
                    throw wrong(entry, "is one more than the limit of " + MAX_BREACHES);
                yield new Breach(
                        opened.breach(), opened.origin(), opened.personal(), opened.says(), moment, null, null);
            }
            case BreachEntry.Followed followed -> {
                if (before == null) throw wrong(entry, "was never opened");
                yield follow(before, followed, moment);
            }
        };
    }

    private static Breach follow(Breach before, BreachEntry.Followed entry, Moment moment)
            throws VerificationException {
        if (before.closed() != null) throw wrong(entry, "is closed");
        return switch (entry.step()) {
            case NOTIFIED -> {
                if (before.notified() != null) throw wrong(entry, "is notified already");
                yield new Breach(
                        before.id(), before.origin(), before.personal(), before.says(), before.opened(), moment, null);
            }
            case CLOSED ->
                new Breach(
                        before.id(),
                        before.origin(),
                        before.personal(),
                        before.says(),
                        before.opened(),
                        before.notified(),
                        moment);
        };
    }

    private static Instant time(BreachEntry entry) throws VerificationException {
        try {
            return Instant.parse(entry.time());
        } catch (DateTimeException e) {
            throw wrong(entry, "has no time: " + e.getMessage());
        }
    }

    private static VerificationException wrong(BreachEntry entry, String problem) {
        return new VerificationException("breach " + entry.breach() + " " + problem);
    }

    /// All breaches, in the order in which they were opened.
    public Collection<Breach> all() {
        return Collections.unmodifiableCollection(breaches.values());
    }
}
