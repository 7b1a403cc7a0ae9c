package org.diwan.engine.generate;

import java.util.Arrays;
import java.util.Set;

/// What to continue and how.
///
/// @param prompt token ids, at least one
/// @param maxTokens tokens of the answer at most, 1 or more
/// @param endTokens tokens that end the answer; the one chosen is delivered
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record GenerateRequest(int[] prompt, Sampling sampling, int maxTokens, Set<Integer> endTokens) {
    public GenerateRequest {
        if (prompt.length == 0) throw new IllegalArgumentException("the prompt is empty, it needs at least one token");
        if (maxTokens < 1) throw new IllegalArgumentException("maxTokens " + maxTokens + ", must be 1 or more");
        prompt = prompt.clone();
        endTokens = Set.copyOf(endTokens);
    }

    @Override
    public int[] prompt() {
        return prompt.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerateRequest that
                && Arrays.equals(prompt, that.prompt)
                && sampling.equals(that.sampling)
                && maxTokens == that.maxTokens
                && endTokens.equals(that.endTokens);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(prompt) * 31 + sampling.hashCode();
    }
}
