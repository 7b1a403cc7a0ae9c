package org.diwan.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.upstream.UpstreamAddress;
import org.diwan.sovereignty.Jurisdiction;

/// An OpenAI-compatible server on the loopback interface that says what it is told to say, and
/// remembers what it was asked.
final class FakeUpstream implements AutoCloseable {
    private static final String ANSWER = """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"as you wish"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""";

    final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    volatile int status = 200;
    /// A request with this member is refused.
    volatile String refused = "";
    volatile String type = "application/json";
    volatile String answer = """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"as you wish"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""";

    FakeUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/models", exchange -> {
            byte[] body = "{\"data\":[{\"id\":\"big\"}]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/v1/chat/completions", exchange -> {
            asked.add(Json.parse(exchange.getRequestBody().readAllBytes()));
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", type);
            if (status == 302) exchange.getResponseHeaders().add("location", "/v1/models");
            boolean known = !asked.getLast().has(refused);
            exchange.sendResponseHeaders(known ? status : 400, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /// As new: nothing asked yet, a good answer ready.
    void reset() {
        asked.clear();
        status = 200;
        refused = "";
        type = "application/json";
        answer = ANSWER;
    }

    UpstreamAddress address(String name, String jurisdiction) {
        return new UpstreamAddress(
                name,
                java.net.URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1"),
                new Jurisdiction(jurisdiction),
                "upstream-secret");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
