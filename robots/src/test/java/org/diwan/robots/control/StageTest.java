package org.diwan.robots.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.record.Trace;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogClient;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.TileSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything at once: a ministry with four robots behind adapters, a real ledger, and what a client asks over HTTP.
class StageTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int PATIENCE_SECONDS = 240;

    @TempDir
    private Path folder;

    private Ledger ledger;
    private Stage stage;
    private RobotsApi api;

    @BeforeEach
    void open() throws IOException {
        var signer = LogSigner.create(folder.resolve("log.key"), "ministry.example/log");
        ledger = Ledger.open(folder.resolve("ledger"), signer);
        var map = new RoadMap(BuildingFile.read(Path.of("../recipes/robots/ministry.yaml")));
        var rules = RobotRules.parse(
                "rules: [{id: errands, effect: permit, roles: [operator], actions: ['*'], places: ['*']}]");
        var book = new EntryBook() {
            @Override
            public long append(byte[] entry) throws IOException {
                return ledger.append(entry);
            }

            @Override
            public String prove(long index) throws IOException {
                return ledger.prove(index);
            }
        };
        stage = new Stage(map, 4, 20, rules, book, signer.keys(), folder.resolve("jobs"));
        var log = new LogClient(TileSource.of(folder.resolve("ledger")), signer.keys());
        api = new RobotsApi(stage.control(), job -> {
            ledger.publish();
            return Trace.of(job, folder.resolve("jobs"), log, signer.keys());
        });
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
        ledger.close();
    }

    private JsonNode ask(String method, String path, String body) throws IOException {
        return MAPPER.readTree(api.answer(new RobotsApi.Request(method, path, Map.of(), body, "k-test")));
    }

    @Test
    void aDeliveryRidesALiftAndItsTraceVerifies() throws Exception {
        var taken = ask(
                "POST",
                "jobs",
                "{\"stops\":[{\"place\":\"101\",\"pick\":[\"coffee\"]},{\"place\":\"204\",\"drop\":[\"coffee\"]}]}");
        assertEquals("taken", taken.path("status").asText(), taken.toString());
        String job = taken.path("job").asText();
        String status = "";
        for (int i = 0; i < 4 * PATIENCE_SECONDS && !status.equals("done"); i++) {
            Thread.sleep(250);
            status = ask("GET", "jobs/" + job, "").path("status").asText();
        }
        assertEquals("done", status, ask("GET", "fleet", "").toString());
        JsonNode trace = ask("GET", "trace/" + job, "");
        for (int i = 0; i < 40 && !trace.toString().contains("\"done\""); i++) {
            Thread.sleep(250);
            trace = ask("GET", "trace/" + job, "");
        }
        assertTrue(trace.path("verified").asBoolean(), trace.toString());
        assertTrue(trace.toString().contains("drop FINISHED"), trace.toString());
        assertTrue(ask("GET", "view", "").path("robots").size() == 4);
    }

    @Test
    void whatCannotBeIsRefusedByName() throws IOException {
        for (var one : Map.of(
                        "{\"stops\":[{\"place\":\"999\"}]}", "no place 999",
                        "{\"stops\":[]}", "0 stops",
                        "{\"stop\":[]}", "'stop' is not known",
                        "{", "not JSON")
                .entrySet()) {
            try {
                ask("POST", "jobs", one.getKey());
                throw new AssertionError(one.getKey());
            } catch (Refusal refusal) {
                assertTrue(String.valueOf(refusal.getMessage()).contains(one.getValue()), refusal.getMessage());
            }
        }
        var heavy = ask("POST", "jobs", "{\"stops\":[{\"place\":\"101\"}],\"load\":500}");
        assertEquals("infeasible", heavy.path("status").asText(), heavy.toString());
        assertEquals(4, ask("POST", "stop", "").path("stopped").size());
    }
}
