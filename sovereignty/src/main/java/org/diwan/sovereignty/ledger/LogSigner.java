package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.diwan.base.AtomicFile;

/// The log's two private keys, Ed25519 and ML-DSA-44, and the one way in which they are used: to sign
/// a checkpoint. Ed25519 because a public log must (tlog-tiles, "Checkpoints") and every tool reads
/// it; ML-DSA-44 (FIPS 204) because a log outlives today's curves.
///
/// The key file is text, readable by its owner alone:
///
/// ```
/// diwan-log-key/v1\n
/// <verifier key> <base64 of the private key, PKCS #8>\n      Ed25519
/// <verifier key> <base64 of the private key, PKCS #8>\n      ML-DSA-44
/// ```
///
/// Safe to share between threads.
public final class LogSigner {
    private static final String HEADER = "diwan-log-key/v1";
    private static final int MAX_FILE_SIZE = 64 * 1024;

    private record Pair(VerifierKey verifier, PrivateKey secret) {}

    private final String origin;
    private final List<Pair> pairs;
    private final InstantSource clock;

    private LogSigner(List<Pair> pairs, InstantSource clock) {
        this.origin = pairs.getFirst().verifier().name();
        this.pairs = List.copyOf(pairs);
        this.clock = clock;
    }

    /// Fresh keys for the log `origin` (such as `example.com/log`), kept in `keyFile`.
    ///
    /// @throws FileAlreadyExistsException when `keyFile` is there: keys are never overwritten
    public static LogSigner create(Path keyFile, String origin) throws IOException {
        VerifierKey.checkName(origin);
        if (Files.exists(keyFile, LinkOption.NOFOLLOW_LINKS)) throw new FileAlreadyExistsException(keyFile.toString());
        var out = new StringBuilder(HEADER).append('\n');
        for (var type : VerifierKey.Type.values()) {
            try {
                var keys = KeyPairGenerator.getInstance(type.algorithm).generateKeyPair();
                out.append(VerifierKey.of(origin, type, keys.getPublic())).append(' ');
                out.append(StrictBase64.encode(keys.getPrivate().getEncoded())).append('\n');
            } catch (GeneralSecurityException e) {
                throw new AssertionError("JDK 25 has " + type.algorithm, e);
            }
        }
        // The draft that AtomicFile renames is made by createTempFile: 0600 from its first byte.
        AtomicFile.write(keyFile, out.toString().getBytes(StandardCharsets.UTF_8));
        return load(keyFile);
    }

    /// The keys kept in `keyFile`, each tried on a message before this returns.
    ///
    /// @throws IOException when the file is missing, not a key file, damaged, or readable by others
    public static LogSigner load(Path keyFile) throws IOException {
        return load(keyFile, InstantSource.system());
    }

    static LogSigner load(Path keyFile, InstantSource clock) throws IOException {
        if (Files.size(keyFile) > MAX_FILE_SIZE) throw new IOException(keyFile + ": too large for a log key");
        checkPrivate(keyFile);
        var lines = Files.readAllLines(keyFile);
        var types = VerifierKey.Type.values();
        if (lines.size() != 1 + types.length || !lines.getFirst().equals(HEADER))
            throw new IOException(keyFile + ": not a log key (" + HEADER + ", then " + types.length + " lines)");
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < types.length; i++) pairs.add(pair(keyFile, lines.get(1 + i), types[i]));
        if (!pairs.stream().allMatch(pair -> pair.verifier()
                .name()
                .equals(pairs.getFirst().verifier().name())))
            throw new IOException(keyFile + ": the keys have different names");
        var signer = new LogSigner(pairs, clock);
        try {
            signer.sign(0, new byte[Merkle.HASH_SIZE]).verify(signer.keys());
        } catch (VerificationException e) {
            throw new IOException(keyFile + ": private and public keys do not belong together: " + e.getMessage(), e);
        }
        return signer;
    }

    private static Pair pair(Path keyFile, String line, VerifierKey.Type type) throws IOException {
        try {
            String[] parts = line.split(" ", -1);
            if (parts.length != 2) throw new IllegalArgumentException("expected <verifier key> <private key>");
            var verifier = VerifierKey.parse(parts[0]);
            if (verifier.type() != type) throw new IllegalArgumentException("expected a key of type " + type.algorithm);
            var secret = KeyFactory.getInstance(type.algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(StrictBase64.decode(parts[1])));
            return new Pair(verifier, secret);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(keyFile + ": the " + type.algorithm + " line is damaged: " + e.getMessage(), e);
        }
    }

    private static void checkPrivate(Path keyFile) throws IOException {
        if (!keyFile.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
        var others = EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);
        others.retainAll(Files.getPosixFilePermissions(keyFile));
        if (!others.isEmpty())
            throw new IOException(keyFile + ": others than its owner may use this key (" + others + "); chmod 600 it");
    }

    /// The log that these keys speak for.
    public String origin() {
        return origin;
    }

    /// What a verifier needs: one line for each key, Ed25519 first.
    public List<String> verifierKeys() {
        return keys().stream().map(VerifierKey::toString).toList();
    }

    List<VerifierKey> keys() {
        return pairs.stream().map(Pair::verifier).toList();
    }

    /// A signer with one of the two keys: for tests that sign thousands of checkpoints.
    LogSigner only(VerifierKey.Type type) {
        return new LogSigner(
                pairs.stream().filter(pair -> pair.verifier().type() == type).toList(), clock);
    }

    /// A checkpoint signed by both keys. The caller answers for never signing two that disagree.
    Checkpoint sign(long size, byte[] root) {
        var body = new Checkpoint.Body(origin, size, root);
        var lines = new ArrayList<Checkpoint.SignatureLine>();
        for (var pair : pairs)
            lines.add(new Checkpoint.SignatureLine(origin, pair.verifier().idText(), signature(pair, body)));
        // One order for the lines, so that a proof has one spelling.
        lines.sort(Comparator.comparing(Checkpoint.SignatureLine::text));
        return new Checkpoint(body, lines);
    }

    private byte[] signature(Pair pair, Checkpoint.Body body) {
        try {
            var signature = Signature.getInstance(pair.verifier().type().algorithm);
            signature.initSign(pair.secret());
            return switch (pair.verifier().type()) {
                case ED25519 -> {
                    signature.update(body.bytes());
                    yield signature.sign();
                }
                case ML_DSA_44 -> {
                    long time = clock.instant().getEpochSecond();
                    signature.update(VerifierKey.cosignedMessage(origin, time, body));
                    byte[] signed = signature.sign();
                    yield ByteBuffer.allocate(Long.BYTES + signed.length)
                            .putLong(time)
                            .put(signed)
                            .array();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign as " + origin + ": " + e.getMessage(), e);
        }
    }

    /// Names the log and never the keys.
    @Override
    public String toString() {
        return "LogSigner[" + origin + "]";
    }
}
