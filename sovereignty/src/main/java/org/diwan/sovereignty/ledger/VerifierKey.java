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
/// The key id is SHA-256(name ‖ 0x0A ‖ type ‖ public key), first four bytes (for ECDSA SHA-256 of the
/// key's X.509 encoding, which there is the public key). It finds the key that made a signature; it
/// proves nothing.
public final class VerifierKey {
    /// How a key signs, and what.
    enum Type {
        /// Ed25519 over the text of the note (signed-note, type 0x01).
        ED25519(0x01, "Ed25519", "Ed25519", "302a300506032b6570032100", 32, 64, 64),
        /// ECDSA on NIST P-256 with SHA-256 over the text of the note (signed-note, type 0x02): what
        /// hardware security modules hold. The signature is DER.
        ECDSA_P256(0x02, "EC", "SHA256withECDSA", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 65, 8, 72),
        /// A witness' Ed25519 over time and note (tlog-cosignature, type 0x04).
        ED25519_COSIGNATURE(0x04, "Ed25519", "Ed25519", "302a300506032b6570032100", 32, 8 + 64, 8 + 64),
        /// ML-DSA-44 over the struct of tlog-cosignature (type 0x06), of a log or of a witness: safe
        /// against a quantum computer.
        ML_DSA_44(
                0x06,
                "ML-DSA-44",
                "ML-DSA-44",
                "30820532300b0609608648016503040311" + "0382052100",
                1312,
                8 + 2420,
                8 + 2420);

        final byte id;
        /// As the JDK calls the key, and the signature.
        final String keyAlgorithm;

        final String algorithm;
        /// What X.509 SubjectPublicKeyInfo puts before the key itself, in hexadecimal.
        private final String prefix;
        private final int keySize;
        private final int minSignatureSize;
        private final int maxSignatureSize;

        Type(int id, String keyAlgorithm, String algorithm, String prefix, int keySize, int minSize, int maxSize) {
            this.id = (byte) id;
            this.keyAlgorithm = keyAlgorithm;
            this.algorithm = algorithm;
            this.prefix = prefix;
            this.keySize = keySize;
            this.minSignatureSize = minSize;
            this.maxSignatureSize = maxSize;
        }

        static Type of(byte id) {
            for (var type : values()) if (type.id == id) return type;
            throw new IllegalArgumentException(
                    ("signature type 0x%02x is not supported; supported: 0x01 (Ed25519), 0x02 (ECDSA),"
                                    + " 0x04 (Ed25519 of a witness) and 0x06 (ML-DSA-44)")
                            .formatted(id));
        }

        /// Whether a log may sign with such a key; the others are witnesses'.
        boolean isOfLogs() {
            return this != ED25519_COSIGNATURE;
        }

        /// Whether such a key cosigns (tlog-cosignature): what it signs has a time in it, and the time
        /// stands before the signature, 8 bytes, big-endian.
        boolean isTimed() {
            return this == ED25519_COSIGNATURE || this == ML_DSA_44;
        }

        /// What is signed; `time` counts seconds since 1970 and matters where the type [#isTimed].
        byte[] message(String signer, long time, Checkpoint.Body body) {
            return switch (this) {
                case ED25519, ECDSA_P256 -> body.bytes();
                case ED25519_COSIGNATURE ->
                    ("cosignature/v1\ntime " + time + "\n" + body.text()).getBytes(StandardCharsets.UTF_8);
                case ML_DSA_44 -> cosignedMessage(signer, time, body);
            };
        }

        /// The key as verifier keys hold it, from the JDK's encoding: bare, but for ECDSA all of that
        /// encoding.
        byte[] raw(PublicKey key) {
            byte[] encoded = key.getEncoded();
            int start = prefix.length() / 2;
            if (encoded == null
                    || encoded.length != start + keySize
                    || !HexFormat.of().formatHex(encoded, 0, start).equals(prefix))
                throw new IllegalArgumentException("not an " + keyAlgorithm + " key in the expected encoding");
            return this == ECDSA_P256 ? encoded : Arrays.copyOfRange(encoded, start, encoded.length);
        }

        /// The inverse of [#raw].
        PublicKey key(byte[] raw) throws GeneralSecurityException {
            byte[] encoded = this == ECDSA_P256
                    ? raw
                    : StrictBase64.concatenate(HexFormat.of().parseHex(prefix), raw);
            int size = prefix.length() / 2 + keySize;
            if (encoded.length != size)
                throw new IllegalArgumentException("an " + keyAlgorithm + " key has "
                        + (raw.length + size - encoded.length) + " bytes, this one has " + raw.length);
            var key = KeyFactory.getInstance(keyAlgorithm).generatePublic(new X509EncodedKeySpec(encoded));
            if (!Arrays.equals(raw(key), raw)) throw new IllegalArgumentException("not the one encoding of this key");
            return key;
        }

        /// The first four bytes of SHA-256 over name, type and key; for ECDSA over the key alone.
        private byte[] keyId(String name, byte[] raw) {
            byte[] hash = this == ECDSA_P256
                    ? Digest.sha256(raw)
                    : Digest.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {id}, raw);
            return Arrays.copyOf(hash, 4);
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
        this.id = type.keyId(name, raw);
        try {
            this.key = type.key(raw);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an " + type.keyAlgorithm + " public key: " + e.getMessage(), e);
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

    /// Whether both are the same public key, under whatever name and type.
    boolean isSameKey(VerifierKey other) {
        return Arrays.equals(raw, other.raw);
    }

    /// Whether `signature` (without the key id) is this key's over `body`.
    boolean verifies(Checkpoint.Body body, byte[] signature) {
        if (signature.length < type.minSignatureSize || signature.length > type.maxSignatureSize) return false;
        int start = type.isTimed() ? Long.BYTES : 0;
        long time = type.isTimed() ? ByteBuffer.wrap(signature).getLong() : 0;
        if (time < 0) return false;
        try {
            var verifier = Signature.getInstance(type.algorithm);
            verifier.initVerify(key);
            verifier.update(type.message(name, time, body));
            return verifier.verify(signature, start, signature.length - start);
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
