package org.diwan.cloud.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.diwan.cloud.api.ChatRequest;
import org.diwan.cloud.api.Form;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.api.Terms;
import org.diwan.language.Tool;
import org.diwan.language.ToolCall;
import org.diwan.language.json.JsonText;

/// Writes a chat request as any OpenAI-compatible server reads it. Expressions and grammars go under
/// the names that vLLM gives them.
final class ChatBody {
    private ChatBody() {}

    static ObjectNode of(ChatRequest request, String model) {
        var body = Json.object();
        body.put("model", model);
        ArrayNode messages = body.putArray("messages");
        for (var message : request.messages()) write(message, messages.addObject());
        sampling(request, body);
        if (!request.stop().isEmpty()) {
            ArrayNode stops = body.putArray("stop");
            request.stop().forEach(stops::add);
        }
        if (request.maxTokens() != null) body.put("max_tokens", request.maxTokens());
        if (request.stream()) {
            body.put("stream", true);
            body.putObject("stream_options").put("include_usage", true);
        }
        var form = request.terms().form();
        if (form != null) write(form, body);
        if (!request.terms().tools().isEmpty()) write(request.terms(), body);
        return body;
    }

    private static void write(ChatRequest.Message message, ObjectNode node) {
        node.put("role", message.role());
        boolean calls = !message.calls().isEmpty();
        node.put("content", calls && message.content().isEmpty() ? null : message.content());
        if (!message.reasoning().isEmpty()) node.put("reasoning_content", message.reasoning());
        if (!message.callId().isEmpty()) node.put("tool_call_id", message.callId());
        if (!calls) return;
        ArrayNode list = node.putArray("tool_calls");
        for (ToolCall call : message.calls()) {
            var each = list.addObject().put("id", call.id()).put("type", "function");
            each.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        }
    }

    private static void sampling(ChatRequest request, ObjectNode body) {
        var options = request.options();
        options.sent().forEach((name, number) -> {
            switch (number) {
                case Float real -> body.put(name, real);
                case Integer whole -> body.put(name, whole);
                case Long whole -> body.put(name, whole);
                default -> throw new AssertionError(name + " is no number of the API");
            }
        });
        if (!options.logitBias().isEmpty()) {
            ObjectNode biases = body.putObject("logit_bias");
            options.logitBias().forEach((token, bias) -> biases.put(token.toString(), bias));
        }
        if (request.logprobs()) body.put("logprobs", true).put("top_logprobs", options.topLogprobs());
    }

    private static void write(Form form, ObjectNode body) {
        switch (form.kind()) {
            case JSON_OBJECT -> body.putObject("response_format").put("type", "json_object");
            case JSON_SCHEMA -> {
                var format = body.putObject("response_format").put("type", "json_schema");
                var schema =
                        format.putObject("json_schema").put("name", "answer").put("strict", true);
                schema.set("schema", parsed(form.source()));
            }
            case REGEX -> body.put("guided_regex", form.source());
            case GRAMMAR -> body.put("guided_grammar", form.source());
        }
    }

    private static void write(Terms terms, ObjectNode body) {
        ArrayNode list = body.putArray("tools");
        for (Tool tool : terms.tools()) {
            var function = list.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name());
            if (!tool.description().isEmpty()) function.put("description", tool.description());
            if (!tool.parameters().isEmpty()) function.set("parameters", parsed(JsonText.write(tool.parameters())));
        }
        String named = terms.named();
        if (named == null) body.put("tool_choice", terms.choice().label());
        else
            body.putObject("tool_choice")
                    .put("type", "function")
                    .putObject("function")
                    .put("name", named);
        if (!terms.parallel()) body.put("parallel_tool_calls", false);
    }

    private static JsonNode parsed(String json) {
        try {
            return Json.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON text: " + e.getMessage(), e);
        }
    }

    /// The calls of an upstream's message.
    ///
    /// @throws IOException when they are not as OpenAI's API has them
    static List<ToolCall> calls(JsonNode message) throws IOException {
        var calls = new CallPieces();
        for (JsonNode call : message.path("tool_calls")) calls.add(calls.count(), call);
        return calls.whole();
    }
}
