package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.ledger.Ledger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What policy and ledger stop, with the packs as they are shipped.
class SovereigntyIT {
    /// A Saudi ID that passes its check digit, beside the words that say so.
    private static final String SAUDI_ID = "هويتي الوطنية 1058529940";

    @TempDir
    static Path folder;

    private static Path model;
    private static FakeUpstream upstream;
    private static TestGateway server;

    @BeforeAll
    static void start() throws IOException {
        model = TestGateway.model(folder);
        upstream = new FakeUpstream();
        server =
                TestGateway.start(TestGateway.config(folder.resolve("data"), model, upstream.address("partner", "us")));
    }

    @AfterAll
    static void stop() {
        server.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
    }

    @Test
    void upstreamModelsAreListedUnderTheirName() throws Exception {
        JsonNode models = server.get("/v1/models").json().path("data");
        assertEquals("partner/big", models.path(1).path("id").asText());
        assertEquals("us", models.path(1).path("diwan").path("jurisdiction").asText());
    }

    @Test
    void anIdentifierMayNotLeaveAndTheRefusalCitesTheLaw() throws Exception {
        var reply = server.chat(chat("partner/big", SAUDI_ID));
        assertEquals(403, reply.status(), reply.text());
        JsonNode error = reply.error();
        assertEquals("policy_denied", error.path("code").asText());
        JsonNode rule = error.path("diwan").path("rules").path(0);
        assertEquals("sa-pdpl-29-2-b", rule.path("id").asText());
        assertEquals("29(2)(b)", rule.path("article").asText());
        assertTrue(rule.path("law").asText().startsWith("Personal Data Protection Law"));
        assertFalse(rule.path("explanation").asText().isEmpty());
        assertTrue(error.path("message").asText().contains("29(2)(b)"), error.toString());
        assertTrue(upstream.asked.isEmpty(), "nothing left");

        // The refusal is on record, and its receipt verifies.
        String id = reply.header("diwan-receipt");
        var receipt = server.get("/v1/receipts/" + id);
        assertEquals(
                "deny",
                receipt.json().path("decided").path("entry").path("verdict").asText());
        assertTrue(receipt.json().path("decided").path("entry").path("personal").asBoolean());
        new ReceiptVerifier(server.keys(), step -> {})
                .bindings(receipt.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertFalse(server.entries().toString().contains("1058529940"), "the ledger holds no text");
    }

    @Test
    void theSameTextIsAnsweredAtHome() throws Exception {
        assertEquals(200, server.chat(chat("tiny", SAUDI_ID)).status());
    }

    @Test
    void secretDataStaysAtHome() throws Exception {
        assertEquals(
                403,
                server.chat(chat("partner/big", "hello"), "diwan-data-class", "secret")
                        .status());
        assertEquals(
                200,
                server.chat(chat("tiny", "hello"), "diwan-data-class", "secret").status());
        var unknown = server.chat(chat("tiny", "hello"), "diwan-data-class", "cosmic");
        assertEquals(400, unknown.status());
        assertTrue(unknown.error().path("message").asText().contains("public, internal, confidential, secret"));
    }

    @Test
    void anUndeclaredPurposeIsDeniedByDefault() throws Exception {
        var reply = server.chat(chat("tiny", "hello"), "diwan-purpose", "astrology");
        assertEquals(403, reply.status());
        assertTrue(reply.error().path("diwan").path("rules").isEmpty());
    }

    @Test
    void aPurposeIsGrantedByTheOperatorNotByTheHeader() throws Exception {
        var reply = server.chat(chat("partner/big", "هويتي الوطنية 1058529940"), "diwan-purpose", "vital-interest");
        assertEquals(403, reply.status());
        assertEquals("purpose_not_granted", reply.error().path("code").asText());
    }

    @Test
    void harmlessTextGoesUpstreamAndComesBack() throws Exception {
        var reply = server.chat(chat("partner/big", "hello"));
        assertEquals(200, reply.status(), reply.text());
        assertEquals(
                "as you wish",
                reply.json()
                        .path("choices")
                        .path(0)
                        .path("message")
                        .path("content")
                        .asText());
        assertEquals(8, reply.json().path("usage").path("total_tokens").asInt());
        assertEquals("internal; us", reply.header("diwan-label"));
        JsonNode asked = upstream.asked.getLast();
        assertEquals("big", asked.path("model").asText());
        assertEquals("hello", asked.path("messages").path(0).path("content").asText());
        assertEquals("Bearer upstream-secret", upstream.authorizations.getLast());

        var receipt = server.get("/v1/receipts/" + reply.header("diwan-receipt"));
        JsonNode by = receipt.json().path("answered").path("entry").path("by");
        assertEquals("partner", by.path("upstream").asText());
        assertEquals("us", by.path("jurisdiction").asText());
        new ReceiptVerifier(server.keys(), step -> {})
                .bindings(receipt.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// What a client asks of the answer's form goes with the request; calls come back, whole and streamed.
    @Test
    void formsAndToolsGoUpstreamAndCallsComeBack() throws Exception {
        String ask = "{'model':'partner/big','messages':[{'role':'user','content':'hello'},{'role':'assistant',"
                + "'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'c','content':'ok'}]";
        server.chat(ask + ",'guided_regex':'a|b'}");
        assertEquals("a|b", upstream.asked.getLast().path("guided_regex").asText());
        server.chat(
                ask + ",'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'type':'null'}}}}");
        assertEquals(
                "{\"type\":\"null\"}",
                upstream.asked
                        .getLast()
                        .at("/response_format/json_schema/schema")
                        .toString());

        String tools =
                ",'parallel_tool_calls':false,'tools':[{'type':'function','function':{'name':'f','description':'d',"
                        + "'parameters':{'type':'object'}}}],'tool_choice':'required'";
        String call = "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                + "\"arguments\":\"{\\\"x\\\":\"}}]";
        upstream.answer = "{\"choices\":[{\"message\":{\"content\":null," + call.replace("x\\\":", "x\\\":1}")
                + "},\"finish_reason\":\"tool_calls\"}]}";
        var reply = server.chat(ask + tools + "}");
        assertEquals(200, reply.status(), reply.text());
        JsonNode asked = upstream.asked.getLast();
        assertEquals("required", asked.path("tool_choice").asText());
        assertEquals("object", asked.at("/tools/0/function/parameters/type").asText());
        assertTrue(asked.path("parallel_tool_calls").isBoolean());
        assertEquals("c", asked.at("/messages/1/tool_calls/0/id").asText());
        assertEquals("c", asked.at("/messages/2/tool_call_id").asText());
        assertEquals(
                "{\"x\":1}",
                reply.json()
                        .at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText());
        assertEquals("tool_calls", reply.json().at("/choices/0/finish_reason").asText());
        var receipt = server.get("/v1/receipts/" + reply.header("diwan-receipt"));
        assertEquals(
                "f",
                receipt.json().at("/openings/answer/value/toolCalls/0/name").asText());
        new ReceiptVerifier(server.keys(), step -> {})
                .bindings(receipt.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));

        upstream.type = "text/event-stream";
        upstream.answer = "data: {\"choices\":[{\"delta\":{" + call + "}}]}\n\n"
                + "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""
                + "1}\"}}]}}]}\n\n"
                + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n";
        var events = server.chat(ask + tools + ",'stream':true}").text();
        assertTrue(events.contains("\"arguments\":\"{\\\"x\\\":1}\""), events);
        assertTrue(events.contains("\"finish_reason\":\"tool_calls\""), events);

        upstream.answer = upstream.answer.replace("1}", "1");
        assertTrue(server.chat(ask + tools + ",'stream':true}").text().contains("no JSON object for arguments"));
    }

    @Test
    void anUpstreamStreamIsPassedOn() throws Exception {
        upstream.type = "text/event-stream";
        upstream.answer = """
                data: {"choices":[{"delta":{"role":"assistant"}}]}

                data: {"choices":[{"delta":{"content":"as "}}]}

                data: {"choices":[{"delta":{"content":"you wish"},"finish_reason":"stop"}]}

                data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}}

                data: [DONE]

                """;
        var reply = server.chat("{'model':'partner/big','stream':true,'messages':[{'role':'user','content':'x'}]}");
        var text = new StringBuilder();
        var events = reply.events();
        assertEquals("[DONE]", events.removeLast());
        for (String event : events)
            text.append(org.diwan.cloud.api.Json.parse(event.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .path("choices")
                    .path(0)
                    .path("delta")
                    .path("content")
                    .asText(""));
        assertEquals("as you wish", text.toString());
        assertTrue(upstream.asked.getLast().path("stream").asBoolean());
    }

    @Test
    void anUpstreamThatFailsIsA502OnRecord() throws Exception {
        String good = upstream.answer;
        for (int status : List.of(500, 401, 302)) {
            upstream.status = status;
            var reply = server.chat(chat("partner/big", "hello"));
            assertEquals(502, reply.status(), reply.text());
            assertEquals("upstream_error", reply.error().path("code").asText());
            assertTrue(reply.error().path("message").asText().contains("status " + status));
        }
        upstream.status = 200;
        upstream.answer = "{\"surprise\":true}";
        assertEquals(502, server.chat(chat("partner/big", "hello")).status());
        upstream.answer = good;
        assertEquals("upstream_error", last(server, "failed").path("reason").asText());
    }

    /// At home in Germany, an adequate country abroad: Regulation (EU) 2016/679, Art. 5(1)(c).
    @Test
    void identifiersAreRedactedWhereThePolicyObligesTo() throws Exception {
        try (var away = new FakeUpstream();
                var german = TestGateway.start(TestGateway.config(
                        folder.resolve("german"),
                        model,
                        "de",
                        new EngineLimits(8, 8, 64),
                        16,
                        away.address("swiss", "ch")))) {
            var reply = german.chat(chat("swiss/big", "write to anna@example.de please"));
            assertEquals(200, reply.status(), reply.text());
            String sent = away.asked
                    .getLast()
                    .path("messages")
                    .path(0)
                    .path("content")
                    .asText();
            assertEquals("write to [EMAIL] please", sent);
            JsonNode receipt =
                    german.get("/v1/receipts/" + reply.header("diwan-receipt")).json();
            assertEquals(
                    sent,
                    receipt.path("openings")
                            .path("request")
                            .path("value")
                            .path("messages")
                            .path(0)
                            .path("content")
                            .asText());
            assertTrue(receipt.path("decided")
                    .path("entry")
                    .path("obligations")
                    .toString()
                    .contains("redact"));
        }
    }

    /// Traits that no classifier finds are declared, the sector is the operator's, and both are on record.
    @Test
    void whatIsDeclaredOfTheDataIsDecidedAndRecorded() throws Exception {
        var like = TestGateway.config(folder.resolve("agency"), model, upstream.address("partner", "us"));
        var config = new GatewayConfig(
                like.host(),
                0,
                like.data(),
                like.model(),
                List.of(),
                like.packs(),
                new Jurisdiction("ph"),
                Sector.GOVERNMENT,
                like.upstreams(),
                Set.of("vital-interest"),
                1,
                like.limits(),
                like.ledger(),
                like.vault(),
                1,
                0);
        try (var agency = TestGateway.start(config)) {
            var home = agency.chat(chat("tiny", "hello"), "diwan-traits", "personal, national_id");
            assertEquals(200, home.status(), home.text());
            JsonNode entry = agency.get("/v1/receipts/" + home.header("diwan-receipt"))
                    .json()
                    .path("decided")
                    .path("entry");
            assertEquals("government", entry.path("sector").asText());
            assertEquals("[\"national_id\"]", entry.path("traits").toString());
            assertTrue(entry.path("personal").asBoolean());

            String[] headers = {"diwan-purpose", "vital-interest", "diwan-traits", "personal,sensitive"};
            var approval = agency.chat(chat("partner/big", "hello"), headers);
            assertEquals(403, approval.status());
            assertEquals("approval_needed", approval.error().path("code").asText());
            assertTrue(approval.error().path("message").asText().contains("section 23(b)"), approval.text());
            headers[3] += ",bulk";
            var limit = agency.chat(chat("partner/big", "hello"), headers);
            assertEquals(
                    "ph-23-b-2",
                    limit.error().path("diwan").path("rules").path(0).path("id").asText(),
                    limit.text());
            assertTrue(upstream.asked.isEmpty(), "nothing left");
            var unknown = agency.chat(chat("tiny", "hello"), "diwan-traits", "tall");
            assertEquals(400, unknown.status());
            assertTrue(unknown.error().path("message").asText().contains("'tall'"), unknown.text());
        }
    }

    @Test
    void whereTheLawObligesToTellAMachineAnswersSo() throws Exception {
        assertEquals("", server.chat(chat("tiny", "hello")).header("diwan-notice"));
        try (var korean = TestGateway.start(
                TestGateway.config(folder.resolve("korean"), model, "kr", new EngineLimits(8, 8, 64), 16))) {
            assertEquals(
                    "generated by artificial intelligence",
                    korean.chat(chat("tiny", "hello")).header("diwan-notice"));
        }
    }

    @Test
    void aFullDiskMeansThatNothingIsGenerated() throws Exception {
        var appends = new AtomicInteger();
        var config = TestGateway.config(folder.resolve("full"), model);
        try (var full = new TestGateway(
                Gateway.start(config, (ledger, entry) -> {
                    appends.incrementAndGet();
                    throw new IOException("No space left on device");
                }),
                config.data())) {
            for (String stream : List.of("false", "true")) {
                var reply = full.chat(
                        "{'model':'tiny','stream':" + stream + ",'messages':[{'role':'user','content':'x'}]}");
                assertEquals(503, reply.status(), reply.text());
                assertEquals("ledger_unavailable", reply.error().path("code").asText());
                assertTrue(reply.error().path("message").asText().contains("No space left on device"));
                assertFalse(reply.header("retry-after").isEmpty());
            }
            assertEquals(2, appends.get(), "one attempt for each request, and nothing after it");
            String metrics = full.get("/metrics").text();
            assertFalse(metrics.contains("diwan_tokens_total{kind=\"completion\"}"), "no token was generated");
            assertTrue(metrics.contains("diwan_ledger_append_failures_total 2"), metrics);
        }
    }

    @Test
    void anAnswerThatCannotBeRecordedIsWithheld() throws Exception {
        var appends = new AtomicInteger();
        var config = TestGateway.config(folder.resolve("filling"), model);
        try (var filling = new TestGateway(
                Gateway.start(config, (Ledger ledger, byte[] entry) -> {
                    if (appends.incrementAndGet() % 2 == 0) throw new IOException("No space left on device");
                    return ledger.append(entry);
                }),
                config.data())) {
            var whole = filling.chat("{'model':'tiny','max_tokens':2,'messages':[{'role':'user','content':'x'}]}");
            assertEquals(503, whole.status());
            assertFalse(whole.text().contains("choices"));
            var stream = filling.chat(
                    "{'model':'tiny','stream':true,'max_tokens':2,'messages':[{'role':'user','content':'x'}]}");
            assertFalse(stream.text().contains("\"finish_reason\":\"length\""), "a stream without a record has no end");
            assertTrue(stream.text().contains("ledger_unavailable"), stream.text());
        }
    }

    private static String chat(String model, String text) {
        return "{'model':'" + model + "','max_tokens':4,'messages':[{'role':'user','content':'" + text + "'}]}";
    }

    private static JsonNode last(TestGateway server, String type) throws Exception {
        var entry = server.last(type);
        assertNotNull(entry, "an entry of type " + type);
        return entry;
    }
}
