package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.diwan.base.AtomicFile;

/// A file with the private keys of a log or of a witness, one of each kind, under one name. Text,
/// readable by its owner alone:
///
/// ```
/// diwan-log-key/v1\n
/// <verifier key> <base64 of the private key, PKCS #8>\n      Ed25519
/// <verifier key> <base64 of the private key, PKCS #8>\n      ML-DSA-44
/// ```
enum KeyFile {
    /// Ed25519 because a public log must (tlog-tiles, "Checkpoints") and every tool reads it;
    /// ML-DSA-44 (FIPS 204) because a log outlives today's curves.
    LOG("diwan-log-key/v1", VerifierKey.Type.ED25519, VerifierKey.Type.ML_DSA_44),

    /// Both cosignatures of tlog-cosignature, for the same reasons.
    WITNESS("diwan-witness-key/v1", VerifierKey.Type.ED25519_COSIGNATURE, VerifierKey.Type.ML_DSA_44);

    private static final int MAX_FILE_SIZE = 64 * 1024;

    private final String header;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<VerifierKey.Type> types;

    KeyFile(String header, VerifierKey.Type... types) {
        this.header = header;
        this.types = List.of(types);
    }

    /// Fresh keys of `name` (such as `example.com/log`), kept in `file`.
    ///
    /// @throws FileAlreadyExistsException when `file` is there: keys are never overwritten
    List<SigningKey> create(Path file, String name) throws IOException {
        VerifierKey.checkName(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) throw new FileAlreadyExistsException(file.toString());
        var out = new StringBuilder(header).append('\n');
        for (var type : types) {
            try {
                var keys = KeyPairGenerator.getInstance(type.keyAlgorithm).generateKeyPair();
                out.append(VerifierKey.of(name, type, keys.getPublic())).append(' ');
                out.append(StrictBase64.encode(keys.getPrivate().getEncoded())).append('\n');
            } catch (GeneralSecurityException e) {
                throw new AssertionError("JDK 25 has " + type.keyAlgorithm, e);
            }
        }
        // The draft that AtomicFile renames is made by createTempFile: 0600 from its first byte.
        AtomicFile.write(file, out.toString().getBytes(StandardCharsets.UTF_8));
        return load(file);
    }

    /// The keys kept in `file`, each tried on a message before this returns.
    ///
    /// @throws IOException when the file is missing, not of this kind, damaged, or readable by others
    List<SigningKey> load(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_SIZE) throw new IOException(file + ": too large for a file of keys");
        checkPrivate(file);
        var lines = Files.readAllLines(file);
        if (lines.size() != 1 + types.size() || !lines.getFirst().equals(header))
            throw new IOException(file + ": not the keys of a " + name().toLowerCase(Locale.ROOT) + " (" + header
                    + ", then " + types.size() + " lines)");
        var keys = new ArrayList<SigningKey>();
        for (int i = 0; i < types.size(); i++) keys.add(key(file, lines.get(1 + i), types.get(i)));
        String name = keys.getFirst().verifier().name();
        for (var key : keys) {
            if (!key.verifier().name().equals(name)) throw new IOException(file + ": the keys have different names");
            checkPair(file.toString(), key);
        }
        return keys;
    }

    private static SigningKey key(Path file, String line, VerifierKey.Type type) throws IOException {
        try {
            String[] parts = line.split(" ", -1);
            if (parts.length != 2) throw new IllegalArgumentException("expected <verifier key> <private key>");
            var verifier = VerifierKey.parse(parts[0]);
            if (verifier.type() != type)
                throw new IllegalArgumentException("expected a key of type " + type.keyAlgorithm);
            var secret = KeyFactory.getInstance(type.keyAlgorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(StrictBase64.decode(parts[1])));
            return new SigningKey(verifier, secret, null);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + ": the " + type.keyAlgorithm + " line is damaged: " + e.getMessage(), e);
        }
    }

    /// Signs a message and verifies it.
    ///
    /// @throws IOException naming `where` the key came from when it does not fit its verifier key
    static void checkPair(String where, SigningKey key) throws IOException {
        var body = new Checkpoint.Body(key.verifier().name(), 0, new byte[Merkle.HASH_SIZE]);
        if (!key.verifier().verifies(body, key.sign(body, 1).blob()))
            throw new IOException(where + ": private and public keys do not belong together: "
                    + key.verifier().type().keyAlgorithm);
    }

    private static void checkPrivate(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
        var others = EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);
        others.retainAll(Files.getPosixFilePermissions(file));
        if (!others.isEmpty())
            throw new IOException(file + ": others than its owner may use this key (" + others + "); chmod 600 it");
    }
}
