package org.diwan.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed set of threads that split one piece of work into numbered parts.
///
/// Which thread runs which part is left to chance, so parts write to disjoint places and their number
/// does not depend on the number of threads wherever floats are summed. The calling thread works too:
/// `new Workers(1)` starts no thread. One `run` at a time; others wait for it.
///
/// A decode step is some hundred short runs, so an idle worker first spins for [#SPINS] turns (about
/// 20 µs: the gap between two matrices) before it parks.
public final class Workers implements AutoCloseable {
    private static final int SPINS = 2_000;

    /// One run: parts are claimed by counting up, and the run is over when every part is done.
    private static final class Job {
        final int parts;
        final IntConsumer part;
        final Thread owner = Thread.currentThread();
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    part.accept(i);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
                if (done.incrementAndGet() == parts) {
                    LockSupport.unpark(owner);
                }
            }
        }

        boolean finished() {
            return done.get() == parts;
        }
    }

    private final Thread[] helpers;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Job job;
    private volatile boolean closed;

    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("illegal number of threads: " + threads + ", must be at least 1");
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] =
                    Thread.ofPlatform().daemon().name("diwan-worker-" + (i + 1)).unstarted(this::help);
        }
        for (Thread helper : helpers) {
            helper.start();
        }
    }

    public int threads() {
        return helpers.length + 1;
    }

    /// Runs `part` for 0 … parts - 1, and returns when all are done. What a part throws is thrown here,
    /// after the others have finished.
    public void run(int parts, IntConsumer part) {
        if (parts <= 1 || helpers.length == 0) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        lock.lock();
        try {
            Job now = new Job(parts, part);
            job = now;
            for (Thread helper : helpers) {
                LockSupport.unpark(helper);
            }
            now.work();
            await(now);
            job = null;
            Throwable failure = now.failure.get();
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private static void await(Job job) {
        for (int spin = 0; !job.finished(); spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(job);
            }
        }
    }

    private void help() {
        @Nullable Job last = null;
        int spin = 0;
        while (!closed) {
            Job now = job;
            if (now != null && now != last) {
                now.work();
                last = now;
                spin = 0;
            } else if (spin++ < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /// Ends the threads; a run in progress is finished by its caller.
    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
