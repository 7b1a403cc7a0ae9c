package org.diwan.language.template;

/// Bounds one walk through a nested value. A template can nest a list in itself by a namespace, and
/// twice: forty such steps make 2^40 leaves.
final class Walk {
    private static final int MAX_NODES = 1 << 22;

    private int depth;
    private int nodes;

    void enter() {
        if (++depth > 2 * Limits.MAX_DEPTH) throw new Problem("value nested deeper than " + 2 * Limits.MAX_DEPTH);
        if (++nodes > MAX_NODES) throw new Problem("value of more than " + MAX_NODES + " parts");
    }

    /// So much has been written on the way.
    void written(StringBuilder out) {
        if (out.length() > Limits.MAX_TEXT)
            throw new Problem("value written with more than " + Limits.MAX_TEXT + " characters");
    }

    void leave() {
        depth--;
    }
}
