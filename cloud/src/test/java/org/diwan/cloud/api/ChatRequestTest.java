package org.diwan.cloud.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.diwan.language.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is read, and that everything else is refused with the name of the field.
class ChatRequestTest {
    private static final String MESSAGE = "'model':'m','messages':[{'role':'user','content':";
    private static final String CALLS = "'model':'m','messages':[{'role':'assistant','tool_calls':[{";
    private static final String TOOL = "{'type':'function','function':{'name':'f'}}";
    private static final String HI = "'model':'m','messages':[{'role':'user','content':'hi'}]";

    @Test
    void everyHonouredFieldIsRead() {
        var request = parse("{" + HI
                + ",'stream':true,'stream_options':{'include_usage':true},'temperature':0.5,"
                + "'top_p':0.9,'top_k':40,"
                + "'min_p':0.05,'repetition_penalty':1.1,'frequency_penalty':-1,'presence_penalty':2,'seed':-7,"
                + "'logit_bias':{'5':-100},'stop':['a','b'],'max_completion_tokens':9,"
                + "'logprobs':true,'top_logprobs':3}");
        assertEquals("m", request.model());
        assertEquals(List.of(new ChatRequest.Message("user", "hi")), request.messages());
        assertTrue(request.stream() && request.includeUsage() && request.logprobs());
        assertEquals(
                new ChatRequest.Options(0.5f, 40, 0.9f, 0.05f, 1.1f, -1f, 2f, Map.of(5, -100f), -7L, 3),
                request.options());
        assertEquals(List.of("a", "b"), request.stop());
        assertEquals(9, request.maxTokens());
    }

    @Test
    void textPartsAreJoinedAndDevelopersAreSystem() {
        var request = parse("{'model':'m','messages':[{'role':'developer','content':[{'type':'text','text':'a'},"
                + "{'type':'text','text':'b'}]},{'role':'user','content':'','name':'x'}]}");
        assertEquals(
                List.of(new ChatRequest.Message("system", "ab"), new ChatRequest.Message("user", "")),
                request.messages());
    }

    @Test
    void formAndToolsAreRead() {
        assertEquals(
                new Form(Form.Kind.JSON_SCHEMA, "{\"b\":1,\"a\":2}"),
                parse("{" + HI
                                + ",'response_format':{'type':'json_schema','json_schema':{'name':'n',"
                                + "'schema':{'b':1,'a':2}}}}")
                        .terms()
                        .form());
        assertEquals(
                new Form(Form.Kind.JSON_OBJECT, ""),
                parse("{" + HI + ",'response_format':{'type':'json_object'}}")
                        .terms()
                        .form());
        assertEquals(
                new Form(Form.Kind.REGEX, "a|b"),
                parse("{" + HI + ",'guided_regex':'a|b'}").terms().form());
        var free = parse("{" + HI + ",'tools':[" + TOOL + "]}").terms();
        assertEquals(Terms.Choice.AUTO, free.choice());
        assertEquals(List.of("f"), free.offered().stream().map(Tool::name).toList());
        assertEquals(List.of(), free.demanded());
        var named = parse("{" + HI + ",'tools':[" + TOOL + ",{'type':'function','function':{'name':'g'}}],"
                        + "'parallel_tool_calls':false,'tool_choice':{'type':'function','function':{'name':'g'}}}")
                .terms();
        assertEquals(List.of("g"), named.demanded().stream().map(Tool::name).toList());
        assertEquals(2, named.offered().size());
        assertEquals(false, named.parallel());
        assertEquals(
                List.of(),
                parse("{" + HI + ",'tools':[" + TOOL + "],'tool_choice':'none'}")
                        .terms()
                        .offered());
    }

    /// As every SDK serialises fields that nobody set.
    @Test
    void nullsAndHarmlessValuesCountAsAbsent() {
        parse("{" + HI + ",'n':1,'tools':[],'tool_choice':'none','response_format':{'type':'text'},'stop':null,"
                + "'temperature':null,'logit_bias':null,'store':false,'user':'u','metadata':{'a':'b'}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "nonsense                                    | -                    | could not parse the JSON body",
                "{'model':'m'                                | -                    | could not parse the JSON body",
                "{'model':'m','model':'n','messages':[]}     | -                    | uplicate",
                "[]                                          | -                    | must be a JSON object",
                "{'messages':[]}                             | model                | Missing required parameter",
                "{'model':5,'messages':[]}                   | model                | expected a string",
                "{'model':'m'}                               | messages             | Missing required parameter",
                "{'model':'m','messages':{}}                 | messages             | expected an array",
                "{'model':'m','messages':[]}                 | messages             | at least one",
                "{'model':'m','messages':['hi']}             | messages[0]          | expected an object",
                "{'model':'m','messages':[{'content':'x'}]}  | messages[0].role     | Missing required",
                "{'model':'m','messages':[{'role':'robot','content':'x'}]} | messages[0].role | Supported values",
                "{'model':'m','messages':[{'role':'tool','content':'x'}]} | messages[0].tool_call_id | "
                        + "Missing required",
                "{'model':'m','messages':[{'role':'tool','tool_call_id':'c','content':'x'}]} | "
                        + "messages[0].tool_call_id | no call",
                "{'model':'m','messages':[{'role':'assistant','content':null}]} | messages[0].content | "
                        + "Missing required",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':{}}]} | messages[0].tool_calls | "
                        + "expected an array",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':[5]}]} | messages[0].tool_calls[0] "
                        + "| expected an object",
                "{CALLS 'type':'x'}]}]} | messages[0].tool_calls[0].type | only 'function'",
                "{CALLS 'type':'function'}]}]} | messages[0].tool_calls[0].id | Missing required",
                "{CALLS 'type':'function','id':'c'}]}]} | messages[0].tool_calls[0].function | Missing required",
                "{CALLS 'type':'function','id':'c','function':{'name':'f'}}]}]} | messages[0].tool_calls[0].fu"
                        + "nction.arguments | Missing",
                "{CALLS 'type':'function','id':'c','function':{'name':'f','arguments':'[]'}}]}]} | "
                        + "messages[0].tool_calls[0].function.arguments | JSON object",
                "{CALLS 'type':'function','id':'c','x':1,'function':{}}]}]} | messages[0].tool_calls[0].x | "
                        + "Unknown parameter",
                "{'model':'m','messages':[{'role':'user','content':'x','tool_calls':[5]}]} | "
                        + "messages[0].tool_calls | Only an assistant",
                "{'model':'m','messages':[{'role':'assistant','content':'x','reasoning_content':5}]} | "
                        + "messages[0].reasoning_content | expected a string",
                "{'model':'m','messages':[{'role':'user'}]}  | messages[0].content  | Missing required",
                "{MESSAGE 5}]} | messages[0].content | expected a string or an array",
                "{MESSAGE [{'type':'image_url'}]}]} | messages[0].content[0].type | only",
                "{'model':'m','messages':[{'role':'user','content':'\\ud83d'}]} | messages[0].content | lone surrogate",
                "{HI,'n':2}                                  | n                    | must be 1",
                "{HI,'tools':{}}                             | tools                | expected an array",
                "{HI,'tools':[5]}                            | tools[0]             | expected an object",
                "{HI,'tools':[{'type':'x'}]}                 | tools[0].type        | only 'function'",
                "{HI,'tools':[{'type':'function'}]}          | tools[0].function    | Missing required",
                "{HI,'tools':[{'type':'function','function':{}}]} | tools[0].function.name | Missing required",
                "{HI,'tools':[{'type':'function','function':{'name':'a b'}}]} | tools[0].function.name | tool "
                        + "name 'a b'",
                "{HI,'tools':[TOOL,TOOL]}                    | tools[1].function.name | Two tools",
                "{HI,'tools':[{'type':'function','function':{'name':'f','parameters':[]}}]} | "
                        + "tools[0].function.parameters | expected an object",
                "{HI,'tools':[{'type':'function','function':{'name':'f','strict':1}}]} | "
                        + "tools[0].function.strict | expected a boolean",
                "{HI,'tools':[{'type':'function','function':{'name':'f','x':1}}]} | tools[0].function.x | "
                        + "Unknown parameter",
                "{HI,'tools':[TOOL],'parallel_tool_calls':1} | parallel_tool_calls  | expected a boolean",
                "{HI,'tool_choice':'required'}               | tool_choice          | only allowed when 'tools'",
                "{HI,'tools':[TOOL],'tool_choice':'some'}    | tool_choice          | must be 'none', 'auto'",
                "{HI,'tools':[TOOL],'tool_choice':{'type':'allowed_tools'}} | tool_choice.type | only 'function'",
                "{HI,'tools':[TOOL],'tool_choice':{'type':'function'}} | tool_choice.function | Missing required",
                "{HI,'tools':[TOOL],'tool_choice':{'type':'function','function':{'name':'g'}}} | "
                        + "tool_choice.function.name | no tool has",
                "{HI,'functions':[{}]}                       | functions            | replaced by 'tools'",
                "{HI,'response_format':5}                    | response_format      | expected an object",
                "{HI,'response_format':{}}                   | response_format.type | Missing required",
                "{HI,'response_format':{'type':'xml'}}       | response_format.type | Supported values",
                "{HI,'response_format':{'type':'text','x':1}} | response_format.x    | Unknown parameter",
                "{HI,'response_format':{'type':'json_schema'}} | response_format.json_schema | Missing required",
                "{HI,'response_format':{'type':'json_schema','json_schema':{}}} | response_format.json_schema."
                        + "name | Missing",
                "{HI,'response_format':{'type':'json_schema','json_schema':{'name':'n'}}} | "
                        + "response_format.json_schema.schema | Missing",
                "{HI,'guided_regex':5}                       | guided_regex         | expected a string",
                "{HI,'grammar':5}                            | grammar              | expected a string",
                "{HI,'guided_regex':'a','grammar':'b'}       | guided_grammar       | More than one form",
                "{HI,'guided_regex':'a','tools':[TOOL]}      | guided_regex         | only with tool_choice 'none'",
                "{HI,'audio':{'voice':'x'}}                  | audio                | plain text",
                "{HI,'store':true}                           | store                | not supported",
                "{HI,'reasoning_effort':'low'}               | reasoning_effort     | Unknown parameter",
                "{HI,'stream':'yes'}                         | stream               | expected a boolean",
                "{HI,'stream_options':{'include_usage':true}} | stream_options      | only allowed when",
                "{HI,'temperature':3}                        | temperature          | not within 0",
                "{HI,'temperature':'hot'}                    | temperature          | expected a number",
                "{HI,'top_p':-0.1}                           | top_p                | not within 0",
                "{HI,'top_k':1.5}                            | top_k                | expected an integer",
                "{HI,'repetition_penalty':0}                 | repetition_penalty   | not within 0.001",
                "{HI,'seed':9007199254740992}                | seed                 | not within",
                "{HI,'max_tokens':0}                         | max_tokens           | not within 1",
                "{HI,'max_tokens':1,'max_completion_tokens':2} | max_tokens         | differ",
                "{HI,'logit_bias':{'x':1}}                   | logit_bias           | not a token id",
                "{HI,'logit_bias':{'1':101}}                 | logit_bias.1         | not within",
                "{HI,'top_logprobs':2}                       | top_logprobs         | only allowed when",
                "{HI,'logprobs':true,'top_logprobs':21}      | top_logprobs         | not within 0 to 20",
                "{HI,'stop':['a','b','c','d','e']}           | stop                 | limit is 4",
                "{HI,'stop':''}                              | stop                 | empty string",
                "{HI,'stop':5}                               | stop                 | expected a string",
            })
    void badInputIsRefusedByName(String body, String param, String message) {
        var error = assertThrows(
                ApiError.class,
                () -> parse(body.replace("HI", HI)
                        .replace("MESSAGE", MESSAGE)
                        .replace("CALLS", CALLS)
                        .replace("TOOL", TOOL)));
        assertEquals(400, error.status());
        var json = error.body().path("error");
        assertEquals(param, json.path("param").textValue());
        assertTrue(
                json.path("message").asText().contains(message),
                json.path("message").asText());
    }

    @Test
    void limitsHold() {
        refused("{'model':'m','messages':" + "[".repeat(40) + "]".repeat(40) + "}", "epth");
        refused(
                "{'model':'m','messages':[" + "{'role':'user','content':'x'},".repeat(ChatRequest.MAX_MESSAGES)
                        + "{'role':'user','content':'x'}]}",
                "the limit is " + ChatRequest.MAX_MESSAGES);
        refused("{" + HI + ",'stop':'" + "x".repeat(ChatRequest.MAX_STOP_LENGTH + 1) + "'}", "the limit is");
        refused("{" + HI + ",'seed':" + "9".repeat(100) + "}", "Number value length");
    }

    private static void refused(String body, String message) {
        var error = assertThrows(ApiError.class, () -> parse(body));
        String text = error.body().path("error").path("message").asText();
        assertEquals(400, error.status());
        assertTrue(text.contains(message), text);
    }

    private static ChatRequest parse(String body) {
        return ChatRequest.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
