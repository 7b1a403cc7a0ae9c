package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.diwan.cloud.api.Json;
import org.diwan.datacenter.inventory.InventoryFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracles: a controller of six resources, of which everything is known; an inventory that is written and
/// read back; one that is wrong in a known place.
class DatacenterVerbTest {
    /// A machine with two GPUs, a sensor that cannot be, and a link that leads nowhere.
    private static final Map<String, String> CONTROLLER = Map.of(
            "/redfish/v1", """
            {"@odata.type":"#ServiceRoot.v1_15_0.ServiceRoot","Vendor":"Test","RedfishVersion":"1.18.0",
             "Systems":{"@odata.id":"/redfish/v1/Systems/1"},"Chassis":{"@odata.id":"/redfish/v1/Chassis/1"}}""",
            "/redfish/v1/Systems/1", """
            {"@odata.type":"#ComputerSystem.v1_20_0.ComputerSystem","Manufacturer":"Maker","Model":"M8",
             "SerialNumber":"SN-7","PowerState":"On","MemorySummary":{"TotalSystemMemoryGiB":1024},
             "Processors":[{"@odata.id":"/redfish/v1/Systems/1/Processors/g0"},
                           {"@odata.id":"/redfish/v1/Systems/1/Processors/g1"}],
             "@Redfish.Settings":{"SettingsObject":{"@odata.id":"/redfish/v1/Systems/1/Settings"}},
             "Lost":{"@odata.id":"/redfish/v1/Nowhere"}}""",
            "/redfish/v1/Systems/1/Settings", """
            {"@odata.type":"#ComputerSystem.v1_20_0.ComputerSystem"}""",
            "/redfish/v1/Systems/1/Processors/g0", """
            {"@odata.type":"#Processor.v1_20_0.Processor","ProcessorType":"GPU","Manufacturer":"NVIDIA",
             "Model":"NVIDIA H100 80GB"}""",
            "/redfish/v1/Systems/1/Processors/g1", """
            {"@odata.type":"#Processor.v1_20_0.Processor","ProcessorType":"GPU","Manufacturer":"NVIDIA",
             "Model":"NVIDIA H100 80GB"}""",
            "/redfish/v1/Chassis/1", """
            {"@odata.type":"#Sensor.v1_7_0.Sensor","Name":"Inlet","ReadingType":"Temperature",
             "ReadingUnits":"Cel","Reading":-400}""");

    @TempDir
    Path folder;

    private record Run(int code, String out, String err) {}

    @Test
    void aSoundInventoryIsWrittenAsItWasRead() throws Exception {
        Path yaml = inventory("http://127.0.0.1:1", "SN-7", 2);
        Path json = folder.resolve("i.json");
        var run = run("datacenter", "import", yaml.toString(), "--out", json.toString());
        assertEquals(0, run.code, run.err);
        assertEquals(InventoryFile.read(yaml), InventoryFile.read(json));
        assertTrue(run.out.contains(InventoryFile.digest(InventoryFile.read(json))), run.out);
        assertTrue(run.out.lines().anyMatch(line -> line.matches("riyadh +sa +1 +1 +2 +10 +30 .* 2 × H100")), run.out);
    }

    @Test
    void anInventoryThatContradictsItselfIsRefusedByName() throws Exception {
        Path yaml = inventory("http://127.0.0.1:1", "SN-7", 2);
        Files.writeString(yaml, Files.readString(yaml).replace("feed: p/a", "feed: p/z"));
        var run = run("datacenter", "import", yaml.toString());
        assertEquals(Main.CHECK_FAILED, run.code);
        assertTrue(run.err.contains("riyadh/h1/r1/k1/a") && run.err.contains("p/z"), run.err);
    }

    @Test
    void aControllerIsReadAndItsProblemsAreCounted() throws Exception {
        try (var controller = new Controller()) {
            var run = run("datacenter", "discover", controller.address(), "--json");
            assertEquals(0, run.code, run.err);
            var service = Json.parse(run.out.getBytes(StandardCharsets.UTF_8))
                    .path("services")
                    .path(0);
            assertEquals(
                    "{\"dangling\":1,\"implausible\":1}",
                    service.path("problems").toString());
            assertEquals(1, service.path("machines").size(), "settings that wait for a restart are no machine");
            var machine = service.path("machines").path(0);
            assertEquals("SN-7", machine.path("serial").textValue());
            assertEquals(2, machine.path("gpus").size());
            assertEquals(1, service.path("sensors").size());
            assertTrue(service.path("sensors").path(0).path("reading").isMissingNode());
            var words = run("datacenter", "discover", controller.address());
            assertTrue(words.out.contains("2 × NVIDIA H100 80GB"), words.out);
            assertTrue(words.out.contains("2 problems: 1 dangling, 1 implausible"), words.out);
        }
    }

    @Test
    void whatIsNotAsIntendedIsDrift() throws Exception {
        try (var controller = new Controller()) {
            Path sound = inventory(controller.address(), "SN-7", 2);
            var same = run("datacenter", "discover", "--inventory", sound.toString());
            assertEquals(0, same.code, same.out + same.err);
            Path other = inventory(controller.address(), "SN-8", 3);
            var drift = run("datacenter", "discover", "--inventory", other.toString());
            assertEquals(Main.CHECK_FAILED, drift.code, drift.err);
            assertTrue(drift.out.contains("✗ riyadh/h1/r1/k1/s1: serial is 'SN-7', the inventory says 'SN-8'"));
            assertTrue(drift.out.contains("✗ riyadh/h1/r1/k1/s1: gpus is '{NVIDIA H100 80GB=2}'"), drift.out);
        }
    }

    /// A controller that was not asked has not drifted; one that was and is silent has.
    @Test
    void silenceIsDriftOnlyOfWhoWasAsked() throws Exception {
        String silent;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silent = "http://127.0.0.1:" + socket.getLocalPort();
        }
        try (var controller = new Controller()) {
            String file = inventory(silent, "SN-7", 2).toString();
            var stranger = run("datacenter", "discover", controller.address(), "--inventory", file);
            assertTrue(stranger.out.contains("place is '[M8 SN-7]', the inventory says 'none'"), stranger.out);
            assertEquals(
                    1, stranger.out.lines().filter(line -> line.startsWith("✗")).count(), stranger.out);
            var silence = run("datacenter", "discover", "--inventory", file);
            assertEquals(Main.CHECK_FAILED, silence.code);
            assertTrue(silence.out.contains("bmc is 'no machine answers'"), silence.out);
            assertEquals(Main.ENVIRONMENT, run("datacenter", "discover", silent).code);
        }
    }

    private Path inventory(String bmc, String serial, int gpus) throws IOException {
        return Files.writeString(folder.resolve("i.yaml"), """
                inventory: test
                regions:
                  - name: home
                    sites:
                      - name: riyadh
                        jurisdiction: sa
                        latitude: 24.7
                        longitude: 46.7
                        pue: 1.35
                        gramsPerKwh: 550
                        panels: [{name: p, feeds: [{name: a, capacityWatts: 30000}]}]
                        coolingZones: [{name: c1, capacityWatts: 30000}]
                        fabrics: [{name: ib, kind: infiniband, gbps: 400}]
                        halls:
                          - name: h1
                            rows:
                              - name: r1
                                racks:
                                  - name: k1
                                    units: 48
                                    powerWatts: 20000
                                    coolingZone: c1
                                    pdus: [{name: a, feed: p/a, capacityWatts: 20000}]
                                    servers:
                                      - {name: s1, unit: 1, height: 8, model: m8, fabric: ib, idleWatts: 1800,
                                         maxWatts: 10200, cpuMilli: 112000, memoryMib: 1048576,
                                         serial: %s, bmc: '%s', gpus: [{model: H100, memoryMib: 81559, count: %d}]}
                """.formatted(serial, bmc, gpus));
    }

    private static Run run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }

    private static final class Controller implements AutoCloseable {
        private final HttpServer server;

        Controller() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            server.createContext("/", exchange -> {
                try (exchange) {
                    byte[] body = CONTROLLER
                            .getOrDefault(exchange.getRequestURI().getPath().replaceFirst("/$", ""), "")
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
                    if (body.length > 0) exchange.getResponseBody().write(body);
                }
            });
            server.start();
        }

        String address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort())
                    .toString();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
