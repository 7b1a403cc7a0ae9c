package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.receipt.ErasedEntry.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk is full at each write of an erasure, before the write or after it: what is unreadable is
/// named all the same, and the next start finishes what was begun.
///
/// The databases' faults are triggers that a second connection puts there: SQLite's `RAISE(FAIL)` ends a
/// statement with an error and keeps what it did so far.
class ErasureFaultTest {
    @TempDir
    Path folder;

    /// A write of an erasure that fails.
    ///
    /// @param database file with the table; for the ledger itself empty
    private record Fault(String database, String when, String table) {
        String url(Path data) {
            return "jdbc:sqlite:" + data.resolve(database);
        }
    }

    private static final Fault LEDGER = new Fault("", "", "");

    private static List<Fault> faults(Scope scope) {
        String table =
                switch (scope) {
                    case RECORD -> "record_key";
                    case PERSON -> "person_key";
                    case TENANT -> "tenant_key";
                };
        return List.of(
                new Fault("diwan.db", "BEFORE INSERT", "erasure"),
                new Fault("diwan.db", "AFTER INSERT", "erasure"),
                LEDGER,
                new Fault("keys/vault.db", "BEFORE DELETE", table),
                new Fault("keys/vault.db", "AFTER DELETE", table),
                new Fault("diwan.db", "BEFORE DELETE", "erasure"),
                new Fault("diwan.db", "AFTER DELETE", "erasure"));
    }

    /// One life of a gateway's books, whose ledger can be full.
    private static Desk open(Path data, AtomicBoolean full) throws IOException {
        return new Desk(data, Map.of(), entry -> {
            if (full.get() && new String(entry, StandardCharsets.UTF_8).contains("\"erased\""))
                throw new IOException("no space left");
        });
    }

    private static void run(Fault fault, Path data, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(fault.url(data));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void arm(Fault fault, Path data, AtomicBoolean full) throws SQLException {
        full.set(fault.equals(LEDGER));
        if (!fault.equals(LEDGER))
            run(
                    fault,
                    data,
                    "CREATE TRIGGER fault " + fault.when() + " ON " + fault.table()
                            + " BEGIN SELECT RAISE(FAIL, 'no space left'); END");
    }

    private static void disarm(Fault fault, Path data, AtomicBoolean full) throws SQLException {
        full.set(false);
        if (!fault.equals(LEDGER)) run(fault, data, "DROP TRIGGER fault");
    }

    private static void erase(Desk desk, Scope scope, String receipt) throws IOException {
        var caller = desk.caller("a", "");
        switch (scope) {
            case RECORD -> desk.erasure.receipt(receipt, caller.tenant());
            case PERSON -> desk.erasure.person("ali", caller.tenant());
            case TENANT -> desk.erasure.tenant(caller.tenant());
        }
    }

    @Test
    void anErasureThatFailedAtAnyWriteIsFinishedAtTheNextStart() throws Exception {
        for (var scope : Scope.values()) for (var fault : faults(scope)) finished(scope, fault);
    }

    private void finished(Scope scope, Fault fault) throws Exception {
        Path data = Files.createTempDirectory(folder, "data");
        var full = new AtomicBoolean();
        String gone;
        String kept;
        String what = scope + " " + fault;
        try (var desk = open(data, full)) {
            var ali = desk.ask(desk.caller("a", "ali"));
            desk.answer(ali);
            gone = ali.receipt();
            var other = desk.ask(desk.caller("b", "ali"));
            desk.answer(other);
            kept = other.receipt();
            arm(fault, data, full);
            var refused = assertThrows(ApiError.class, () -> erase(desk, scope, gone), what);
            assertEquals(503, refused.status(), what);
            desk.check(Set.of(), desk.store.tenant("a"), desk.store.tenant("b"));
            disarm(fault, data, full);
        }
        boolean begun = !fault.when().equals("BEFORE INSERT");
        try (var desk = open(data, full)) {
            desk.erasure.finish();
            assertEquals(!begun, desk.isReadable(gone, desk.store.tenant("a")), what);
            assertTrue(desk.isReadable(kept, desk.store.tenant("b")), what);
            assertEquals(List.of(), desk.store.erasures(), what);
            desk.check(Set.of(), desk.store.tenant("a"), desk.store.tenant("b"));
        }
    }

    /// Without it, what failed once would be finished at the next start, and reach who has come back.
    @Test
    void anErasureThatWasAskedForAgainIsDoneOnce() throws Exception {
        for (var again : List.of(Scope.PERSON, Scope.TENANT)) {
            Path data = Files.createTempDirectory(folder, "data");
            var full = new AtomicBoolean();
            try (var desk = open(data, full)) {
                var before = desk.ask(desk.caller("a", "ali")).receipt();
                full.set(true);
                assertThrows(ApiError.class, () -> erase(desk, Scope.PERSON, ""));
                full.set(false);
                assertTrue(desk.isReadable(before, desk.store.tenant("a")));
                erase(desk, again, "");
                assertFalse(desk.isReadable(before, desk.store.tenant("a")));
                var after = desk.ask(desk.caller("a", "ali")).receipt();
                desk.erasure.finish();
                assertTrue(desk.isReadable(after, desk.store.tenant("a")), again + " reached a later life");
                desk.check(Set.of(before, after), desk.store.tenant("a"));
            }
        }
    }
}
