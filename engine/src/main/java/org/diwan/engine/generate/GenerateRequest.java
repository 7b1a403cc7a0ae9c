package org.diwan.engine.generate;

import java.util.Arrays;
import java.util.Set;

/// What to continue and how, and on whose behalf. The answer depends on the first four alone; the
/// others say who waits for whom, and who may profit from whose cache.
///
/// @param prompt token ids, at least one
/// @param maxTokens tokens of the answer at most, 1 or more
/// @param endTokens tokens that end the answer; the one chosen is delivered
/// @param tenant among whom the engine is shared out fairly, at most [#MAX_TENANT] characters; what
///     is cached for one tenant serves no other
/// @param publicTokens how many tokens at the start of the prompt are no secret of the tenant's: their
///     cached pages serve everyone. 0 or more
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record GenerateRequest(
        int[] prompt, Sampling sampling, int maxTokens, Set<Integer> endTokens, String tenant, int publicTokens) {
    /// Characters of a tenant's name.
    public static final int MAX_TENANT = 256;

    public GenerateRequest {
        if (prompt.length == 0) throw new IllegalArgumentException("the prompt is empty, it needs at least one token");
        if (maxTokens < 1) throw new IllegalArgumentException("maxTokens " + maxTokens + ", must be 1 or more");
        if (tenant.length() > MAX_TENANT) {
            throw new IllegalArgumentException(
                    "tenant has " + tenant.length() + " characters, limit " + MAX_TENANT + ": use an identifier");
        }
        if (publicTokens < 0) {
            throw new IllegalArgumentException("publicTokens " + publicTokens + ", must be 0 or more");
        }
        prompt = prompt.clone();
        endTokens = Set.copyOf(endTokens);
    }

    /// A request of the only tenant there is.
    public GenerateRequest(int[] prompt, Sampling sampling, int maxTokens, Set<Integer> endTokens) {
        this(prompt, sampling, maxTokens, endTokens, "", 0);
    }

    /// The same on behalf of `name`.
    public GenerateRequest forTenant(String name) {
        return new GenerateRequest(prompt, sampling, maxTokens, endTokens, name, publicTokens);
    }

    /// The same with its first `count` tokens declared public.
    public GenerateRequest withPublicTokens(int count) {
        return new GenerateRequest(prompt, sampling, maxTokens, endTokens, tenant, count);
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
                && endTokens.equals(that.endTokens)
                && tenant.equals(that.tenant)
                && publicTokens == that.publicTokens;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(prompt) * 31 + sampling.hashCode();
    }
}
