package org.diwan.sovereignty.ledger;

import java.util.Arrays;
import java.util.Base64;

/// Base64 (RFC 4648 §4) with exactly one spelling for each byte string. The JDK's decoder accepts
/// missing padding and stray bits in the last character; here a text that differs in one character
/// never means the same bytes.
final class StrictBase64 {
    private StrictBase64() {}

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// @throws IllegalArgumentException when `text` is not what [#encode] writes for any bytes
    static byte[] decode(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (!encode(bytes).equals(text)) throw new IllegalArgumentException("base64 is not in its one canonical form");
        return bytes;
    }

    /// The 32 bytes of a hash.
    ///
    /// @throws IllegalArgumentException as [#decode], or when there are not 32 bytes
    static byte[] hash(String text) {
        byte[] bytes = decode(text);
        if (bytes.length != Merkle.HASH_SIZE)
            throw new IllegalArgumentException("a hash has 32 bytes, this one has " + bytes.length);
        return bytes;
    }

    static byte[] concatenate(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
