package org.diwan.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.upstream.EventStream;
import org.diwan.cloud.upstream.UpstreamAddress;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.jspecify.annotations.Nullable;

/// A real gateway on a free port of the loopback interface, in front of a model whose weights are
/// noise, and a client to it.
final class TestGateway implements AutoCloseable {
    /// One whole HTTP exchange.
    record Reply(int status, java.net.http.HttpHeaders headers, String text) {
        JsonNode json() throws IOException {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        }

        JsonNode error() throws IOException {
            return json().path("error");
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /// The data of each server-sent event.
        List<String> events() throws IOException {
            var events = new ArrayList<String>();
            var stream =
                    new EventStream(new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 1 << 20);
            for (String data = stream.next(); data != null; data = stream.next()) events.add(data);
            return events;
        }
    }

    static final Path PACKS = Path.of(System.getProperty("diwan.home", "..")).resolve("packs");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Gateway gateway;
    final Path data;
    final String key;
    private final HttpClient client = HttpClient.newHttpClient();

    TestGateway(Gateway gateway, Path data) {
        this.gateway = gateway;
        this.data = data;
        this.key = gateway.operatorKey().text();
    }

    static TestGateway start(GatewayConfig config) throws IOException {
        return new TestGateway(Gateway.start(config), config.data());
    }

    /// `tiny.gguf` in `folder`, of random weights.
    static Path model(Path folder) throws IOException {
        Path file = folder.resolve("tiny.gguf");
        RandomModel.write(file, Shape.tiny("llama"), TensorType.F32, 1);
        return file;
    }

    static GatewayConfig config(Path data, Path model, UpstreamAddress... upstreams) {
        return config(data, model, "sa", new EngineLimits(8, 8, 64), 16, upstreams);
    }

    static GatewayConfig config(
            Path data, Path model, String home, EngineLimits limits, int openPerKey, UpstreamAddress... upstreams) {
        return new GatewayConfig(
                "127.0.0.1",
                0,
                data,
                model,
                List.of(),
                PACKS,
                new Jurisdiction(home),
                Sector.GENERAL,
                List.of(upstreams),
                Set.of("astrology"), // granted, and known to no pack
                1,
                limits,
                LedgerConfig.ALONE,
                VaultConfig.ALONE,
                openPerKey,
                0);
    }

    /// The same with other keepers of keys.
    static GatewayConfig config(GatewayConfig like, VaultConfig vault) {
        return new GatewayConfig(
                like.host(),
                like.port(),
                like.data(),
                like.model(),
                like.encoders(),
                like.packs(),
                like.home(),
                like.sector(),
                like.upstreams(),
                like.purposes(),
                like.threads(),
                like.limits(),
                like.ledger(),
                vault,
                like.openPerKey(),
                like.graceSeconds());
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /// Posts a chat request; `'` stands for `"`.
    Reply chat(String body, String... headers) throws IOException, InterruptedException {
        var request =
                request("/v1/chat/completions").POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (headers.length > 0) request.headers(headers);
        return send(request);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).header("authorization", "Bearer " + key);
    }

    Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    URI uri(String path) {
        return gateway.address().resolve(path);
    }

    List<VerifierKey> keys() throws IOException, InterruptedException {
        return get("/log/vkey").text().lines().map(VerifierKey::parse).toList();
    }

    /// The ledger's entries, all of them.
    List<JsonNode> entries() throws IOException, InterruptedException {
        var entries = new ArrayList<JsonNode>();
        for (JsonNode row : get("/v1/ledger/entries?from=0&count=500").json().path("entries"))
            entries.add(row.path("entry"));
        return entries;
    }

    /// The last entry of `type`, or null.
    @Nullable
    JsonNode last(String type) throws IOException, InterruptedException {
        return entries().stream()
                .filter(entry -> entry.path("type").asText().equals(type))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    @Override
    public void close() {
        gateway.close();
        client.close();
    }
}
