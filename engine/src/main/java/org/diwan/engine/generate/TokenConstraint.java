package org.diwan.engine.generate;

/// Says of every position of one answer which tokens may come there: a grammar, a list of words,
/// whatever can be told from the tokens before. The engine knows no text; who does implements this.
///
/// A request has its own, because it remembers where the answer stands. The engine calls it from one
/// thread at a time, [#mask(long\[\])] once for each position and then [#accept(int)] with the token
/// that was chosen. It has to be a function of the tokens accepted, nothing else: a replay builds it
/// anew and must see the same masks.
public interface TokenConstraint {
    /// Sets the bit of every token that may come next, `allowed[id >> 6]` bit `id & 63`, and clears
    /// all others.
    ///
    /// @throws IllegalStateException when it cannot tell; the generation fails, its neighbours go on
    void mask(long[] allowed);

    /// The answer goes on with `token`, one that the last mask allowed.
    ///
    /// @throws IllegalStateException as [#mask(long\[\])]
    void accept(int token);
}
