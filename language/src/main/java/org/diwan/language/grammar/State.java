package org.diwan.language.grammar;

import org.jspecify.annotations.Nullable;

/// How far some text has been read, in all ways that the grammar allows. Made only by
/// [StateMachine], one object for each content.
final class State {
    /// What happens to the texts of a slice, in bytes.
    ///
    /// @param alive texts of at most so many lead to no dead state
    /// @param open nor to one where the text may end
    record Reach(int alive, int open) {}

    final int id;

    /// Nodes from which a byte can be read, each with where its rule returns to.
    final int[] nodes;

    final Frame[] frames;

    /// Whether the text may end here.
    final boolean complete;

    /// The next state for each class of bytes; null where nobody has asked yet.
    final @Nullable State[] next;

    /// Tokens that may come next; made when first asked for.
    @Nullable
    TokenSet allowed;

    /// Those of them that are short, see [StateMachine#SHORT]; made when first asked for.
    @Nullable
    TokenSet allowedShort;

    /// The states that have the same short tokens, and the same tokens, and smaller counts; made when first
    /// asked for.
    final @Nullable State[] representatives = new State[2];

    /// What each slice can do here; null where nobody has asked yet.
    final @Nullable Reach[] reaches = new Reach[Slices.COUNT];

    /// Whether a space may come first that is not of the text.
    boolean spaced;

    State(int id, int[] nodes, Frame[] frames, boolean complete, int classes) {
        this.id = id;
        this.nodes = nodes;
        this.frames = frames;
        this.complete = complete;
        this.next = new State[classes];
    }

    /// Whether no text of the grammar begins so. All others can be completed.
    boolean isDead() {
        return nodes.length == 0 && !complete;
    }
}
