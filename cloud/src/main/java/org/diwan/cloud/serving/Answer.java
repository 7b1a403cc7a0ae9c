package org.diwan.cloud.serving;

import java.util.List;

/// What a model said.
///
/// @param tokens ids in order, the token that ended the answer included
/// @param trace the hash chain's value after the last token, in hexadecimal
public record Answer(String text, List<Integer> tokens, String trace, Finish finish) {
    /// Why an answer ended.
    public enum Finish {
        /// The model said so, or a stop text appeared.
        STOP,
        /// It reached `maxTokens` or the end of the context.
        LENGTH,
        /// Whoever listened went away, or the server is shutting down.
        CANCELLED;

        /// As the API and the ledger write it.
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Answer {
        tokens = List.copyOf(tokens);
    }
}
