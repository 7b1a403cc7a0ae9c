package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.engine.generate.EngineLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model or an upstream says of persons is told redacted where policy obliges to redact: of a
/// German server's upstream in an adequate country, and of Korean residents' numbers at home.
class OutputGuardIT {
    private static final String SAID = "Write to anna@example.de or pay to DE89 3704 0044 0532 0130 00, "
            + "هويتي الوطنية ١٠٥٨٥‏٢٩٩٤٠ شكرا. Nothing else.";
    private static final String TOLD =
            "Write to [EMAIL] or pay to [IBAN], هويتي الوطنية [SAUDI_ID] شكرا. Nothing else.";
    private static final String REDACTED = "{\"EMAIL\":1,\"IBAN\":1,\"SAUDI_ID\":1}";

    /// The question itself has to be personal, or nothing has to be redacted.
    private static final String ASK = "'messages':[{'role':'user','content':'I am bert@example.de'}]";

    /// Redacted at home in Korea; the form alone brings the random model to say a mail address.
    private static final String AT_HOME =
            "'model':'tiny','max_tokens':40,'messages':[{'role':'user','content':" + "'주민등록번호는 971013-9019902입니다'}]";

    @TempDir
    static Path folder;

    private static Path models = Path.of("");
    private static FakeUpstream away;
    private static TestGateway german;
    private static TestGateway korean;

    @BeforeAll
    static void start() throws IOException {
        models = Files.createDirectory(folder.resolve("models"));
        Path model = TestGateway.model(models);
        away = new FakeUpstream();
        var limits = new EngineLimits(8, 8, 64);
        german = TestGateway.start(
                TestGateway.config(folder.resolve("german"), model, "de", limits, 16, away.address("swiss", "ch")));
        korean = TestGateway.start(TestGateway.config(folder.resolve("korean"), model, "kr", limits, 16));
    }

    @AfterAll
    static void stop() {
        german.close();
        korean.close();
        away.close();
    }

    @BeforeEach
    void forget() {
        away.reset();
    }

    @Test
    void anUpstreamsWholeAnswerIsToldRedacted() throws Exception {
        away.answer =
                "{\"choices\":[{\"message\":{\"content\":" + quoted(SAID) + "},\"logprobs\":{\"content\":[{\"token\":"
                        + "\"anna\"}]},\"finish_reason\":\"stop\"}],\"usage\":"
                        + "{\"prompt_tokens\":5,\"completion_tokens\":30}}";
        var reply = german.chat("{'model':'swiss/big'," + ASK + "}");
        assertEquals(200, reply.status(), reply.text());
        assertEquals(TOLD, reply.json().at("/choices/0/message/content").asText());
        assertEquals("stop", reply.json().at("/choices/0/finish_reason").asText());
        assertEquals(35, reply.json().at("/usage/total_tokens").asInt());
        assertFalse(reply.text().contains("\"token\":\"anna\""), "log-probabilities that nobody asked for");
        recorded(german, reply, SAID, TOLD, REDACTED);
        assertFalse(german.entries().toString().contains("anna"), "the ledger holds no text");
    }

    /// However the stream is cut: the pieces put together are the whole answer's redaction.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 200})
    void anUpstreamsStreamIsToldRedacted(int size) throws Exception {
        away.type = "text/event-stream";
        away.answer = stream(SAID, size);
        var reply =
                german.chat("{'model':'swiss/big','stream':true,'stream_options':{'include_usage':true}," + ASK + "}");
        var events = reply.events();
        assertEquals("[DONE]", events.removeLast());
        assertEquals(35, parsed(events.removeLast()).at("/usage/total_tokens").asInt());
        assertEquals(
                "stop", parsed(events.getLast()).at("/choices/0/finish_reason").asText());
        assertEquals(TOLD, content(events));
        for (String event : events) assertFalse(event.contains("anna"), event);
        recorded(german, reply, SAID, TOLD, REDACTED);
    }

    /// Piece by piece as it came: without the obligation nothing waits and nothing is looked for.
    @Test
    void whereNothingHasToBeRedactedTheAnswerPassesAsItComes() throws Exception {
        away.type = "text/event-stream";
        away.answer = stream(SAID, 7);
        var reply = german.chat("{'model':'swiss/big','stream':true,'messages':[{'role':'user','content':'x'}]}");
        var events = reply.events();
        assertEquals(SAID, content(events));
        long pieces =
                events.stream().filter(event -> event.contains("\"content\"")).count();
        assertEquals(1 + (SAID.length() + 6) / 7, pieces, "and the one that opens");
        assertFalse(german.get("/v1/receipts/" + receiptId(reply)).text().contains("redacted"));
    }

    @Test
    void argumentsOfCallsStayJsonAndTellNobody() throws Exception {
        String arguments = "{\"to\":\"\\u0061nna@example.de\",\"national_id\":1058529940,\"n\":[1.50,\"ok\"]}";
        away.answer =
                "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":"
                        + "\"send\",\"arguments\":" + quoted(arguments) + "}}]},\"finish_reason\":\"tool_calls\"}]}";
        var reply = german.chat(
                "{'model':'swiss/big','tools':[{'type':'function','function':{'name':'send'}}]," + ASK + "}");
        assertEquals(
                "{\"to\":\"[EMAIL]\",\"national_id\":\"[SAUDI_ID]\",\"n\":[1.5,\"ok\"]}",
                reply.json()
                        .at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText(),
                reply.text());
        assertEquals("tool_calls", reply.json().at("/choices/0/finish_reason").asText());
        recorded(german, reply, "", "", "{\"EMAIL\":1,\"SAUDI_ID\":1}");
    }

    @Test
    void logprobsAreRefusedOnlyWhereTheyWouldTell() throws Exception {
        var refused = korean.chat("{" + AT_HOME + ",'logprobs':true,'top_logprobs':2}");
        assertEquals(400, refused.status(), refused.text());
        assertEquals("logprobs", refused.error().path("param").asText());
        assertTrue(refused.error().path("message").asText().contains("token by token"), refused.text());
        assertEquals(200, korean.chat("{" + AT_HOME + "}").status());
        var harmless = korean.chat(
                "{'model':'tiny','max_tokens':2,'logprobs':true,'messages':[{'role':'user'," + "'content':'x'}]}");
        assertEquals(200, harmless.status(), harmless.text());
    }

    /// The model's own tokens stay on record, so that it can be run again, beside what was told of them.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aModelsAnswerIsToldRedactedAndReplays(boolean stream) throws Exception {
        var reply =
                korean.chat("{" + AT_HOME + ",'stream':" + stream + ",'guided_regex':'to anna[@]example[.]de now'}");
        assertEquals(200, reply.status(), reply.text());
        String told = stream
                ? content(reply.events())
                : reply.json().at("/choices/0/message/content").asText();
        assertEquals("to [EMAIL] now", told);
        recorded(korean, reply, "to anna@example.de now", told, "{\"EMAIL\":1}");
        assertTrue(steps(korean, reply, true).getLast().contains("identical to the bit"));
    }

    @Test
    void aModelsCallIsToldRedactedAndReplays() throws Exception {
        var reply = korean.chat(
                "{" + AT_HOME.replace("40", "300") + ",'tool_choice':'required','tools':[{'type':'function',"
                        + "'function':{'name':'mail','parameters':{'type':'object','properties':{'to':{'type':'string',"
                        + "'pattern':'^anna[@]example[.]de$'}},'required':['to'],'additionalProperties':false}}}]}");
        assertEquals(200, reply.status(), reply.text());
        assertEquals(
                "{\"to\":\"[EMAIL]\"}",
                reply.json()
                        .at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText(),
                reply.text());
        var steps = steps(korean, reply, true);
        assertTrue(steps.contains("told: the answer, with nothing but identifiers replaced"), steps.toString());
    }

    /// The receipt opens both texts, its entry counts, and it verifies.
    private static void recorded(TestGateway server, TestGateway.Reply reply, String said, String told, String redacted)
            throws Exception {
        JsonNode receipt = server.get("/v1/receipts/" + receiptId(reply)).json();
        JsonNode value = receipt.at("/openings/answer/value");
        assertEquals(said, value.path("text").asText());
        assertEquals(told, value.at("/told/text").asText());
        assertEquals(redacted, receipt.at("/answered/entry/redacted").toString());
        var steps = steps(server, reply, false);
        assertTrue(steps.toString().contains("told: committed to"), steps.toString());
    }

    private static List<String> steps(TestGateway server, TestGateway.Reply reply, boolean replay) throws Exception {
        var steps = new ArrayList<String>();
        var verifier = new ReceiptVerifier(server.keys(), steps::add);
        String receipt = server.get("/v1/receipts/" + receiptId(reply)).text();
        var read = verifier.bindings(receipt.getBytes(StandardCharsets.UTF_8));
        if (replay) verifier.replay(read, models, 1);
        return steps;
    }

    private static String receiptId(TestGateway.Reply reply) {
        return reply.header("diwan-receipt");
    }

    private static String stream(String text, int size) {
        var events = new StringBuilder();
        for (int i = 0; i < text.length(); i += size)
            events.append("data: {\"choices\":[{\"delta\":{\"content\":")
                    .append(quoted(text.substring(i, Math.min(text.length(), i + size))))
                    .append("}}]}\n\n");
        return events + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":30}}\n\ndata: [DONE]\n\n";
    }

    private static String content(List<String> events) throws IOException {
        var text = new StringBuilder();
        for (String event : events)
            if (!event.equals("[DONE]"))
                text.append(parsed(event).at("/choices/0/delta/content").asText(""));
        return text.toString();
    }

    private static JsonNode parsed(String event) throws IOException {
        return Json.parse(event.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return new String(
                Json.bytes(com.fasterxml.jackson.databind.node.TextNode.valueOf(text)), StandardCharsets.UTF_8);
    }
}
