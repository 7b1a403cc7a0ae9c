package org.diwan.engine.generate;

/// A prompt that leaves no room for an answer: shorten it or take a model with a longer context.
public final class PromptTooLong extends RuntimeException {
    private final int tokens;
    private final int limit;

    PromptTooLong(int tokens, int limit) {
        super("the prompt has " + tokens + " tokens, the limit is " + limit);
        this.tokens = tokens;
        this.limit = limit;
    }

    /// Tokens of the prompt.
    public int tokens() {
        return tokens;
    }

    /// The most tokens a prompt may have here.
    public int limit() {
        return limit;
    }
}
