package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Go reference implementation (golang.org/x/mod/sumdb) reads our logs: `bench/interop/verify.go`.
/// Skipped, saying so, where Debian's golang-go and golang-golang-x-mod-dev are not installed.
class GoInteropTest {
    private static final Path LIBRARY = Path.of("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
    private static final List<Integer> SIZES = List.of(0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000);
    private static final int MAX_SECONDS = 120;

    @TempDir
    Path folder;

    private record Result(int exit, String output) {}

    private Result run(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOPATH", "/usr/share/gocode");
        builder.environment().put("GOFLAGS", "");
        builder.environment().putIfAbsent("GOCACHE", folder.resolve("cache").toString());
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS));
        return new Result(process.exitValue(), output);
    }

    private static boolean goIsThere() {
        try {
            return new ProcessBuilder("go", "version").start().waitFor() == 0 && Files.isDirectory(LIBRARY);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String verifier() throws Exception {
        Assumptions.assumeTrue(goIsThere(), "skipped: needs apt-get install golang-go golang-golang-x-mod-dev");
        String verifier = folder.resolve("verify").toString();
        Path source = Path.of(Objects.requireNonNull(System.getProperty("diwan.home")), "bench/interop/verify.go");
        var built = run(List.of("go", "build", "-o", verifier, source.toString()));
        assertEquals(0, built.exit(), built.output());
        return verifier;
    }

    /// Proofs of the first, a middle and the last entry, as files.
    private List<String> proofs(Ledger ledger, long size) throws IOException {
        var files = new ArrayList<String>();
        for (long index : new TreeSet<>(List.of(0L, size / 2, size - 1))) {
            if (index < 0 || index >= size) continue;
            Path proof = folder.resolve(size + "-" + index + ".tlog-proof");
            Files.writeString(proof, ledger.prove(index));
            files.add(proof.toString());
        }
        return files;
    }

    @Test
    void theReferenceImplementationVerifiesOurLogsAndNoticesChanges() throws Exception {
        String verifier = verifier();
        String key = Logs.SIGNER.verifierKeys().getFirst();
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, Logs.SIGNER, new SplittableRandom(1), () -> {})) {
            for (int size : sizes()) {
                Logs.grow(ledger, size);
                ledger.publish();
                Path log = folder.resolve("log" + size);
                export(disk, log);
                var proofs = proofs(ledger, size);
                var command = new ArrayList<>(List.of(verifier, log.toString(), key));
                command.addAll(proofs);
                var verified = run(command);
                assertEquals("verified " + size + " entries and " + proofs.size() + " proofs\n", verified.output());
                assertEquals(0, verified.exit());
            }
        }
        Path tile = folder.resolve("log70000/tile/0/100");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[77] ^= 1;
        Files.write(tile, bytes);
        var noticed = run(List.of(verifier, folder.resolve("log70000").toString(), key));
        assertEquals(1, noticed.exit(), noticed.output());
    }

    /// A million more with `-Dsize=1000000`.
    private static List<Integer> sizes() {
        var sizes = new ArrayList<>(SIZES);
        var more = Integer.getInteger("size");
        if (more != null) sizes.add(more);
        return sizes;
    }

    /// Every bit of a small log and of its proofs, a sample of a larger one's. Signed by one key, so that
    /// no line is another verifier's to check.
    @Test
    void theReferenceImplementationNoticesEveryFlippedBit() throws Exception {
        String verifier = verifier();
        var signer = Logs.SIGNER.only(VerifierKey.Type.ED25519);
        for (int[] sizeAndStep : new int[][] {{5, 1}, {300, 611}}) {
            var disk = new SimulatedDisk(new SplittableRandom(1));
            try (var ledger = new Ledger(disk, signer, new SplittableRandom(1), () -> {})) {
                Logs.grow(ledger, sizeAndStep[0]);
                ledger.publish();
                Path log = folder.resolve("flipped" + sizeAndStep[0]);
                export(disk, log);
                var command = new ArrayList<>(List.of(
                        verifier,
                        "-flip",
                        String.valueOf(sizeAndStep[1]),
                        log.toString(),
                        signer.verifierKeys().getFirst()));
                command.addAll(proofs(ledger, sizeAndStep[0]));
                var flipped = run(command);
                assertEquals(0, flipped.exit(), flipped.output());
                assertTrue(
                        flipped.output().matches("flipped [1-9][0-9]* bits, each was noticed\nverified .*\n"),
                        flipped.output());
            }
        }
    }

    /// ECDSA as a log in an HSM signs (type 02) and the Ed25519 of a witness (type 04): x/mod's note knows
    /// neither, Go's own cryptography both.
    @Test
    void goVerifiesEcdsaAndAWitness() throws Exception {
        String verifier = verifier();
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var ecdsa = VerifierKey.of(Logs.ORIGIN, VerifierKey.Type.ECDSA_P256, pair.getPublic());
        var signer = LogSigner.of(new SigningKey(ecdsa, pair.getPrivate(), null));
        var witness = Witnesses.BOTH.getFirst();
        Path log = folder.resolve("ecdsa");
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, signer, new SplittableRandom(1), () -> {})) {
            Logs.grow(ledger, 300);
            ledger.publish();
            export(disk, log);
            var cosigned = ledger.checkpoint()
                    .with(List.of(witness.sign(ledger.checkpoint().body(), 1_700_000_000)));
            Files.writeString(log.resolve("checkpoint"), cosigned.text());
        }
        String keys = ecdsa + "," + witness.verifier();
        var verified = run(List.of(verifier, "-flip", "1009", log.toString(), keys));
        assertTrue(verified.output().endsWith("verified 300 entries and 0 proofs\n"), verified.output());
        var other = run(List.of(verifier, log.toString(), ecdsa + "," + Logs.KEYS.getFirst()));
        assertEquals(1, other.exit(), "a key that has not signed");
    }

    private static void export(SimulatedDisk disk, Path folder) throws IOException {
        var files = new ArrayList<>(disk.tiles());
        files.add("checkpoint");
        for (String file : files) {
            Path target = folder.resolve(file);
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.write(target, Objects.requireNonNull(disk.read(file, Tile.MAX_BUNDLE_SIZE)));
        }
    }
}
