package org.diwan.foundry.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.diwan.base.Digest;

/// Which documents are kept from training, to be measured on: decided by a hash of source and id
/// alone, so that a document stays on its side when the corpus grows or is read in another order.
public final class HeldOut {
    private HeldOut() {}

    /// Whether the document is held out when `percent` of all are, in `[0, 100]`.
    public static boolean test(String source, String id, double percent) {
        byte[] hash = Digest.sha256(("held-out\n" + source + "\n" + id).getBytes(StandardCharsets.UTF_8));
        long draw = Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
        return draw < percent / 100 * (1L << 32);
    }
}
