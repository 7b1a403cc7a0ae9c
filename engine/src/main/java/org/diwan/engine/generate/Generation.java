package org.diwan.engine.generate;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The answer to one request while it comes. The engine's thread puts tokens in, one other thread
/// takes them out; a slow taker holds nobody up, because there is room for all `maxTokens`.
public final class Generation implements AutoCloseable {
    final GenerateRequest request;
    final @Nullable TokenConstraint constraint;

    private final Queue<SampledToken> ready = new ArrayDeque<>();
    private @Nullable FinishReason finish;
    private @Nullable Throwable failure;

    Generation(GenerateRequest request, @Nullable TokenConstraint constraint) {
        this.request = request;
        this.constraint = constraint;
    }

    /// The next token, waiting for it where need be; null after the last.
    ///
    /// @throws EngineFailure when the generation could not go on
    public synchronized @Nullable SampledToken next() throws InterruptedException {
        while (ready.isEmpty() && finish == null && failure == null) wait();
        SampledToken token = ready.poll();
        if (token == null && failure != null) throw new EngineFailure(String.valueOf(failure.getMessage()), failure);
        return token;
    }

    /// Why it ended.
    ///
    /// @throws IllegalStateException before [#next()] has returned null
    public synchronized FinishReason finish() {
        if (finish == null) throw new IllegalStateException("the generation has not ended");
        return finish;
    }

    /// Ends it, if it has not ended: no token comes any more, and its slot is free within a step.
    @Override
    public synchronized void close() {
        ready.clear();
        end(FinishReason.CANCELLED);
    }

    synchronized void deliver(SampledToken token) {
        if (ended()) return;
        assert ready.size() < request.maxTokens() : "more than maxTokens were delivered";
        ready.add(token);
        notifyAll();
    }

    synchronized void end(FinishReason reason) {
        if (ended()) return;
        finish = reason;
        notifyAll();
    }

    synchronized void fail(Throwable cause) {
        if (ended()) return;
        failure = cause;
        notifyAll();
    }

    /// Tokens that nobody has taken yet.
    synchronized int waiting() {
        return ready.size();
    }

    synchronized boolean ended() {
        return finish != null || failure != null;
    }
}
