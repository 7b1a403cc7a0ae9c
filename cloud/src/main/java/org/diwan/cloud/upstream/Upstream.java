package org.diwan.cloud.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply;
import org.diwan.cloud.api.ChatRequest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.api.Terms;
import org.diwan.language.ToolCall;
import org.jspecify.annotations.Nullable;

/// One upstream: chat requests go out as they would be said to any OpenAI-compatible server, answers
/// come back as text. Safe to share between threads.
public final class Upstream implements AutoCloseable {
    /// Hears an answer as it comes.
    @FunctionalInterface
    public interface Listener {
        /// The next piece.
        ///
        /// @param logprobs elements of `logprobs.content`, or null
        /// @return false to break off
        boolean piece(String text, @Nullable ArrayNode logprobs);
    }

    /// A whole answer.
    ///
    /// @param tokens that it is made of, by the upstream's word; none where it did not tell
    /// @param finish as the upstream said it, or `cancelled`
    /// @param logprobs where the request asked for them
    /// @param usage null where it did not say
    public record Answer(
            String text,
            List<Integer> tokens,
            List<ToolCall> calls,
            String finish,
            @Nullable ArrayNode logprobs,
            ChatReply.@Nullable Usage usage) {
        public Answer {
            tokens = List.copyOf(tokens);
            calls = List.copyOf(calls);
        }
    }

    /// Largest answer in bytes, and most characters of a streamed answer.
    static final int MAX_ANSWER_SIZE = 4 << 20;

    /// Longest line of an event stream in bytes.
    static final int MAX_LINE_SIZE = 1 << 20;

    /// Most models listed from one upstream.
    static final int MAX_MODELS = 1_000;

    private static final int MAX_QUOTED = 300;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /// Until the first byte of the answer; a big model on a long prompt needs minutes.
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

    private static final Duration MODELS_LIMIT = Duration.ofSeconds(3);
    private static final long MODELS_FRESH_NANOS = Duration.ofMinutes(1).toNanos();

    private record Listed(List<String> models, long atNanos) {}

    private final UpstreamAddress address;
    private final HttpClient client;
    private volatile @Nullable Listed listed;
    /// How each model's server is asked for token ids, streaming or not; at most [#MAX_MODELS] are remembered.
    private final Map<String, TokenIds> ways = new ConcurrentHashMap<>();

    public Upstream(UpstreamAddress address) {
        this.address = address;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    public UpstreamAddress address() {
        return address;
    }

    /// The models that it offers, by its own names, at most a minute old; none while it does not
    /// answer: an upstream that is down must not take the list of local models with it.
    public List<String> models() throws InterruptedException {
        var known = listed;
        if (known != null && System.nanoTime() - known.atNanos < MODELS_FRESH_NANOS) return known.models;
        var models = new ArrayList<String>();
        try {
            var response = client.send(request("/models", MODELS_LIMIT).GET().build(), body());
            try (var in = response.body()) {
                JsonNode list = Json.parse(readAll(in)).path("data");
                for (JsonNode model : list)
                    if (models.size() < MAX_MODELS && model.path("id").isTextual())
                        models.add(model.path("id").textValue());
            }
        } catch (IOException e) {
            System.getLogger(Upstream.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "upstream {0} does not list its models: {1}",
                            address,
                            e.toString());
        }
        listed = new Listed(List.copyOf(models), System.nanoTime());
        return models;
    }

    /// The upstream's answer to `request` by its model `model`. Where `request` asks for a stream,
    /// `listener` hears every piece as it arrives. The upstream is asked for its token ids, too, unless
    /// tools or a form are in play; one that refuses is asked again without.
    ///
    /// @throws ApiError 502 when the upstream cannot be reached, refuses, or answers what is no answer
    public Answer chat(ChatRequest request, String model, Listener listener) throws InterruptedException {
        boolean free = request.terms().equals(Terms.NONE);
        String asked = model + (request.stream() ? " streaming" : "");
        var way = free ? ways.getOrDefault(asked, TokenIds.FIELDS) : TokenIds.NONE;
        try {
            var response = send(request, model, way);
            while (way != TokenIds.NONE && (response.statusCode() == 400 || response.statusCode() == 422)) {
                response.body().close();
                way = way.next();
                response = send(request, model, way);
            }
            try (var in = response.body()) {
                if (response.statusCode() != 200) throw refused(response.statusCode(), in);
                var answer = request.stream() ? streamed(in, request.logprobs(), listener) : whole(in, request);
                if (answer.tokens().isEmpty() && !answer.text().isEmpty()) way = way.next();
                if (free && (ways.containsKey(asked) || ways.size() < MAX_MODELS)) ways.put(asked, way);
                return answer;
            }
        } catch (HttpTimeoutException e) {
            throw ApiError.badUpstream("Upstream '" + address.name() + "' did not answer in time.");
        } catch (IOException e) {
            throw ApiError.badUpstream("Upstream '" + address.name() + "' failed: " + e.getMessage());
        }
    }

    private HttpResponse<InputStream> send(ChatRequest request, String model, TokenIds way)
            throws IOException, InterruptedException {
        var body = ChatBody.of(request, model);
        way.ask(body);
        return client.send(
                request("/chat/completions", ANSWER_LIMIT)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build(),
                body());
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        var request = HttpRequest.newBuilder(java.net.URI.create(address.base() + path))
                .timeout(limit)
                .header("content-type", "application/json");
        if (address.key() != null) request.header("authorization", "Bearer " + address.key());
        return request;
    }

    private static HttpResponse.BodyHandler<InputStream> body() {
        return HttpResponse.BodyHandlers.ofInputStream();
    }

    private static Answer whole(InputStream in, ChatRequest request) throws IOException {
        JsonNode body = Json.parse(readAll(in));
        JsonNode choice = body.path("choices").path(0);
        JsonNode content = choice.path("message").path("content");
        var calls = ChatBody.calls(choice.path("message"));
        if (!content.isTextual() && calls.isEmpty())
            throw new IOException("its answer has no choices[0].message.content");
        var told = new ToldTokens();
        told.add(body, choice);
        return new Answer(
                content.asText(""),
                told.all(usage(body)),
                calls,
                choice.path("finish_reason").asText("stop"),
                request.logprobs() ? logprobs(choice) : null,
                usage(body));
    }

    private static Answer streamed(InputStream in, boolean logprobs, Listener listener) throws IOException {
        var text = new StringBuilder();
        String finish = null;
        ChatReply.Usage usage = null;
        var calls = new CallPieces();
        var told = new ToldTokens();
        var events = new EventStream(in, MAX_LINE_SIZE);
        for (String data = events.next(); data != null && !data.equals("[DONE]"); data = events.next()) {
            JsonNode chunk = Json.parse(data.getBytes(StandardCharsets.UTF_8));
            if (chunk.path("error").isObject())
                throw new IOException(quote(chunk.path("error").path("message").asText("an error in its stream")));
            if (usage(chunk) != null) usage = usage(chunk);
            JsonNode choice = chunk.path("choices").path(0);
            told.add(chunk, choice);
            if (choice.path("finish_reason").isTextual())
                finish = choice.path("finish_reason").textValue();
            for (JsonNode call : choice.path("delta").path("tool_calls"))
                calls.add(call.path("index").asInt(-1), call);
            String piece = choice.path("delta").path("content").asText("");
            if (piece.isEmpty()) continue;
            if (text.length() + piece.length() > MAX_ANSWER_SIZE)
                throw new IOException("its answer is longer than " + MAX_ANSWER_SIZE + " characters");
            text.append(piece);
            if (!listener.piece(piece, logprobs ? logprobs(choice) : null))
                return new Answer(text.toString(), told.all(usage), calls.whole(), "cancelled", null, usage);
        }
        if (finish == null) throw new IOException("its stream ended without a finish_reason");
        return new Answer(text.toString(), told.all(usage), calls.whole(), finish, null, usage);
    }

    /// Log probabilities as OpenAI's API has them: without the ids that llama.cpp puts there.
    private static @Nullable ArrayNode logprobs(JsonNode choice) {
        if (!(choice.path("logprobs").path("content") instanceof ArrayNode list)) return null;
        for (JsonNode token : list.findParents("id")) ((ObjectNode) token).remove("id");
        return list;
    }

    private static ChatReply.@Nullable Usage usage(JsonNode body) {
        JsonNode usage = body.path("usage");
        JsonNode prompt = usage.path("prompt_tokens");
        JsonNode completion = usage.path("completion_tokens");
        if (!prompt.canConvertToInt() || !completion.canConvertToInt()) return null;
        return new ChatReply.Usage(Math.max(0, prompt.intValue()), Math.max(0, completion.intValue()));
    }

    private ApiError refused(int status, InputStream in) throws IOException {
        String said = new String(in.readNBytes(MAX_QUOTED * 4), StandardCharsets.UTF_8);
        return ApiError.badUpstream("Upstream '" + address.name() + "' answered status " + status + ": " + quote(said));
    }

    private static String quote(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
    }

    private static byte[] readAll(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_ANSWER_SIZE + 1);
        if (bytes.length > MAX_ANSWER_SIZE)
            throw new IOException("its answer is larger than " + MAX_ANSWER_SIZE + " bytes");
        return bytes;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
