package org.diwan.sovereignty.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import org.diwan.base.AtomicFile;

/// A root key in a file, readable by its owner alone: a Tink keyset in JSON, AES-256-GCM. A rotated file
/// holds the older keys too, until [#dropOlder].
public final class FileRootKey implements RootKey {
    private final Path file;
    private volatile Aead aead;

    private FileRootKey(Path file, Aead aead) {
        this.file = file;
        this.aead = aead;
    }

    /// The root key in `file`; a fresh one is made when there is none.
    ///
    /// @throws IOException when the file cannot be read or written, is damaged, or is readable by others
    public static FileRootKey open(Path file) throws IOException {
        try {
            if (!Files.exists(file))
                write(file, KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()));
            return new FileRootKey(file, aead(read(file)));
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    /// From now on wraps with a fresh key; what older ones wrapped still unwraps. Then
    /// [Vault#rewrap], then [#dropOlder].
    public void rotate() throws IOException {
        try {
            var fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
            var entry = KeysetHandle.importKey(fresh.getPrimary().getKey())
                    .withFixedId(fresh.getPrimary().getId())
                    .makePrimary();
            var keys = KeysetHandle.newBuilder(read(file)).addEntry(entry).build();
            write(file, keys);
            aead = aead(keys);
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    /// Forgets all keys but the newest: whatever they wrapped and [Vault#rewrap] did not wrap again is lost.
    public void dropOlder() throws IOException {
        try {
            var keys = read(file);
            var builder = KeysetHandle.newBuilder();
            builder.addEntry(KeysetHandle.importKey(keys.getPrimary().getKey())
                    .withFixedId(keys.getPrimary().getId())
                    .makePrimary());
            var newest = builder.build();
            write(file, newest);
            aead = aead(newest);
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    private static Aead aead(KeysetHandle keys) throws GeneralSecurityException {
        return keys.getPrimitive(AeadConfig2026.get(), Aead.class);
    }

    private static KeysetHandle read(Path file) throws IOException, GeneralSecurityException {
        checkPrivate(file);
        return TinkJsonProtoKeysetFormat.parseKeyset(
                Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    }

    private static void write(Path file, KeysetHandle keys) throws IOException, GeneralSecurityException {
        String text =
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        // The draft that AtomicFile renames is made by createTempFile: 0600 from its first byte.
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
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

    private static IOException unusable(Path file, GeneralSecurityException e) {
        return new IOException(file + ": not a usable root key: " + e.getMessage(), e);
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) {
        try {
            return aead.encrypt(key, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot wrap: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws SealBrokenException {
        try {
            return aead.decrypt(wrapped, context);
        } catch (GeneralSecurityException e) {
            throw new SealBrokenException(file + ": a tenant's key does not unwrap: it is another root key's", e);
        }
    }

    @Override
    public boolean lends() {
        return true;
    }
}
