package org.diwan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the benchmark once, short, so that it cannot rot; its numbers are no test.
class LedgerBenchTest {
    @TempDir
    Path folder;

    @Test
    void itPrintsItsFiguresAndLeavesNothingBehind() throws Exception {
        var out = new ByteArrayOutputStream();
        var options = Options.parse(List.of(
                "--seconds",
                "1",
                "--appenders",
                "16",
                "--bytes",
                "100",
                "--verify",
                "1000",
                "--folder",
                folder.toString(),
                "--json"));
        assertEquals(0, LedgerBench.run(options, new PrintStream(out, true, StandardCharsets.UTF_8)));
        String json = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                json.matches("\\{\"appenders\":16,\"appendsPerSecond\":[1-9][0-9]*,.*\"p99Millis\":[0-9.]+,.*}\\s*"),
                json);
        for (String figure : List.of("publishP99Millis", "verifyMillionSeconds", "verifyMillionCpuSeconds"))
            assertTrue(json.matches(".*\"" + figure + "\":[0-9.]+[,}].*\\s*"), json);
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void limitsAreChecked() {
        for (String option : List.of("--appenders", "--bytes", "--seconds", "--verify"))
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LedgerBench.run(Options.parse(List.of(option, "0")), System.out),
                    option);
    }
}
