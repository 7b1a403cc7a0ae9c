package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.VaultConfig;
import org.diwan.cloud.witness.WitnessServer;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.record.OrderDesk;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.record.Words;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Version;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.Witness;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.diwan.sovereignty.vault.Vault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an auditor types about jobs, while no process runs.
class RobotsTraceTest {
    private static final String WORDS = "bring the coffee to Ali";
    private static final String RULES =
            "rules: [{id: all, effect: permit, roles: ['*'], actions: ['*'], places: ['*']}]";

    @TempDir
    private Path folder;

    private record Run(int code, String out, String err) {}

    private Run trace(String job, String... more) {
        var out = new StringWriter();
        var err = new StringWriter();
        var words = new ArrayList<>(List.of("robots", "trace", job, "--data", folder.toString()));
        words.addAll(List.of(more));
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    /// One job that `person` asked for, from the words to the end.
    private void deliver(LedgerConfig config, String job, String person) throws Exception {
        var timeline = new SimulatedTimeline(Instant.parse("2026-03-01T09:00:00Z"));
        var bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 1);
        var robot = new Address("uagv", Version.V3_0, "diwan", "r-001");
        var map = new RoadMap(BuildingFile.read(Path.of("../recipes/robots/ministry.yaml")));
        try (var log = new RobotsLedger(folder, config, VaultConfig.ALONE);
                var desk = new OrderDesk(
                        RobotRules.parse(RULES), map, log, bus, _ -> robot, timeline, ZoneOffset.UTC, log.jobs())) {
            long asked = desk.ask(job, person, Words.of(WORDS), "k-1", "rules", Optional.empty());
            desk.permit(
                    new Job(
                            job,
                            List.of(new Job.Stop("101", List.of())),
                            5,
                            Optional.empty(),
                            Optional.empty(),
                            0,
                            List.of(),
                            Optional.empty()),
                    new Actor("k-1", "operator", Optional.empty()),
                    new Origin(Optional.of(asked), "clean"));
            desk.finished(job, "done");
        }
    }

    @Test
    void aJobIsTracedFromItsWordsToItsEnd() throws Exception {
        deliver(LedgerConfig.ALONE, "m-1", "ali");
        var run = trace("m-1");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().contains(WORDS) && run.out().contains("✓"), run.out());
        assertEquals(Main.WRONG_USAGE, trace("m-2").code());
    }

    @Test
    void aTraceAsksForTheWitnessesThatThePolicyNames() throws Exception {
        List<VerifierKey> keys;
        try (var signed = SignedLedger.open(folder, LedgerConfig.ALONE)) {
            keys = signed.signer().keys();
        }
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (var witness = Witness.open(
                        elsewhere.resolve("w"),
                        elsewhere.resolve("w.key"),
                        "w.example",
                        Map.of(keys.getFirst().name(), keys));
                var other = Witness.open(elsewhere.resolve("o"), elsewhere.resolve("o.key"), "o.example", Map.of());
                var server = WitnessServer.start("127.0.0.1", 0, witness)) {
            String lines = "witness w %s %s%n".formatted(witness.verifierKeys().getFirst(), server.address());
            var policy = WitnessPolicy.parse((lines + "quorum w\n").getBytes(StandardCharsets.UTF_8));
            deliver(new LedgerConfig(policy, null, null), "m-1", "ali");
            var own = trace("m-1");
            assertEquals(0, own.code(), own.out() + own.err());

            Path stricter = folder.resolve("stricter");
            Files.writeString(
                    stricter,
                    lines + "witness o " + other.verifierKeys().getFirst() + "\ngroup both all w o\nquorum both\n");
            var refused = trace("m-1", "--witness-policy", stricter.toString());
            assertEquals(Main.CHECK_FAILED, refused.code(), refused.out());
            assertTrue(refused.err().contains("asks for both, it is cosigned by w"), refused.err());
        }
    }

    /// A person's texts are erased; that something was said, and what became of it, still follows from the log.
    @Test
    void erasedWordsAreGoneAndTheTraceStillVerifies() throws Exception {
        Path keys = folder.resolve("keys");
        deliver(LedgerConfig.ALONE, "m-1", "ali");
        deliver(LedgerConfig.ALONE, "m-2", "layla");
        var before = trace("m-1");
        assertEquals(0, before.code(), before.out() + before.err());
        assertTrue(before.out().contains(WORDS), before.out());
        assertNowhereOpen();

        Path root = keys.resolve("root.key");
        Files.move(root, folder.resolve("elsewhere"));
        var without = trace("m-1");
        assertEquals(0, without.code(), without.out() + without.err());
        assertTrue(without.out().contains("words that are sealed"), without.out());
        Files.move(folder.resolve("elsewhere"), root);

        try (var vault = VaultConfig.ALONE.open(keys)) {
            vault.erasePerson(Gateway.OPERATOR, Vault.person(Gateway.OPERATOR, "ali"));
        }
        var after = trace("m-1");
        assertEquals(0, after.code(), after.out() + after.err());
        assertTrue(after.out().contains("words that were erased"), after.out());
        assertFalse(after.out().contains(WORDS), after.out());
        assertEquals(
                before.out().lines().skip(1).toList(),
                after.out().lines().skip(1).toList(),
                "nothing else changes");
        assertTrue(trace("m-2").out().contains(WORDS), "another person's words stay");
    }

    private void assertNowhereOpen() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                assertFalse(
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("coffee"),
                        file.toString());
        }
    }
}
