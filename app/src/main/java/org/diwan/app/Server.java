package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.Receipt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The running server, spoken to as any client does: over HTTP, with the operator's key.
final class Server {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8420",
            description = "Port of the server on this machine (default: ${DEFAULT-VALUE}).")
    private int port;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    @Mixin
    private final DataFolder data = new DataFolder();

    /// The folder of the server's data.
    DataFolder data() {
        return data;
    }

    /// The receipt `id`, or nothing where the server has none to hand out.
    Optional<byte[]> receipt(String id) throws IOException, InterruptedException {
        if (!id.matches("[A-Za-z0-9-]+")) return Optional.empty();
        var response = get(request("/v1/receipts/" + id).GET().build());
        return switch (response.statusCode()) {
            case 200 -> Optional.of(read(response));
            case 404, 410 -> {
                response.body().close();
                yield Optional.empty();
            }
            default -> throw new IOException("receipt " + id + ": the server answered status " + response.statusCode());
        };
    }

    /// A request to `path`, with the key.
    HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("authorization", "Bearer " + data.operatorKey());
    }

    /// The response, if its status is 200.
    ///
    /// @throws Refused with the server's own words for any other status
    /// @throws IOException when no server answers
    HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException, Refused {
        var response = get(request);
        if (response.statusCode() == 200) return response;
        try (var body = response.body()) {
            throw new Refused(message(response.statusCode(), body));
        }
    }

    private HttpResponse<InputStream> get(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new IOException("no server on port " + port + "; start one with ./diwan up", e);
        }
    }

    private static String message(int status, InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(Json.MAX_BODY_SIZE);
        try {
            JsonNode error = Json.parse(bytes).path("error");
            return error.path("message").asText("status " + status);
        } catch (IOException e) {
            return "the server answered status " + status;
        }
    }

    /// The whole body, at most as large as the largest receipt.
    static byte[] read(HttpResponse<InputStream> response) throws IOException {
        try (var body = response.body()) {
            byte[] bytes = body.readNBytes(Receipt.MAX_SIZE + 1);
            if (bytes.length > Receipt.MAX_SIZE)
                throw new IOException("the server's answer is larger than " + Receipt.MAX_SIZE + " bytes");
            return bytes;
        }
    }
}
