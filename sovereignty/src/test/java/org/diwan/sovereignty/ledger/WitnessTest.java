package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.diwan.base.Digest;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.ledger.Cosigner.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of tlog-witness, answer by answer; and that no failure of the disk makes a witness cosign
/// two histories.
class WitnessTest {
    private static final int LARGEST = 13;
    private static final List<byte[]> LEAVES = Logs.leaves(LARGEST);
    private static final SigningKey KEY = Witnesses.keys(1).getFirst();

    @TempDir
    Path folder;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(1));

    private static byte[] root(int size) {
        return Logs.root(LEAVES.subList(0, size));
    }

    private static Checkpoint checkpoint(int size) {
        return Logs.QUICK_SIGNER.sign(size, root(size));
    }

    /// The text, by hand as the specification writes it.
    private static String request(long old, List<byte[]> proof, Checkpoint checkpoint) {
        var text = new StringBuilder("old " + old + "\n");
        for (byte[] hash : proof) text.append(StrictBase64.encode(hash)).append("\n");
        return text + "\n" + checkpoint.text();
    }

    private static String request(int old, int size) {
        return request(old, old == 0 ? List.of() : Logs.proof(old, LEAVES.subList(0, size)), checkpoint(size));
    }

    private static void assertRefused(int status, String says, Answer answer) {
        var refused = assertInstanceOf(Answer.Refused.class, answer);
        assertEquals(status, refused.status(), refused.reason());
        assertTrue(refused.reason().contains(says), refused.reason());
    }

    private static void assertCosigned(Checkpoint checkpoint, Answer answer, SigningKey... keys) throws Exception {
        var cosigned = assertInstanceOf(Answer.Cosigned.class, answer);
        assertEquals(keys.length, cosigned.lines().lines().count());
        var whole = Checkpoint.parse(checkpoint.text() + cosigned.lines());
        for (var key : keys) assertTrue(whole.isSignedBy(key.verifier()));
    }

    @Test
    void everyStepFromEverySizeIsCosignedAndEveryOtherOldSizeIsAConflict() throws Exception {
        for (int old = 0; old <= LARGEST; old++)
            for (int size = old; size <= LARGEST; size++) {
                var witness = Witnesses.witness(new SimulatedDisk(new SplittableRandom(1)), KEY);
                assertCosigned(checkpoint(old), witness.addCheckpoint(request(0, old)), KEY);
                for (int wrong = 0; wrong <= size; wrong++)
                    if (wrong != old)
                        assertEquals(new Answer.Conflict(old), witness.addCheckpoint(request(wrong, size)));
                assertCosigned(checkpoint(size), witness.addCheckpoint(request(old, size)), KEY);
            }
    }

    @Test
    void theAnswersAreThoseOfTheSpecification() throws Exception {
        var witness = Witnesses.witness(disk, KEY);
        assertRefused(400, "beyond", witness.addCheckpoint(request(8, List.of(), checkpoint(7))));
        assertRefused(
                404,
                "is not a log of this witness",
                witness.addCheckpoint(request(0, List.of(), otherLog("other.example/log"))));
        assertRefused(403, "not signed", witness.addCheckpoint(request(0, List.of(), otherLog(Logs.ORIGIN))));
        var wrong = checkpoint(7).signatures();
        var changed = new Checkpoint(new Checkpoint.Body(Logs.ORIGIN, 7, root(8)), wrong);
        assertRefused(403, "is wrong", witness.addCheckpoint(request(0, List.of(), changed)));
        assertRefused(
                422,
                "hash of nothing",
                witness.addCheckpoint(request(0, List.of(), Logs.QUICK_SIGNER.sign(0, root(1)))));
        assertRefused(422, "not shown to begin", witness.addCheckpoint(request(0, List.of(root(1)), checkpoint(7))));

        assertCosigned(checkpoint(7), witness.addCheckpoint(request(0, 7)), KEY);
        assertEquals(new Answer.Conflict(7), witness.addCheckpoint(request(0, 12)));
        var fork = Logs.QUICK_SIGNER.sign(7, root(8));
        assertRefused(422, "not shown to begin", witness.addCheckpoint(request(7, List.of(), fork)));
        assertRefused(422, "not shown", witness.addCheckpoint(request(7, List.of(root(1)), checkpoint(7))));
        var proof = Logs.proof(7, LEAVES.subList(0, 12));
        for (int i = 0; i < proof.size(); i++) {
            var flipped = new ArrayList<>(proof);
            flipped.set(i, proof.get(i).clone());
            flipped.get(i)[i] ^= 1;
            assertRefused(422, "not shown", witness.addCheckpoint(request(7, flipped, checkpoint(12))));
        }
        assertCosigned(checkpoint(7), witness.addCheckpoint(request(7, 7)), KEY);
        assertCosigned(checkpoint(12), witness.addCheckpoint(request(7, 12)), KEY);
    }

    private Checkpoint otherLog(String origin) throws IOException {
        return LogSigner.create(folder.resolve(origin.replace('/', '-')), origin)
                .sign(7, root(7));
    }

    @Test
    void malformedRequestsAre400() throws Exception {
        var witness = Witnesses.witness(disk, KEY);
        String good = request(0, 7);
        for (String bad : List.of(
                "",
                "old 0\n",
                "\n\n",
                good.replace("old 0", "old 00"),
                good.replace("old 0", "old -1"),
                good.replace("old 0", "old"),
                good.replace("old 0", "new 0"),
                good.replace("old 0", "old 18446744073709551615"),
                good.replace("old 0\n", "old 0\nAAAA\n"),
                good.replace("old 0\n", "old 0\n" + (StrictBase64.encode(root(1)) + "\n").repeat(64)),
                good.replace("\n", "\r\n"),
                good + "\n",
                good.strip(),
                "old 0\n\n" + "x".repeat(AddCheckpoint.MAX_TEXT))) assertRefused(400, "", witness.addCheckpoint(bad));
        assertCosigned(checkpoint(7), witness.addCheckpoint(good), KEY);
    }

    @Test
    void bothCosignaturesAreThoseOfTheSpecificationAndAnotherImplementationAgrees() throws Exception {
        var witness = Witnesses.witness(disk, Witnesses.BOTH.toArray(SigningKey[]::new));
        var answer = witness.addCheckpoint(request(0, 7));
        assertCosigned(checkpoint(7), answer, Witnesses.BOTH.toArray(SigningKey[]::new));
        // tlog-cosignature, "Ed25519 signed message", written out, checked by Bouncy Castle.
        var key = Witnesses.BOTH.getFirst().verifier();
        var line = Checkpoint.parse(checkpoint(7).text() + ((Answer.Cosigned) answer).lines()).signatures().stream()
                .filter(one -> one.by(key))
                .findFirst()
                .orElseThrow();
        long time = ByteBuffer.wrap(line.blob()).getLong();
        byte[] message = ("cosignature/v1\ntime " + time + "\n" + Logs.ORIGIN + "\n7\n" + StrictBase64.encode(root(7))
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] material =
                StrictBase64.decode(key.toString().substring(key.name().length() + 10));
        assertEquals(4, material[0]);
        var verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(material, 1));
        verifier.update(message, 0, message.length);
        assertTrue(verifier.verifySignature(Arrays.copyOfRange(line.blob(), 8, 72)));
    }

    @Test
    void monitorsGetTheLogsAndTheWitnessSignaturesAndNoOthers() throws Exception {
        var witness = Witnesses.witness(disk, KEY);
        String hash = Digest.hex(Digest.sha256(Logs.ORIGIN.getBytes(StandardCharsets.UTF_8)));
        assertNull(witness.latest(hash));
        var stranger = Witnesses.keys(1).getFirst().sign(checkpoint(7).body(), 5);
        assertCosigned(
                checkpoint(7),
                witness.addCheckpoint(request(0, List.of(), checkpoint(7).with(List.of(stranger)))),
                KEY);
        var latest = Objects.requireNonNull(witness.latest(hash));
        latest.verify(Logs.QUICK_KEYS);
        assertTrue(latest.isSignedBy(KEY.verifier()));
        assertEquals(2, latest.signatures().size());
        assertEquals(
                latest.text(),
                new String(
                        Objects.requireNonNull(disk.read(hash + "/checkpoint", Checkpoint.MAX_TEXT)),
                        StandardCharsets.UTF_8));
        assertNull(witness.latest(hash.replace(hash.charAt(0), 'x')));
    }

    @Test
    void ofManyThatRaceFromOneSizeExactlyOneIsCosigned() throws Exception {
        var witness = Witnesses.witness(disk, KEY);
        witness.addCheckpoint(request(0, 7));
        // Seven histories that part after leaf 7: each is a valid continuation, no two agree.
        var rivals = new ArrayList<Callable<Answer>>();
        for (int rival = 0; rival < 7; rival++) {
            var leaves = new ArrayList<>(LEAVES.subList(0, 7));
            leaves.add(Merkle.leaf(new byte[] {(byte) rival}));
            String text = request(7, Logs.proof(7, leaves), Logs.QUICK_SIGNER.sign(8, Logs.root(leaves)));
            rivals.add(() -> witness.addCheckpoint(text));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int cosigned = 0;
            for (var answer : threads.invokeAll(rivals)) {
                if (answer.get() instanceof Answer.Cosigned) cosigned++;
                else assertEquals(new Answer.Conflict(8), answer.get());
            }
            assertEquals(1, cosigned);
        }
    }

    /// The oracle: what left the witness is remembered by every later life of it.
    @Test
    void noFailureOfTheDiskMakesItForgetWhatItCosigned() throws Exception {
        int operations = live(new SimulatedDisk(new SplittableRandom(1)), new ArrayList<>());
        for (int operation = 0; operation < operations; operation++) {
            int at = operation;
            for (int failures : new int[] {1, 2, Integer.MAX_VALUE - at})
                Seeded.forAll(2, random -> {
                    var broken = new SimulatedDisk(random);
                    broken.failFrom = at;
                    broken.failures = failures;
                    var said = new ArrayList<Integer>();
                    live(broken, said);
                    var after = random.nextBoolean() ? broken.crash() : broken.kill();
                    var witness = Witnesses.witness(after, KEY);
                    int newest = said.isEmpty() ? 0 : said.getLast();
                    var answer = witness.addCheckpoint(request(0, LARGEST));
                    if (answer instanceof Answer.Conflict(long size))
                        assertTrue(size >= newest, "cosigned " + newest + ", remembers " + size);
                    else assertEquals(0, newest, "cosigned " + newest + ", remembers nothing");
                });
        }
    }

    /// Cosigns sizes 1, 4 and 9 as far as the disk lets it, telling which it did; returns the operations.
    private static int live(SimulatedDisk disk, List<Integer> said) throws Exception {
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                var witness = Witnesses.witness(disk, KEY);
                int old = 0;
                for (int size : new int[] {1, 4, 9}) {
                    try {
                        var answer = witness.addCheckpoint(request(old, size));
                        if (answer instanceof Answer.Conflict(long known))
                            answer = witness.addCheckpoint(request((int) known, size));
                        if (answer instanceof Answer.Cosigned) {
                            said.add(size);
                            old = size;
                        }
                    } catch (IOException e) {
                        // No answer: nothing is promised.
                    }
                }
                return disk.operations;
            } catch (IOException e) {
                // A disk that refuses to open.
            }
        }
        return disk.operations;
    }

    @Test
    void aRestartRemembersAndADamagedMemoryIsRefused() throws Exception {
        Path state = folder.resolve("state");
        Path key = folder.resolve("witness.key");
        var logs = Map.of(Logs.ORIGIN, Logs.QUICK_KEYS);
        List<String> keys;
        try (var witness = Witness.open(state, key, "witness.example/w", logs)) {
            keys = witness.verifierKeys();
            assertInstanceOf(Answer.Cosigned.class, witness.addCheckpoint(request(0, 7)));
            var second = assertThrows(IOException.class, () -> Witness.open(state, key, "x", logs));
            Logs.assertSays("is open already", second);
        }
        try (var witness = Witness.open(state, key, "another.name", logs)) {
            assertEquals(keys, witness.verifierKeys());
            assertEquals(new Answer.Conflict(7), witness.addCheckpoint(request(0, 12)));
        }
        Path file =
                state.resolve(Digest.hex(Digest.sha256(Logs.ORIGIN.getBytes(StandardCharsets.UTF_8))) + "/checkpoint");
        Files.writeString(file, Files.readString(file).replace("\n7\n", "\n6\n"));
        var refused = assertThrows(IOException.class, () -> Witness.open(state, key, "x", logs));
        Logs.assertSays("restore this file from a copy", refused);
        var notAWitness = assertThrows(IOException.class, () -> KeyFile.LOG.load(key));
        Logs.assertSays("not the keys of a log", notAWitness);
    }
}
