package org.diwan.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/// The smallest customer: asks, and keeps the receipt.
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TOKENS = 6;

    private final Server server;

    Client(Server server) {
        this.server = server;
    }

    /// Asks the local model; the receipt of the answer.
    ///
    /// @throws IOException when no whole answer with status 200 arrived
    String ask(String question) throws IOException, InterruptedException {
        HttpResponse<String> answer = chat(question);
        if (answer.statusCode() != 200) throw new IOException(answer.statusCode() + " " + answer.body());
        if (!JSON.readTree(answer.body()).has("choices")) throw new IOException("no answer: " + answer.body());
        return answer.headers().firstValue("diwan-receipt").orElseThrow();
    }

    /// The response to a chat, whatever its status.
    HttpResponse<String> chat(String question) throws IOException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(
                Map.of("model", model(), "max_completion_tokens", TOKENS, "messages", new Object[] {
                    Map.of("role", "user", "content", question)
                }));
        return HTTP.send(
                request("/v1/chat/completions")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /// The local model: the one without an upstream in front of its name.
    String model() throws IOException, InterruptedException {
        for (JsonNode model : JSON.readTree(text("/v1/models")).get("data"))
            if (!model.get("id").asText().contains("/")) return model.get("id").asText();
        throw new IOException("the server names no local model");
    }

    /// The body of a GET that succeeds.
    String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request(path).GET().build(), BodyHandlers.ofString());
        if (response.statusCode() != 200)
            throw new IOException(path + ": " + response.statusCode() + " " + response.body());
        return response.body();
    }

    /// The body of a GET as soon as it is what one waits for.
    ///
    /// @throws IOException when that takes longer than `patience`
    String awaitText(String path, Predicate<String> awaited, Duration patience)
            throws IOException, InterruptedException {
        for (long end = System.nanoTime() + patience.toNanos(); ; Thread.sleep(50)) {
            String text = text(path);
            if (awaited.test(text)) return text;
            if (System.nanoTime() > end) throw new IOException(path + " after " + patience + ": " + text);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + server.key());
    }
}
