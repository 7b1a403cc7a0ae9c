package org.diwan.engine.model;

import org.jspecify.annotations.Nullable;

/// How the vectors of a text's tokens become one: GGUF's `<architecture>.pooling_type`.
public enum Pooling {
    /// They do not: every token keeps its own.
    NONE(0),
    /// The mean of all (Reimers and Gurevych 2019, "Sentence-BERT", §3).
    MEAN(1),
    /// That of the first token, `[CLS]` or `<s>`.
    CLS(2),
    /// That of the last token, as decoders have it: it has seen all others.
    LAST(3),
    /// That of the first token through a classifier: how well a document answers a query.
    RANK(4);

    /// The number that stands for it in a file.
    final int id;

    Pooling(int id) {
        this.id = id;
    }

    static @Nullable Pooling byId(int id) {
        for (Pooling pooling : values()) if (pooling.id == id) return pooling;
        return null;
    }
}
