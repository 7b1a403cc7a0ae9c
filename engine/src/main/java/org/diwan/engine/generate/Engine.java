package org.diwan.engine.generate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Model;
import org.jspecify.annotations.Nullable;

/// Runs many requests on one model at the same time: continuous batching (Yu et al. 2022, "Orca",
/// §3.1) with prompts taken on in chunks beside the sequences that decode (Agrawal et al. 2023,
/// "SARATHI", §4).
///
/// One thread of its own runs steps. A step takes one token of every decoding sequence and up to
/// `prefillChunk` prompt tokens of the others, oldest first, runs them through the model as one
/// batch and chooses a token for every sequence whose logits it got. Between steps requests that
/// have ended leave, and waiting ones move in, first come first served.
///
/// That a request's tokens do not depend on its neighbours is the kernels' promise, kept here by two
/// rules: a sampler sees its own sequence only, and its random numbers are a function of the
/// request's seed and the position.
///
/// Memory: keys and values of all slots together stay below half of the heap's limit. A request
/// moves in when what it may grow to is free; where one sequence alone would need more, the context
/// is that much shorter ([#contextLength()]).
public final class Engine implements AutoCloseable {
    /// The part of the heap's limit that keys and values may take.
    private static final double CACHE_SHARE = 0.5;

    private final Model model;
    private final EngineLimits limits;
    private final int capacity;
    private final int contextLength;
    private final Batch batch;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by `lock`.
    private final Queue<Generation> waiting = new ArrayDeque<>();
    private int active;
    private boolean closed;
    private @Nullable Throwable failure;

    // Owned by `thread`.
    private final List<Slot> slots = new ArrayList<>();
    private int reserved;

    /// Starts the engine's thread. The model stays the caller's, to be closed after the engine.
    public Engine(Model model, EngineLimits limits) {
        this.model = model;
        this.limits = limits;
        long bytes = (long) (Runtime.getRuntime().maxMemory() * CACHE_SHARE);
        long positions = bytes / model.config().cacheBytesPerPosition();
        this.contextLength = Math.clamp(positions, 2, model.contextLength());
        this.capacity = Math.clamp(positions, contextLength, Integer.MAX_VALUE);
        this.batch = model.batch(limits.slots() + limits.prefillChunk(), limits.slots());
        this.thread = Thread.ofPlatform().name("diwan-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /// Queues a request. Its tokens arrive at the generation, which the caller closes.
    ///
    /// @throws Overloaded when the queue is full
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
            waiting.removeIf(Generation::ended);
            if (waiting.size() >= limits.queue() + limits.slots() - active) throw new Overloaded(limits.queue());
            waiting.add(generation);
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
            return (int)
                    waiting.stream().filter(generation -> !generation.ended()).count();
        } finally {
            lock.unlock();
        }
    }

    /// Positions that prompt and answer may have together: the model's, or less where the heap holds
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
            while (admit()) step();
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
                leave();
                enter();
                active = slots.size();
                if (active > 0) return true;
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        for (Iterator<Slot> each = slots.iterator(); each.hasNext(); ) {
            Slot slot = each.next();
            if (slot.generation.ended()) {
                each.remove();
                reserved -= slot.reserved;
            }
        }
    }

    private void enter() {
        waiting.removeIf(Generation::ended);
        while (slots.size() < limits.slots() && !waiting.isEmpty()) {
            GenerateRequest request = waiting.element().request;
            int needed = (int) Math.min((long) request.prompt().length + request.maxTokens(), contextLength);
            if (needed > capacity - reserved) return;
            slots.add(new Slot(waiting.remove(), needed, model.sequence(), model.vocabularySize()));
            reserved += needed;
        }
    }

    private void step() {
        batch.clear();
        for (Slot slot : slots) if (slot.decoding()) slot.addToken(batch);
        int room = limits.prefillChunk();
        for (Slot slot : slots) if (!slot.decoding() && room > 0) room -= slot.addPrompt(batch, room);
        model.forward(batch);
        // Samplers share nothing: each looks at its own row.
        model.workers().run(slots.size(), i -> sample(slots.get(i)));
    }

    private void sample(Slot slot) {
        try {
            slot.sample(batch.logits(), model.vocabularySize());
        } catch (EngineFailure e) {
            slot.generation.fail(e);
        }
    }

    private void endAll(@Nullable Throwable cause) {
        lock.lock();
        try {
            closed = cause == null;
            failure = cause;
            slots.forEach(slot -> waiting.add(slot.generation));
            for (Generation generation : waiting) {
                if (cause == null) generation.end(FinishReason.CANCELLED);
                else generation.fail(cause);
            }
            slots.clear();
            waiting.clear();
            active = 0;
        } finally {
            lock.unlock();
        }
    }
}
