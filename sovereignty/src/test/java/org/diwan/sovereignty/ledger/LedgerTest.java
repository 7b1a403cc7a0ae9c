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
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
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
            for (int i = 0; i < 20; i++) assertEquals(i, ledger.append(Logs.entry(i)));
            Logs.grow(ledger, 300);
            assertEquals(300, ledger.size());
            assertEquals(0, ledger.checkpoint().size());
            assertEquals(300, ledger.publish().size());
            Logs.grow(ledger, 600);
        }
        try (var ledger = open()) {
            assertEquals(600, ledger.checkpoint().size(), "what was not published is published on opening");
            assertArrayEquals(Logs.root(Logs.leaves(600)), ledger.checkpoint().root());
            for (int i = 0; i < 600; i += 7) {
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
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, Logs.SIGNER, new SplittableRandom(1), () -> {})) {
            Logs.grow(ledger, 70_000);
            assertTrue(ledger.checkpoint().size() >= Ledger.PENDING_ENTRIES, "it publishes before memory runs out");
            assertArrayEquals(Logs.root(Logs.leaves(70_000)), ledger.publish().root());
        }
        var tiles = disk.tiles();
        assertTrue(tiles.containsAll(List.of(
                "tile/0/272",
                "tile/0/273.p/112",
                "tile/1/000",
                "tile/1/001.p/17",
                "tile/2/000.p/1",
                "tile/entries/272",
                "tile/entries/273.p/112")));
        assertEquals(274 + 2 + 1 + 274, tiles.size());
        var report = Fsck.check(disk, Logs.KEYS, disk::tiles);
        assertNull(report.difference());
        assertEquals(1 + 274 + 274 + 2 + 1, report.filesChecked());
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
                        byte[] bytes = entry.getBytes(StandardCharsets.UTF_8);
                        long index = ledger.append(bytes);
                        assertNull(byIndex.put(index, entry));
                        if (i % 10 == 0) TlogProof.parse(ledger.prove(index)).verify(bytes, Logs.KEYS);
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
        Seeded.forAll(10, random -> {
            var disk = new SimulatedDisk(random);
            var seen = new ArrayList<Checkpoint>();
            for (int life = 0; life < 4; life++) {
                try (var ledger = new Ledger(disk, Logs.QUICK_SIGNER, random, () -> {})) {
                    seen.add(ledger.checkpoint());
                    for (int round = 0; round < 5; round++) {
                        Logs.grow(ledger, ledger.size() + random.nextInt(200));
                        if (random.nextBoolean()) seen.add(ledger.publish());
                    }
                }
            }
            var last = seen.getLast();
            var tiles = new TileReader(disk, last.size());
            for (var old : seen) {
                var path = Merkle.consistency(old.size(), last.size(), tiles);
                assertTrue(Merkle.consistent(old.size(), old.root(), last.size(), last.root(), path));
            }
            assertNull(Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference());
        });
    }

    @Test
    void aFullQueueIsOverloadAndNothingIsWritten() throws Exception {
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, Logs.QUICK_SIGNER, new SplittableRandom(1), () -> {});
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var release = disk.holdNextForce();
            var appends = new ArrayList<Future<Long>>();
            // The writer holds one batch; as many again wait in the queue, by bytes.
            byte[] large = new byte[Ledger.MAX_ENTRY_SIZE];
            appends.add(threads.submit(() -> ledger.append(large)));
            disk.awaitHeld();
            int fits = Ledger.QUEUE_SIZE / large.length;
            for (int i = 0; i < fits; i++) appends.add(threads.submit(() -> ledger.append(large)));
            while (ledger.waiting() < fits) Thread.sleep(1);
            assertThrows(Overloaded.class, () -> ledger.append(large));
            release.countDown();
            for (var append : appends) append.get();
            assertEquals(1 + fits, ledger.size());
            ledger.append(large);
        }
    }

    @Test
    void aJournalOfSeveralFilesIsRecoveredAndShrinks() throws Exception {
        var random = new SplittableRandom(1);
        var disk = new SimulatedDisk(random);
        byte[] large = new byte[Ledger.MAX_ENTRY_SIZE];
        try (var ledger = new Ledger(disk, Logs.QUICK_SIGNER, random, () -> {})) {
            // Just below the size at which a file is followed by another, then the largest batch there is.
            ledger.appendAll(Collections.nCopies(Journal.SEGMENT_SIZE / large.length - 1, large));
            ledger.appendAll(Collections.nCopies(Ledger.QUEUE_SIZE / large.length, large));
            ledger.append(Logs.entry(1));
            assertEquals(2, disk.list(Journal.FOLDER).size());
        }
        disk = disk.crash();
        long size = Journal.SEGMENT_SIZE / large.length - 1L + Ledger.QUEUE_SIZE / large.length + 1;
        try (var ledger = new Ledger(disk, Logs.QUICK_SIGNER, random, () -> {})) {
            assertEquals(size, ledger.size());
            assertArrayEquals(large, ledger.entry(size - 2));
            assertArrayEquals(Logs.entry(1), ledger.entry(size - 1));
            ledger.append(Logs.entry(2));
            ledger.append(Logs.entry(3));
            assertEquals(1, disk.list(Journal.FOLDER).size(), "what a checkpoint covers is gone");
        }
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
            Logs.grow(ledger, size);
            ledger.publish();
        }
        return Files.readAllBytes(folder.resolve("checkpoint"));
    }
}
