package org.diwan.language.template;

/// What one template may cost. The largest template known to us (GLM, Kimi, DeepSeek with tools) has
/// 30,000 characters and takes a few thousand steps per message.
final class Limits {
    /// Characters of a template's source.
    static final int MAX_SOURCE = 1 << 18;

    /// Nesting of expressions, blocks, macro calls and input values. Bounds the Java stack.
    static final int MAX_DEPTH = 200;

    /// UTF-16 units of the output, and of any text on the way to it.
    static final int MAX_TEXT = 1 << 24;

    /// Steps of one rendering: one per node evaluated and per [#CHARACTERS_PER_STEP] copied. About a
    /// second of work.
    static final long MAX_STEPS = 8_000_000;

    /// Numbers in a `range()`.
    static final int MAX_RANGE = 100_000;

    private static final int CHARACTERS_PER_STEP = 256;

    private long steps;
    private int depth;

    /// One node at `line` is evaluated.
    void step(int line) {
        if (++steps > MAX_STEPS)
            throw new TemplateException(line, "more than " + MAX_STEPS + " steps; an endless loop?");
    }

    /// `count` elements are walked.
    void steps(int line, long count) {
        steps += count;
        step(line);
    }

    /// A text of `length` was made.
    void text(int line, long length) {
        if (length > MAX_TEXT)
            throw new TemplateException(line, "text of " + length + " characters, at most " + MAX_TEXT + " allowed");
        steps += length / CHARACTERS_PER_STEP;
        step(line);
    }

    void enter(int line) {
        if (++depth > MAX_DEPTH) throw new TemplateException(line, "nested deeper than " + MAX_DEPTH);
    }

    void leave() {
        depth--;
    }
}
