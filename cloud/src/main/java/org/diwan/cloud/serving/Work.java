package org.diwan.cloud.serving;

import java.util.List;
import org.diwan.engine.generate.Sampling;
import org.diwan.language.grammar.TokenGrammar;
import org.jspecify.annotations.Nullable;

/// Everything that an answer depends on besides the model.
///
/// @param prompt token ids, as [LocalModel#prompt] wrote them
/// @param maxTokens where the answer is cut, at least 1
/// @param stop texts at which the answer ends; they are not part of it
/// @param grammar of which the answer is a text, as [LocalModel#grammar] made it; null for none
@SuppressWarnings("ArrayRecordComponent") // made once, handed to the engine, never compared
public record Work(
        int[] prompt,
        Sampling sampling,
        int maxTokens,
        List<String> stop,
        @Nullable TokenGrammar grammar) {
    public Work {
        stop = List.copyOf(stop);
    }

    /// Without a grammar.
    public Work(int[] prompt, Sampling sampling, int maxTokens, List<String> stop) {
        this(prompt, sampling, maxTokens, stop, null);
    }

    /// The same, cut elsewhere.
    public Work withMaxTokens(int count) {
        return new Work(prompt, sampling, count, stop, grammar);
    }
}
