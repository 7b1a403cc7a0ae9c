package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorTest {
    @TempDir
    Path folder;

    /// A log that tells the truth up to entry `common` and then another story, named `story`.
    private record Teller(SimulatedDisk disk, Ledger ledger, int common, String story) implements AutoCloseable {
        static Teller of(int common, String story) throws IOException {
            var disk = new SimulatedDisk(new SplittableRandom(1));
            var ledger = new Ledger(disk, Logs.QUICK_SIGNER, new SplittableRandom(2), () -> {});
            return new Teller(disk, ledger, common, story);
        }

        Checkpoint grow(int size) throws IOException {
            var entries = new ArrayList<byte[]>();
            for (long i = ledger.size(); i < size; i++)
                entries.add(i < common ? Logs.entry(i) : (story + i).getBytes(StandardCharsets.UTF_8));
            ledger.appendAll(entries);
            return ledger.publish();
        }

        @Override
        public void close() throws IOException {
            ledger.close();
        }
    }

    private static LogClient client(TileSource source) {
        return new LogClient(source, Logs.QUICK_KEYS);
    }

    @Test
    void anHonestLogIsFollowedAcrossRestarts() throws Exception {
        Path state = folder.resolve("state");
        try (var log = Teller.of(1000, "")) {
            for (int size : new int[] {0, 1, 1, 7, 256, 300}) {
                var published = log.grow(size);
                var monitor = new Monitor(client(log.disk()), state);
                assertEquals(size, monitor.advance().size());
                assertEquals(published.text(), Files.readString(state));
            }
            var monitor = new Monitor(client(log.disk()), state);
            monitor.advance();
            for (int size = 0; size <= 300; size += 37)
                assertTrue(monitor.compare(Logs.QUICK_SIGNER.sign(size, Logs.root(Logs.leaves(size)))));
            var ahead = Logs.QUICK_SIGNER.sign(301, Logs.root(Logs.leaves(301)));
            assertEquals(false, monitor.compare(ahead), "a witness may know more than the log shows");
        }
    }

    @Test
    void aForkIsProvedToEverybody() throws Exception {
        Seeded.forAll(20, random -> {
            int common = random.nextInt(600);
            int seen = common + 1 + random.nextInt(40);
            int shown = seen + random.nextInt(3) * random.nextInt(300);
            try (var first = Teller.of(common, "one ");
                    var second = Teller.of(common, "two ")) {
                Path state = folder.resolve("state" + random.nextLong());
                var told = first.grow(seen);
                new Monitor(client(first.disk()), state).advance();
                second.grow(shown);
                var monitor = new Monitor(client(second.disk()), state);
                var caught = assertThrows(ForkException.class, monitor::advance);
                assertEquals(told.text(), Files.readString(state), "what was seen first is kept as evidence");

                var proof = ForkProof.parse(caught.proof().text());
                assertEquals(caught.proof().text(), proof.text());
                proof.verify(Logs.QUICK_KEYS);
                assertEquals(told.text(), proof.earlier().text());
                assertEquals(shown, proof.later().size());
                checkNoOtherProof(proof.text());
            }
        });
    }

    /// No byte of an accusation is without meaning.
    private static void checkNoOtherProof(String text) {
        var random = new SplittableRandom(text.hashCode());
        for (int i = 0; i < 60; i++) {
            // The head, where no signature helps, and the rest now and then.
            int at = random.nextInt(random.nextBoolean() ? Math.min(200, text.length()) : text.length());
            char changed = (char) (text.charAt(at) ^ (1 << random.nextInt(7)));
            String other = text.substring(0, at) + changed + text.substring(at + 1);
            assertThrows(
                    VerificationException.class,
                    () -> ForkProof.parse(other).verify(Logs.QUICK_KEYS),
                    () -> "character " + at + " as " + (int) changed);
        }
    }

    @Test
    void nobodyCanAccuseAnHonestLog() throws Exception {
        try (var log = Teller.of(1000, "")) {
            var earlier = log.grow(5);
            var later = log.grow(12);
            var tiles = new TileReader(log.disk(), 12);
            var path = Merkle.consistency(5, 12, tiles);
            for (var proof : List.of(
                    new ForkProof(earlier, later, earlier.root(), path),
                    new ForkProof(earlier, later, later.root(), path),
                    new ForkProof(earlier, later, new byte[32], List.of()),
                    new ForkProof(later, earlier, earlier.root(), path),
                    new ForkProof(earlier, earlier, new byte[32], List.of())))
                assertThrows(VerificationException.class, () -> proof.verify(Logs.QUICK_KEYS));
            var stranger = Logs.signer().only(VerifierKey.Type.ML_DSA_44).sign(5, new byte[32]);
            assertThrows(VerificationException.class, () -> new ForkProof(stranger, later, Merkle.root(5, tiles), path)
                    .verify(Logs.QUICK_KEYS));
            for (String text : List.of("", "\n\n", "diwan-fork-proof/v1\n\n\n\n\n\n\n", "x".repeat(500_000)))
                assertThrows(VerificationException.class, () -> ForkProof.parse(text));
        }
    }

    @Test
    void whatAWitnessWasShownIsHeldAgainstWhatTheLogShowsNow() throws Exception {
        try (var first = Teller.of(100, "one ");
                var second = Teller.of(100, "two ")) {
            var shownToTheWitness = first.grow(150);
            second.grow(200);
            var monitor = new Monitor(client(second.disk()), folder.resolve("state"));
            monitor.advance();
            var caught = assertThrows(ForkException.class, () -> monitor.compare(shownToTheWitness));
            caught.proof().verify(Logs.QUICK_KEYS);
            assertTrue(monitor.compare(earlier(90)), "what both stories share");
        }
    }

    private static Checkpoint earlier(int size) {
        return Logs.QUICK_SIGNER.sign(size, Logs.root(Logs.leaves(size)));
    }

    @Test
    void aLogThatWentBackOrShowsDamagedTilesIsRefusedWithoutAnAccusation() throws Exception {
        Path state = folder.resolve("state");
        try (var log = Teller.of(1000, "")) {
            log.grow(20);
            new Monitor(client(log.disk()), state).advance();
            try (var shorter = Teller.of(1000, "")) {
                shorter.grow(10);
                var back = assertThrows(
                        VerificationException.class, () -> new Monitor(client(shorter.disk()), state).advance());
                Logs.assertSays("gone back from size 20", back);
                assertTrue(!(back instanceof ForkException));
            }
            log.grow(30);
            log.disk().flip("tile/0/000.p/30", 25 * 32, 1);
            var damaged =
                    assertThrows(VerificationException.class, () -> new Monitor(client(log.disk()), state).advance());
            Logs.assertSays("a tile was changed", damaged);
            assertTrue(!(damaged instanceof ForkException));
            log.disk().flip("tile/0/000.p/30", 25 * 32, 1);
            assertEquals(30, new Monitor(client(log.disk()), state).advance().size());

            byte[] checkpoint = Objects.requireNonNull(log.disk().read("checkpoint", Checkpoint.MAX_TEXT));
            for (int at = 0; at < checkpoint.length; at += 97) {
                log.disk().flip("checkpoint", at, 2);
                assertThrows(VerificationException.class, () -> new Monitor(client(log.disk()), state).advance());
                log.disk().flip("checkpoint", at, 2);
            }
        }
        Files.writeString(state, "nonsense");
        assertThrows(IOException.class, () -> new Monitor(client(new SimulatedDisk(new SplittableRandom(1))), state));
    }
}
