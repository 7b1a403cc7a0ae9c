package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rotation where root keys lie in a file and with tenants; in a token: [HsmRootKeyTest].
class KeyRotationTest {
    private static final byte[] BODY = "نص".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final MemoryShelf shelf = new MemoryShelf();
    private FileRootKey file;
    private Held theirs;

    /// A tenant's own root key, which can say no.
    private static final class Held implements RootKey {
        private final FileRootKey key;
        private boolean says = true;

        Held(FileRootKey key) {
            this.key = key;
        }

        @Override
        public String name() {
            return "https://bank.example/keys";
        }

        @Override
        public byte[] wrap(byte[] plain, byte[] context) throws IOException {
            if (!says) throw new KeyRefusedException("no", null);
            return key.wrap(plain, context);
        }

        @Override
        public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException {
            if (!says) throw new KeyRefusedException("no", null);
            return key.unwrap(wrapped, context);
        }

        @Override
        public boolean lends() {
            return false;
        }
    }

    @BeforeEach
    void makeKeys() throws IOException {
        file = FileRootKey.open(folder.resolve("ours.key"));
        theirs = new Held(FileRootKey.open(folder.resolve("theirs.key")));
    }

    private Vault vault() {
        return new Vault(file, List.of(), Map.of("bank", theirs), shelf);
    }

    private KeyRotation rotation() {
        return new KeyRotation(file, List.of(), List.of(), Map.of("bank", theirs), shelf);
    }

    @Test
    void anOldKeyInAFileIsForgottenWhenNothingHangsOnIt() throws IOException {
        byte[] ministry = vault().sealNew("ministry", "p", "r1", "request", BODY);
        byte[] bank = vault().sealNew("bank", "p", "r2", "request", BODY);
        byte[] before = shelf.tenantKey("ministry").orElseThrow().wrapped();
        theirs.says = false;
        var came = rotation().root();
        assertEquals(List.of("ministry"), came.done());
        assertEquals(List.of(new Vault.Refusal("bank", theirs.name(), "no")), came.refused());
        assertThrows(
                SealBrokenException.class,
                () -> FileRootKey.open(folder.resolve("ours.key")).unwrap(before, new byte[0]),
                "the old key is gone: a tenant that says no does not hang on it");
        theirs.says = true;
        assertEquals(List.of("bank", "ministry"), rotation().root().done());
        assertArrayEquals(BODY, vault().open("ministry", "r1", "request", ministry));
        assertArrayEquals(BODY, vault().open("bank", "r2", "request", bank));
    }

    @Test
    void anOldKeyInAFileStaysWhileATenantHangsOnIt() throws IOException {
        var alone = new Vault(file, List.of(), Map.of(), shelf);
        byte[] bank = alone.sealNew("bank", "p", "r1", "request", BODY);
        theirs.says = false;
        assertEquals("file", rotation().root().refused().getFirst().root());
        assertArrayEquals(BODY, new Vault(file, List.of(), Map.of(), shelf).open("bank", "r1", "request", bank));
        theirs.says = true;
        assertEquals(List.of("bank"), rotation().root().done());
        assertEquals(Map.of("bank", theirs.name()), vault().roots());
        assertArrayEquals(BODY, vault().open("bank", "r1", "request", bank));
    }

    @Test
    void aTenantIsAskedBeforeItsKeyChanges() throws IOException {
        byte[] bank = vault().sealNew("bank", "p", "r1", "request", BODY);
        byte[] kept = shelf.tenantKey("bank").orElseThrow().wrapped();
        theirs.says = false;
        assertThrows(KeyRefusedException.class, () -> rotation().checkTenant("bank"));
        assertThrows(KeyRefusedException.class, () -> rotation().tenant("bank"));
        assertThrows(ErasedException.class, () -> rotation().checkTenant("nobody"));
        assertArrayEquals(kept, shelf.tenantKey("bank").orElseThrow().wrapped());
        theirs.says = true;
        rotation().checkTenant("bank");
        rotation().tenant("bank");
        assertEquals(Set.of("bank"), vault().roots().keySet());
        assertArrayEquals(BODY, vault().open("bank", "r1", "request", bank));
    }
}
