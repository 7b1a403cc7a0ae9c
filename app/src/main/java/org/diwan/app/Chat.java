package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.upstream.EventStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan chat "…"`: asks the running server, prints the answer as it comes.
@Command(
        name = "chat",
        description = "Ask the running server; the answer streams to the terminal.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan chat \"ما هو الديوان؟\""})
final class Chat extends Verb {
    @Parameters(paramLabel = "TEXT", description = "What to say.")
    private String text = "";

    @Option(names = "--model", paramLabel = "ID", description = "Model id (default: the server's own).")
    private @Nullable String model;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message before it.")
    private @Nullable String system;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Longest answer (default: as much as fits).")
    private @Nullable Integer maxTokens;

    @Option(names = "--temperature", paramLabel = "T", description = "0 always takes the likeliest token.")
    private @Nullable Float temperature;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same answer.")
    private @Nullable Long seed;

    @Option(
            names = "--data-class",
            paramLabel = "CLASS",
            defaultValue = "internal",
            description = "public, internal, confidential or secret (default: ${DEFAULT-VALUE}).")
    private String dataClass = "";

    @Mixin
    private final Server server = new Server();

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        var body = Json.object();
        body.put("model", model != null ? model : firstModel());
        ArrayNode messages = body.putArray("messages");
        if (system != null) messages.addObject().put("role", "system").put("content", system);
        messages.addObject().put("role", "user").put("content", text);
        body.put("stream", true);
        if (maxTokens != null) body.put("max_tokens", maxTokens);
        if (temperature != null) body.put("temperature", temperature);
        if (seed != null) body.put("seed", seed);
        var response = server.send(server.request("/v1/chat/completions")
                .header("content-type", "application/json")
                .header("diwan-data-class", dataClass)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build());
        try (var in = response.body()) {
            var events = new EventStream(in, Json.MAX_BODY_SIZE);
            for (String data = events.next(); data != null && !data.equals("[DONE]"); data = events.next()) {
                JsonNode chunk = Json.parse(data.getBytes(StandardCharsets.UTF_8));
                if (chunk.has("error"))
                    throw new Refused(chunk.path("error").path("message").asText());
                out().print(chunk.path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asText(""));
                out().flush();
            }
        }
        out().println();
        response.headers().firstValue("diwan-receipt").ifPresent(id -> err().println("receipt: " + id));
        return 0;
    }

    private String firstModel() throws IOException, InterruptedException, Refused {
        var response = server.send(server.request("/v1/models").GET().build());
        return Json.parse(Server.read(response)).path("data").path(0).path("id").asText();
    }
}
