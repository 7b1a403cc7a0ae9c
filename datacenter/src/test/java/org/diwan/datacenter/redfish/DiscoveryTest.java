package org.diwan.datacenter.redfish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.datacenter.redfish.RedfishClient.Credentials;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Oracles: counts of captured trees, made by a breadth-first walk over their files in Python (every
/// `@odata.id` below `/redfish/v1`, without fragment); small trees written by hand.
class DiscoveryTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        HTTP.close();
    }

    private static Path captures() {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and captured trees are not committed");
        return Path.of(data, "datacenter", "redfish");
    }

    private static Discovered discover(TreeServer server) {
        try (var client = new RedfishClient(HTTP, server.address(), Optional.empty())) {
            return Discovery.of(client);
        }
    }

    private static long dangling(Discovered found) {
        return found.problems().stream()
                .filter(problem -> problem.kind() == Problem.Kind.DANGLING)
                .count();
    }

    @Test
    void theStandardsOwnMockupIsReadWhole() throws IOException {
        try (var server = new TreeServer(
                TreeServer.capture(captures().resolve("public-rackmount1.tar.zst"), "public-rackmount1"))) {
            var found = discover(server);
            assertEquals(241, found.resourceCount());
            assertEquals(0, dangling(found));
            assertEquals(374, found.powerWatts().orElseThrow());
            var machine = found.machines().getFirst();
            assertEquals("437XR1138R2", machine.serial());
            assertEquals("On", machine.power());
        }
    }

    @Test
    void aBoardOfFourGpusIsReadThoughHundredsOfLinksLeadNowhere() throws IOException {
        try (var server = new TreeServer(
                TreeServer.capture(captures().resolve("gb300-tree.tar.zst"), "supermicro_fixtures/redfish/v1"))) {
            var found = discover(server);
            assertEquals(1367, found.resourceCount());
            assertEquals(239, dangling(found));
            assertEquals(266, found.resources().get("Sensor"));
            var gpus = found.machines().stream()
                    .flatMap(machine -> machine.gpus().stream())
                    .toList();
            assertEquals(4, gpus.size());
            assertTrue(gpus.stream().allMatch(gpu -> gpu.model().equals("NVIDIA GB300")), gpus.toString());
        }
    }

    @Test
    void vendorsTreesAreReadAsFarAsTheyGo() throws IOException {
        var file = captures().resolve("hpe-idrac-trees.tar.zst");
        try (var server = new TreeServer(TreeServer.capture(file, "hpe_fixtures/redfish/v1"))) {
            var found = discover(server);
            assertEquals(864, found.resourceCount(), "collections hold their members whole");
            assertEquals(278, dangling(found));
            assertEquals(565, found.powerWatts().orElseThrow(), "PowerConsumedWatts of the old Power resource");
        }
        try (var server = new TreeServer(TreeServer.capture(file, "idrac_fixtures/redfish/v1"))) {
            assertEquals(21, discover(server).resourceCount());
        }
    }

    private static final Map<String, String> SMALL = Map.of(
            "/redfish/v1",
            """
            {"@odata.type":"#ServiceRoot.v1_9_0.ServiceRoot","RedfishVersion":"1.9.0","Vendor":"Contoso",
             "ProtocolFeaturesSupported":{"ExpandQuery":{"Levels":true}},
             "Systems":{"@odata.id":"/redfish/v1/Systems"},"Chassis":{"@odata.id":"/redfish/v1/Chassis/"}}""",
            "/redfish/v1/Systems",
            """
            {"@odata.type":"#ComputerSystemCollection.ComputerSystemCollection",
             "Members":[{"@odata.id":"/redfish/v1/Systems/1"}],
             "Members@odata.nextLink":"/redfish/v1/Systems?$skip=1"}""",
            "/redfish/v1/Systems?$skip=1",
            """
            {"Members":[{"@odata.id":"/redfish/v1/Systems/2 b"}]}""",
            "/redfish/v1/Systems/1",
            """
            {"@odata.type":"#ComputerSystem.v1_1_0.ComputerSystem","SerialNumber":"A","PowerState":null,
             "MemorySummary":{"TotalSystemMemoryGiB":"64"},
             "Links":{"Evil":{"@odata.id":"http://169.254.169.254/x"}}}""",
            "/redfish/v1/Systems/2 b",
            """
            {"@odata.type":"#ComputerSystem.v1_1_0.ComputerSystem","SerialNumber":7}""",
            "/redfish/v1/Chassis",
            """
            {"@odata.type":"#Chassis.v1_1_0.Chassis","S":[{"@odata.id":"/redfish/v1/Chassis/S/a"},
             {"@odata.id":"/redfish/v1/Chassis/S/b"},{"@odata.id":"/redfish/v1/Chassis/S/c"}]}""",
            "/redfish/v1/Chassis/S/a",
            """
            {"@odata.type":"#Sensor.v1_0_0.Sensor","ReadingType":"Power","PhysicalContext":"Chassis",
             "Reading":"NaN"}""",
            "/redfish/v1/Chassis/S/b",
            """
            {"@odata.type":"#Sensor.v1_0_0.Sensor","ReadingType":"Temperature","Reading":900,
             "ReadingRangeMin":0,"ReadingRangeMax":125}""",
            "/redfish/v1/Chassis/S/c",
            """
            {"@odata.type":"#Sensor.v1_0_0.Sensor","ReadingType":"Power","PhysicalContext":"Chassis","Reading":-4}""");

    @Test
    void pagesAreTurnedAndPathsQuotedAndForeignLinksLeft() throws IOException {
        try (var server = new TreeServer(SMALL)) {
            var found = discover(server);
            assertEquals(2, found.machines().size(), found.problems().toString());
            assertEquals(65_536, found.machines().getFirst().memoryMib());
            assertEquals("", found.machines().getLast().serial(), "a number is no serial");
            assertTrue(found.problems().stream()
                    .anyMatch(p -> p.kind() == Problem.Kind.FOREIGN && p.what().contains("169.254")));
        }
    }

    @Test
    void sensorsThatLieHaveNoReading() throws IOException {
        try (var server = new TreeServer(SMALL)) {
            var found = discover(server);
            assertEquals(3, found.sensors().size());
            assertTrue(
                    found.sensors().stream().allMatch(sensor -> sensor.reading().isEmpty()));
            assertTrue(found.powerWatts().isEmpty());
            assertEquals(
                    3,
                    found.problems().stream()
                            .filter(p -> p.kind() == Problem.Kind.IMPLAUSIBLE)
                            .count());
        }
    }

    @Test
    void aPageThatLeadsToItselfEnds() throws IOException {
        try (var server = new TreeServer(SMALL)) {
            server.resources.put(
                    "/redfish/v1/Systems?$skip=1",
                    "{\"Members\":[],\"Members@odata.nextLink\":\"/redfish/v1/Systems?$skip=1\"}");
            assertTrue(discover(server).problems().stream().anyMatch(p -> p.kind() == Problem.Kind.ENDLESS));
        }
    }

    @Test
    void aSessionIsOpenedRenewedAndClosed() throws IOException {
        try (var server = new TreeServer(SMALL)) {
            server.password = "secret";
            try (var client =
                    new RedfishClient(HTTP, server.address(), Optional.of(new Credentials("noor", "secret")))) {
                assertEquals(2, Discovery.of(client).machines().size());
                server.tokens.clear();
                assertEquals(2, Discovery.of(client).machines().size(), "the session ran out");
            }
            assertEquals(
                    2,
                    server.told.stream()
                            .filter(line -> line.startsWith("POST /redfish/v1/SessionService"))
                            .count());
            assertTrue(
                    server.told.getLast().startsWith("DELETE /redfish/v1/SessionService/Sessions/"),
                    server.told.toString());
            server.sessions = false;
            try (var client =
                    new RedfishClient(HTTP, server.address(), Optional.of(new Credentials("noor", "secret")))) {
                assertEquals(2, Discovery.of(client).machines().size(), "basic authentication");
            }
            server.sessions = true;
            try (var client =
                    new RedfishClient(HTTP, server.address(), Optional.of(new Credentials("noor", "wrong")))) {
                var refused = Discovery.of(client);
                assertTrue(refused.machines().isEmpty());
                assertEquals(Problem.Kind.DENIED, refused.problems().getFirst().kind());
            }
        }
    }

    @Test
    void damagedControllersAreReadNeverWorse() {
        Seeded.forAll(40, random -> {
            try (var server = new TreeServer(SMALL)) {
                server.resources.replaceAll((_, text) -> random.nextInt(3) == 0
                        ? new String(
                                Mutations.of(text.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8)
                        : text);
                for (String path : SMALL.keySet())
                    if (random.nextInt(8) == 0)
                        server.faults.put(path, new int[] {301, 403, 404, 500, 503}[random.nextInt(5)]);
                var found = discover(server);
                assertFalse(found.resourceCount() > SMALL.size());
            }
        });
    }
}
