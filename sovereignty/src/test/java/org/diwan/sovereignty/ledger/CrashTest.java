package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.diwan.base.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A power failure after every single operation on the disk, and a full or broken disk at every single
/// operation. After each the ledger opens, holds every acknowledged entry at its index, contradicts no
/// checkpoint that anybody could have read, and passes fsck. The disk is [SimulatedDisk]. A witness on
/// a disk of its own, which never fails, remembers every checkpoint that was ever signed, published or
/// not, and every later one must continue it.
class CrashTest {
    private static final List<SigningKey> WITNESS = Witnesses.keys(1);
    private static final WitnessPolicy POLICY = Witnesses.policy(WITNESS, "quorum w0\n");

    /// What the outside world was told.
    private static final class World {
        final TreeMap<Long, byte[]> acknowledged = new TreeMap<>();
        final List<Checkpoint> seen = new ArrayList<>();
        int refused;
        SimulatedDisk disk;
        final SplittableRandom random;
        final Cosigners cosigners;

        World(SplittableRandom random) throws IOException {
            this.random = random;
            this.disk = new SimulatedDisk(random);
            var witness = Witnesses.witness(new SimulatedDisk(random), WITNESS.getFirst());
            this.cosigners = Cosigners.of(POLICY, url -> witness, Duration.ofMinutes(1), Duration.ZERO);
        }

        /// Counts a refusal, which only a disk that failed just now may cause: when there is room again, the
        /// ledger goes on.
        void refuse(boolean healthy, IOException e) {
            if (healthy) throw new AssertionError("refused on a healthy disk", e);
            refused++;
        }

        boolean healthy() {
            return disk.operations >= (long) disk.failFrom + disk.failures;
        }

        void look() throws VerificationException {
            String served = disk.served();
            if (served == null) return;
            var checkpoint = Checkpoint.parse(served);
            if (seen.isEmpty() || !seen.getLast().text().equals(served)) {
                checkpoint.verify(Logs.QUICK_KEYS);
                seen.add(checkpoint);
            }
        }
    }

    /// A life of a ledger that meets every kind of write: fresh folder, batches, publishing with and
    /// without full tiles, restart with and without unpublished entries.
    private static void live(World world) throws Exception {
        life(world, 3, true, 250, true, 2, false);
        life(world, 2, true, 3, true);
        life(world, 1, false);
    }

    private static void life(World world, Object... script) throws Exception {
        try (var ledger = open(world)) {
            if (ledger == null) return;
            for (Object step : script) {
                if (step instanceof Integer count) append(world, ledger, count);
                else if ((Boolean) step) publish(world, ledger);
                world.look();
            }
        } catch (IOException e) {
            // Closing a ledger on a broken disk.
            world.refused++;
        }
    }

    private static @Nullable Ledger open(World world) throws Exception {
        // A full disk may refuse to open; then the operator makes room and starts it again.
        for (int attempt = 0; attempt < 3; attempt++) {
            boolean healthy = world.healthy();
            try {
                return new Ledger(world.disk, Logs.QUICK_SIGNER, world.cosigners, world.random, () -> {});
            } catch (IOException e) {
                world.refuse(healthy, e);
                world.look();
            }
        }
        return null;
    }

    private static void append(World world, Ledger ledger, int count) {
        long first = ledger.size();
        var entries = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++)
            entries.add(
                    ("entry " + first + "+" + i + " " + world.random.nextInt(1000)).getBytes(StandardCharsets.UTF_8));
        boolean healthy = world.healthy();
        try {
            if (count == 1) assertEquals(first, ledger.append(entries.getFirst()));
            else ledger.appendAll(entries);
            for (int i = 0; i < count; i++) assertNull(world.acknowledged.put(first + i, entries.get(i)));
        } catch (IOException e) {
            world.refuse(healthy, e);
            assertEquals(first, ledger.size(), "what was refused is not there");
        }
    }

    private static void publish(World world, Ledger ledger) {
        boolean healthy = world.healthy();
        try {
            assertEquals(ledger.size(), ledger.publish().size());
        } catch (IOException e) {
            world.refuse(healthy, e);
        }
    }

    /// Opens the ledger that is left and holds it to both promises.
    private static void check(World world, String when) throws Exception {
        try (var ledger = new Ledger(world.disk, Logs.QUICK_SIGNER, world.cosigners, world.random, () -> {})) {
            var all = new ArrayList<byte[]>();
            for (long index = 0; index < ledger.size(); index++) all.add(ledger.entry(index));
            for (var entry : world.acknowledged.entrySet()) {
                assertTrue(entry.getKey() < all.size(), () -> when + ": entry " + entry.getKey() + " is lost");
                assertArrayEquals(entry.getValue(), all.get(entry.getKey().intValue()), when);
            }
            var leaves = all.stream().map(Merkle::leaf).toList();
            for (var old : world.seen) {
                assertTrue(old.size() <= ledger.checkpoint().size(), () -> when + ": the log went back");
                assertArrayEquals(Logs.root(leaves.subList(0, (int) old.size())), old.root(), () -> when + ": a fork");
            }
            if (!all.isEmpty()) {
                int index = world.random.nextInt(all.size());
                TlogProof.parse(ledger.prove(index)).verify(all.get(index), Logs.QUICK_KEYS, POLICY);
            }
            var report = Fsck.check(world.disk, Logs.QUICK_KEYS, world.disk::tiles);
            assertNull(report.difference(), when);
            assertEquals(all.size(), report.size());
            for (String file : world.disk.tiles()) {
                var tile = Objects.requireNonNull(Tile.parse(file), file);
                boolean useless = !tile.isFull()
                        && world.disk.tiles().contains(tile.full().path());
                assertTrue(!useless, () -> when + ": " + file + " stayed beside its full tile");
            }
            long next = ledger.append("and it goes on".getBytes(StandardCharsets.UTF_8));
            assertEquals(all.size(), next);
            assertEquals(List.of("w0"), POLICY.cosignedBy(ledger.publish()), when);
        }
    }

    /// How many operations a life takes that meets no failure.
    private static int operations(boolean readsFail) throws Exception {
        var world = new World(new SplittableRandom(1));
        world.disk.readsFail = readsFail;
        live(world);
        assertEquals(0, world.refused);
        assertEquals(3 + 250 + 2 + 2 + 3 + 1, world.acknowledged.size());
        int operations = world.disk.operations;
        check(world, "without any failure");
        return operations;
    }

    @Test
    void aPowerFailureAfterAnyOperationLosesNothingAcknowledged() throws Exception {
        int operations = operations(false);
        for (int operation = 0; operation < operations; operation++) {
            int at = operation;
            Seeded.forAll(1, random -> {
                var world = new World(random);
                world.disk.failFrom = at;
                world.disk.failures = Integer.MAX_VALUE - at;
                live(world);
                world.disk = world.disk.crash();
                check(world, "power failure at operation " + at);
            });
        }
    }

    @Test
    void aPowerFailureDuringRecoveryLosesNothingAcknowledged() {
        Seeded.forAll(60, random -> {
            var world = new World(random);
            world.disk.failFrom = random.nextInt(150);
            world.disk.failures = Integer.MAX_VALUE / 2;
            live(world);
            for (int again = 0; again < 3; again++) {
                world.disk = random.nextBoolean() ? world.disk.crash() : world.disk.kill();
                world.disk.failFrom = random.nextInt(40);
                world.disk.failures = Integer.MAX_VALUE / 2;
                life(world, 1, true, 5);
            }
            world.disk = world.disk.crash();
            check(world, "after three failures in a row");
        });
    }

    @Test
    void aFullDiskAtAnyOperationRefusesAndTheLedgerGoesOn() throws Exception {
        int operations = operations(true);
        for (int operation = 0; operation < operations; operation++) {
            int at = operation;
            Seeded.forAll(1, random -> {
                var world = new World(random);
                world.disk.readsFail = true;
                world.disk.failFrom = at;
                world.disk.failures = 1 + random.nextInt(3) * random.nextInt(8);
                live(world);
                world.disk = random.nextBoolean() ? world.disk.crash() : world.disk.kill();
                check(world, "full disk at operation " + at);
            });
        }
    }

    /// Each place that writes, one after the other, told once that there is no room or that the disk is
    /// broken, and never again.
    @Test
    void oneFailureAtAnyWriteSiteIsOneRefusalAtMostAndTheLedgerGoesOn() throws Exception {
        int operations = operations(false);
        for (int operation = 0; operation < operations; operation++) {
            int at = operation;
            Seeded.forAll(1, random -> {
                var world = new World(random);
                world.disk.failFrom = at;
                live(world);
                assertTrue(world.disk.operations > at, "every site is met");
                assertTrue(world.refused <= 1, world.refused + " refusals for one failure at operation " + at);
                world.disk = random.nextBoolean() ? world.disk.crash() : world.disk.kill();
                check(world, "one failure at operation " + at);
            });
        }
    }

    @Test
    void aRefusedAppendDoesNotComeBackWhenTheDiskFailsOnce() throws Exception {
        for (String operation : List.of("create", "write", "force", "syncFolder"))
            Seeded.forAll(3, random -> {
                var world = new World(random);
                try (var ledger = new Ledger(world.disk, Logs.QUICK_SIGNER, random, () -> {})) {
                    if (!operation.equals("create") && !operation.equals("syncFolder")) append(world, ledger, 1);
                    world.disk.failNext(operation);
                    int acknowledged = world.acknowledged.size();
                    append(world, ledger, 5);
                    assertEquals(acknowledged, world.acknowledged.size(), operation);
                }
                world.disk = world.disk.kill();
                try (var ledger = new Ledger(world.disk, Logs.QUICK_SIGNER, random, () -> {})) {
                    assertEquals(world.acknowledged.size(), ledger.size(), operation);
                }
            });
    }

    @Test
    void anAcknowledgedBatchThatIsDamagedIsReportedAndNotDropped() throws Exception {
        Seeded.forAll(40, random -> {
            var world = new World(random);
            try (var ledger = new Ledger(world.disk, Logs.QUICK_SIGNER, random, () -> {})) {
                for (int i = 0; i < 4; i++) append(world, ledger, 2);
            }
            String file = Journal.FOLDER + "/" + world.disk.list(Journal.FOLDER).getFirst();
            int size = world.disk.flip(file, 0, 0);
            world.disk = world.disk.kill();
            // Anywhere but in the last of four batches, which cannot be told from one that was torn.
            world.disk.flip(file, random.nextInt(size * 3 / 4 - 40), 1 << random.nextInt(8));
            var refused = assertThrows(
                    IOException.class, () -> new Ledger(world.disk, Logs.QUICK_SIGNER, random, () -> {}).close());
            Logs.assertSays("the disk has lost acknowledged entries", refused);
        });
    }
}
