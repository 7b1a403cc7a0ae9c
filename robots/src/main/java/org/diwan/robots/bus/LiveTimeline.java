package org.diwan.robots.bus;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The machine's own time, on one thread of its own. A work that throws is logged and the next one runs.
///
/// [#instant] follows the machine's clock but never goes back: where the clock is set back, it stands until the
/// clock has caught up. Delays are counted by a clock that nobody sets.
public final class LiveTimeline implements Timeline, AutoCloseable {
    /// Scheduled and not yet run at once: a leak of work is found before memory is full.
    public static final int MAX_EVENTS = 1_000_000;

    /// How long [#close] waits for the work that runs.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(LiveTimeline.class.getName());

    private final ScheduledThreadPoolExecutor executor;
    private final Thread thread;
    private Instant latest = Instant.MIN;

    /// Begins now, on a thread called `name`.
    public LiveTimeline(String name) {
        var threads = new Thread[1];
        executor = new ScheduledThreadPoolExecutor(
                1, work -> threads[0] = Thread.ofPlatform().name(name).unstarted(work));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
        thread = threads[0];
    }

    @Override
    public synchronized Instant instant() {
        var now = Instant.now();
        if (now.isAfter(latest)) latest = now;
        return latest;
    }

    /// Any thread may call it. Nothing runs after [#close]. What is due in more than 292 years, 2⁶³ nanoseconds,
    /// is due then.
    ///
    /// @throws IllegalStateException if [#MAX_EVENTS] wait already
    @Override
    public Scheduled after(Duration delay, Runnable work) {
        if (delay.isNegative()) throw new IllegalArgumentException("a delay of " + delay + ", must not be negative");
        if (executor.getQueue().size() >= MAX_EVENTS)
            throw new IllegalStateException(
                    "more than " + MAX_EVENTS + " events are waiting on " + thread.getName() + ": it does not keep up");
        try {
            var future = executor.schedule(() -> run(work), TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public void post(Runnable work) {
        after(Duration.ZERO, work);
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "work on " + thread.getName() + " failed", e);
        }
    }

    /// Ends with the work that runs now; what waits is forgotten. May be called by that work itself.
    @Override
    public void close() {
        executor.shutdownNow();
        if (Thread.currentThread() == thread) return;
        try {
            if (!executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                LOG.log(Level.WARNING, "{0} is still at work after {1}", thread.getName(), PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
