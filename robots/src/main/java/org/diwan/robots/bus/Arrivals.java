package org.diwan.robots.bus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What came and was not yet handled. Any thread may call it.
///
/// Where too much waits, the oldest that was sent at most once is dropped: states are repeated and a new one
/// says all that an old one did. What is sent at least once is acknowledged only when it was handled, so its
/// number is the broker's window (mosquitto 20, Moquette 10), and a slow receiver slows its senders.
final class Arrivals {
    /// Ten messages of each of 1,000 vehicles, and what they may take together.
    static final int MAX_WAITING = 10_000;

    static final long MAX_WAITING_BYTES = 64L << 20;

    /// @param connection the number of that over which it came
    /// @param handled what to tell the broker; null if it does not want to know
    @SuppressWarnings("ArrayRecordComponent")
    record Arrival(
            int connection,
            String topic,
            byte[] payload,
            @Nullable Runnable handled) {}

    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long received;
    private long dropped;

    /// Keeps it until it is handled; false if there is no room for it and nothing could be dropped.
    synchronized boolean add(Arrival arrival) {
        while (!waiting.isEmpty()
                && (waiting.size() >= MAX_WAITING || waitingBytes + arrival.payload().length > MAX_WAITING_BYTES)) {
            if (!dropOldest()) {
                if (arrival.handled() == null) dropped++;
                return arrival.handled() == null;
            }
        }
        waiting.add(arrival);
        waitingBytes += arrival.payload().length;
        received++;
        return true;
    }

    private boolean dropOldest() {
        for (Iterator<Arrival> each = waiting.iterator(); each.hasNext(); ) {
            var arrival = each.next();
            if (arrival.handled() != null) continue;
            each.remove();
            waitingBytes -= arrival.payload().length;
            dropped++;
            return true;
        }
        return false;
    }

    /// The oldest; null if nothing waits.
    synchronized @Nullable Arrival poll() {
        var arrival = waiting.poll();
        if (arrival != null) waitingBytes -= arrival.payload().length;
        return arrival;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized long received() {
        return received;
    }

    synchronized long dropped() {
        return dropped;
    }
}
