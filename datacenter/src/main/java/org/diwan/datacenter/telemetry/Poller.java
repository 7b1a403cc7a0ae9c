package org.diwan.datacenter.telemetry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Asks each probe in turn, for ever: once every [#PERIOD], spread evenly over it, each in its own virtual
/// thread, never two at once to one machine. A machine that
/// does not answer is asked ever less often, down to every five minutes, and at once normally again when
/// it answers: dead machines do not take the places of living ones.
///
/// The JDK's HTTP client forgets a connection after 30 seconds; run with
/// `-Djdk.httpclient.keepalive.timeout=120`, or each poll makes a new one.
public final class Poller implements AutoCloseable {
    /// Between two polls of one controller.
    public static final Duration PERIOD = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /// Requests under way at once. With 12,500 controllers 417 are asked a second; a twentieth of them
    /// dead, each until its ten seconds are over, hold some 200 places.
    private static final int CONCURRENT = 512;

    private final Readings readings;
    private final InstantSource clock;
    private final DelayQueue<Turn> turns = new DelayQueue<>();
    private final Semaphore places = new Semaphore(CONCURRENT);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final Thread caller;
    private volatile boolean closed;

    /// Begins to poll `targets`.
    public Poller(List<? extends Probe> targets, Readings readings, InstantSource clock) {
        this(targets, readings, clock, PERIOD);
    }

    Poller(List<? extends Probe> targets, Readings readings, InstantSource clock, Duration period) {
        this.readings = readings;
        this.clock = clock;
        long now = System.nanoTime();
        for (int i = 0; i < targets.size(); i++)
            turns.add(new Turn(targets.get(i), period.toNanos(), now + period.toNanos() * i / targets.size()));
        caller = Thread.ofVirtual().name("poller").start(this::call);
    }

    /// Polls that gave a reading.
    public long answered() {
        return answered.get();
    }

    /// Polls that gave none.
    public long unanswered() {
        return unanswered.get();
    }

    @Override
    public void close() {
        closed = true;
        caller.interrupt();
    }

    private void call() {
        try {
            while (!closed) {
                var turn = turns.take();
                places.acquire();
                Thread.ofVirtual().start(() -> {
                    boolean spoke = false;
                    try {
                        spoke = poll(turn.target);
                    } finally {
                        turn.next(spoke);
                        places.release();
                        if (!closed) turns.add(turn);
                    }
                });
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private boolean poll(Probe target) {
        boolean spoke = target.ask(readings, clock.instant().getEpochSecond());
        (spoke ? answered : unanswered).incrementAndGet();
        return spoke;
    }

    /// When a target is to be asked next. Owned by the queue, or by the thread that polls it.
    private static final class Turn implements Delayed {
        private final Probe target;
        private final long period;
        private long dueNanos;
        private int failures;

        Turn(Probe target, long period, long dueNanos) {
            this.target = target;
            this.period = period;
            this.dueNanos = dueNanos;
        }

        /// Keeps its place in the round; a poll that took longer than its period skips what it missed.
        void next(boolean spoke) {
            failures = spoke ? 0 : Math.min(failures + 1, 16);
            long wait = Math.min(period << Math.max(0, failures - 1), Math.max(period, LONGEST.toNanos()));
            dueNanos = Math.max(dueNanos + wait, System.nanoTime());
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
