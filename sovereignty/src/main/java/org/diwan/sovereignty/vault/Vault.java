package org.diwan.sovereignty.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import org.diwan.base.AtomicFile;

/// Seals and opens bodies with AES-256-GCM (Google Tink's AEAD, NIST SP 800-38D).
///
/// A sealed body opens only for the tenant and the record id that it was sealed for, because both are
/// authenticated with it:
///
/// ```
/// sealed          = 0x01 ‖ key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)       33 bytes more than plain
/// associated data = "diwan-vault/v1\n" ‖ u32 length of tenant ‖ tenant ‖ id      UTF-8, big-endian
/// ```
///
/// The keyset lies in `vault.key` (Tink's JSON), readable by its owner alone. Shredding a body is
/// deleting it: the caller's record is the only copy. Safe to share between threads.
public final class Vault {
    /// Bytes in one body: the largest request that the platform accepts, with room to spare.
    public static final int MAX_BODY_SIZE = 16 << 20;

    private static final String KEY_FILE = "vault.key";
    private static final byte[] LABEL = "diwan-vault/v1\n".getBytes(StandardCharsets.UTF_8);

    private final Aead aead;

    private Vault(Aead aead) {
        this.aead = aead;
    }

    /// The vault whose key is `folder/vault.key`; a fresh key is made when there is none.
    ///
    /// @throws IOException when the key file cannot be read or written, is damaged, or is readable by
    ///     others
    public static Vault open(Path folder) throws IOException {
        Path keyFile = folder.resolve(KEY_FILE);
        try {
            if (!Files.exists(keyFile)) create(keyFile);
            checkPrivate(keyFile);
            var keys = TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(keyFile), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
            return new Vault(keys.getPrimitive(AeadConfig2026.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw new IOException(keyFile + ": not a usable vault key: " + e.getMessage(), e);
        }
    }

    private static void create(Path keyFile) throws IOException, GeneralSecurityException {
        var keys = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
        String text =
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        // The draft that AtomicFile renames is made by createTempFile: 0600 from its first byte.
        AtomicFile.write(keyFile, text.getBytes(StandardCharsets.UTF_8));
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

    /// `plain`, sealed for record `id` of `tenant`; two seals of one body differ.
    ///
    /// @throws IllegalArgumentException when the body is larger than [#MAX_BODY_SIZE]
    public byte[] seal(String tenant, String id, byte[] plain) {
        if (plain.length > MAX_BODY_SIZE)
            throw new IllegalArgumentException("a body has at most " + MAX_BODY_SIZE + " bytes, not " + plain.length);
        try {
            return aead.encrypt(plain, associatedData(tenant, id));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal: " + e.getMessage(), e);
        }
    }

    /// The body that was sealed for record `id` of `tenant`.
    ///
    /// @throws SealBrokenException when `sealed` is anything else than what [#seal] gave for them
    public byte[] open(String tenant, String id, byte[] sealed) throws SealBrokenException {
        try {
            return aead.decrypt(sealed, associatedData(tenant, id));
        } catch (GeneralSecurityException e) {
            throw new SealBrokenException(
                    "the body of record " + id + " does not open: changed, another tenant's, or another key", e);
        }
    }

    private static byte[] associatedData(String tenant, String id) {
        byte[] tenantBytes = tenant.getBytes(StandardCharsets.UTF_8);
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(LABEL.length + Integer.BYTES + tenantBytes.length + idBytes.length)
                .put(LABEL)
                .putInt(tenantBytes.length)
                .put(tenantBytes)
                .put(idBytes)
                .array();
    }
}
