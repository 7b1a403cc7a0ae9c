package org.diwan.engine.generate;

import java.util.Arrays;
import java.util.List;

/// One token of an answer.
///
/// @param logit of the token as the model gave it, before bias, penalties and temperature
/// @param logSumExp ln Σ e^logit over the vocabulary at this position
/// @param trace the 32 bytes of the trace chain after this token (see `TraceChain`)
/// @param alternatives the most probable tokens, best first; as many as the request asked for
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record SampledToken(int id, float logit, float logSumExp, byte[] trace, List<Alternative> alternatives) {
    public SampledToken {
        trace = trace.clone();
        alternatives = List.copyOf(alternatives);
    }

    /// The natural logarithm of the token's probability under the model.
    public float logprob() {
        return logit - logSumExp;
    }

    @Override
    public byte[] trace() {
        return trace.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SampledToken that
                && id == that.id
                && Float.floatToIntBits(logit) == Float.floatToIntBits(that.logit)
                && Float.floatToIntBits(logSumExp) == Float.floatToIntBits(that.logSumExp)
                && Arrays.equals(trace, that.trace)
                && alternatives.equals(that.alternatives);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(trace);
    }
}
