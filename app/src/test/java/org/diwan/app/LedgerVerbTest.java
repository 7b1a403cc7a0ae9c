package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.witness.WitnessServer;
import org.diwan.sovereignty.ledger.Cosigners;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.Witness;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an auditor types, about a log with a witness and about one that lies.
@SuppressWarnings("NullAway.Init") // fields are set before each test
class LedgerVerbTest {
    private static final String ORIGIN = "log.example/verbs";

    private record Run(int code, String out, String err) {}

    @TempDir
    Path folder;

    private LogSigner signer;
    private Witness witness;
    private WitnessServer server;

    @BeforeEach
    void makeLog() throws IOException {
        signer = LogSigner.create(folder.resolve("log.key"), ORIGIN);
        Files.write(folder.resolve("log.vkey"), signer.verifierKeys());
        witness = Witness.open(
                folder.resolve("witness"), folder.resolve("w.key"), "w.example", Map.of(ORIGIN, signer.keys()));
        server = WitnessServer.start("127.0.0.1", 0, witness);
        Files.writeString(
                folder.resolve("policy"),
                "witness ed25519 %s %s%nwitness ml-dsa %s %s%ngroup eu all ed25519 ml-dsa%nquorum eu%n"
                        .formatted(
                                witness.verifierKeys().get(0),
                                server.address(),
                                witness.verifierKeys().get(1),
                                server.address()));
        grow("log", 0, 7);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        witness.close();
    }

    private WitnessPolicy policy() throws IOException {
        return WitnessPolicy.parse(Files.readAllBytes(folder.resolve("policy")));
    }

    private void grow(String name, int from, int to) throws IOException {
        try (var ledger = Ledger.open(folder.resolve(name), signer, Cosigners.of(policy()))) {
            for (int i = from; i < to; i++) ledger.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
            ledger.publish();
        }
    }

    private Run run(String line) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] words = line.replace("@", folder + "/").split(" ");
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }

    private void assertPasses(String line, String says) {
        var run = run(line);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(says), run.out());
    }

    private void assertFails(String line, String says) {
        var run = run(line);
        assertEquals(Main.CHECK_FAILED, run.code(), run.out());
        assertTrue(run.err().contains(says), run.err());
    }

    @Test
    void fsckAndProveAskForTheWitnessesThatThePolicyNames() throws Exception {
        String log = " --log @log --key @log.vkey";
        assertPasses("ledger fsck" + log, "✓ 7 entries");
        assertPasses("ledger fsck --witness-policy @policy" + log, "✓ 7 entries");
        assertPasses(
                "ledger prove 3 --out @3.tlog-proof --entry @3 --witness-policy @policy" + log,
                "under size 7, cosigned by ed25519, ml-dsa");
        TlogProof.parse(Files.readString(folder.resolve("3.tlog-proof")))
                .verify(Files.readAllBytes(folder.resolve("3")), signer.keys(), policy());
        assertFails("ledger prove 3 --out @x" + log, "and the witness policy");
        assertEquals(
                Main.WRONG_USAGE,
                run("ledger prove 7 --out @x --witness-policy @policy" + log).code());

        try (var other = Witness.open(folder.resolve("o"), folder.resolve("o.key"), "o.example", Map.of())) {
            Files.writeString(
                    folder.resolve("stricter"),
                    Files.readString(folder.resolve("policy"))
                            .replace(
                                    "quorum eu",
                                    "witness sa " + other.verifierKeys().getFirst()
                                            + "\ngroup both all eu sa\nquorum both"));
        }
        assertFails("ledger fsck --witness-policy @stricter" + log, "asks for both, it is cosigned by ed25519, ml-dsa");
        Files.writeString(folder.resolve("broken"), "quorum x\n");
        assertEquals(
                Main.WRONG_USAGE,
                run("ledger fsck --witness-policy @broken" + log).code());
    }

    @Test
    void watchFollowsTheLogAndHoldsItAgainstWhatOthersWereShown() throws Exception {
        String watch = "ledger watch --log @log --key @log.vkey --witness-policy @policy --state @seen";
        assertPasses(watch, "size 7, seen for the first time");
        assertPasses("ledger prove 3 --out @3.tlog-proof --log @log --key @log.vkey --witness-policy @policy", "✓");
        grow("log", 7, 300);
        String also = " --also " + server.address() + " --also @3.tlog-proof --also @log/checkpoint";
        var run = run(watch + also);
        assertEquals(0, run.code(), run.err());
        assertEquals(
                List.of(
                        "✓ " + ORIGIN + ": size 300, continues size 7",
                        "✓ " + server.address() + ": size 300, the same history",
                        "✓ " + folder + "/3.tlog-proof: size 7, the same history",
                        "✓ " + folder + "/log/checkpoint: size 300, the same history"),
                run.out().lines().toList());
    }

    @Test
    void aForkIsProvedAndTheProofConvincesOthers() throws Exception {
        assertPasses("ledger watch --log @log --key @log.vkey --state @seen", "size 7");
        // The same keys, another history: no witness would have it, so none is asked.
        try (var fork = Ledger.open(folder.resolve("fork"), signer)) {
            for (int i = 0; i < 9; i++) fork.append(("other " + i).getBytes(StandardCharsets.UTF_8));
            fork.publish();
        }
        var caught = run("ledger watch --log @fork --key @log.vkey --state @seen --out @fork.proof");
        assertEquals(Main.CHECK_FAILED, caught.code());
        assertTrue(caught.err().contains("does not begin with the tree of size 7"), caught.err());
        assertEquals(Files.readString(folder.resolve("fork.proof")), caught.out());
        assertPasses("ledger fork @fork.proof --key @log.vkey", "✓ proved: " + ORIGIN + " signed size 7, and size 9");

        assertFails(
                "ledger watch --log @fork --key @log.vkey --state @fresh --also " + server.address(),
                "does not begin with the tree of size 7");
        String proof = Files.readString(folder.resolve("fork.proof"));
        Files.writeString(folder.resolve("fork.proof"), proof.replace("\n9\n", "\n8\n"));
        assertFails("ledger fork @fork.proof --key @log.vkey", "is wrong");
    }
}
