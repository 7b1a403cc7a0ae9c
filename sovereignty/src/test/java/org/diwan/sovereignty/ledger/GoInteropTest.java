package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final int[] SIZES = {0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000};
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

    @Test
    void theReferenceImplementationVerifiesOurLogsAndNoticesChanges() throws Exception {
        Assumptions.assumeTrue(goIsThere(), "skipped: needs apt-get install golang-go golang-golang-x-mod-dev");
        String verifier = folder.resolve("verify").toString();
        Path source = Path.of(Objects.requireNonNull(System.getProperty("diwan.home")), "bench/interop/verify.go");
        var built = run(List.of("go", "build", "-o", verifier, source.toString()));
        assertEquals(0, built.exit(), built.output());

        String key = Logs.SIGNER.verifierKeys().getFirst();
        var disk = new SimulatedDisk(new SplittableRandom(1));
        try (var ledger = new Ledger(disk, Logs.SIGNER, new SplittableRandom(1), () -> {})) {
            for (int size : SIZES) {
                Logs.grow(ledger, size);
                ledger.publish();
                Path log = folder.resolve("log" + size);
                export(disk, log);
                var command = new ArrayList<>(List.of(verifier, log.toString(), key));
                for (long index : new TreeSet<>(List.of(0L, size / 2L, size - 1L))) {
                    if (index < 0 || index >= size) continue;
                    Path proof = folder.resolve(size + "-" + index + ".tlog-proof");
                    Files.writeString(proof, ledger.prove(index));
                    command.add(proof.toString());
                }
                var verified = run(command);
                assertEquals(
                        "verified " + size + " entries and " + (command.size() - 3) + " proofs\n", verified.output());
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
