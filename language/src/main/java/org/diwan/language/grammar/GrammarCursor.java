package org.diwan.language.grammar;

/// Where one answer stands in its grammar. Belongs to one thread at a time.
public final class GrammarCursor {
    private final TokenGrammar grammar;
    private State state;

    GrammarCursor(TokenGrammar grammar) {
        this.grammar = grammar;
        this.state = grammar.start();
    }

    /// Sets the bit of every token that may come next, `allowed[id >> 6]` bit `id & 63`, and clears
    /// all others.
    ///
    /// @param allowed as long as the vocabulary needs, or longer
    /// @throws IllegalStateException when the grammar turns out to be too ambiguous
    public void mask(long[] allowed) {
        grammar.mask(state, allowed);
    }

    /// The answer goes on with `token`; after an end token nothing changes any more.
    ///
    /// @throws IllegalStateException when the grammar does not allow the token here
    public void accept(int token) {
        if (grammar.ends(token) && state.complete) return;
        State next = grammar.next(state, token);
        if (next.isDead()) throw new IllegalStateException("token " + token + " is not allowed by the grammar here");
        state = next;
    }

    /// Whether the answer so far is a text of the grammar.
    public boolean isComplete() {
        return state.complete;
    }
}
