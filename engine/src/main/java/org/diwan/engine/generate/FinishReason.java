package org.diwan.engine.generate;

/// Why a generation ended.
public enum FinishReason {
    /// The model chose one of the request's end tokens, which is the last token delivered.
    END,
    /// `maxTokens` were delivered.
    LENGTH,
    /// Whoever asked closed the generation, or the engine was closed.
    CANCELLED,
    /// The context is full.
    CONTEXT
}
