package org.diwan.foundry.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that trains is killed with SIGKILL while it saves after every step.
class KillTest {
    private static final ModelShape SHAPE = new ModelShape(1, 32, 2, 16, 64, 50, 16);
    private static final long STEPS = 4_000; // more than a killed process gets to

    @TempDir
    Path folder;

    /// The process: trains on `args[0]` in folder `args[1]`.
    static void main(String[] args) throws IOException {
        try (var trainer = new Trainer(SHAPE, plan(STEPS), Path.of(args[0]))) {
            trainer.train(Path.of(args[1]), System.out, 0);
        }
    }

    @Test
    @Timeout(60)
    void aKilledRunGoesOnWithTheSameBits() throws Exception {
        Path rows = rows();
        kill(rows);
        var found = Checkpoint.read(folder.resolve(Checkpoint.FILE));
        assertTrue(found.step() >= 19 && found.step() < STEPS, "killed after step " + found.step());

        Checkpoint resumed;
        long end = found.step() + 5;
        try (var trainer = new Trainer(SHAPE, plan(end), rows)) {
            trainer.train(folder, new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            resumed = trainer.checkpoint();
        }
        // The rate of a step depends on where the plan ends: up to the kill it ended far away, in the
        // part where the rate is still.
        try (var first = new Trainer(SHAPE, plan(STEPS), rows);
                var second = new Trainer(SHAPE, plan(end), rows)) {
            for (long i = 0; i < found.step(); i++) first.step();
            second.restore(first.checkpoint());
            for (long i = found.step(); i < end; i++) second.step();
            var uninterrupted = second.checkpoint();
            assertEquals(uninterrupted.step(), resumed.step());
            for (int i = 0; i < resumed.weights().size(); i++)
                assertArrayEquals(
                        uninterrupted.weights().get(i).values(),
                        resumed.weights().get(i).values());
        }
    }

    private void kill(Path rows) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillTest.class.getName(),
                        rows.toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.startsWith("step ")) line = out.readLine();
            process.destroyForcibly();
            assertTrue(line != null, "the process ended before its first line of progress");
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    private static TrainingPlan plan(long steps) {
        return new TrainingPlan(steps * 64, 64, 1, 2, 3e-3, 11);
    }

    private Path rows() throws IOException {
        var random = new SplittableRandom(2);
        byte[] bytes = new byte[9 * 17 * 2];
        for (int i = 0; i < bytes.length; i += 2) bytes[i] = (byte) random.nextInt(50);
        return Files.write(folder.resolve("rows.bin"), bytes);
    }
}
