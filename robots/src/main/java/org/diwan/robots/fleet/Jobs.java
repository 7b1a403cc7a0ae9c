package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.Cause;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.jspecify.annotations.Nullable;

/// Jobs that were submitted, in that order, and what has become of them.
final class Jobs {
    /// Jobs that are not over; more are refused.
    static final int MAX_OPEN = 10_000;

    /// Jobs that are over and still remembered.
    static final int MAX_OVER = 1_000;

    /// One job's fortune.
    static final class Entry {
        private final Job job;
        private final Instant submitted;
        private final Set<String> refusedBy = new LinkedHashSet<>();
        private Status status = Status.WAITING;
        private int orders;
        private @Nullable String vehicle;
        private @Nullable Cause reason;
        private Instant since;
        private Instant postponed = Instant.MIN;

        Entry(Job job, Instant submitted) {
            this.job = job;
            this.submitted = submitted;
            since = submitted;
        }

        Job job() {
            return job;
        }

        Instant submitted() {
            return submitted;
        }

        /// The id of the next order for it, whichever vehicle gets that.
        String nextOrder() {
            orders++;
            return orders == 1 ? job.id() : job.id() + Clearances.PART + orders;
        }

        /// Vehicles that would not take it.
        Set<String> refusedBy() {
            return refusedBy;
        }

        /// Nobody can begin it now; until then others are looked at before it.
        void postpone(Instant until) {
            postponed = until;
        }

        boolean isPostponed(Instant now) {
            return now.isBefore(postponed);
        }

        Status status() {
            return status;
        }

        JobView view() {
            return new JobView(
                    job.id(), status, Optional.ofNullable(vehicle), Optional.ofNullable(reason), submitted, since);
        }
    }

    private final Map<String, Entry> open = new LinkedHashMap<>();
    private final Map<String, Entry> over = new LinkedHashMap<>();
    private final Deque<String> oldest = new ArrayDeque<>();

    /// Takes a job in, which was submitted `then`.
    ///
    /// @throws IllegalArgumentException if there is one of that id
    /// @throws IllegalStateException if there are [#MAX_OPEN]
    Entry add(Job job, Instant then) {
        if (isKnown(job.id())) throw new IllegalArgumentException("there is a job " + job.id());
        if (open.size() >= MAX_OPEN)
            throw new IllegalStateException(MAX_OPEN + " jobs wait or are under way, no more are taken");
        var entry = new Entry(job, then);
        open.put(job.id(), entry);
        return entry;
    }

    /// Whether there is, or lately was, a job of that id.
    boolean isKnown(String id) {
        return open.containsKey(id) || over.containsKey(id);
    }

    /// Not over yet, oldest first.
    Collection<Entry> open() {
        return Collections.unmodifiableCollection(open.values());
    }

    Optional<Entry> open(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /// Over, and not forgotten.
    Collection<Entry> over() {
        return Collections.unmodifiableCollection(over.values());
    }

    /// That is how it stands with it now.
    JobView set(Entry entry, Status status, @Nullable String vehicle, @Nullable Cause reason, Instant now) {
        entry.status = status;
        entry.vehicle = vehicle;
        entry.reason = reason;
        entry.since = now;
        if (status.isOver() && open.remove(entry.job.id()) != null) {
            over.put(entry.job.id(), entry);
            oldest.add(entry.job.id());
            if (oldest.size() > MAX_OVER) over.remove(oldest.remove());
        }
        return entry.view();
    }
}
