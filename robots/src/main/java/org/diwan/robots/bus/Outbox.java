package org.diwan.robots.bus;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.diwan.robots.bus.Bus.Message;
import org.jspecify.annotations.Nullable;

/// What is to be sent, in order, while there is a connection and while there is none. Any thread may call it.
///
/// What is sent at least once stays here until the broker has it. INVARIANT: at most [#WINDOW] are under way.
final class Outbox {
    /// Handed to the connection and not yet written, or not yet acknowledged.
    static final int WINDOW = 1_000;

    /// Most that wait: ten messages of each of 1,000 vehicles, and what they may take together.
    static final int MAX_WAITING = 10_000;

    static final long MAX_WAITING_BYTES = 64L << 20;

    private final Deque<Message> waiting = new ArrayDeque<>();
    private final Deque<Message> again = new ArrayDeque<>();
    private long waitingBytes;
    private int underWay;
    private long sent;
    private long dropped;
    private @Nullable Function<Message, ? extends CompletionStage<?>> connection;

    /// Sends `message` as soon as it can be. Where too many wait, the oldest that is sent at most once is dropped.
    ///
    /// @throws IllegalStateException if too many wait and all are to be sent at least once
    synchronized void add(Message message) {
        while (!waiting.isEmpty()
                && (waiting.size() + again.size() >= MAX_WAITING
                        || waitingBytes + message.payload().length > MAX_WAITING_BYTES)) {
            if (!dropOldest()) {
                if (message.atLeastOnce())
                    throw new IllegalStateException(waiting.size() + " messages of " + waitingBytes
                            + " bytes wait for the broker, the limits are " + MAX_WAITING + " and "
                            + MAX_WAITING_BYTES + "; " + message.topic() + " is not sent");
                dropped++;
                return;
            }
        }
        waiting.add(message);
        waitingBytes += message.payload().length;
        pump();
    }

    private boolean dropOldest() {
        for (Iterator<Message> each = waiting.iterator(); each.hasNext(); ) {
            var message = each.next();
            if (message.atLeastOnce()) continue;
            each.remove();
            waitingBytes -= message.payload().length;
            dropped++;
            return true;
        }
        return false;
    }

    /// From now on messages go to `connection`, which says when each is with the broker; null: they wait.
    synchronized void connection(@Nullable Function<Message, ? extends CompletionStage<?>> next) {
        connection = next;
        pump();
    }

    private void pump() {
        while (underWay < WINDOW) {
            var to = connection;
            if (to == null) return;
            var message = again.poll();
            if (message == null) {
                message = waiting.poll();
                if (message == null) return;
                waitingBytes -= message.payload().length;
            }
            underWay++;
            var taken = message;
            var unused = to.apply(taken).whenComplete((_, failure) -> over(taken, failure, to));
        }
    }

    /// A connection that failed once is not used again.
    private synchronized void over(
            Message message, @Nullable Throwable failure, Function<Message, ? extends CompletionStage<?>> over) {
        underWay--;
        if (failure == null) {
            sent++;
        } else {
            if (message.atLeastOnce()) again.add(message);
            else dropped++;
            if (connection == over) connection = null;
        }
        pump();
        if (size() == 0) notifyAll();
    }

    /// Waits until all is with the broker, at most `patience`.
    synchronized boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (size() > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) return false;
            wait(left);
        }
        return true;
    }

    /// Messages that are with the broker.
    synchronized long sent() {
        return sent;
    }

    /// Messages sent at most once that were not: the broker was away too long, or went away under them.
    synchronized long dropped() {
        return dropped;
    }

    /// Messages that wait or are under way.
    synchronized int size() {
        return waiting.size() + again.size() + underWay;
    }
}
