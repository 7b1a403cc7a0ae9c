package org.diwan.datacenter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.plan.DemandFile;
import org.diwan.datacenter.plan.Explainer;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.datacenter.plan.Planner;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.datacenter.plan.SiteLoss;
import org.diwan.datacenter.redfish.PowerRules;
import org.diwan.datacenter.telemetry.Metric;
import org.diwan.datacenter.telemetry.Readings;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: what the classes behind it say themselves; what the ledger holds afterwards.
class DatacenterApiTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Inventory INVENTORY = withController(SampleOperator.of(96));
    private static final String SERVER =
            INVENTORY.sites().getFirst().servers().getFirst().path();
    private static final String RULES = """
            rules:
              - {id: restarts, effect: permit, roles: [operator], commands: [GracefulRestart], places: [riyadh-1/]}
            """;
    private static final String DEMAND = """
            demand: small
            workloads:
              - name: ministry
                kind: replica
                model: m
                tier: 1
                data: {class: secret, sector: government, traits: [personal], origins: [sa], purpose: chat}
                tenant: ministry
                isolation: server
                replicas: 2
                parts: 1
                gpusPerPart: 8
                gpuThousandths: 1000
                gpuModels: [H100]
                gpuMemoryMib: 70000
                cpuMilli: 32000
                memoryMib: 262144
                watts: 8000
            """;

    private static @Nullable Policy law;
    private static @Nullable PlanFile file;
    private static @Nullable DatacenterApi api;
    private static final Readings READINGS = new Readings(CLOCK);

    private final List<String> entries = new ArrayList<>();

    /// Nothing listens on port 9 of this machine.
    private static Inventory withController(Inventory inventory) {
        String yaml = InventoryFile.yaml(inventory);
        return InventoryFile.parse(
                yaml.replaceFirst("(?m)^( *)(serial: \"?riyadh-1-0\"?)$", "$1$2\n$1bmc: http://127.0.0.1:9"), false);
    }

    @BeforeAll
    static void start() throws IOException {
        var packs = new ArrayList<Pack>();
        for (String country : List.of("de", "eu", "kr", "ph", "sa"))
            packs.add(Pack.load(Path.of(System.getProperty("diwan.home"), "packs", country)));
        var policy = Policy.of(packs, LocalDate.of(2026, 11, 28));
        var demand = DemandFile.parse(DEMAND, false);
        var plan = assertInstanceOf(Planned.class, Planner.plan(INVENTORY, demand, policy, 1))
                .file();
        law = policy;
        file = plan;
        api = new DatacenterApi(
                INVENTORY,
                Optional.of(new org.diwan.datacenter.api.Planned(demand, policy, plan)),
                PowerRules.parse(RULES),
                READINGS,
                new Controllers(INVENTORY, HttpClient.newHttpClient(), Optional.empty(), READINGS, CLOCK),
                CLOCK);
    }

    @AfterAll
    static void stop() {
        if (api != null) api.close();
    }

    private JsonNode ask(String method, String target, String body) throws Exception {
        assertTrue(api != null);
        int mark = target.indexOf('?');
        var query = new HashMap<String, String>();
        if (mark >= 0)
            for (String pair : target.substring(mark + 1).split("&", -1))
                query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        byte[] answer = api.answer(new DatacenterApi.Request(
                method, mark < 0 ? target : target.substring(0, mark), query, body, "k-1", entry -> {
                    entries.add(new String(entry, StandardCharsets.UTF_8));
                    return entries.size() - 1L;
                }));
        return new ObjectMapper().readTree(answer);
    }

    @Test
    void theInventoryIsItsFile() throws Exception {
        assertEquals(INVENTORY, InventoryFile.parse(ask("GET", "inventory", "").toString(), true));
    }

    @Test
    void readingsAreThoseThatCameIn() throws Exception {
        READINGS.add(SERVER, Metric.POWER_WATTS, NOW.getEpochSecond() - 60, 2500);
        READINGS.add(SERVER, Metric.POWER_WATTS, NOW.getEpochSecond() - 30, 2600);
        var answer = ask("GET", "readings?thing=" + SERVER + "&metric=POWER_WATTS", "");
        assertEquals(30, answer.path("ageSeconds").intValue());
        assertEquals(2, answer.path("points").size());
        assertEquals(2600, answer.path("points").path(1).path("max").doubleValue());
        var silent = INVENTORY.sites().getLast().servers().getFirst().path();
        assertTrue(ask("GET", "readings?thing=" + silent, "").path("ageSeconds").isNull());
    }

    @Test
    void onlyMachinesWithAControllerCanBeSilent() throws Exception {
        var answer = ask("GET", "alarms", "");
        assertEquals(1, answer.path("watched").intValue());
    }

    @Test
    void aControllerThatIsNotThereHasDrifted() throws Exception {
        var drift = ask("GET", "drift", "").path("drift");
        assertEquals(1, drift.size());
        assertEquals(SERVER, drift.path(0).path("place").textValue());
        assertEquals("no machine answers", drift.path(0).path("found").textValue());
    }

    @Test
    void thePlanComesWithTheCheckersVerdict() throws Exception {
        assertTrue(file != null);
        var answer = ask("GET", "plan", "");
        assertTrue(answer.path("holds").booleanValue());
        assertEquals(file, PlanFile.parse(answer.path("file").toString()));
    }

    @Test
    void anExplanationIsTheExplainers() throws Exception {
        assertTrue(law != null && file != null);
        var said = new ArrayList<String>();
        ask("POST", "explain", "{\"replica\":\"ministry#0\",\"place\":\"seoul-1\",\"language\":\"ar\"}")
                .path("lines")
                .forEach(line -> said.add(line.textValue()));
        assertEquals(
                new Explainer(INVENTORY, DemandFile.parse(DEMAND, false), law, file)
                        .why("ministry#0", "seoul-1")
                        .lines("ar"),
                said);
        assertEquals(List.of(), entries, "a question changes nothing");
    }

    @Test
    void aRehearsalIsOnRecord() throws Exception {
        assertTrue(law != null && file != null);
        String site = file.plan().assignments().getFirst().parts().getFirst().site();
        var expected = SiteLoss.of(INVENTORY, DemandFile.parse(DEMAND, false), law, file, site);
        var answer = ask("POST", "failover", "{\"site\":\"" + site + "\"}");
        assertTrue(answer.path("holds").booleanValue());
        assertEquals(expected.moves().size(), answer.path("moves").size());
        assertEquals(List.of(new String(expected.entry("2026-11-28T12:00:00Z"), StandardCharsets.UTF_8)), entries);
    }

    /// Denied or not done, the decision is on record; what nobody may do reaches no machine.
    @Test
    void powerIsDecidedAndRecordedFirst() throws Exception {
        var refusal = assertThrows(
                Refusal.class, () -> ask("POST", "power", "{\"place\":\"" + SERVER + "\",\"command\":\"ForceOff\"}"));
        assertEquals(403, refusal.status());
        assertEquals(1, entries.size());
        assertTrue(entries.getFirst().contains("\"verdict\":\"deny\""), entries.getFirst());
        var answer = ask("POST", "power", "{\"place\":\"" + SERVER + "\",\"command\":\"GracefulRestart\"}");
        assertEquals("not done", answer.path("outcome").textValue());
        assertEquals(3, entries.size());
        assertTrue(
                entries.get(1).contains("\"actor\":\"k-1\"") && entries.get(1).contains("\"verdict\":\"permit\""));
        assertTrue(entries.get(2).contains("\"of\":1"), entries.get(2));
    }

    /// Each with its status and a word that must be in the message; none leaves an entry.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET   | nothing                             |                                             | 404 | nothing
            POST  | inventory                           |                                             | 404 | POST
            DELETE| plan                                |                                             | 404 | DELETE
            GET   | readings                            |                                             | 404 | no server
            GET   | readings?thing=riyadh-1             |                                             | 404 | no server
            GET   | readings?thing=SERVER&metric=HEAT   |                                            | 400 | POWER_WATTS
            GET   | readings?thing=SERVER&from=yesterday|                                             | 400 | 'from'
            POST  | explain                             |                                             | 400 | mapping
            POST  | explain                             | [1]                                         | 400 | mapping
            POST  | explain                             | {"replica":"ministry"                       | 400 | JSON
            POST  | explain                             | {"replica":"ministry"}                      | 400 | 'place'
            POST  | explain                             | {"replica":7,"place":"seoul-1"}             | 400 | replica
            POST  | explain                             | {"replica":"x","place":"seoul-1"}           | 404 | 'x'
            POST  | explain                             | {"replica":"ministry","place":"moon"}       | 404 | moon
            POST  | explain                             | {"replica":"m","place":"s","why":"not"}     | 400 | why
            POST  | explain                             | {"replica":"m","replica":"n","place":"s"}   | 400 | JSON
            POST  | failover                            | {}                                          | 400 | 'site'
            POST  | failover                            | {"site":"moon"}                             | 404 | moon
            POST  | failover                            | {"site":null}                               | 400 | 'site'
            POST  | power                               | {"place":"SERVER"}                          | 400 | 'command'
            POST  | power                               | {"place":"SERVER","command":"Explode"}      | 400 | Explode
            POST  | power                               | {"place":"SERVER","command":"Cap"}          | 400 | 'watts'
            POST  | power                               | {"place":"SERVER","command":"Cap","watts":0}| 400 | 0 W
            POST  | power                               | {"place":"SERVER","command":"On","watts":5} | 400 | Cap
            POST  | power                               | {"place":"riyadh-1","command":"On"}         | 404 | riyadh-1
            POST  | power                               | {"place":"OTHER","command":"On"}            | 409 | bmc
            """)
    void malformedRequestsAreNamed(String method, String target, @Nullable String body, int status, String word) {
        String other = INVENTORY.sites().getLast().servers().getFirst().path();
        var refusal = assertThrows(
                Refusal.class,
                () -> ask(
                        method,
                        target.replace("SERVER", SERVER),
                        body == null ? "" : body.replace("SERVER", SERVER).replace("OTHER", other)));
        assertEquals(status, refusal.status(), refusal.getMessage());
        assertTrue(String.valueOf(refusal.getMessage()).contains(word), refusal.getMessage());
        assertEquals(List.of(), entries);
    }

    @Test
    void withoutAPlanThereIsNothingToExplain() throws IOException {
        var bare = new DatacenterApi(
                INVENTORY,
                Optional.empty(),
                PowerRules.parse("rules: []"),
                READINGS,
                new Controllers(SampleOperator.of(8), HttpClient.newHttpClient(), Optional.empty(), READINGS, CLOCK),
                CLOCK);
        try (bare) {
            var refusal = assertThrows(
                    Refusal.class,
                    () -> bare.answer(new DatacenterApi.Request("GET", "plan", Map.of(), "", "k-1", entry -> 0)));
            assertTrue(String.valueOf(refusal.getMessage()).contains("--plan"));
        }
    }
}
