package org.diwan.datacenter.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    @Test
    void aPageIsFetchedAndAnythingElseIsAnError() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                byte[] body = "DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"} 61\n".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.createContext("/endless", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                byte[] part = new byte[1 << 16];
                for (int i = 0; i < 1_000; i++) exchange.getResponseBody().write(part);
            }
        });
        server.start();
        var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (var http = HttpClient.newHttpClient()) {
            var page = MetricsPage.fetch(http, address.resolve("/metrics"));
            assertEquals(61, page.samples().getFirst().value());
            assertThrows(IOException.class, () -> MetricsPage.fetch(http, address.resolve("/missing")));
            assertThrows(IOException.class, () -> MetricsPage.fetch(http, address.resolve("/endless")));
            assertThrows(IOException.class, () -> MetricsPage.fetch(http, URI.create("http://127.0.0.1:1/metrics")));
        } finally {
            server.stop(0);
        }
    }
}
