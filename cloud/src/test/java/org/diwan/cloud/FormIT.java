package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that have a form, and calls of tools. The model has random weights, so that nothing but the
/// grammar can bring the form about.
class FormIT {
    private static final String ASK = "'model':'tiny','max_tokens':300,'messages':[{'role':'user','content':'x'}]";
    private static final String PERSON = "{'type':'object','properties':{'name':{'type':'string','maxLength':6},"
            + "'age':{'type':'integer','minimum':0,'maximum':150},'of':{'enum':['sa','kr']}},"
            + "'required':['name','age','of'],'additionalProperties':false}";
    private static final String TOOLS =
            "'tools':[{'type':'function','function':{'name':'person','description':'d','parameters':" + PERSON
                    + "}},{'type':'function','function':{'name':'now'}}]";

    @TempDir
    static Path folder;

    private static @Nullable TestGateway running;
    private static Path models = Path.of("");
    private static Path data = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        models = Files.createDirectory(folder.resolve("models"));
        data = folder.resolve("data");
        running = TestGateway.start(TestGateway.config(data, TestGateway.model(models)));
    }

    @AfterAll
    static void stop() {
        server().close();
    }

    private static TestGateway server() {
        if (running == null) throw new AssertionError("not started");
        return running;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anAnswerHoldsToItsSchema(int seed) throws Exception {
        var reply = server().chat(
                        "{" + ASK + ",'seed':" + seed + ",'response_format':{'type':'json_schema','json_schema':"
                                + "{'name':'person','strict':true,'schema':" + PERSON + "}}}");
        var choice = choice(reply);
        assertEquals("stop", choice.path("finish_reason").asText(), reply.text());
        checkPerson(parsed(choice.path("message").path("content").asText()));
        replays(reply);
    }

    private static void checkPerson(JsonNode person) {
        assertEquals(3, person.size(), person.toString());
        assertTrue(person.path("name").isTextual(), person.toString());
        String name = person.path("name").textValue();
        assertTrue(name.codePointCount(0, name.length()) <= 6, person.toString());
        int age = person.path("age").asInt(-1);
        assertTrue(person.path("age").isIntegralNumber() && age >= 0 && age <= 150, person.toString());
        assertTrue(List.of("sa", "kr").contains(person.path("of").asText()), person.toString());
    }

    @Test
    void anExpressionAndAGrammarAreKept() throws Exception {
        for (String form : List.of(
                "'guided_regex':'[ab]{3,5}-[0-9]{2}'",
                "'guided_grammar':'root ::= [ab] [ab] [ab] [ab]? [ab]? \\\\'-\\\\' [0-9]{2}'",
                "'grammar':'root ::= [ab]{3,5} [-] [0-9]{2}'")) {
            var reply = server().chat("{" + ASK + "," + form.replace("\\\\'", "\\'") + "}");
            String text = choice(reply).path("message").path("content").asText();
            assertTrue(text.matches("[ab]{3,5}-[0-9]{2}"), reply.text());
            replays(reply);
        }
    }

    @Test
    void anyObjectIsAnObject() throws Exception {
        var reply = server().chat("{" + ASK + ",'seed':3,'response_format':{'type':'json_object'}}");
        var choice = choice(reply);
        String text = choice.path("message").path("content").asText();
        assertTrue(text.startsWith("{"), text);
        if (choice.path("finish_reason").asText().equals("stop"))
            assertTrue(parsed(text).isObject(), text);
        replays(reply);
    }

    @Test
    void anAnswerThatWasCutIsCutAsAlways() throws Exception {
        var reply = server().chat("{" + ASK.replace("300", "5") + ",'guided_regex':'[ab]{90}'}");
        assertEquals("length", choice(reply).path("finish_reason").asText());
        assertTrue(choice(reply).path("message").path("content").asText().matches("[ab]{5,89}"), reply.text());
        replays(reply);
    }

    /// The model's chat template knows no tools; that it calls is the grammar's work alone.
    @ParameterizedTest
    @ValueSource(strings = {"'required'", "{'type':'function','function':{'name':'person'}}"})
    void aDemandedToolIsCalled(String choice) throws Exception {
        boolean named = choice.contains("person");
        for (int seed = 1; seed <= 4; seed++) {
            var reply = server().chat("{" + ASK + "," + TOOLS + ",'seed':" + seed + ",'tool_choice':" + choice + "}");
            var answer = choice(reply);
            assertEquals("tool_calls", answer.path("finish_reason").asText(), reply.text());
            assertTrue(answer.path("message").path("content").isNull(), reply.text());
            var calls = answer.path("message").path("tool_calls");
            assertEquals(1, calls.size());
            assertEquals("function", calls.path(0).path("type").asText());
            assertTrue(calls.path(0).path("id").asText().startsWith("call_"));
            var function = calls.path(0).path("function");
            if (named || function.path("name").asText().equals("person")) {
                assertEquals("person", function.path("name").asText());
                checkPerson(parsed(function.path("arguments").asText()));
            } else {
                assertEquals("now", function.path("name").asText());
                assertEquals("{}", function.path("arguments").asText());
            }
            replays(reply);
        }
    }

    @Test
    void aStreamedCallIsTheWholeOne() throws Exception {
        String body = "{" + ASK + "," + TOOLS + ",'seed':7,'tool_choice':'required'";
        var whole = choice(server().chat(body + "}"))
                .path("message")
                .path("tool_calls")
                .path(0)
                .path("function");
        var reply = server().chat(body + ",'stream':true}");
        var name = new StringBuilder();
        var arguments = new StringBuilder();
        String finish = null;
        for (String event : reply.events()) {
            if (event.equals("[DONE]")) continue;
            var choice = parsed(event).path("choices").path(0);
            assertTrue(choice.path("delta").path("content").asText("").isEmpty(), event);
            var call = choice.path("delta").path("tool_calls").path(0);
            if (!call.isMissingNode()) assertEquals(0, call.path("index").asInt(-1));
            name.append(call.path("function").path("name").asText(""));
            arguments.append(call.path("function").path("arguments").asText(""));
            if (choice.path("finish_reason").isTextual())
                finish = choice.path("finish_reason").asText();
        }
        assertEquals("tool_calls", finish);
        assertEquals(whole.path("name").asText(), name.toString());
        assertEquals(whole.path("arguments").asText(), arguments.toString());
    }

    @Test
    void whatAToolAnsweredIsPartOfTheConversation() throws Exception {
        var reply = server().chat("{'model':'tiny','max_tokens':4,'messages':[{'role':'user','content':'x'},"
                + "{'role':'assistant','content':null,'reasoning_content':'hm','tool_calls':[{'id':'call_1',"
                + "'type':'function','function':{'name':'now','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'call_1','content':'noon'}]}");
        assertEquals(200, reply.status(), reply.text());
        replays(reply);
    }

    /// The same answer under a schema that the model did not have is found out.
    @Test
    void aReceiptWithAnotherSchemaDoesNotVerify() throws Exception {
        var reply = server().chat("{" + ASK + ",'guided_regex':'[ab]{9}'}");
        String receipt = receipt(reply);
        assertTrue(receipt.contains("[ab]{9}"), receipt);
        var e = assertThrows(VerificationException.class, () -> verifier(new ArrayList<>())
                .bindings(receipt.replace("[ab]{9}", "[ab]{8}").getBytes(StandardCharsets.UTF_8)));
        assertTrue(e.toString().contains("openings.request"), e.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '`',
            value = {
                "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'properties':{'x'"
                        + ":{'not':{}}}}}}"
                        + " | response_format.json_schema.schema | unsupported keyword 'not' at /properties/x",
                "'guided_json':'{' | response_format.json_schema.schema | no JSON text",
                "'guided_json':{'type':'strin'} | response_format.json_schema.schema | must be one of",
                "'guided_regex':'(a)\\\\1' | guided_regex | back-references are not supported",
                "'guided_regex':'[b-a]' | guided_regex | a range that runs backwards",
                "'guided_grammar':'root ::= root' | guided_grammar | accepts no text",
                "'grammar':'start ::= [a]' | guided_grammar | no rule 'root'",
                "'tool_choice':'required','tools':[{'type':'function','function':{'name':'f',"
                        + "'parameters':{'type':'array'}}}]"
                        + " | tools | the parameters of a tool are an object",
                "'tool_choice':'required','tools':[{'type':'function','function':{'name':'f','parameters':{'if':{}}}}]"
                        + " | tools | unsupported keyword 'if'",
                "'tools':[{'type':'function','function':{'name':'f'}}] | tools | template does not tell it of tools",
            })
    void whatCannotBeHeldToIsRefusedBeforeAnythingIsDecided(String fields, String param, String message)
            throws Exception {
        int before = server().entries().size();
        var reply = server().chat("{" + ASK + "," + fields + "}");
        assertEquals(400, reply.status(), reply.text());
        assertEquals(param, reply.error().path("param").asText());
        assertTrue(reply.error().path("message").asText().contains(message), reply.text());
        assertEquals(before, server().entries().size());
    }

    /// A number that identifies a person leaves with a tool's description as it does with a message.
    @Test
    void toolsAreClassifiedLikeMessages() throws Exception {
        server().chat("{" + ASK.replace("300", "1") + ",'tools':[{'type':'function','function':{'name':'f',"
                + "'description':'هويتي الوطنية 1058529940'}}],'tool_choice':'none'}");
        var decided = server().last("decided");
        assertTrue(decided != null && decided.path("personal").asBoolean(), String.valueOf(decided));
    }

    private static JsonNode choice(TestGateway.Reply reply) throws IOException {
        assertEquals(200, reply.status(), reply.text());
        return reply.json().path("choices").path(0);
    }

    private static JsonNode parsed(String json) throws IOException {
        return Json.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String receipt(TestGateway.Reply reply) throws IOException, InterruptedException {
        return server().get("/v1/receipts/" + reply.header("diwan-receipt")).text();
    }

    private static ReceiptVerifier verifier(List<String> steps) throws IOException, InterruptedException {
        return new ReceiptVerifier(server().keys(), steps::add);
    }

    private static void replays(TestGateway.Reply reply) throws Exception {
        var steps = new ArrayList<String>();
        var verifier = verifier(steps);
        var receipt = verifier.bindings(receipt(reply).getBytes(StandardCharsets.UTF_8));
        verifier.replay(receipt, models, 1);
        assertTrue(steps.getLast().contains("identical to the bit"), steps.toString());
    }
}
