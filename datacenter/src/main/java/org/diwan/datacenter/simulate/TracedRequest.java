package org.diwan.datacenter.simulate;

import java.util.List;

/// One request of a trace.
///
/// @param arrivalSeconds since the trace's first
/// @param blocks the prompt's blocks of 512 tokens by id, where the trace has them: equal ids from the
///     start are an equal prefix
public record TracedRequest(double arrivalSeconds, int promptTokens, int answerTokens, List<Integer> blocks) {
    /// Longest prompt or answer that is taken; the largest context on sale is a quarter of that.
    static final int MAX_TOKENS = 4_000_000;

    public TracedRequest {
        if (!(arrivalSeconds >= 0)) throw new IllegalArgumentException("arrives at " + arrivalSeconds);
        if (promptTokens < 0 || promptTokens > MAX_TOKENS || answerTokens < 0 || answerTokens > MAX_TOKENS)
            throw new IllegalArgumentException(
                    promptTokens + " and " + answerTokens + " tokens must be 0 to " + MAX_TOKENS);
        blocks = List.copyOf(blocks);
    }
}
