package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.inventory.SampleOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `diwan up` that looks after a data centre: planned on the command line, asked over HTTP, on record in the
/// ledger, and each answer charged the energy of the server that it was given on.
class DatacenterUpIT {
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

    @TempDir
    Path folder;

    @Test
    void planRehearsalPowerAndEnergyAreServedAndRecorded() throws Exception {
        var inventory = SampleOperator.of(96);
        String here = inventory.sites().getFirst().servers().getFirst().path();
        Path machines = Files.writeString(folder.resolve("i.yaml"), InventoryFile.yaml(inventory));
        Path demand = Files.writeString(folder.resolve("d.yaml"), DEMAND);
        String plan = folder.resolve("plan.json").toString();
        var planned = Command.diwan(
                "datacenter",
                "plan",
                "--no-ledger",
                "--inventory",
                machines.toString(),
                "--demand",
                demand.toString(),
                "--out",
                plan);
        assertEquals(0, planned.status(), planned.output());
        Path data = folder.resolve("data");
        try (var server = Server.start(
                data,
                "--inventory",
                machines.toString(),
                "--plan",
                plan,
                "--demand",
                demand.toString(),
                "--here",
                "ministry#0")) {
            assertTrue(
                    ask(server, "GET", "datacenter/plan", "", 200).path("holds").booleanValue());
            var loss = ask(server, "POST", "datacenter/failover", "{\"site\":\"riyadh-1\"}", 200);
            assertTrue(loss.path("holds").booleanValue(), loss.toString());
            var denied = ask(
                    server, "POST", "datacenter/power", "{\"place\":\"" + here + "\",\"command\":\"ForceOff\"}", 409);
            assertEquals("place", denied.path("error").path("param").textValue(), "it has no controller");
            ask(server, "POST", "datacenter/failover", "{\"site\":\"atlantis\"}", 404);
            ask(server, "GET", "datacenter/nothing", "", 404);
            new Client(server).ask("كان الملك");
            var usage = ask(server, "GET", "usage", "", 200);
            double used = usage.path("accounts").path(0).path("watt_hours").doubleValue();
            double idle = usage.path("idle").path("watt_hours").doubleValue();
            assertTrue(used > 0 && idle > 0, usage.toString());
            assertTrue(usage.path("unmeasured_seconds").doubleValue() > 0, "silent: its nameplate is charged");
            server.stop();
        }
        var fsck = Command.diwan("ledger", "fsck", "--data", data.toString());
        assertEquals(0, fsck.status(), fsck.output());
        assertTrue(fsck.output().contains("3 entries"), "rehearsed, decided, answered: " + fsck.output());
    }

    private static JsonNode ask(Server server, String method, String path, String body, int status) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(
                    HttpRequest.newBuilder(URI.create(server.address() + "/v1/" + path))
                            .header("authorization", "Bearer " + server.key())
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(status, response.statusCode(), response.body());
            return new ObjectMapper().readTree(response.body());
        }
    }
}
