package org.diwan.datacenter.redfish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.datacenter.redfish.PowerDesk.Outcome;
import org.diwan.datacenter.redfish.PowerRules.Actor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracle: what the machine was told, and what the ledger holds.
class PowerDeskTest {
    private static final String RULES = """
            rules:
              - {id: restarts, effect: permit, roles: [shift], commands: [GracefulRestart, Cap], places: [riyadh-1/]}
              - {id: off, effect: permit, roles: [shift], commands: [ForceOff], places: [riyadh-1/], approval: true}
              - {id: hall-2, effect: forbid, roles: ['*'], commands: ['*'], places: [riyadh-1/h2/]}
            """;
    private static final String SYSTEM = """
            {"@odata.type":"#ComputerSystem.v1_1_0.ComputerSystem",
             "Links":{"Chassis":[{"@odata.id":"/redfish/v1/Chassis/1"}]},
             "Actions":{"#ComputerSystem.Reset":{"target":"/redfish/v1/Systems/1/Actions/Oem.Reset",
              "ResetType@Redfish.AllowableValues":["On","ForceOff","GracefulRestart"]}}}""";
    private static final String METRICS = """
            {"@odata.etag":"W/7","PowerLimitWatts":{"SetPoint":500,"AllowableMin":150,"AllowableMax":1000}}""";
    private static final Map<String, String> MACHINE =
            Map.of("/redfish/v1/Systems/1", SYSTEM, "/redfish/v1/Chassis/1/EnvironmentMetrics", METRICS);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final List<String> entries = new ArrayList<>();
    private final PowerDesk desk = new PowerDesk(PowerRules.parse(RULES), this::append, CLOCK);
    private boolean full;

    private long append(byte[] entry) throws IOException {
        if (full) throw new IOException("No space left on device");
        entries.add(new String(entry, StandardCharsets.UTF_8));
        return entries.size() - 1L;
    }

    private Outcome order(TreeServer server, String role, @Nullable String approver, String place, PowerCommand command)
            throws IOException {
        try (var http = HttpClient.newHttpClient();
                var client = new RedfishClient(http, server.address(), Optional.empty())) {
            var actor = new Actor("noor", role, Optional.ofNullable(approver));
            return desk.order(actor, place, command, client, "/redfish/v1/Systems/1");
        }
    }

    private static PowerCommand command(String name) {
        return name.startsWith("Cap ")
                ? new PowerCommand.Cap(Integer.parseInt(name.substring(4)))
                : new PowerCommand.Reset(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            shift   | -    | riyadh-1/h1/s1 | GracefulRestart | Done    | POST /redfish/v1/Systems/1/Actions/Oem.Reset
            shift   | -    | riyadh-1/h1/s1 | Cap 400         | Done    | PATCH /redfish/v1/Chassis/1/EnvironmentMetrics
            shift   | -    | riyadh-1/h1/s1 | Cap 50          | NotDone | -
            shift   | -    | riyadh-1/h1/s1 | ForceOff        | Refused | -
            shift   | noor | riyadh-1/h1/s1 | ForceOff        | Refused | -
            shift   | omar | riyadh-1/h1/s1 | ForceOff        | Done    | POST /redfish/v1/Systems/1/Actions/Oem.Reset
            shift   | omar | riyadh-1/h2/s1 | ForceOff        | Refused | -
            shift   | -    | riyadh-1/h2/s1 | GracefulRestart | Refused | -
            visitor | -    | riyadh-1/h1/s1 | GracefulRestart | Refused | -
            shift   | -    | riyadh-10/h1/s | GracefulRestart | Refused | -
            shift   | -    | jeddah-1/h1/s1 | GracefulRestart | Refused | -
            shift   | -    | riyadh-1/h1/s1 | On              | Refused | -
            """)
    void onlyWhatRulesPermitReachesTheMachine(
            String role, @Nullable String approver, String place, String command, String outcome, @Nullable String told)
            throws IOException {
        try (var server = new TreeServer(MACHINE)) {
            var given = order(server, role, approver, place, command(command));
            assertEquals(outcome, given.getClass().getSimpleName(), given.toString());
            assertEquals(told == null ? 0 : 1, server.told.size(), server.told.toString());
            if (told != null) assertTrue(server.told.getFirst().startsWith(told), server.told.toString());
            boolean refused = given instanceof Outcome.Refused;
            assertEquals(refused ? 1 : 2, entries.size());
            assertTrue(entries.getFirst().contains("\"verdict\":\"" + (refused ? "deny" : "permit") + "\""));
            if (!refused) assertTrue(entries.getLast().contains("\"of\":0"), entries.getLast());
        }
    }

    @Test
    void whatCannotBeRecordedIsNotCommanded() throws IOException {
        full = true;
        try (var server = new TreeServer(MACHINE)) {
            assertThrows(
                    IOException.class,
                    () -> order(server, "shift", "omar", "riyadh-1/h1/s1", new PowerCommand.Reset("ForceOff")));
            assertTrue(server.told.isEmpty());
        }
        assertEquals(0, desk.given());
    }

    @Test
    void aMachineThatSaysNoIsOnRecord() throws IOException {
        try (var server = new TreeServer(MACHINE)) {
            server.faults.put("/redfish/v1/Systems/1/Actions/Oem.Reset", 503);
            var given = order(server, "shift", null, "riyadh-1/h1/s1", new PowerCommand.Reset("GracefulRestart"));
            assertInstanceOf(Outcome.NotDone.class, given);
            assertTrue(entries.getLast().contains("unknown: status 503"), entries.getLast());
        }
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        for (String wrong : List.of(
                RULES.replace("forbid", "maybe"),
                RULES.replace("hall-2", "off"),
                RULES.replace("ForceOff", "PullPlug"),
                RULES.replace("places", "place"),
                RULES.replace("approval: true", "approval: yes"),
                RULES.replace("places: [riyadh-1/h2/]", "places: []"),
                RULES.replace("roles: ['*'], ", ""),
                "rules: 7")) assertThrows(IllegalArgumentException.class, () -> PowerRules.parse(wrong), wrong);
        assertThrows(IllegalArgumentException.class, () -> new PowerCommand.Cap(-5));
        assertThrows(IllegalArgumentException.class, () -> new PowerCommand.Reset("Nmi"));
    }
}
