package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process with a real disk, killed with SIGKILL at random moments (20 times, more with
/// `-Dkills=…`), and one whose files may not grow beyond a limit. What it had said before must be true
/// afterwards.
class KillTest {
    @TempDir
    Path folder;

    private final TreeMap<Long, String> acknowledged = new TreeMap<>();
    private final List<String[]> published = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    @Test
    void killedAtAnyMomentNothingAcknowledgedIsLostAndNothingSignedIsContradicted() throws Exception {
        LogSigner.create(folder.resolve("log.key"), Logs.ORIGIN);
        int kills = Integer.getInteger("kills", 20);
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int run = 0; run < kills; run++) {
            var writer = start(run, "exec \"$@\"");
            // Most kills meet appends, counted from the first line; some meet the opening.
            var first = run % 5 == 0 ? "" : nextLine(writer);
            Thread.sleep(random.nextInt(run % 5 == 0 ? 400 : 120));
            kill(writer);
            hear(first + new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            check("run " + run + " of seed " + seed);
        }
        assertTrue(acknowledged.size() > 100, () -> "only " + acknowledged.size() + " appends in " + kills + " lives");
        assertEquals(List.of(), refusals);
    }

    @Test
    void aFileThatMayNotGrowRefusesAppendsAndKeepsTheRest() throws Exception {
        LogSigner.create(folder.resolve("log.key"), Logs.ORIGIN);
        // 256 blocks of 512 bytes: the journal reaches that soon, a tile never does.
        var writer = start(0, "ulimit -f 256 && exec \"$@\"");
        Assumptions.assumeTrue(writer.isAlive() || writer.exitValue() == 0, "this shell has no ulimit -f");
        var lines = writer.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null && refusals.size() < 4; line = lines.readLine()) take(line);
        kill(writer);
        assertEquals(4, refusals.size(), "each of four appenders is refused");
        assertTrue(refusals.getFirst().contains("File too large"), refusals.getFirst());
        check("after the disk was full");
    }

    @Test
    void anotherProcessIsRefusedEvenAfterASecondOpeningHereWas() throws Exception {
        var signer = LogSigner.create(folder.resolve("log.key"), Logs.ORIGIN);
        try (var ledger = Ledger.open(folder.resolve("log"), signer)) {
            assertThrows(IOException.class, () -> Ledger.open(folder.resolve("log"), signer));
            var other = start(0, "exec \"$@\" 2>&1");
            boolean ended = other.waitFor(30, TimeUnit.SECONDS);
            kill(other);
            assertTrue(ended, "two processes write one ledger");
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1, other.exitValue());
            assertTrue(said.contains("the ledger is open already"), said);
            ledger.append(Logs.entry(0));
        }
    }

    private Process start(int run, String script) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        script,
                        "sh",
                        java,
                        "-ea",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        folder.resolve("log").toString(),
                        folder.resolve("log.key").toString(),
                        "4",
                        String.valueOf(run))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Through its handle: `Process.destroyForcibly` would close the pipe with what was said.
    private static void kill(Process writer) throws InterruptedException {
        writer.toHandle().destroyForcibly();
        writer.waitFor();
    }

    private static String nextLine(Process writer) throws IOException {
        var line = new StringBuilder();
        while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
            int character = writer.getInputStream().read();
            if (character < 0) break;
            line.append((char) character);
        }
        return line.toString();
    }

    /// A last line without its end was never said.
    private void hear(String said) {
        said.substring(0, said.lastIndexOf('\n') + 1).lines().forEach(this::take);
    }

    private void take(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "a" -> assertNull(acknowledged.put(Long.parseLong(words[1]), words[2]), "one index, two entries");
            case "p" -> published.add(words);
            case "r" -> refusals.add(line);
            default -> throw new AssertionError(line);
        }
    }

    private void check(String when) throws Exception {
        var signer = LogSigner.load(folder.resolve("log.key"));
        try (var ledger = Ledger.open(folder.resolve("log"), signer)) {
            var tiles = new TileReader(
                    TileSource.of(folder.resolve("log")), ledger.checkpoint().size());
            for (var entry : acknowledged.entrySet())
                assertArrayEquals(
                        entry.getValue().getBytes(StandardCharsets.UTF_8),
                        ledger.entry(entry.getKey()),
                        () -> when + ": entry " + entry.getKey());
            for (String[] seen : published)
                assertEquals(
                        seen[2],
                        StrictBase64.encode(Merkle.root(Long.parseLong(seen[1]), tiles)),
                        () -> when + ": forked at size " + seen[1]);
        }
        assertNull(Fsck.check(folder.resolve("log"), signer.keys()).difference(), when);
    }
}
