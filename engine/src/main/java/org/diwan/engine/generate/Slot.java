package org.diwan.engine.generate;

import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Sequence;

/// One request that is running: what the model remembers of it, how far its prompt has been read,
/// how its tokens are chosen. Owned by the engine's thread.
final class Slot {
    final Generation generation;

    /// Tokens of prompt and answer that it may grow to: what the engine keeps free for it.
    final int reserved;

    private final int[] prompt;
    private final Sequence sequence;
    private final Sampler sampler;
    private final TraceChain trace = new TraceChain();

    /// Tokens of prompt and answer that have been given to the model.
    private int read;

    private int answered;
    private int last;
    private int output = -1;

    Slot(Generation generation, int reserved, Sequence sequence, int vocabulary) {
        this.generation = generation;
        this.reserved = reserved;
        this.prompt = generation.request.prompt();
        this.sequence = sequence;
        this.sampler = new Sampler(generation.request.sampling(), vocabulary, prompt, generation.constraint);
    }

    /// Whether the prompt has been read and one token a step follows.
    boolean decoding() {
        return read >= prompt.length;
    }

    void addToken(Batch batch) {
        output = batch.add(sequence, last, true);
        read++;
    }

    /// Adds up to `room` tokens of the prompt, and returns how many.
    int addPrompt(Batch batch, int room) {
        int count = Math.min(room, prompt.length - read);
        output = -1;
        for (int i = 0; i < count; i++) {
            boolean end = read == prompt.length - 1;
            int row = batch.add(sequence, prompt[read++], end);
            if (end) output = row;
        }
        return count;
    }

    /// After the step: chooses and delivers the next token, if the step gave logits for it.
    void sample(float[] logits, int vocabulary) {
        if (output < 0 || generation.ended()) return;
        SampledToken token = sampler.next(logits, output * vocabulary, read, trace);
        output = -1;
        answered++;
        last = token.id();
        generation.deliver(token);
        if (generation.request.endTokens().contains(last)) {
            generation.end(FinishReason.END);
        } else if (answered == generation.request.maxTokens()) {
            generation.end(FinishReason.LENGTH);
        } else if (prompt.length + answered == reserved) {
            generation.end(FinishReason.CONTEXT);
        }
    }
}
