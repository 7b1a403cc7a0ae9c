package org.diwan.engine.generate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.diwan.base.Digest;

/// The hash chain that makes an answer re-executable: whoever runs the request again and gets the
/// same last value computed the same tokens from logits with the same bits.
///
/// ```
/// h(0)   = SHA-256("diwan-trace/v1\n")
/// h(i+1) = SHA-256(h(i) ‖ u32 token ‖ f32 logit ‖ f32 logSumExp)      little-endian, 44 bytes
/// ```
///
/// The numbers are the model's own, before anything of [Sampling] or a [TokenConstraint] touched
/// them: a constraint shows in the chain by the tokens chosen, and a replay builds it again.
///
/// After token 5 with logit 1.0 (bits 3f800000) and log-sum-exp 2.0 (40000000) the 44 bytes hashed
/// are h(0), then `05 00 00 00  00 00 80 3f  00 00 00 40`.
final class TraceChain {
    private byte[] value = Digest.sha256("diwan-trace/v1\n".getBytes(StandardCharsets.UTF_8));

    /// The value after one more token; the array is never changed again.
    byte[] append(int token, float logit, float logSumExp) {
        byte[] link = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(token)
                .putFloat(logit)
                .putFloat(logSumExp)
                .array();
        value = Digest.sha256(value, link);
        return value;
    }
}
