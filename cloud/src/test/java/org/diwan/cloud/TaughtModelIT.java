package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models whose template speaks of tools or opens the reasoning; their weights are random all the same.
class TaughtModelIT {
    private static final String TURNS = "{% for m in messages %}[{{ m.role }}]{{ m.content }}"
            + "{% for c in m.tool_calls %}<tool_call>{{ c.function.name }}</tool_call>{% endfor %}{% endfor %}";
    private static final String TOOLS =
            "'tools':[{'type':'function','function':{'name':'pick','parameters':{'type':'object',"
                    + "'properties':{'of':{'enum':['a','b']}},'required':['of'],'additionalProperties':false}}}]";

    @TempDir
    Path folder;

    /// The call is spelled as Hermes models do, and read back from that.
    @Test
    void aCallIsSpelledAsTheModelWasTaught() throws Exception {
        var model = model("{% if tools %}{{ tools | tojson }}{% endif %}" + TURNS + "[assistant]");
        try (var server = TestGateway.start(TestGateway.config(folder.resolve("data"), model))) {
            String ask = "{'model':'taught','max_tokens':200,'messages':[{'role':'user','content':'x'}]," + TOOLS;
            var reply = server.chat(ask + ",'tool_choice':'required'}");
            assertEquals(200, reply.status(), reply.text());
            JsonNode choice = reply.json().at("/choices/0");
            assertEquals("tool_calls", choice.path("finish_reason").asText(), reply.text());
            assertEquals(
                    "pick", choice.at("/message/tool_calls/0/function/name").asText());
            String arguments =
                    choice.at("/message/tool_calls/0/function/arguments").asText();
            assertTrue(arguments.matches("\\{\"of\": ?\"[ab]\"}"), arguments);
            String receipt = replays(server, reply);
            assertTrue(receipt.contains("<tool_call>\\n{\\\"name\\\": \\\"pick\\\", \\\"arguments\\\": "), receipt);

            var free = server.chat(ask.replace("200", "8") + ",'tool_choice':'auto'}");
            assertEquals(200, free.status(), free.text());
            int told = free.json().at("/usage/prompt_tokens").asInt();
            var untold = server.chat(ask.replace("200", "8") + ",'tool_choice':'none'}");
            assertTrue(untold.json().at("/usage/prompt_tokens").asInt() < told, "tools are in the prompt, or not");
            replays(server, free);

            // Where the model may choose, only strict tools must have parameters that a grammar can hold.
            String odd = "{'model':'taught','max_tokens':8,'messages':[{'role':'user','content':'x'}],'tools':"
                    + "[{'type':'function','function':{'name':'odd','strict':%s,'parameters':{'type':'object',"
                    + "'not':{'required':['x']}}}}]}";
            var refused = server.chat(odd.formatted("true"));
            assertEquals(400, refused.status(), refused.text());
            assertTrue(refused.text().contains("unsupported keyword 'not'"), refused.text());
            replays(server, server.chat(odd.formatted("false")));
        }
    }

    /// Reasoning that the template opened is not held to the form, and is told as what it is.
    @Test
    void reasoningComesBeforeTheForm() throws Exception {
        var model = model(TURNS + "[assistant]<think>\n");
        try (var server = TestGateway.start(TestGateway.config(folder.resolve("data"), model))) {
            String ask = "{'model':'taught','max_tokens':30,'seed':5,'messages':[{'role':'user','content':'x'}],"
                    + "'guided_regex':'[ab]{3}'";
            var reply = server.chat(ask + "}");
            assertEquals(200, reply.status(), reply.text());
            JsonNode message = reply.json().at("/choices/0/message");
            assertEquals("", message.path("content").asText());
            assertFalse(message.path("reasoning_content").asText().isEmpty(), reply.text());
            assertFalse(message.path("reasoning_content").asText().matches("[ab]*"), reply.text());
            replays(server, reply);
            var stream = server.chat(ask + ",'stream':true}");
            assertTrue(stream.text().contains("\"reasoning_content\":\""), stream.text());
        }
    }

    private static String replays(TestGateway server, TestGateway.Reply reply) throws Exception {
        String receipt =
                server.get("/v1/receipts/" + reply.header("diwan-receipt")).text();
        var steps = new ArrayList<String>();
        var verifier = new ReceiptVerifier(server.keys(), steps::add);
        var read = verifier.bindings(receipt.getBytes(StandardCharsets.UTF_8));
        verifier.replay(read, server.data.resolveSibling("models"), 1);
        assertTrue(steps.getLast().contains("identical to the bit"), steps.toString());
        return receipt;
    }

    /// The random model with a chat template.
    private Path model(String template) throws IOException {
        Path folder = Files.createDirectories(this.folder.resolve("models"));
        Path plain = TestGateway.model(this.folder);
        Path taught = folder.resolve("taught.gguf");
        try (var file = GgufFile.open(plain)) {
            var writer = new GgufWriter();
            for (String key : file.metadata().keySet())
                if (!key.equals("tokenizer.chat_template")) writer.copyMetadata(file, key);
            writer.string("tokenizer.chat_template", template);
            for (var tensor : file.tensors())
                writer.tensor(
                        tensor.name(),
                        tensor.type(),
                        tensor.shape(),
                        target -> MemorySegment.copy(file.data(tensor), 0, target, 0, tensor.size()));
            writer.write(taught);
        }
        return taught;
    }
}
