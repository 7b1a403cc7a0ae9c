package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.diwan.sovereignty.ledger.Cosigner.Answer;
import org.junit.jupiter.api.Test;

/// A ledger whose witnesses are in this process, and misbehave.
class CosignersTest {
    private static final List<SigningKey> KEYS = Witnesses.keys(3);
    private static final WitnessPolicy TWO_OF_THREE = Witnesses.policy(KEYS, "group g 2 w0 w1 w2\nquorum g\n");
    private static final WitnessPolicy WHOEVER = Witnesses.policy(KEYS, "quorum none\n");

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(1));
    private final List<Cosigner> witnesses = new ArrayList<>();

    CosignersTest() throws IOException {
        for (var key : KEYS) witnesses.add(Witnesses.witness(new SimulatedDisk(new SplittableRandom(1)), key));
    }

    private Cosigners cosigners(WitnessPolicy policy, Duration patience) {
        return Cosigners.of(
                policy,
                url -> text -> witnesses.get(url.getHost().charAt(1) - '0').addCheckpoint(text),
                patience,
                Duration.ZERO);
    }

    private Ledger open(WitnessPolicy policy) throws IOException {
        return open(disk, cosigners(policy, Duration.ofSeconds(20)));
    }

    private static Ledger open(SimulatedDisk disk, Cosigners cosigners) throws IOException {
        return new Ledger(disk, Logs.QUICK_SIGNER, cosigners, new SplittableRandom(2), () -> {});
    }

    private static Cosigner dead() {
        return text -> {
            throw new IOException("w9.example: connection refused");
        };
    }

    @Test
    void everyCheckpointAndProofCarriesWhatItsWitnessesSay() throws Exception {
        try (var ledger = open(TWO_OF_THREE)) {
            for (int size : new int[] {1, 2, 255, 256, 257, 700}) {
                Logs.grow(ledger, size);
                var published = ledger.publish();
                assertEquals(List.of("w0", "w1", "w2"), TWO_OF_THREE.cosignedBy(published));
                assertEquals(published.text(), disk.served());
            }
            var proof = TlogProof.parse(ledger.prove(300));
            proof.verify(Logs.entry(300), Logs.QUICK_KEYS, TWO_OF_THREE);
            // Who does not know the witnesses cannot check every byte of it.
            var unknown =
                    assertThrows(VerificationException.class, () -> proof.verify(Logs.entry(300), Logs.QUICK_KEYS));
            Logs.assertSays("the witness policy", unknown);
            var stricter = Witnesses.policy(KEYS, "group g all w0 w1\nquorum g\n");
            proof.verify(Logs.entry(300), Logs.QUICK_KEYS, Witnesses.policy(KEYS, "group g 3 w0 w1 w2\nquorum g\n"));
            proof.verify(Logs.entry(300), Logs.QUICK_KEYS, Witnesses.policy(KEYS, "quorum none\n"));
            var without = new TlogProof(
                    300,
                    Merkle.inclusion(300, 700, new TileReader(disk, 700)),
                    new Checkpoint(
                            ledger.checkpoint().body(),
                            ledger.checkpoint().signatures().stream()
                                    .filter(line -> !line.by(KEYS.getFirst().verifier()))
                                    .toList()));
            var refused = assertThrows(
                    VerificationException.class, () -> without.verify(Logs.entry(300), Logs.QUICK_KEYS, stricter));
            Logs.assertSays("asks for g, it is cosigned by w1, w2", refused);
        }
        try (var ledger = open(TWO_OF_THREE)) {
            Logs.grow(ledger, 701);
            assertEquals(List.of("w0", "w1", "w2"), TWO_OF_THREE.cosignedBy(ledger.publish()), "after a restart");
        }
        assertNull(Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference());
    }

    @Test
    void withoutAQuorumNothingIsPublishedAndNothingIsLost() throws Exception {
        try (var ledger = open(TWO_OF_THREE)) {
            Logs.grow(ledger, 5);
            var before = ledger.publish();
            var w1 = witnesses.set(1, dead());
            var w2 = witnesses.set(2, dead());
            assertEquals(5, ledger.append(Logs.entry(5)), "acknowledged all the same");
            var refused = assertThrows(NoQuorum.class, ledger::publish);
            Logs.assertSays("w9.example: connection refused", refused);
            assertEquals(before.text(), ledger.checkpoint().text());
            assertEquals(before.text(), disk.served());
            witnesses.set(1, w1);
            var published = ledger.publish();
            assertEquals(6, published.size());
            assertEquals(List.of("w0", "w1"), TWO_OF_THREE.cosignedBy(published));
            witnesses.set(2, w2);
            Logs.grow(ledger, 9);
            assertEquals(List.of("w0", "w1", "w2"), TWO_OF_THREE.cosignedBy(ledger.publish()), "one that fell behind");
        }
    }

    @Test
    void aLogWhoseWitnessesAreAllDeadOpensAndWaits() throws Exception {
        try (var ledger = open(TWO_OF_THREE)) {
            Logs.grow(ledger, 5);
        }
        var alive = List.copyOf(witnesses);
        for (int i = 0; i < 3; i++) witnesses.set(i, dead());
        try (var ledger = open(TWO_OF_THREE)) {
            assertEquals(0, ledger.checkpoint().size());
            assertEquals(5, ledger.append(Logs.entry(5)));
            assertEquals(6, ledger.size());
            for (int i = 0; i < 3; i++) witnesses.set(i, alive.get(i));
            assertEquals(6, ledger.publish().size());
        }
    }

    @Test
    void witnessesThatStayAwayStopAppendsBeforeMemoryRunsOutAndLoseNone() throws Exception {
        var alive = List.copyOf(witnesses);
        for (int i = 0; i < 3; i++) witnesses.set(i, dead());
        try (var ledger = open(TWO_OF_THREE)) {
            var refused = assertThrows(IOException.class, () -> {
                while (ledger.size() < 2L * Ledger.PENDING_ENTRIES) Logs.grow(ledger, ledger.size() + 4096);
            });
            Logs.assertSays("not cosigned by enough witnesses", refused);
            long size = ledger.size();
            assertTrue(size >= Ledger.PENDING_ENTRIES && size < Ledger.PENDING_ENTRIES + 8192, "waiting: " + size);
            for (int i = 0; i < 3; i++) witnesses.set(i, alive.get(i));
            assertEquals(size, ledger.append(Logs.entry(size)));
            assertEquals(size + 1, ledger.publish().size());
        }
        assertNull(Fsck.check(disk, Logs.QUICK_KEYS, disk::tiles).difference());
    }

    @Test
    void aLogFromBeforeItHadWitnessesIsShownToThemWithoutANewEntry() throws Exception {
        try (var ledger = new Ledger(disk, Logs.QUICK_SIGNER, new SplittableRandom(2), () -> {})) {
            Logs.grow(ledger, 5);
            ledger.publish();
            assertEquals(false, ledger.isBehind());
        }
        var w1 = witnesses.set(1, dead());
        var w2 = witnesses.set(2, dead());
        try (var ledger = open(TWO_OF_THREE)) {
            assertEquals(true, ledger.isBehind());
            assertThrows(NoQuorum.class, () -> ledger.prove(3), "no proof that the policy would refuse");
            witnesses.set(1, w1);
            witnesses.set(2, w2);
            TlogProof.parse(ledger.prove(3)).verify(Logs.entry(3), Logs.QUICK_KEYS, TWO_OF_THREE);
            assertEquals(false, ledger.isBehind());
        }
    }

    @Test
    void wherePolicyAsksForNobodyPublishingGoesOnWithWhoeverAnswers() throws Exception {
        witnesses.set(0, dead());
        var forever = new CountDownLatch(1);
        witnesses.set(2, text -> {
            try {
                forever.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new Answer.Conflict(0);
        });
        try (var ledger = open(disk, cosigners(WHOEVER, Duration.ofMillis(300)))) {
            Logs.grow(ledger, 5);
            assertEquals(List.of("w1"), WHOEVER.cosignedBy(ledger.publish()));
        }
        assertEquals(1, forever.getCount());
    }

    @Test
    void aWitnessThatFailedIsLeftAloneForAWhile() throws Exception {
        int[] asked = {0};
        Cosigner counted = text -> {
            asked[0]++;
            throw new IOException("no");
        };
        var resting = Cosigners.of(
                Witnesses.policy(KEYS.subList(0, 1), "quorum none\n"),
                url -> counted,
                Duration.ofSeconds(20),
                Duration.ofHours(1));
        try (var ledger = open(disk, resting)) {
            for (int size = 1; size < 5; size++) {
                Logs.grow(ledger, size);
                ledger.publish();
            }
        }
        assertEquals(1, asked[0]);
    }

    /// What a lying witness says never reaches a checkpoint.
    @Test
    void linesThatAreNotAGoodCosignatureOfThisVeryCheckpointAreNotTaken() throws Exception {
        var honest = witnesses.getFirst();
        var key = KEYS.getFirst();
        var other = Logs.QUICK_SIGNER.sign(5, new byte[32]).body();
        List<UnaryOperator<String>> lies = List.of(
                lines -> "",
                lines -> "\n",
                lines -> "— w0.example\n",
                lines -> lines.replace("w0", "w7"),
                lines -> key.sign(other, 1).text(),
                lines -> lines.replace("A", "B"),
                lines -> KEYS.get(1).sign(other, 1).text(),
                lines -> "x".repeat(100) + "\n" + lines);
        for (var lie : lies) {
            witnesses.set(
                    0,
                    text -> honest.addCheckpoint(text) instanceof Answer.Cosigned(String lines)
                            ? new Answer.Cosigned(lie.apply(lines))
                            : new Answer.Conflict(0));
            var lied = new SimulatedDisk(new SplittableRandom(1));
            try (var ledger = open(lied, cosigners(WHOEVER, Duration.ofSeconds(20)))) {
                Logs.grow(ledger, 5);
                assertTrue(!WHOEVER.cosignedBy(ledger.publish()).contains("w0"));
            }
        }
        // A time of zero says nothing about being the newest.
        witnesses.set(
                0,
                text -> new Answer.Cosigned(
                        key.sign(parsed(text).checkpoint().body(), 0).text()));
        var timeless = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = open(timeless, cosigners(WHOEVER, Duration.ofSeconds(20)))) {
            Logs.grow(ledger, 5);
            assertTrue(!WHOEVER.cosignedBy(ledger.publish()).contains("w0"));
        }
        // And lines by strangers are left out, not published.
        witnesses.set(
                0,
                text -> new Answer.Cosigned(KEYS.get(2).sign(other, 1).text()
                        + key.sign(parsed(text).checkpoint().body(), 1).text()));
        var strangers = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = open(strangers, cosigners(WHOEVER, Duration.ofSeconds(20)))) {
            Logs.grow(ledger, 5);
            assertTrue(WHOEVER.cosignedBy(ledger.publish()).contains("w0"));
        }
    }

    private static AddCheckpoint parsed(String text) throws IOException {
        try {
            return AddCheckpoint.parse(text);
        } catch (VerificationException e) {
            throw new IOException(e);
        }
    }

    @Test
    void anOldCopyOfTheLogIsFoundByItsWitnesses() throws Exception {
        var old = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = open(TWO_OF_THREE)) {
            Logs.grow(ledger, 5);
            ledger.publish();
            old.makeFolders(Disk.DRAFTS);
            for (String file : disk.tiles())
                old.write(Map.of(file, Objects.requireNonNull(disk.read(file, Tile.MAX_BUNDLE_SIZE))));
            old.write(Map.of("checkpoint", Objects.requireNonNull(disk.served()).getBytes(StandardCharsets.UTF_8)));
            Logs.grow(ledger, 9);
            ledger.publish();
        }
        try (var ledger = open(old, cosigners(TWO_OF_THREE, Duration.ofSeconds(20)))) {
            // Another entry 5 than the one that was signed before: with a quorum asked for, no fork gets out.
            ledger.append("another history".getBytes(StandardCharsets.UTF_8));
            var refused = assertThrows(NoQuorum.class, ledger::publish);
            Logs.assertSays("an older copy of the log was put back", refused);
            for (int i = 0; i < 20; i++) ledger.append(Logs.entry(i));
            Logs.assertSays("refuses with 422", assertThrows(NoQuorum.class, ledger::publish));
        }
    }
}
