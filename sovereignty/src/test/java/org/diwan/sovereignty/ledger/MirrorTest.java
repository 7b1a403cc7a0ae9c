package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.diwan.base.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A store in memory, which fails now and then; whatever it holds under a checkpoint is a whole log.
class MirrorTest {
    private static final class Bucket implements Mirror.Store {
        final Map<String, byte[]> files = new TreeMap<>();
        int puts;
        int failAt = -1;

        @Override
        public void put(String path, byte[] bytes) throws IOException {
            if (puts++ == failAt) throw new IOException(path + ": 503 Slow Down");
            files.put(path, bytes);
        }

        @Override
        public byte @Nullable [] read(String path, int limit) {
            return files.get(path);
        }

        @Override
        public String toString() {
            return "s3://bucket";
        }
    }

    private static Ledger ledger(SimulatedDisk disk) throws IOException {
        return new Ledger(disk, Logs.QUICK_SIGNER, new SplittableRandom(2), () -> {});
    }

    private static Mirror mirror(SimulatedDisk disk, Bucket bucket) {
        return new Mirror(disk, Logs.QUICK_KEYS, bucket);
    }

    private static void assertWhole(Bucket bucket, long size) throws IOException {
        var report = Fsck.check(bucket, Logs.QUICK_KEYS, List::of);
        assertNull(report.difference());
        assertEquals(size, report.size());
    }

    @Test
    void everyCheckpointCopiesOnlyWhatIsNewAndIsWhole() throws Exception {
        var disk = new SimulatedDisk(new SplittableRandom(1));
        var bucket = new Bucket();
        try (var ledger = ledger(disk)) {
            var mirror = mirror(disk, bucket);
            for (int size : new int[] {0, 1, 2, 255, 256, 257, 600, 600, 66_000}) {
                Logs.grow(ledger, size);
                mirror.copy(ledger.publish());
                assertWhole(bucket, size);
            }
            bucket.puts = 0;
            Logs.grow(ledger, 66_001);
            mirror.copy(ledger.publish());
            assertEquals(3, bucket.puts, "bundle, tile, checkpoint: levels 1 and 2 are as they were");
            for (String file : disk.tiles())
                assertArrayEquals(disk.read(file, Tile.MAX_BUNDLE_SIZE), bucket.files.get(file), file);
        }
    }

    @Test
    void aStoreThatFailsAnywhereIsWholeAtItsCheckpointAndCatchesUp() {
        Seeded.forAll(60, random -> {
            var disk = new SimulatedDisk(random);
            var bucket = new Bucket();
            try (var ledger = ledger(disk)) {
                Logs.grow(ledger, random.nextInt(300));
                var first = ledger.publish();
                mirror(disk, bucket).copy(first);
                Logs.grow(ledger, ledger.size() + 1 + random.nextInt(400));
                var second = ledger.publish();
                bucket.failAt = bucket.puts + random.nextInt(8);
                boolean failed = false;
                try {
                    mirror(disk, bucket).copy(second);
                } catch (IOException e) {
                    failed = true;
                }
                bucket.failAt = -1;
                assertWhole(bucket, failed ? first.size() : second.size());
                // The log goes on, and may have removed the partial tiles of the checkpoint that is copied.
                Logs.grow(ledger, ledger.size() + random.nextInt(300));
                ledger.publish();
                mirror(disk, bucket).copy(second);
                assertWhole(bucket, second.size());
                mirror(disk, bucket).copy(ledger.checkpoint());
                assertWhole(bucket, ledger.size());
            }
        });
    }

    @Test
    void anotherLogAndAnotherHistoryAreNotOverwritten() throws Exception {
        var disk = new SimulatedDisk(new SplittableRandom(1));
        var other = new SimulatedDisk(new SplittableRandom(1));
        var bucket = new Bucket();
        try (var ledger = ledger(disk);
                var rewritten = ledger(other)) {
            Logs.grow(ledger, 10);
            mirror(disk, bucket).copy(ledger.publish());
            var before = new TreeMap<>(bucket.files);

            for (int i = 0; i < 12; i++) rewritten.append(new byte[] {1});
            var fork = rewritten.publish();
            Logs.assertSays("does not continue", assertThrows(IOException.class, () -> mirror(other, bucket)
                    .copy(fork)));
            var older = Logs.QUICK_SIGNER.sign(3, Logs.root(Logs.leaves(3)));
            Logs.assertSays("of size 10", assertThrows(IOException.class, () -> mirror(disk, bucket)
                    .copy(older)));
            var stranger = new Mirror(disk, Logs.keys(Logs.signer()), bucket);
            Logs.assertSays(
                    "not of this log", assertThrows(IOException.class, () -> stranger.copy(ledger.checkpoint())));
            assertEquals(before, bucket.files);
        }
    }
}
