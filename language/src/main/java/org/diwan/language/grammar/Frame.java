package org.diwan.language.grammar;

import org.jspecify.annotations.Nullable;

/// Where a rule that is being read returns to: all its callers at once, when several called it at the
/// same place of the text (a node of Tomita's graph-structured stack, 1985). Made only by
/// [StateMachine], one object for each content.
final class Frame {
    /// One caller.
    ///
    /// @param node where it goes on
    /// @param count if `node` is a loop, how often its body has been read then; else 0
    /// @param below where the caller returns to
    record Return(int node, int count, Frame below) {}

    final int id;

    /// Without order, none twice.
    final Return[] returns;

    /// The state after the rule has ended here; made when first asked for.
    @Nullable
    State popped;

    /// This frame with its counts brought to those that stand for them, for short tokens and for all; made
    /// when first asked for.
    final @Nullable Frame[] representatives = new Frame[2];

    Frame(int id, Return[] returns) {
        this.id = id;
        this.returns = returns;
    }

    /// The caller of the whole: where the text ends.
    boolean isBottom() {
        return returns.length == 0;
    }
}
