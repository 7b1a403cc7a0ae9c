package org.diwan.engine.generate;

import java.util.ArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.jspecify.annotations.Nullable;

/// Runs many requests on one model at the same time: continuous batching (Yu et al. 2022, "Orca",
/// §3.1) with prompts taken on in chunks beside the sequences that decode (Agrawal et al. 2023,
/// "SARATHI", §4).
///
/// One thread of its own runs the steps of a `Batcher`: a step takes one token of every decoding
/// sequence and up to `prefillChunk` prompt tokens of the others through the model as one batch, and
/// chooses a token for every sequence whose logits it got. Between steps requests that have ended
/// leave, and waiting ones move in.
///
/// That a request's tokens do not depend on its neighbours is the kernels' promise, kept here by two
/// rules: a sampler sees its own sequence only, and its random numbers are a function of the
/// request's seed and the position. What is cached, guessed or put off and read again therefore
/// changes when tokens come, never which.
///
/// Fairness: tenants share slots and chunk (`Tenants`). With T tenants, T ≤ `slots`, a tenant that
/// has nothing running gets a slot at the next step, and a prompt of P tokens its first token
/// ⌈P / ⌊prefillChunk / T⌋⌉ steps later, whatever the others have queued, as long as `cacheBytes` hold
/// one text of each.
///
/// Memory: keys and values of all texts take at most `cacheBytes`, in pages.
public final class Engine implements AutoCloseable {
    private final Model model;
    private final EngineLimits limits;
    private final int contextLength;
    private final Batcher batcher;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by `lock`.
    private final Tenants tenants = new Tenants();
    private long submitted;
    private int active;
    private boolean closed;
    private @Nullable Throwable failure;

    /// Starts the engine's thread. The model stays the caller's, to be closed after the engine.
    public Engine(Model model, EngineLimits limits) {
        this.model = model;
        this.limits = limits;
        long held = limits.cacheBytes() / model.pageBytes(limits.cacheType());
        int pages = Math.clamp(held, 1, Integer.MAX_VALUE / Page.POSITIONS);
        this.contextLength = Math.min(pages * Page.POSITIONS, model.contextLength());
        this.batcher = new Batcher(model, limits, pages);
        this.thread = Thread.ofPlatform().name("diwan-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /// Queues a request. Its tokens arrive at the generation, which the caller closes.
    ///
    /// @throws Overloaded when the queue is full, the engine's or the tenant's
    /// @throws PromptTooLong when the prompt leaves no room for a token within [#contextLength()]
    /// @throws IllegalArgumentException naming a token of prompt or bias that is not in the vocabulary
    /// @throws EngineFailure when the engine has stopped
    public Generation submit(GenerateRequest request) {
        return submit(request, null);
    }

    /// As [#submit(GenerateRequest)], with only the tokens that `constraint` allows, position by
    /// position; from here on it belongs to the engine.
    public Generation submit(GenerateRequest request, @Nullable TokenConstraint constraint) {
        check(request);
        var generation = new Generation(request, constraint);
        lock.lock();
        try {
            if (closed) throw new EngineFailure("the engine is closed");
            if (failure != null) throw new EngineFailure("the engine has stopped: " + failure.getMessage(), failure);
            tenants.dropEnded();
            int free = limits.slots() - active;
            if (tenants.waiting() >= limits.queue() + free) throw new Overloaded("of all tenants", limits.queue());
            if (tenants.waiting(request.tenant()) >= limits.tenantQueue() + free) {
                throw new Overloaded("of this tenant", limits.tenantQueue());
            }
            tenants.add(new Slot(generation, submitted++, contextLength));
            changed.signal();
        } finally {
            lock.unlock();
        }
        return generation;
    }

    /// Sequences that are running.
    public int active() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }

    /// Requests that wait for a slot.
    public int queued() {
        lock.lock();
        try {
            tenants.dropEnded();
            return tenants.waiting();
        } finally {
            lock.unlock();
        }
    }

    /// Positions that prompt and answer may have together: the model's, or less where the cache holds
    /// less.
    public int contextLength() {
        return contextLength;
    }

    /// Cancels everything and waits for the step in progress.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void check(GenerateRequest request) {
        int[] prompt = request.prompt();
        if (prompt.length >= contextLength) throw new PromptTooLong(prompt.length, contextLength - 1);
        for (int i = 0; i < prompt.length; i++) checkToken("prompt[" + i + "]", prompt[i]);
        for (int id : request.sampling().logitBias().keySet()) checkToken("logitBias", id);
    }

    private void checkToken(String field, int id) {
        if (id < 0 || id >= model.vocabularySize()) {
            throw new IllegalArgumentException(
                    field + " " + id + ", must be a token id from 0 to " + (model.vocabularySize() - 1));
        }
    }

    // What follows runs on the engine's thread.

    private void run() {
        try {
            while (admit()) batcher.step();
            endAll(null);
        } catch (Throwable e) {
            // A bug or no memory: nobody may wait for tokens that will not come.
            endAll(e);
        }
    }

    /// Waits for work; false when the engine is closed.
    private boolean admit() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (closed) return false;
                batcher.admit(tenants);
                active = batcher.slots().size();
                if (active > 0) return true;
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void endAll(@Nullable Throwable cause) {
        lock.lock();
        try {
            closed = cause == null;
            failure = cause;
            var left = new ArrayList<>(batcher.slots());
            left.addAll(batcher.putOff());
            left.addAll(tenants.clear());
            for (Slot slot : left) {
                if (cause == null) slot.generation.end(FinishReason.CANCELLED);
                else slot.generation.fail(cause);
            }
            active = 0;
        } finally {
            lock.unlock();
        }
    }
}
