package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.store.SqlKeyShelf;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.RootKey;
import org.diwan.sovereignty.vault.Vault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./diwan vault rotate` over a vault that holds a ministry's key, and a bank's that the bank's service wraps.
class VaultVerbTest {
    private static final byte[] BODY = "نص".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private byte[] ministry = {};
    private byte[] bank = {};

    /// The bank's service, to those who know where it is.
    private record Service(FileRootKey key) implements RootKey {
        @Override
        public String name() {
            return "https://bank.example/keys";
        }

        @Override
        public byte[] wrap(byte[] plain, byte[] context) {
            return key.wrap(plain, context);
        }

        @Override
        public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException {
            return key.unwrap(wrapped, context);
        }

        @Override
        public boolean lends() {
            return false;
        }
    }

    private Vault vault() throws IOException {
        Path keys = Files.createDirectories(folder.resolve("data/keys"));
        var service = new Service(FileRootKey.open(folder.resolve("bank.key")));
        return new Vault(
                FileRootKey.open(keys.resolve("root.key")),
                List.of(),
                Map.of("bank", service),
                SqlKeyShelf.open(keys.resolve("vault.db")));
    }

    @BeforeEach
    void seal() throws IOException {
        try (var vault = vault()) {
            ministry = vault.sealNew("ministry", "", "r1", "request", BODY);
            bank = vault.sealNew("bank", "", "r2", "request", BODY);
        }
    }

    private void checkReadable() throws IOException {
        try (var vault = vault()) {
            assertArrayEquals(BODY, vault.open("ministry", "r1", "request", ministry));
            assertArrayEquals(BODY, vault.open("bank", "r2", "request", bank));
        }
    }

    private record Run(int code, String out, String err) {}

    private Run rotate(String... what) {
        var out = new StringWriter();
        var err = new StringWriter();
        var words = new String[what.length + 4];
        System.arraycopy(what, 0, words, 4, what.length);
        words[0] = "vault";
        words[1] = "rotate";
        words[2] = "--data";
        words[3] = folder.resolve("data").toString();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }

    @Test
    void aTenantWhoseServiceIsNotNamedKeepsItsKeyAndTheOthersAreRotated() throws IOException {
        Path root = folder.resolve("data/keys/root.key");
        String before = Files.readString(root);
        var run = rotate("--root");
        assertEquals(Main.CHECK_FAILED, run.code(), run.err());
        assertTrue(run.out().contains("the keys of 1 tenants are wrapped by the newest root key"), run.out());
        assertTrue(run.err().contains("tenant bank keeps its key, wrapped by https://bank.example/keys"), run.err());
        assertTrue(run.err().contains("--key-service TENANT=URL"), run.err());
        assertTrue(!Files.readString(root).equals(before), "a new root key");
        checkReadable();
    }

    @Test
    void aRefusedTenantIsNamedBeforeAnythingIsOnRecord() throws IOException {
        var refused = rotate("--tenant", "bank");
        assertEquals(Main.CHECK_FAILED, refused.code(), refused.err());
        assertTrue(refused.err().contains("tenant bank is wrapped by root key https://bank.example/keys"));
        assertEquals(Main.ENVIRONMENT, rotate("--tenant", "nobody").code());
        var done = rotate("--tenant", "ministry");
        assertEquals(0, done.code(), done.err());
        assertTrue(done.out().contains("on record in entry 0"), done.out());
        checkReadable();
    }
}
