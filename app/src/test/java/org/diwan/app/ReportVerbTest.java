package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an auditor types to learn what a log shows about the law.
class ReportVerbTest {
    private static final String HASH = "5c".repeat(32);

    private record Run(int code, String out, String err) {}

    @TempDir
    Path folder;

    private Run run(String line) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] words = line.replace("@", folder + "/").split(" ");
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }

    private void append(byte[]... entries) throws IOException {
        try (var signed = SignedLedger.open(folder, LedgerConfig.ALONE)) {
            for (byte[] entry : entries) signed.ledger().append(entry);
            signed.ledger().publish();
        }
    }

    private static byte[] decided(String verdict) {
        return new DecidedEntry(
                        "r-1",
                        "2026-11-28T00:00:00Z",
                        "t-1",
                        "k-1",
                        "partner/big",
                        "sa",
                        "us",
                        "partner",
                        "secret",
                        "general",
                        false,
                        false,
                        List.of(),
                        "chat",
                        verdict,
                        List.of("sa-secret-4"),
                        List.of(),
                        List.of(),
                        HASH,
                        HASH)
                .bytes();
    }

    @Test
    void anHonestLogPassesAndBothFilesAreWritten() throws Exception {
        append(decided("deny"));
        var run = run("report --oscal @o.json --law secrets --html @p.html --data @");
        assertEquals(0, run.code(), run.err() + run.out());
        assertTrue(run.out().contains("✓ sa-secret-4: allowed 0 and denied 1 requests"), run.out());
        assertEquals(
                "1.1.3",
                Json.parse(Files.readAllBytes(folder.resolve("o.json")))
                        .path("assessment-results")
                        .path("metadata")
                        .path("oscal-version")
                        .asText());
        assertTrue(Files.readString(folder.resolve("p.html")).contains("sa-secret-4"));
    }

    @Test
    void whatContradictsTheLawIsExitCodeOne() throws Exception {
        append(decided("allow"));
        var run = run("report --data @");
        assertEquals(Main.CHECK_FAILED, run.code(), run.err());
        assertTrue(
                run.out().contains("✗ sa-secret-4: allowed 1 and denied 0 requests; 1 entries contradict it"),
                run.out());
        assertFalse(run.out().contains("✗ diwan-undecided"), run.out());
    }

    @Test
    void anOverdueBreachIsExitCodeOneAndItsClockIsShown() throws Exception {
        append(new BreachEntry.Opened("b-1", "2026-01-01T00:00:00Z", "sa", true, HASH, null).bytes());
        var run = run("report --data @");
        assertEquals(Main.CHECK_FAILED, run.code(), run.err());
        assertTrue(run.out().contains("✗ sa-breach: 1 breaches of personal data: 1 not told in time"), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("⏱ b-1, .*: -[0-9.]+ hours left")), run.out());
    }

    @Test
    void aWrongValueIsNamed() throws Exception {
        append(decided("deny"));
        for (String line : List.of(
                "report --data @ --law pdpl",
                "report --data @ --html @p.html",
                "report --data @ --law magna-carta --html @p.html",
                "breach",
                "breach notify ../x",
                "breach open")) {
            var run = run(line);
            assertEquals(Main.WRONG_USAGE, run.code(), line + ": " + run.err());
        }
        assertFalse(Files.exists(folder.resolve("p.html")));
    }
}
