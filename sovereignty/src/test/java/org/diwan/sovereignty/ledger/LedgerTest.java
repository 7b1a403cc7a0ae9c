package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path folder;

    private Ledger open() throws IOException {
        return Ledger.open(folder, Logs.SIGNER);
    }

    @Test
    void entriesKeepTheirIndexAndAreProvedAndSurviveARestart() throws Exception {
        try (var ledger = open()) {
            for (int i = 0; i < 300; i++) assertEquals(i, ledger.append(Logs.entry(i)));
            assertEquals(300, ledger.size());
            assertEquals(0, ledger.checkpoint().size());
            assertEquals(300, ledger.publish().size());
            for (int i = 300; i < 600; i++) ledger.append(Logs.entry(i));
        }
        try (var ledger = open()) {
            assertEquals(600, ledger.checkpoint().size(), "what was not published is published on opening");
            assertArrayEquals(Logs.root(Logs.leaves(600)), ledger.checkpoint().root());
            for (int i = 0; i < 600; i++) {
                assertArrayEquals(Logs.entry(i), ledger.entry(i));
                TlogProof.parse(ledger.prove(i)).verify(Logs.entry(i), Logs.KEYS);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> ledger.entry(600));
            assertThrows(IndexOutOfBoundsException.class, () -> ledger.prove(-1));
        }
        assertNull(Fsck.check(folder, Logs.KEYS).difference());
    }

    @Test
    void provingAnUnpublishedEntryPublishesIt() throws Exception {
        try (var ledger = open()) {
            long index = ledger.append(Logs.entry(0));
            var proof = TlogProof.parse(ledger.prove(index));
            proof.verify(Logs.entry(0), Logs.KEYS);
            assertEquals(1, ledger.checkpoint().size());
            assertEquals(ledger.checkpoint().text(), Files.readString(folder.resolve("checkpoint")));
        }
    }

    @Test
    void aTreeOf70000HasTheTilesThatTheSpecificationCounts() throws Exception {
        try (var ledger = open()) {
            var entries = new ArrayList<byte[]>();
            for (int i = 0; i < 70_000; i++) entries.add(Logs.entry(i));
            ledger.appendAll(entries);
            ledger.publish();
        }
        for (String path : List.of(
                "tile/0/272",
                "tile/0/273.p/112",
                "tile/1/000",
                "tile/1/001.p/17",
                "tile/2/000.p/1",
                "tile/entries/273.p/112")) assertTrue(Files.exists(folder.resolve(path)), path);
        assertEquals(8192, Files.size(folder.resolve("tile/1/000")));
        var report = Fsck.check(folder, Logs.KEYS);
        assertNull(report.difference());
        assertEquals(1 + 274 + 274 + 2 + 1, report.filesChecked());
        assertArrayEquals(
                Logs.root(Logs.leaves(70_000)),
                new LogClient(TileSource.of(folder), Logs.KEYS).checkpoint().root());
    }

    @Test
    void concurrentAppendersEachGetTheirOwnIndex() throws Exception {
        var byIndex = new ConcurrentHashMap<Long, String>();
        try (var ledger = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Future<?>>();
            for (int t = 0; t < 40; t++) {
                int thread = t;
                tasks.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        String entry = thread + "/" + i;
                        assertNull(byIndex.put(ledger.append(entry.getBytes(StandardCharsets.UTF_8)), entry));
                        if (i % 10 == 0) ledger.publish();
                    }
                    return null;
                }));
            }
            for (var task : tasks) task.get();
            assertEquals(2000, ledger.size());
            for (var entry : byIndex.entrySet())
                assertEquals(entry.getValue(), new String(ledger.entry(entry.getKey()), StandardCharsets.UTF_8));
        }
        try (var ledger = open()) {
            for (var entry : byIndex.entrySet())
                assertEquals(entry.getValue(), new String(ledger.entry(entry.getKey()), StandardCharsets.UTF_8));
        }
        assertNull(Fsck.check(folder, Logs.KEYS).difference());
    }

    @Test
    void everyPublishedCheckpointIsAPrefixOfEveryLaterOne() throws Exception {
        Seeded.forAll(3, random -> {
            Path log = Files.createTempDirectory(folder, "log");
            var seen = new ArrayList<Checkpoint>();
            int size = 0;
            for (int life = 0; life < 4; life++) {
                try (var ledger = Ledger.open(log, Logs.SIGNER)) {
                    seen.add(ledger.checkpoint());
                    for (int round = 0; round < 5; round++) {
                        int count = random.nextInt(200);
                        for (int i = 0; i < count; i++) ledger.append(Logs.entry(size++));
                        if (random.nextBoolean()) seen.add(ledger.publish());
                    }
                }
            }
            var last = seen.getLast();
            var tiles = new TileReader(TileSource.of(log), last.size());
            for (var old : seen) {
                var path = Merkle.consistency(old.size(), last.size(), tiles);
                assertTrue(Merkle.consistent(old.size(), old.root(), last.size(), last.root(), path));
            }
            assertNull(Fsck.check(log, Logs.KEYS).difference());
        });
    }

    @Test
    void entriesBeyondTheLimitAreRefusedWithALimitAndAWayOut() throws IOException {
        try (var ledger = open()) {
            ledger.append(new byte[Ledger.MAX_ENTRY_SIZE]);
            var refused = assertThrows(
                    IllegalArgumentException.class, () -> ledger.append(new byte[Ledger.MAX_ENTRY_SIZE + 1]));
            assertEquals("an entry has at most 65535 bytes, not 65536: log a commitment", refused.getMessage());
            ledger.publish();
            assertEquals(Ledger.MAX_ENTRY_SIZE, ledger.entry(0).length);
        }
    }

    @Test
    void oneWriterAtATime() throws IOException {
        try (var ledger = open()) {
            var refused = assertThrows(IOException.class, this::open);
            Logs.assertSays("open already", refused);
            ledger.append(Logs.entry(0));
        }
        open().close();
    }

    @Test
    void aClosedLedgerRefuses() throws IOException {
        var ledger = open();
        ledger.append(Logs.entry(0));
        ledger.close();
        ledger.close();
        assertThrows(IOException.class, () -> ledger.append(Logs.entry(1)));
        assertThrows(IOException.class, ledger::publish);
    }

    @Test
    void anotherLogsSignerIsRefused() throws IOException {
        open().close();
        var refused = assertThrows(IOException.class, () -> Ledger.open(folder, Logs.signer()));
        Logs.assertSays("not signed by this log's keys", refused);
    }

    @Test
    void anOldCheckpointPutBackIsRefusedBecauseItWouldFork() throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        for (int size : List.of(1, 200, 256, 300, 512, 600)) {
            byte[] old = growTo(size);
            byte[] newest = growTo(size == 600 ? 1300 : size + 1);
            // The journal goes with the next opening.
            open().close();
            Files.write(checkpoint, old);
            var refused = assertThrows(IOException.class, this::open);
            Logs.assertSays("an older checkpoint was put back", refused);
            Files.write(checkpoint, newest);
        }
        Files.delete(checkpoint);
        var refused = assertThrows(IOException.class, this::open);
        Logs.assertSays("missing beside tiles", refused);
    }

    /// The checkpoint of the log with `size` entries.
    private byte[] growTo(long size) throws IOException {
        try (var ledger = open()) {
            while (ledger.size() < size) ledger.append(Logs.entry(ledger.size()));
            ledger.publish();
        }
        return Files.readAllBytes(folder.resolve("checkpoint"));
    }
}
