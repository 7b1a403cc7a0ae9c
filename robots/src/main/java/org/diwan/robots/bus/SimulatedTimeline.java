package org.diwan.robots.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Time that passes only when [#run] is called, and then as fast as the work allows. Owned by one thread.
public final class SimulatedTimeline implements Timeline {
    /// Scheduled and not yet due at once: a leak of work is found before memory is full.
    public static final int MAX_EVENTS = 10_000_000;

    private static final class Event implements Comparable<Event>, Scheduled {
        final Instant at;
        final long number;

        @Nullable
        Runnable work;

        Event(Instant at, long number, Runnable work) {
            this.at = at;
            this.number = number;
            this.work = work;
        }

        /// It stays in the queue until it is due, where it costs nothing to find, and holds on to nothing.
        @Override
        public void cancel() {
            work = null;
        }

        @Override
        public int compareTo(Event other) {
            int order = at.compareTo(other.at);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private Instant now;
    private long scheduled;
    private long done;

    /// Begins at `start`.
    public SimulatedTimeline(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public Scheduled after(Duration delay, Runnable work) {
        if (delay.isNegative()) throw new IllegalArgumentException("a delay of " + delay + ", must not be negative");
        if (events.size() >= MAX_EVENTS)
            throw new IllegalStateException("more than " + MAX_EVENTS + " events are waiting at " + now);
        var event = new Event(now.plus(delay), scheduled++, work);
        events.add(event);
        return event;
    }

    @Override
    public void post(Runnable work) {
        after(Duration.ZERO, work);
    }

    /// Lets `span` pass, with all that is due in it.
    public void run(Duration span) {
        var end = now.plus(span);
        for (var event = events.peek(); event != null && !event.at.isAfter(end); event = events.peek()) {
            events.remove();
            var work = event.work;
            if (work == null) continue;
            now = event.at;
            done++;
            work.run();
        }
        now = end;
    }

    /// Events that were run since the start.
    public long done() {
        return done;
    }
}
