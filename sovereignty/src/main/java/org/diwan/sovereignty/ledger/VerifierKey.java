package org.diwan.sovereignty.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.diwan.base.Digest;

/// A public key that signs checkpoints, as C2SP signed-note writes it on one line:
///
/// ```
/// <name>+<key id, 8 hex digits>+base64(<type, 1 byte> ‖ <public key>)
/// example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
/// ```
///
/// The key id is SHA-256(name ‖ 0x0A ‖ type ‖ public key), first four bytes. It finds the key that
/// made a signature; it proves nothing.
public final class VerifierKey {
    /// How a key signs.
    enum Type {
        /// Ed25519 over the text of the note (signed-note, type 0x01).
        ED25519(0x01, "Ed25519", "302a300506032b6570032100", 32, 64),
        /// ML-DSA-44 over the struct of tlog-cosignature (type 0x06), with 8 bytes of time in front
        /// of the signature: safe against a quantum computer.
        ML_DSA_44(0x06, "ML-DSA-44", "30820532300b0609608648016503040311" + "0382052100", 1312, 8 + 2420);

        final byte id;
        final String algorithm;
        /// What X.509 SubjectPublicKeyInfo puts before the key itself, in hexadecimal.
        private final String prefix;
        private final int keySize;
        final int signatureSize;

        Type(int id, String algorithm, String prefix, int keySize, int signatureSize) {
            this.id = (byte) id;
            this.algorithm = algorithm;
            this.prefix = prefix;
            this.keySize = keySize;
            this.signatureSize = signatureSize;
        }

        static Type of(byte id) {
            for (var type : values()) if (type.id == id) return type;
            throw new IllegalArgumentException(
                    "signature type 0x%02x is not supported; supported: 0x01 (Ed25519) and 0x06 (ML-DSA-44)"
                            .formatted(id));
        }

        /// The bare key inside the JDK's encoding.
        byte[] raw(PublicKey key) {
            byte[] encoded = key.getEncoded();
            int start = prefix.length() / 2;
            if (encoded.length != start + keySize
                    || !HexFormat.of().formatHex(encoded, 0, start).equals(prefix))
                throw new IllegalArgumentException("not an " + algorithm + " key in the expected encoding");
            return Arrays.copyOfRange(encoded, start, encoded.length);
        }

        /// The inverse of [#raw].
        PublicKey key(byte[] raw) throws GeneralSecurityException {
            byte[] encoded = StrictBase64.concatenate(HexFormat.of().parseHex(prefix), raw);
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        }
    }

    private static final int MAX_NAME_SIZE = 255;

    private final String name;
    private final Type type;
    private final byte[] raw;
    private final byte[] id;
    private final PublicKey key;

    private VerifierKey(String name, Type type, byte[] raw) {
        this.name = checkName(name);
        this.type = type;
        this.raw = raw;
        if (raw.length != type.keySize)
            throw new IllegalArgumentException(
                    "an " + type.algorithm + " key has " + type.keySize + " bytes, this one has " + raw.length);
        this.id = Arrays.copyOf(
                Digest.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {type.id}, raw), 4);
        try {
            this.key = type.key(raw);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an " + type.algorithm + " public key: " + e.getMessage(), e);
        }
    }

    /// The key that `text` spells.
    ///
    /// @throws IllegalArgumentException saying which part of the line is wrong
    public static VerifierKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3)
            throw new IllegalArgumentException(
                    "a verifier key is <name>+<id>+<base64>, this has " + parts.length + " parts");
        byte[] material = StrictBase64.decode(parts[2]);
        if (material.length == 0) throw new IllegalArgumentException("the verifier key of " + parts[0] + " is empty");
        var key = new VerifierKey(parts[0], Type.of(material[0]), Arrays.copyOfRange(material, 1, material.length));
        if (!key.idText().equals(parts[1]))
            throw new IllegalArgumentException("the verifier key of " + parts[0] + " has id " + key.idText()
                    + ", but the line says " + parts[1] + ": a character is wrong or missing");
        return key;
    }

    static VerifierKey of(String name, Type type, PublicKey key) {
        return new VerifierKey(name, type, type.raw(key));
    }

    /// Who signs with this key; for a log's own key its origin.
    public String name() {
        return name;
    }

    /// The line that [#parse] reads.
    @Override
    public String toString() {
        return name + "+" + idText() + "+" + StrictBase64.encode(StrictBase64.concatenate(new byte[] {type.id}, raw));
    }

    Type type() {
        return type;
    }

    byte[] id() {
        return id.clone();
    }

    String idText() {
        return HexFormat.of().formatHex(id);
    }

    /// Whether `signature` (without the key id) is this key's over `body`.
    boolean verifies(Checkpoint.Body body, byte[] signature) {
        if (signature.length != type.signatureSize) return false;
        try {
            var verifier = Signature.getInstance(type.algorithm);
            verifier.initVerify(key);
            return switch (type) {
                case ED25519 -> {
                    verifier.update(body.bytes());
                    yield verifier.verify(signature);
                }
                case ML_DSA_44 -> {
                    long time = ByteBuffer.wrap(signature).getLong();
                    if (time < 0) yield false;
                    verifier.update(cosignedMessage(name, time, body));
                    yield verifier.verify(signature, Long.BYTES, signature.length - Long.BYTES);
                }
            };
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// The `cosigned_message` of C2SP tlog-cosignature, "ML-DSA-44 signed message": label (12 bytes),
    /// cosigner name and log origin each with one byte of length, times and sizes big-endian.
    static byte[] cosignedMessage(String cosigner, long time, Checkpoint.Body body) {
        byte[] name = cosigner.getBytes(StandardCharsets.UTF_8);
        byte[] origin = body.origin().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(12 + 1 + name.length + 8 + 1 + origin.length + 8 + 8 + Merkle.HASH_SIZE)
                .put("subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII))
                .put((byte) name.length)
                .put(name)
                .putLong(time)
                .put((byte) origin.length)
                .put(origin)
                .putLong(0)
                .putLong(body.size())
                .put(body.root())
                .array();
    }

    /// A key name and a log's origin follow one rule, because the one is the other.
    static String checkName(String name) {
        int size = name.getBytes(StandardCharsets.UTF_8).length;
        if (size < 1 || size > MAX_NAME_SIZE)
            throw new IllegalArgumentException("a key name has 1 to 255 bytes, \"" + name + "\" has " + size);
        boolean clean = name.codePoints()
                .noneMatch(c -> c < 0x20
                        || c == '+'
                        || c == 0x7f
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.getType(c) == Character.SURROGATE);
        if (!clean)
            throw new IllegalArgumentException("a key name has no spaces, no '+' and no control characters: \"" + name
                    + "\"; take example.com/log");
        return name;
    }
}
