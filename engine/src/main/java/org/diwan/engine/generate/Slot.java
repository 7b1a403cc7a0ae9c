package org.diwan.engine.generate;

import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.Sequence;
import org.jspecify.annotations.Nullable;

/// One request on its way: its text so far, what the model remembers of it while it runs, how its
/// tokens are chosen. Owned by the engine's thread once it has run; before, by the queue it waits in.
///
/// A slot that is put off gives its memory up and keeps its text: when it goes on, the model reads
/// prompt and answer as one prompt and comes to the same bits.
final class Slot {
    private static final int[] NONE = {};

    final Generation generation;

    /// Requests are numbered as they come.
    final long number;

    final Text text;

    private final int capacity;
    private final TraceChain trace = new TraceChain();
    private final Drafts drafts = new Drafts();
    private @Nullable Sampler sampler;
    private @Nullable Sequence sequence;

    /// Pages at the start of the text that have been offered to the cache.
    private int published;

    /// The most tokens that have been read so far: reading them again is not the tenant's fault.
    private int charged;

    private int answered;
    private int planned;
    private int output = -1;
    private int[] guess = NONE;

    /// @param capacity tokens of prompt and answer together
    Slot(Generation generation, long number, int capacity) {
        this.generation = generation;
        this.number = number;
        this.capacity = capacity;
        this.text = new Text(generation.request);
    }

    String tenant() {
        return generation.request.tenant();
    }

    /// Goes on with `begun`, which has read the text up to its length.
    void start(Sequence begun, int vocabulary) {
        sequence = begun;
        published = begun.length() / Page.POSITIONS;
        charged = Math.max(charged, begun.length());
        if (sampler == null) {
            var request = generation.request;
            sampler = new Sampler(request.sampling(), vocabulary, request.prompt(), generation.constraint);
        }
    }

    /// What the model remembers, to be released: afterwards nothing.
    Sequence stop() {
        Sequence left = sequence();
        sequence = null;
        return left;
    }

    /// Whether all but the last token have been read, and an answer token a step follows.
    boolean decoding() {
        return answered > 0 && unread() == 1;
    }

    /// Tokens that the model has not read, at least one.
    int unread() {
        return text.count() - sequence().length();
    }

    /// The next step reads the last token, and up to `most` guesses after it.
    void planToken(int most) {
        int room = Math.min(generation.request.maxTokens() - answered, capacity - text.count()) - 1;
        guess = drafts.guess(text, Math.min(most, room));
        planned = 1;
    }

    /// The next step reads as many unread tokens as there are, up to `most`.
    ///
    /// @return how many
    int planUnread(int most) {
        guess = NONE;
        planned = Math.min(most, unread());
        return planned;
    }

    /// Pages that must be free for what is planned.
    int pagesPlanned() {
        return pagesFor(planned + guess.length);
    }

    /// Pages that must be free before `count` tokens are read.
    int pagesFor(int count) {
        return sequence().pagesFor(count);
    }

    /// Adds what is planned to the step.
    void fill(Batch batch) {
        int from = sequence().length();
        output = -1;
        for (int i = from; i < from + planned; i++) {
            boolean last = i == text.count() - 1;
            int row = batch.add(sequence(), text.token(i), last);
            if (last) output = row;
        }
        for (int token : guess) batch.add(sequence(), token, true);
    }

    /// After the step: chooses and delivers the next tokens, if the step gave logits for them.
    void sample(float[] logits, int vocabulary) {
        if (output < 0 || sampler == null) return;
        int row = output;
        output = -1;
        int held = 0;
        int before = answered;
        while (!generation.ended()) {
            SampledToken token = sampler.next(logits, (row + held) * vocabulary, text.count(), trace);
            deliver(token);
            if (held == guess.length || guess[held] != token.id()) break;
            held++;
        }
        drafts.checked(held, answered - before);
        sequence().truncate(Math.min(sequence().length(), text.count() - 1));
    }

    /// After the step: offers the pages it filled to `cache`, and returns what the tenant is charged
    /// for: tokens read, and answer tokens once more (Sheng et al. 2024, §3.2, weighs them double).
    int settle(PrefixCache cache, int answeredBefore) {
        int length = sequence().length();
        for (; (published + 1) * Page.POSITIONS <= length; published++) cache.publish(sequence(), text, published);
        int read = Math.max(0, length - charged);
        charged += read;
        return read + answered - answeredBefore;
    }

    int answered() {
        return answered;
    }

    private void deliver(SampledToken token) {
        text.add(token.id());
        answered++;
        generation.deliver(token);
        if (generation.request.endTokens().contains(token.id())) {
            generation.end(FinishReason.END);
        } else if (answered == generation.request.maxTokens()) {
            generation.end(FinishReason.LENGTH);
        } else if (text.count() == capacity) {
            generation.end(FinishReason.CONTEXT);
        }
    }

    private Sequence sequence() {
        if (sequence == null) throw new IllegalStateException("the request is not running");
        return sequence;
    }
}
