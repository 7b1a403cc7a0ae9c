package org.diwan.robots.control;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.bus.Timeline;

/// Simulated time that passes by itself, some times as fast as the wall's, for somebody to watch.
/// Where the machine does not keep up, time passes more slowly and nothing is left out.
final class Paced implements Timeline, AutoCloseable {
    /// So much wall time passes in one go.
    private static final Duration BEAT = Duration.ofMillis(20);

    /// How long [#close] waits for what runs.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(Paced.class.getName());

    private final SimulatedTimeline inner;
    private final Duration step;
    private final Thread thread;
    private volatile boolean closed;

    /// From `start` on.
    ///
    /// @param speed simulated seconds in a second
    Paced(Instant start, double speed) {
        inner = new SimulatedTimeline(start);
        step = Duration.ofNanos((long) (BEAT.toNanos() * speed));
        thread = Thread.ofPlatform().daemon().name("robots-time").start(this::pass);
    }

    private void pass() {
        long due = System.nanoTime();
        while (!closed) {
            try {
                synchronized (inner) {
                    inner.run(step);
                }
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "work on simulated time failed", e);
            }
            due = Math.max(due + BEAT.toNanos(), System.nanoTime());
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    @Override
    public Instant instant() {
        synchronized (inner) {
            return inner.instant();
        }
    }

    @Override
    public Scheduled after(Duration delay, Runnable work) {
        synchronized (inner) {
            var scheduled = inner.after(delay, work);
            return () -> {
                synchronized (inner) {
                    scheduled.cancel();
                }
            };
        }
    }

    @Override
    public void post(Runnable work) {
        after(Duration.ZERO, work);
    }

    /// `bus`, which lives in this time, for callers on other threads too.
    Bus guarded(Bus bus) {
        return new Bus() {
            @Override
            public void publish(Message message) {
                synchronized (inner) {
                    bus.publish(message);
                }
            }

            @Override
            public Subscription subscribe(String filter, Handler handler) {
                synchronized (inner) {
                    return bus.subscribe(filter, handler);
                }
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
