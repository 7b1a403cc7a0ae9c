package org.diwan.cloud.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.diwan.sovereignty.vault.ErasedException;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.KeyShelf.RecordKey;
import org.diwan.sovereignty.vault.KeyShelf.TenantKey;
import org.diwan.sovereignty.vault.Vault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys in SQLite: what is kept survives a restart, what is erased is in none of the files any more.
class SqlKeyShelfTest {
    private static final byte[] BODY = "نص".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private SqlKeyShelf open() throws IOException {
        return SqlKeyShelf.open(folder.resolve("vault.db"));
    }

    private Vault vault(SqlKeyShelf shelf) throws IOException {
        return new Vault(FileRootKey.open(folder.resolve("root.key")), List.of(), Map.of(), shelf);
    }

    @Test
    void keysSurviveARestartAndChangesOfKeys() throws IOException {
        byte[] first;
        try (var vault = vault(open())) {
            first = vault.sealNew("a", "p", "r1", "request", BODY);
            vault.sealNew("a", "q", "r2", "request", BODY);
            vault.sealNew("b", "p", "r3", "request", BODY);
        }
        try (var shelf = open()) {
            var vault = vault(shelf);
            assertArrayEquals(BODY, vault.open("a", "r1", "request", first));
            byte[] before = shelf.tenantKey("a").orElseThrow().wrapped();
            vault.rotate("a");
            assertFalse(java.util.Arrays.equals(
                    before, shelf.tenantKey("a").orElseThrow().wrapped()));
            assertEquals(List.of("a", "b"), vault.rewrap().done());
            assertArrayEquals(BODY, vault.open("a", "r1", "request", first));
            assertEquals(List.of("a", "b"), shelf.tenants());
        }
    }

    @Test
    void theFirstKeyStaysWhereTwoWouldMakeOne() throws IOException {
        try (var shelf = open()) {
            var first = new TenantKey("file", new byte[] {1});
            assertArrayEquals(first.wrapped(), shelf.addTenantKey("a", first).wrapped());
            assertArrayEquals(
                    first.wrapped(),
                    shelf.addTenantKey("a", new TenantKey("file", new byte[] {2}))
                            .wrapped());
            assertArrayEquals(new byte[] {3}, shelf.addPersonKey("a", "p", new byte[] {3}));
            assertArrayEquals(new byte[] {3}, shelf.addPersonKey("a", "p", new byte[] {4}));
        }
    }

    @Test
    void aPersonsRecordsAreListedInOrder() throws IOException {
        try (var shelf = open()) {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 25_001; i++) ids.add("r%06d".formatted(i));
            shelf.addRecordKeys(ids, new RecordKey("a", "p", new byte[60]));
            shelf.addRecordKey("s", new RecordKey("a", "q", new byte[60]));
            var listed = new ArrayList<String>();
            String last = "";
            while (true) {
                var some = shelf.records("a", "p", last, 1_000);
                if (some.isEmpty()) break;
                listed.addAll(some);
                last = some.getLast();
            }
            assertEquals(ids, listed);
            assertEquals(List.of(), shelf.records("b", "p", "", 10));
        }
    }

    /// The bytes of every destroyed key, looked for in every file of the folder.
    @Test
    void whatIsErasedIsInNoFile() throws IOException {
        try (var shelf = open()) {
            var vault = vault(shelf);
            byte[] alone = vault.sealNew("a", "p", "r1", "request", BODY);
            byte[] person = vault.sealNew("a", "q", "r2", "request", BODY);
            byte[] tenant = vault.sealNew("b", "p", "r3", "request", BODY);
            byte[] kept = vault.sealNew("a", "p", "r4", "request", BODY);
            byte[] recordKey = shelf.recordKey("r1").orElseThrow().wrapped();
            byte[] personKey = shelf.personKey("a", "q").orElseThrow();
            byte[] tenantKey = shelf.tenantKey("b").orElseThrow().wrapped();
            for (byte[] key : List.of(recordKey, personKey, tenantKey)) assertTrue(found(key), "it was there");

            assertTrue(vault.eraseRecord("a", "r1"));
            assertFalse(vault.eraseRecord("a", "r1"));
            vault.erasePerson("a", "q");
            vault.eraseTenant("b");
            for (byte[] key : List.of(recordKey, personKey, tenantKey)) assertFalse(found(key), "it is gone");
            assertThrows(ErasedException.class, () -> vault.open("a", "r1", "request", alone));
            assertThrows(ErasedException.class, () -> vault.open("a", "r2", "request", person));
            assertThrows(ErasedException.class, () -> vault.open("b", "r3", "request", tenant));
            assertArrayEquals(BODY, vault.open("a", "r4", "request", kept));

            vault.sealNew("a", "q", "r5", "request", BODY);
            vault.sealNew("b", "p", "r6", "request", BODY);
            assertThrows(ErasedException.class, () -> vault.open("a", "r2", "request", person), "a new life");
            assertThrows(ErasedException.class, () -> vault.open("b", "r3", "request", tenant), "a new life");
        }
    }

    /// SQLite then leaves the write-ahead log as it is, and says so in a column of its answer, not in an error.
    @Test
    void anErasureIsNotDoneWhileAReaderKeepsTheLog() throws Exception {
        try (var shelf = open()) {
            var vault = vault(shelf);
            vault.sealNew("a", "p", "r1", "request", BODY);
            byte[] recordKey = shelf.recordKey("r1").orElseThrow().wrapped();
            try (var reader = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("vault.db"));
                    var statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM record_key").next();
                var refused = assertThrows(IOException.class, () -> vault.eraseRecord("a", "r1"));
                assertTrue(String.valueOf(refused.getMessage()).contains("end it and erase again"));
                assertTrue(found(recordKey));
            }
            assertFalse(vault.eraseRecord("a", "r1"), "it is deleted already");
            assertFalse(found(recordKey), "and now it is gone");
        }
    }

    private boolean found(byte[] bytes) throws IOException {
        String wanted = HexFormat.of().formatHex(bytes);
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                if (HexFormat.of().formatHex(Files.readAllBytes(file)).contains(wanted)) return true;
        }
        return false;
    }
}
