package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.OperatorKey;
import org.diwan.cloud.VaultConfig;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.store.Store;
import org.diwan.robots.control.Missions;
import org.diwan.robots.control.RobotsApi;
import org.diwan.robots.control.Stage;
import org.diwan.sovereignty.vault.Vault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said to robots where no gateway runs is erased as it is where one does: by the same command, on record
/// first, finished by whoever starts next. The oracle is what a trace shows of the words, and what lies in the files.
class RobotsErasureTest {
    @TempDir
    private Path folder;

    private record Run(int code, String out, String err) {}

    private Run diwan(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", folder.toString()));
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    /// As `robots demo` is, with one robot.
    private final class Demo implements AutoCloseable {
        final RobotsLedger log = new RobotsLedger(folder, LedgerConfig.ALONE, VaultConfig.ALONE);
        final Stage stage;
        final RobotsApi api;
        final RobotsSite site;

        Demo() throws Exception {
            var premises = RobotsFiles.premises(Path.of("../recipes/robots/ministry.yaml"), List.of("r-001"), 30);
            var rules = RobotsFiles.rules(Path.of("../recipes/robots/rules.yaml"));
            stage = new Stage(premises.map(), 1, 1, rules, log, log.trust(), log.jobs());
            var missions = new Missions(stage.control(), premises, Optional.empty(), ZoneOffset.UTC);
            api = new RobotsApi(stage.control(), missions, log.traces());
            site = new RobotsSite(0, OperatorKey.of(folder), api, premises.map().building(), log.words());
        }

        String port() {
            return Integer.toString(URI.create(site.address()).getPort());
        }

        /// The job that comes of it.
        String say(String text, String person) throws IOException {
            var body = CanonicalJson.text(Map.of("text", text, "user", person));
            var answer = Json.parse(api.answer(new RobotsApi.Request("POST", "missions", Map.of(), body, "k-1")));
            assertEquals("taken", answer.path("status").asText(), answer.toString());
            return answer.path("job").asText();
        }

        @Override
        public void close() throws IOException {
            site.close();
            stage.close();
            log.close();
        }
    }

    private String said(String job) {
        var trace = diwan("robots", "trace", job);
        assertEquals(0, trace.code(), trace.out() + trace.err());
        return trace.out();
    }

    @Test
    void whoeverRunsErasesAPersonAJobAndEverything() throws Exception {
        try (var demo = new Demo()) {
            String ali = demo.say("go to room 101", "ali");
            String layla = demo.say("go to room 103", "layla");
            String nobody = demo.say("go to room 104", "");
            String last = demo.say("go to room 201", "layla");
            assertTrue(said(ali).contains("room 101"));
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    assertFalse(
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("go to room"),
                            file + ": nothing lies open");
            }

            var person = diwan("vault", "erase", "--person", "ali", "--port", demo.port());
            assertEquals(0, person.code(), person.err());
            assertTrue(person.out().startsWith("erased: person, 1 receipts, on record in entries ["), person.out());
            assertTrue(said(ali).contains("words that were erased"), said(ali));
            assertTrue(said(layla).contains("room 103"));

            var job = diwan("vault", "erase", "--receipt", nobody, "--port", demo.port());
            assertEquals(0, job.code(), job.err());
            assertTrue(said(nobody).contains("words that were erased"));
            var unknown = diwan("vault", "erase", "--receipt", "m-unknown", "--port", demo.port());
            assertEquals(Main.CHECK_FAILED, unknown.code());
            assertTrue(unknown.err().contains("No receipt 'm-unknown'"), unknown.err());
            var unnamed = diwan("vault", "erase", "--person", "", "--port", demo.port());
            assertEquals(Main.CHECK_FAILED, unnamed.code());
            assertTrue(unnamed.err().contains("A person needs a name"), unnamed.err());
            assertTrue(said(last).contains("room 201"));

            var busy = diwan("vault", "erase", "--everything", "--offline");
            assertEquals(Main.ENVIRONMENT, busy.code(), "the ledger is held: " + busy.err());
            assertTrue(said(last).contains("room 201"));

            var all = diwan("vault", "erase", "--everything", "--port", demo.port());
            assertEquals(0, all.code(), all.err());
            for (String id : List.of(layla, last)) assertTrue(said(id).contains("words that were erased"));
            // What is said from now on is sealed below new keys.
            assertTrue(said(demo.say("go to room 301", "ali")).contains("room 301"));
        }
    }

    @Test
    void whileNoneRunsItIsErasedHere() throws Exception {
        var nothing = diwan("vault", "erase", "--person", "ali", "--offline");
        assertEquals(Main.CHECK_FAILED, nothing.code());
        assertTrue(nothing.err().contains("there is no vault here"), nothing.err());
        String ali;
        String port;
        try (var demo = new Demo()) {
            ali = demo.say("go to room 101", "ali");
            port = demo.port();
        }
        var gone = diwan("vault", "erase", "--person", "ali", "--port", port);
        assertEquals(Main.ENVIRONMENT, gone.code());
        assertTrue(gone.err().contains("say --offline"), gone.err());
        assertTrue(said(ali).contains("room 101"));
        var here = diwan("vault", "erase", "--person", "ali", "--offline");
        assertEquals(0, here.code(), here.err());
        assertTrue(here.out().startsWith("erased: person, 1 receipts"), here.out());
        assertTrue(said(ali).contains("words that were erased"));
    }

    /// A process ends between the intention and the destruction: the next one on the folder finishes it.
    @Test
    void whatWasBegunIsFinishedByTheNextStart() throws Exception {
        String ali;
        try (var demo = new Demo()) {
            ali = demo.say("go to room 101", "ali");
        }
        try (var store = Store.open(folder.resolve("diwan.db"))) {
            store.addErasure(store.tenant(Gateway.OPERATOR), "person", Vault.person(Gateway.OPERATOR, "ali"));
        }
        assertTrue(said(ali).contains("room 101"));
        new RobotsLedger(folder, LedgerConfig.ALONE, VaultConfig.ALONE).close();
        assertTrue(said(ali).contains("words that were erased"));
        try (var store = Store.open(folder.resolve("diwan.db"))) {
            assertEquals(List.of(), store.erasures());
        }
    }

    /// Words would lie open, or a key be made that opens nothing.
    @Test
    void aVaultWhoseRootKeyIsElsewhereIsRefusedByName() throws Exception {
        new RobotsLedger(folder, LedgerConfig.ALONE, VaultConfig.ALONE).close();
        Files.delete(folder.resolve("keys/root.key"));
        var refused = assertThrows(
                IOException.class, () -> new RobotsLedger(folder, LedgerConfig.ALONE, VaultConfig.ALONE).close());
        assertTrue(String.valueOf(refused.getMessage()).contains("say --root-in-hsm"), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("keys/root.key")));
    }
}
