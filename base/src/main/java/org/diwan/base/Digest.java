package org.diwan.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 (FIPS 180-4), the one hash of the platform.
public final class Digest {
    /// Bytes in a digest.
    public static final int SIZE = 32;

    private static final int BUFFER_SIZE = 1 << 20;

    private Digest() {}

    /// A fresh SHA-256, for callers that feed it piece by piece.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /// The digest of `parts`, one after the other. Length-prefix parts of variable length before
    /// calling: the bytes of ("ab", "c") and ("a", "bc") are the same.
    public static byte[] sha256(byte[]... parts) {
        var digest = sha256();
        for (byte[] part : parts) digest.update(part);
        return digest.digest();
    }

    /// The digest of a file's bytes, read once from front to back.
    public static byte[] sha256(Path file) throws IOException {
        var digest = sha256();
        var buffer = ByteBuffer.allocate(BUFFER_SIZE);
        try (var channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return digest.digest();
    }

    /// Lower-case hexadecimal, two digits a byte.
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
