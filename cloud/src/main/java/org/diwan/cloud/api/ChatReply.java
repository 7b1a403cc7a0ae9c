package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.diwan.language.ToolCall;
import org.jspecify.annotations.Nullable;

/// Writes one chat completion, whole or as the chunks of a stream. All bodies of one reply carry the
/// same id, model and time.
///
/// @param id of the completion, `chatcmpl-…`
/// @param created seconds since 1970
/// @param model as the client named it
/// @param fingerprint changes when the same seed may give another answer
/// @param receipt id of the receipt, in the extra field `diwan`
public record ChatReply(String id, long created, String model, String fingerprint, String receipt) {
    /// Tokens read and written; null where an upstream does not say.
    public record Usage(int promptTokens, int completionTokens) {
        ObjectNode json() {
            var usage = Json.object();
            usage.put("prompt_tokens", promptTokens);
            usage.put("completion_tokens", completionTokens);
            usage.put("total_tokens", promptTokens + completionTokens);
            return usage;
        }
    }

    /// What a token could have been.
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    public record Alternative(String text, byte[] bytes, double logprob) {
        ObjectNode json() {
            var node = Json.object();
            node.put("token", text);
            node.put("logprob", logprob);
            ArrayNode list = node.putArray("bytes");
            for (byte b : bytes) list.add(b & 0xff);
            return node;
        }
    }

    /// One element of `logprobs.content`.
    public static ObjectNode logprob(Alternative token, List<Alternative> top) {
        var node = token.json();
        ArrayNode list = node.putArray("top_logprobs");
        for (var other : top) list.add(other.json());
        return node;
    }

    /// What the assistant said.
    ///
    /// @param reasoning what it thought before; empty for none
    public record Message(String text, String reasoning, List<ToolCall> calls) {
        public Message {
            calls = List.copyOf(calls);
        }

        /// As OpenAI: `content` is null where an answer only calls. `reasoning_content` as DeepSeek's API,
        /// vLLM and llama.cpp name it.
        ObjectNode json() {
            var message = Json.object();
            message.put("role", "assistant");
            message.put("content", text.isEmpty() && !calls.isEmpty() ? null : text);
            message.putNull("refusal");
            if (!reasoning.isEmpty()) message.put("reasoning_content", reasoning);
            if (calls.isEmpty()) return message;
            ArrayNode list = message.putArray("tool_calls");
            for (var call : calls) {
                var node = list.addObject().put("id", call.id()).put("type", "function");
                node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
            }
            return message;
        }
    }

    /// The whole answer.
    ///
    /// @param logprobs elements of `logprobs.content`, or null when nobody asked
    public ObjectNode whole(Message message, String finish, @Nullable ArrayNode logprobs, @Nullable Usage usage) {
        var choice = Json.object();
        choice.put("index", 0);
        choice.set("message", message.json());
        choice.set("logprobs", content(logprobs));
        choice.put("finish_reason", finish);
        var body = body("chat.completion", choice);
        if (usage != null) body.set("usage", usage.json());
        body.set("diwan", diwan());
        return body;
    }

    /// The first chunk: who speaks.
    public ObjectNode opening() {
        var delta = Json.object();
        delta.put("role", "assistant");
        delta.put("content", "");
        return chunk(delta, null, null);
    }

    /// A chunk of text.
    public ObjectNode piece(String text, @Nullable ArrayNode logprobs) {
        var delta = Json.object();
        delta.put("content", text);
        return chunk(delta, null, logprobs);
    }

    /// A chunk of reasoning.
    public ObjectNode reasoning(String text) {
        var delta = Json.object();
        delta.put("reasoning_content", text);
        return chunk(delta, null, null);
    }

    /// The chunk that begins call number `index`.
    public ObjectNode callOpening(int index, ToolCall call) {
        var delta = Json.object();
        var node = delta.putArray("tool_calls").addObject();
        node.put("index", index).put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", "");
        return chunk(delta, null, null);
    }

    /// The chunk with the arguments of call number `index`.
    public ObjectNode callArguments(int index, ToolCall call) {
        var delta = Json.object();
        var node = delta.putArray("tool_calls").addObject();
        node.put("index", index);
        node.putObject("function").put("arguments", call.arguments());
        return chunk(delta, null, null);
    }

    /// The last chunk with a choice: why the answer ended, and its receipt.
    public ObjectNode closing(String finish) {
        var body = chunk(Json.object(), finish, null);
        body.set("diwan", diwan());
        return body;
    }

    /// The chunk after the last, for clients that asked for `stream_options.include_usage`.
    public ObjectNode usage(@Nullable Usage usage) {
        var body = body("chat.completion.chunk", null);
        body.set("usage", usage == null ? null : usage.json());
        return body;
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String finish, @Nullable ArrayNode logprobs) {
        var choice = Json.object();
        choice.put("index", 0);
        choice.set("delta", delta);
        choice.set("logprobs", content(logprobs));
        choice.put("finish_reason", finish);
        return body("chat.completion.chunk", choice);
    }

    private ObjectNode body(String kind, @Nullable ObjectNode choice) {
        var body = Json.object();
        body.put("id", id);
        body.put("object", kind);
        body.put("created", created);
        body.put("model", model);
        body.put("system_fingerprint", fingerprint);
        ArrayNode choices = body.putArray("choices");
        if (choice != null) choices.add(choice);
        return body;
    }

    private ObjectNode diwan() {
        var diwan = Json.object();
        diwan.put("receipt", receipt);
        return diwan;
    }

    private static @Nullable JsonNode content(@Nullable ArrayNode logprobs) {
        if (logprobs == null) return null;
        var node = Json.object();
        node.set("content", logprobs);
        node.putNull("refusal");
        return node;
    }
}
