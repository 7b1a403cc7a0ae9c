package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.diwan.cloud.api.Json;
import org.diwan.engine.generate.EngineLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The gateway as a client sees it. The oracle is OpenAI's documented shape, and the gateway itself:
/// a stream must say what the whole answer says.
class GatewayIT {
    private static final String MESSAGES = "'messages':[{'role':'user','content':'hello'}]";
    private static final String HELLO = "'model':'tiny'," + MESSAGES + ",'seed':7";

    @TempDir
    static Path folder;

    private static Path model;
    private static TestGateway server;

    @BeforeAll
    static void start() throws IOException {
        model = TestGateway.model(folder);
        server = TestGateway.start(TestGateway.config(folder.resolve("data"), model));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void modelsAreListedWithTheirJurisdiction() throws Exception {
        var body = server.get("/v1/models").json();
        assertEquals("list", body.path("object").asText());
        JsonNode tiny = body.path("data").path(0);
        assertEquals("tiny", tiny.path("id").asText());
        assertEquals("model", tiny.path("object").asText());
        assertEquals("sa", tiny.path("diwan").path("jurisdiction").asText());
        assertEquals(tiny, server.get("/v1/models/tiny").json());
        assertEquals(
                "model_not_found",
                server.get("/v1/models/none").error().path("code").asText());
    }

    @Test
    void aWholeAnswerHasOpenAisShape() throws Exception {
        var reply = server.chat("{" + HELLO + ",'max_tokens':8}");
        assertEquals(200, reply.status(), reply.text());
        var body = reply.json();
        assertTrue(body.path("id").asText().startsWith("chatcmpl-"));
        assertEquals("chat.completion", body.path("object").asText());
        assertEquals("tiny", body.path("model").asText());
        assertTrue(body.path("created").asLong() > 1_700_000_000L);
        JsonNode choice = body.path("choices").path(0);
        assertEquals(0, choice.path("index").asInt());
        assertEquals("assistant", choice.path("message").path("role").asText());
        assertTrue(choice.path("message").path("content").isTextual());
        assertEquals("length", choice.path("finish_reason").asText());
        JsonNode usage = body.path("usage");
        assertEquals(8, usage.path("completion_tokens").asInt());
        assertEquals(
                usage.path("prompt_tokens").asInt() + 8,
                usage.path("total_tokens").asInt());
        assertEquals(
                reply.header("diwan-receipt"),
                body.path("diwan").path("receipt").asText());
        assertEquals("internal; sa", reply.header("diwan-label"));
    }

    @Test
    void aStreamSaysWhatTheWholeAnswerSays() throws Exception {
        var whole = server.chat("{" + HELLO + ",'max_tokens':16}").json();
        var reply =
                server.chat("{" + HELLO + ",'max_tokens':16,'stream':true,'stream_options':{'include_usage':true}}");
        assertEquals("text/event-stream", reply.header("content-type"));
        var events = reply.events();
        assertEquals("[DONE]", events.removeLast());
        JsonNode usage = json(events.removeLast());
        JsonNode last = json(events.removeLast());
        assertEquals(whole.path("usage"), usage.path("usage"));
        assertTrue(usage.path("choices").isEmpty());
        assertEquals(
                "length", last.path("choices").path(0).path("finish_reason").asText());
        assertEquals(
                reply.header("diwan-receipt"),
                last.path("diwan").path("receipt").asText());
        assertEquals(
                "assistant",
                json(events.getFirst())
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("role")
                        .asText());
        var text = new StringBuilder();
        for (String event : events) {
            JsonNode chunk = json(event);
            assertEquals("chat.completion.chunk", chunk.path("object").asText());
            assertEquals(last.path("id"), chunk.path("id"));
            assertTrue(chunk.path("choices").path(0).path("finish_reason").isNull());
            text.append(
                    chunk.path("choices").path(0).path("delta").path("content").asText());
        }
        assertEquals(content(whole), text.toString());
    }

    @Test
    void theSameSeedGivesTheSameAnswerAndAnotherSeedAnother() throws Exception {
        String body = "{'model':'tiny','messages':[{'role':'user','content':'hello'}],'max_tokens':24,'seed':";
        String first = content(server.chat(body + "1}").json());
        assertEquals(first, content(server.chat(body + "1}").json()));
        assertNotEquals(first, content(server.chat(body + "2}").json()));
    }

    @Test
    void theAnswerEndsBeforeAStopString() throws Exception {
        String whole = content(server.chat("{" + HELLO + ",'max_tokens':32}").json());
        assertTrue(whole.length() > 8, "the answer is long enough to cut: " + whole);
        String stop = Json.object()
                .put("s", whole.substring(4, 7))
                .path("s")
                .toString()
                .replace("'", "\\u0027");
        var body = server.chat("{" + HELLO + ",'max_tokens':32,'stop':" + stop + "}")
                .json();
        assertEquals(whole.substring(0, whole.indexOf(whole.substring(4, 7))), content(body));
        assertEquals("stop", body.path("choices").path(0).path("finish_reason").asText());
    }

    @Test
    void logprobsComeWithAlternatives() throws Exception {
        var body = server.chat("{" + HELLO + ",'max_tokens':4,'temperature':0,'logprobs':true,'top_logprobs':2}")
                .json();
        JsonNode tokens = body.path("choices").path(0).path("logprobs").path("content");
        assertEquals(4, tokens.size());
        for (JsonNode token : tokens) {
            assertTrue(token.path("logprob").asDouble() <= 0);
            assertEquals(2, token.path("top_logprobs").size());
            // Temperature 0 takes the likeliest.
            assertEquals(
                    token.path("logprob"), token.path("top_logprobs").path(0).path("logprob"));
            assertTrue(token.path("bytes").isArray());
        }
    }

    @Test
    void aBiasedTokenIsTheAnswer() throws Exception {
        var body = server.chat("{" + HELLO + ",'max_tokens':3,'logit_bias':{'100':100},'logprobs':true}")
                .json();
        JsonNode tokens = body.path("choices").path(0).path("logprobs").path("content");
        assertEquals(tokens.path(0).path("bytes"), tokens.path(1).path("bytes"));
        assertEquals(tokens.path(0).path("bytes"), tokens.path(2).path("bytes"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{                            | 400 | -         | -                        | could not parse",
                "{HELLO,'n':2}                | 400 | n         | unsupported_parameter    | must be 1",
                "{HELLO,'temperature':'x'}    | 400 | temperature | -                      | expected a number",
                "{'model':'no',MESSAGES} | 404 | model | model_not_found | does not exist",
                "{HELLO,'max_tokens':100000}  | 400 | messages  | context_length_exceeded  | maximum context length is",
                "{HELLO,'logit_bias':{'99999999':1}} | 400 | logit_bias | -                | names token 99999999",
            })
    void badInputIsRefusedByName(String body, int status, String param, String code, String message) throws Exception {
        long before = server.entries().size();
        var reply = server.chat(body.replace("HELLO", HELLO).replace("MESSAGES", MESSAGES));
        assertEquals(status, reply.status(), reply.text());
        assertEquals(param, reply.error().path("param").textValue());
        assertEquals(code, reply.error().path("code").textValue());
        assertEquals("invalid_request_error", reply.error().path("type").asText());
        assertTrue(reply.error().path("message").asText().contains(message), reply.text());
        assertEquals(before, server.entries().size(), "nothing was decided");
    }

    @Test
    void aPromptOverTheContextIsRefusedWithBothNumbers() throws Exception {
        int context = server.gateway.model().contextLength();
        String text = "x ".repeat(context);
        int prompt = server.gateway
                .model()
                .prompt(List.of(new org.diwan.language.ChatMessage("user", text)), List.of())
                .tokens()
                .length;
        var reply = server.chat("{'model':'tiny','messages':[{'role':'user','content':'" + text + "'}]}");
        assertEquals(400, reply.status());
        assertEquals("context_length_exceeded", reply.error().path("code").asText());
        String message = reply.error().path("message").asText();
        assertTrue(message.contains(context + " tokens") && message.contains(prompt + " tokens"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer ",
                "Bearer dk-0",
                "Basic abc",
                "Bearer dk-0000000000000000000000000000000000000000000"
            })
    void aWrongKeyOpensNothing(String header) throws Exception {
        for (String path : List.of("/v1/models", "/v1/receipts/r-1", "/v1/ledger/entries")) {
            var request = HttpRequest.newBuilder(server.uri(path)).GET();
            if (!header.isEmpty()) request.header("authorization", header);
            var reply = server.send(request);
            assertEquals(401, reply.status(), path);
            assertEquals("invalid_api_key", reply.error().path("code").asText());
        }
    }

    @Test
    void anOversizedBodyIsRefused() throws Exception {
        String body = "{'model':'" + "x".repeat(Json.MAX_BODY_SIZE) + "'}";
        var reply = server.chat(body);
        assertEquals(413, reply.status());
        assertEquals("request_too_large", reply.error().path("code").asText());

        // Without a declared length, the reader itself must stop.
        byte[] endless = new byte[2 * Json.MAX_BODY_SIZE];
        var chunked = server.request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(endless)));
        assertEquals(413, server.send(chunked).status());
    }

    @Test
    void aClientThatGoesAwayFreesItsSlot() throws Exception {
        try (var socket = start(server)) {
            assertTrue(socket.getInputStream().read() > 0, "the answer has begun");
            socket.setSoLinger(true, 0);
        }
        await(
                () -> server.entries().stream()
                        .anyMatch(entry -> entry.path("finish").asText().equals("cancelled")),
                "the end is recorded");
        assertEquals(0, server.gateway.model().active(), "the slot is free");
    }

    @Test
    void receiptsAreForTheirTenantOnly() throws Exception {
        var missing = server.get("/v1/receipts/r-0000000000000000000000");
        assertEquals(404, missing.status());
        assertEquals("receipt_not_found", missing.error().path("code").asText());
    }

    @Test
    void theLogIsServedReadOnlyAndNothingElseIs() throws Exception {
        server.chat("{" + HELLO + ",'max_tokens':1}");
        long size = server.get("/v1/ledger/entries?from=0&count=1")
                .json()
                .path("size")
                .asLong();
        assertTrue(server.get("/log/checkpoint")
                .text()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .equals("" + size));
        assertEquals(2, server.get("/log/vkey").text().lines().count());
        assertEquals(200, server.get("/log/tile/0/000.p/" + size % 256).status());
        for (String path : List.of(
                "/log/",
                "/log/.state/journal",
                "/log/%2e%2e/operator.key",
                "/log/..%2foperator.key",
                "/log/tile/0/000.p/999",
                "/operator.key",
                "/%2e%2e/index.html",
                "/api.class")) assertEquals(404, server.get(path).status(), path);
        assertEquals(
                404, server.send(server.request("/log/checkpoint").DELETE()).status());
    }

    @Test
    void entriesAreListedWithinTheirLimit() throws Exception {
        assertEquals(400, server.get("/v1/ledger/entries?count=501").status());
        assertEquals(400, server.get("/v1/ledger/entries?from=-1").status());
        assertTrue(server.get("/v1/ledger/entries?from=999999")
                .json()
                .path("entries")
                .isEmpty());
    }

    @Test
    void theConsoleIsServedWithItsLibraries() throws Exception {
        // The console is not on this module's class path; that its files are served is the business of `acceptance`.
        assertEquals(404, server.get("/nothing.html").status());
        assertEquals(
                "unknown_url",
                server.send(server.request("/v1/images/generations").POST(HttpRequest.BodyPublishers.noBody()))
                        .error()
                        .path("code")
                        .asText());
    }

    @Test
    void healthAndMetricsSpeak() throws Exception {
        server.chat("{" + HELLO + ",'max_tokens':2}");
        assertEquals("ok", server.get("/health").json().path("status").asText());
        String metrics = server.get("/metrics").text();
        for (String name : List.of(
                "diwan_requests_total{route=\"chat\",status=\"200\"}",
                "diwan_tokens_total{kind=\"completion\"}",
                "diwan_first_token_seconds_count",
                "diwan_engine_queued",
                "diwan_ledger_append_seconds_count")) assertTrue(metrics.contains(name), name);
        assertFalse(metrics.contains("operator"), "no tenant in metrics");
    }

    @Test
    void openRequestsPerKeyAreLimited() throws Exception {
        Path data = folder.resolve("limited");
        try (var limited = TestGateway.start(TestGateway.config(data, model, "sa", new EngineLimits(8, 8, 64), 1))) {
            var open = new ArrayList<Socket>();
            try {
                open.add(slow(limited));
                var reply = limited.chat("{" + HELLO + "}");
                assertEquals(429, reply.status(), reply.text());
                assertEquals("1", reply.header("retry-after"));
                assertEquals("rate_limit_exceeded", reply.error().path("code").asText());
            } finally {
                for (var socket : open) socket.close();
            }
        }
    }

    @Test
    void aFullQueueAnswers503() throws Exception {
        Path data = folder.resolve("busy");
        try (var busy = TestGateway.start(TestGateway.config(data, model, "sa", new EngineLimits(1, 1, 64), 1_000))) {
            var open = new ArrayList<Socket>();
            var refused = new AtomicReference<TestGateway.Reply>();
            try {
                // One slot and one place in the queue; the tiny model is quick, so others keep coming.
                await(
                        () -> {
                            for (int i = 0; i < 4; i++) open.add(start(busy));
                            var reply = busy.chat("{" + HELLO + ",'max_tokens':1}");
                            if (reply.status() == 503) refused.set(reply);
                            return reply.status() == 503;
                        },
                        "the queue is full");
                assertEquals("overloaded", refused.get().error().path("code").asText());
                assertFalse(refused.get().header("retry-after").isEmpty());
            } finally {
                for (var socket : open) socket.close();
            }
        }
    }

    @Test
    void keysAndReceiptsSurviveARestart() throws Exception {
        Path data = folder.resolve("kept");
        String key;
        String receipt;
        try (var first = TestGateway.start(TestGateway.config(data, model))) {
            key = first.key;
            receipt = first.chat("{" + HELLO + ",'max_tokens':2}").header("diwan-receipt");
        }
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(data.resolve("operator.key")));
        for (Path file : List.of(data.resolve("diwan.db")))
            assertFalse(
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(key),
                    "the database holds no key in the clear");
        try (var second = TestGateway.start(TestGateway.config(data, model))) {
            assertEquals(key, second.key);
            assertEquals(
                    receipt,
                    second.get("/v1/receipts/" + receipt).json().path("id").asText());
        }
    }

    @Test
    void whatCannotStartSaysWhy() throws Exception {
        var taken = TestGateway.config(folder.resolve("second"), model);
        var sameData = TestGateway.config(folder.resolve("data"), model);
        var noModel = TestGateway.config(folder.resolve("third"), folder.resolve("none.gguf"));
        assertTrue(failure(sameData).contains("data"), failure(sameData));
        assertTrue(failure(noModel).contains("none.gguf"), failure(noModel));
        var port = new GatewayConfig(
                "127.0.0.1",
                server.gateway.port(),
                taken.data(),
                model,
                List.of(),
                taken.packs(),
                taken.home(),
                taken.sector(),
                List.of(),
                Set.of(),
                1,
                taken.limits(),
                taken.ledger(),
                taken.vault(),
                1,
                0);
        assertTrue(failure(port).contains("127.0.0.1:" + server.gateway.port()), failure(port));
    }

    private static String failure(GatewayConfig config) {
        try (var started = Gateway.start(config)) {
            return "started on " + started.port();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// A long answer in progress, whose first byte has come.
    private static Socket slow(TestGateway server) throws IOException {
        var socket = start(server);
        assertTrue(socket.getInputStream().read() > 0, "the answer has begun");
        return socket;
    }

    private static Socket start(TestGateway server) throws IOException {
        int room = server.gateway.model().contextLength() - 64;
        String body =
                ("{" + HELLO + ",'stream':true,'max_tokens':" + room + ",'logit_bias':{'100':100}}").replace('\'', '"');
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.gateway.port());
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + server.key
                                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition, String what) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, "not within 20 seconds: " + what);
            Thread.sleep(20);
        }
    }

    private static JsonNode json(String text) throws IOException {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String content(JsonNode body) {
        JsonNode content = body.path("choices").path(0).path("message").path("content");
        assertNotNull(content.textValue(), body.toString());
        return content.asText();
    }
}
