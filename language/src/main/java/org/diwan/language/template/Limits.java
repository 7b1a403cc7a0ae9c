package org.diwan.language.template;

import java.util.List;
import java.util.Map;

/// What one template may cost. The largest template known to us (GLM, Kimi, DeepSeek with tools)
/// has 30,000 characters and takes a few thousand steps per message.
final class Limits {
    /// Characters of a template's source.
    static final int MAX_SOURCE = 1 << 18;

    /// Nesting of expressions, blocks, macro calls and input values. Bounds the Java stack.
    static final int MAX_DEPTH = 200;

    /// UTF-16 units of the output, and of any text on the way to it.
    static final int MAX_TEXT = 1 << 24;

    /// Steps of one rendering: one per node evaluated, plus what is said below. A few seconds of
    /// work and about a gigabyte of garbage when somebody means ill.
    static final long MAX_STEPS = 8_000_000;

    /// Elements of a list that a template makes: numbers of a `range()`, parts of a `split()`.
    static final int MAX_ELEMENTS = 100_000;

    private static final int CHARACTERS_PER_STEP = 64;
    private static final int ELEMENTS_PER_STEP = 16;
    private static final int COMPARISONS_PER_STEP = 4096;

    private long steps;
    private int depth;

    /// One node at `line` is evaluated.
    void step(int line) {
        if (++steps > MAX_STEPS)
            throw new TemplateException(line, "more than " + MAX_STEPS + " steps; an endless loop?");
    }

    /// `count` elements are made.
    void steps(int line, long count) {
        steps += count;
        step(line);
    }

    /// `value` is about to be worked on: whatever is done costs its size a few times.
    void value(int line, Object value) {
        switch (value) {
            case Text text -> text(line, text.length());
            case List<?> list -> steps(line, list.size() / ELEMENTS_PER_STEP);
            case Map<?, ?> map -> steps(line, map.size() / ELEMENTS_PER_STEP);
            default -> {}
        }
    }

    /// `needle` is looked for in `haystack`: at worst every place is compared to its end.
    void search(int line, Text haystack, Text needle) {
        steps(line, (long) haystack.length() * needle.length() / COMPARISONS_PER_STEP);
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
