package org.diwan.datacenter.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.redfish.RedfishClient;
import org.diwan.datacenter.redfish.SystemPaths;
import org.diwan.datacenter.telemetry.Metric;
import org.diwan.datacenter.telemetry.Readings;
import org.junit.jupiter.api.Test;

/// Oracle: a controller whose one chassis draws 321 W, on the second of two chassis that it lists, and an exporter
/// whose hotter GPU has 63 °C.
class ControllersTest {
    private static final Map<String, String> RESOURCES = Map.of(
            "/redfish/v1/Systems", "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/1\"}]}",
            "/redfish/v1/Systems/1", "{\"Links\":{\"Chassis\":[{\"@odata.id\":\"/redfish/v1/Chassis/2/\"}]}}",
            "/redfish/v1/Chassis/2/EnvironmentMetrics", "{\"PowerWatts\":{\"Reading\":321}}",
            "/metrics", "DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"} 61\nDCGM_FI_DEV_GPU_TEMP{gpu=\"1\"} 63\n");

    @Test
    void whatTheInventoryNamesIsFoundAndPolled() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                byte[] body = RESOURCES.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
                if (body.length > 0) exchange.getResponseBody().write(body);
            }
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        var inventory = InventoryFile.parse(
                InventoryFile.yaml(SampleOperator.of(8))
                        .replaceFirst(
                                "(?m)^( *)(serial: \"?riyadh-1-0\"?)$",
                                "$1$2\n$1bmc: " + address + "\n$1metrics: " + address + "/metrics"),
                false);
        String place = inventory.sites().getFirst().servers().getFirst().path();
        var readings = new Readings(InstantSource.system());
        var http = HttpClient.newHttpClient();
        try (var controllers = new Controllers(inventory, http, Optional.empty(), readings, InstantSource.system())) {
            RedfishClient client = controllers.client(place).orElseThrow();
            assertEquals(
                    Optional.of(new SystemPaths("/redfish/v1/Systems/1", "/redfish/v1/Chassis/2")),
                    SystemPaths.of(client));
            assertTrue(controllers.client("elsewhere").isEmpty());
            var power = OptionalDouble.empty();
            var hottest = OptionalDouble.empty();
            for (int tries = 0; tries < 600 && (power.isEmpty() || hottest.isEmpty()); tries++) {
                Thread.sleep(50);
                power = readings.fresh(place, Metric.POWER_WATTS);
                hottest = readings.fresh(place, Metric.GPU_CELSIUS);
            }
            assertEquals(OptionalDouble.of(321), power);
            assertEquals(OptionalDouble.of(63), hottest);
        } finally {
            server.stop(0);
        }
    }
}
