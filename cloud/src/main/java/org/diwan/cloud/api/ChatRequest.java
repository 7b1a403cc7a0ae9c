package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.language.ToolCall;
import org.jspecify.annotations.Nullable;

/// A chat completion request (OpenAI API reference, "Create chat completion", 2026), as far as Diwan
/// honours it; every other field is refused by name, because silently ignoring what a client asked
/// for is a wrong answer. `top_k`, `min_p` and `repetition_penalty` are the extensions that vLLM and
/// llama.cpp share; `guided_…` and `grammar` are theirs, too.
///
/// @param maxTokens most tokens to generate, or null for as many as fit
public record ChatRequest(
        String model,
        List<Message> messages,
        boolean stream,
        boolean includeUsage,
        Options options,
        List<String> stop,
        @Nullable Integer maxTokens,
        boolean logprobs,
        Terms terms,
        String person) {

    /// One turn. `role` is `system`, `user`, `assistant` or `tool`; OpenAI's `developer` is read as
    /// `system`.
    ///
    /// @param content empty for a turn that only calls tools
    /// @param reasoning what the assistant thought before, as an earlier answer's `reasoning_content`;
    ///     else empty
    /// @param calls of an assistant's turn
    /// @param callId of the call that a tool's turn answers; else empty
    /// @param tool that was called so; else empty
    public record Message(
            String role, String content, String reasoning, List<ToolCall> calls, String callId, String tool) {
        public Message {
            calls = List.copyOf(calls);
        }

        public Message(String role, String content) {
            this(role, content, "", List.of(), "", "");
        }

        /// The same turn with other words.
        public Message withContent(String other) {
            return new Message(role, other, reasoning, calls, callId, tool);
        }
    }

    /// What the client said about sampling; null where it said nothing.
    ///
    /// @param temperature [0, 2]
    /// @param topK 0 is off
    /// @param topP [0, 1]
    /// @param minP [0, 1]
    /// @param repetitionPenalty [0.001, 2], 1 is off
    /// @param frequencyPenalty [-2, 2]
    /// @param presencePenalty [-2, 2]
    /// @param logitBias token id to [-100, 100]
    /// @param topLogprobs alternatives per token, [0, 20]
    public record Options(
            @Nullable Float temperature,
            @Nullable Integer topK,
            @Nullable Float topP,
            @Nullable Float minP,
            @Nullable Float repetitionPenalty,
            @Nullable Float frequencyPenalty,
            @Nullable Float presencePenalty,
            Map<Integer, Float> logitBias,
            @Nullable Long seed,
            int topLogprobs) {
        public Options {
            logitBias = Map.copyOf(logitBias);
        }

        /// The numbers that the client stated, under the names of the API.
        public Map<String, Number> sent() {
            var sent = new TreeMap<String, Number>();
            if (temperature != null) sent.put("temperature", temperature);
            if (topK != null) sent.put("top_k", topK);
            if (topP != null) sent.put("top_p", topP);
            if (minP != null) sent.put("min_p", minP);
            if (repetitionPenalty != null) sent.put("repetition_penalty", repetitionPenalty);
            if (frequencyPenalty != null) sent.put("frequency_penalty", frequencyPenalty);
            if (presencePenalty != null) sent.put("presence_penalty", presencePenalty);
            if (seed != null) sent.put("seed", seed);
            return sent;
        }
    }

    /// Most messages in one request; longer conversations no longer fit a context anyway.
    public static final int MAX_MESSAGES = 2_048;

    /// As OpenAI.
    public static final int MAX_STOPS = 4;

    /// Longest stop string in characters: the stream holds back as much text.
    public static final int MAX_STOP_LENGTH = 256;

    /// As OpenAI's playground; each one costs an addition per token.
    public static final int MAX_BIASES = 1_024;

    /// As OpenAI.
    public static final int MAX_TOP_LOGPROBS = 20;

    /// Seeds that survive JSON in every client: up to 2^53 − 1.
    public static final long MAX_SEED = (1L << 53) - 1;

    private static final int MAX_TOKENS_ASKED = 1 << 24;

    public ChatRequest {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
    }

    /// The request with other messages: what is left of it after redaction.
    public ChatRequest withMessages(List<Message> others) {
        return new ChatRequest(model, others, stream, includeUsage, options, stop, maxTokens, logprobs, terms, person);
    }

    /// Reads a request body.
    ///
    /// @throws ApiError 400 naming the field, the value and the limit
    public static ChatRequest parse(byte[] body) {
        var fields = Fields.of(body);
        refuseWhatDiwanDoesNotDo(fields);

        String model = fields.requiredText("model");
        List<Message> messages = messages(fields);
        boolean stream = fields.flag("stream");
        boolean includeUsage = includeUsage(fields, stream);
        boolean logprobs = fields.flag("logprobs");
        Options options = options(fields, logprobs);
        List<String> stop = stop(fields);
        Integer maxTokens = maxTokens(fields);
        Terms terms = TermsFields.read(fields);
        String person = person(fields);
        fields.refuseOthers();
        return new ChatRequest(
                model, messages, stream, includeUsage, options, stop, maxTokens, logprobs, terms, person);
    }

    private static void refuseWhatDiwanDoesNotDo(Fields fields) {
        fields.refuse("n", "1", "Diwan gives one answer for each request; n must be 1.");
        fields.refuse("functions", "[]", "It was replaced by 'tools'.");
        fields.refuse("function_call", "\"none\"", "It was replaced by 'tool_choice'.");
        fields.refuse("modalities", "[\"text\"]", "Diwan answers with plain text.");
        fields.refuse("audio", "", "Diwan answers with plain text.");
        fields.refuse("prediction", "", "Diwan has no predicted outputs.");
        fields.refuse("web_search_options", "", "Diwan does not search the web.");
        fields.refuse("store", "false", "Diwan keeps requests sealed, for their receipts only.");
        // Said about the request, not asked of the answer: harmless, and every SDK may send them.
        for (String label : List.of("metadata", "prompt_cache_key", "service_tier")) fields.node(label);
    }

    /// Whom a request is about: OpenAI's `safety_identifier`, else its older name `user`, else nobody.
    static String person(Fields fields) {
        String user = fields.text("user");
        String identifier = fields.text("safety_identifier");
        return identifier != null ? identifier : user != null ? user : "";
    }

    private static List<Message> messages(Fields fields) {
        JsonNode list = fields.node("messages");
        if (list == null) throw ApiError.invalid("messages", "Missing required parameter: 'messages'.");
        if (!list.isArray()) throw fields.wrong("messages", "an array", list);
        if (list.isEmpty()) throw ApiError.invalid("messages", "'messages' is empty; expected at least one message.");
        if (list.size() > MAX_MESSAGES)
            throw ApiError.invalid(
                    "messages", "'messages' has " + list.size() + " elements; the limit is " + MAX_MESSAGES + ".");
        var messages = new ArrayList<Message>(list.size());
        var called = new HashMap<String, String>();
        for (JsonNode element : list) {
            Message message = message(element, "messages[" + messages.size() + "]", called);
            for (var call : message.calls()) called.put(call.id(), call.name());
            messages.add(message);
        }
        return messages;
    }

    /// @param called names of the tools called so far, by the id of the call
    private static Message message(JsonNode node, String where, Map<String, String> called) {
        if (!node.isObject())
            throw ApiError.invalid(
                    where,
                    "Invalid type for '" + where + "': expected an object, but got " + Fields.kind(node) + " instead.");
        var fields = new Fields(node, where + ".");
        String role =
                switch (fields.requiredText("role")) {
                    case "system", "developer" -> "system";
                    case "user" -> "user";
                    case "assistant" -> "assistant";
                    case "tool" -> "tool";
                    case String other ->
                        throw ApiError.invalid(
                                fields.path("role"),
                                "Invalid value for '" + fields.path("role") + "': '" + other
                                        + "'. Supported values are: 'system', 'developer', 'user', "
                                        + "'assistant', 'tool'.");
                };
        boolean assistant = role.equals("assistant");
        List<ToolCall> calls = assistant ? TermsFields.calls(fields) : List.of();
        String content = calls.isEmpty() || fields.node("content") != null ? content(fields) : "";
        String reasoning = assistant ? fields.text("reasoning_content") : null;
        String callId = role.equals("tool") ? answered(fields, called) : "";
        fields.node("name");
        fields.refuse("refusal", "", "Diwan does not replay refusals; send them as content.");
        if (!assistant) fields.refuse("tool_calls", "[]", "Only an assistant's turn calls tools.");
        fields.refuse("audio", "", "Diwan reads plain text.");
        fields.refuseOthers();
        return new Message(
                role, content, reasoning == null ? "" : reasoning, calls, callId, called.getOrDefault(callId, ""));
    }

    private static String answered(Fields fields, Map<String, String> called) {
        String id = fields.requiredText("tool_call_id");
        if (called.containsKey(id)) return id;
        throw ApiError.invalid(
                fields.path("tool_call_id"),
                "'" + fields.path("tool_call_id") + "' is '" + id + "', which no call of an earlier message has.");
    }

    private static String content(Fields fields) {
        JsonNode content = fields.node("content");
        if (content == null)
            throw ApiError.invalid(
                    fields.path("content"), "Missing required parameter: '" + fields.path("content") + "'.");
        if (content.isTextual()) return Fields.wholeUnicode(content.textValue(), fields.path("content"));
        if (!content.isArray()) throw fields.wrong("content", "a string or an array of text parts", content);
        var text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            var part = new Fields(content.get(i), fields.path("content[" + i + "]."));
            String type = part.requiredText("type");
            if (!type.equals("text"))
                throw ApiError.unsupported(
                        part.path("type"), "'" + part.path("type") + "' is '" + type + "'; Diwan reads only 'text'.");
            text.append(part.requiredText("text"));
        }
        return Fields.wholeUnicode(text.toString(), fields.path("content"));
    }

    private static boolean includeUsage(Fields fields, boolean stream) {
        JsonNode options = fields.node("stream_options");
        if (options == null) return false;
        if (!stream)
            throw ApiError.invalid("stream_options", "'stream_options' is only allowed when 'stream' is true.");
        if (!options.isObject()) throw fields.wrong("stream_options", "an object", options);
        var inner = new Fields(options, "stream_options.");
        boolean include = inner.flag("include_usage");
        inner.refuse("include_obfuscation", "false", "Diwan pads nothing.");
        inner.refuseOthers();
        return include;
    }

    private static Options options(Fields fields, boolean logprobs) {
        Long top = fields.whole("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top != null && top > 0 && !logprobs)
            throw ApiError.invalid("top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is true.");
        Long topK = fields.whole("top_k", -1, Integer.MAX_VALUE);
        return new Options(
                fields.number("temperature", 0, 2),
                topK == null ? null : (int) Math.max(0, topK), // vLLM says -1 for "off"
                fields.number("top_p", 0, 1),
                fields.number("min_p", 0, 1),
                fields.number("repetition_penalty", 0.001, 2),
                fields.number("frequency_penalty", -2, 2),
                fields.number("presence_penalty", -2, 2),
                biases(fields),
                fields.whole("seed", -MAX_SEED, MAX_SEED),
                top == null ? 0 : top.intValue());
    }

    private static Map<Integer, Float> biases(Fields fields) {
        JsonNode map = fields.node("logit_bias");
        if (map == null) return Map.of();
        if (!map.isObject()) throw fields.wrong("logit_bias", "an object", map);
        if (map.size() > MAX_BIASES)
            throw ApiError.invalid(
                    "logit_bias", "'logit_bias' has " + map.size() + " entries; the limit is " + MAX_BIASES + ".");
        var inner = new Fields((ObjectNode) map, "logit_bias.");
        var biases = new LinkedHashMap<Integer, Float>();
        for (var entry : map.properties()) {
            if (!entry.getKey().matches("[0-9]{1,9}"))
                throw ApiError.invalid("logit_bias", "'" + entry.getKey() + "' in 'logit_bias' is not a token id.");
            Float bias = inner.number(entry.getKey(), -100, 100);
            if (bias != null) biases.put(Integer.parseInt(entry.getKey()), bias);
        }
        return biases;
    }

    private static List<String> stop(Fields fields) {
        JsonNode stop = fields.node("stop");
        if (stop == null) return List.of();
        var strings = new ArrayList<String>();
        if (stop.isTextual()) strings.add(stop.textValue());
        else if (stop.isArray())
            for (JsonNode element : stop) {
                if (!element.isTextual()) throw fields.wrong("stop", "strings", element);
                strings.add(element.textValue());
            }
        else throw fields.wrong("stop", "a string or an array of strings", stop);
        if (strings.size() > MAX_STOPS)
            throw ApiError.invalid(
                    "stop", "'stop' has " + strings.size() + " strings; the limit is " + MAX_STOPS + ".");
        for (String s : strings) {
            if (s.isEmpty()) throw ApiError.invalid("stop", "'stop' has an empty string.");
            if (s.length() > MAX_STOP_LENGTH)
                throw ApiError.invalid(
                        "stop",
                        "A string in 'stop' has " + s.length() + " characters; the limit is " + MAX_STOP_LENGTH + ".");
            Fields.wholeUnicode(s, "stop");
        }
        return strings;
    }

    private static @Nullable Integer maxTokens(Fields fields) {
        Long old = fields.whole("max_tokens", 1, MAX_TOKENS_ASKED);
        Long current = fields.whole("max_completion_tokens", 1, MAX_TOKENS_ASKED);
        if (old != null && current != null && !old.equals(current))
            throw ApiError.invalid("max_tokens", "'max_tokens' and 'max_completion_tokens' differ; send one of them.");
        Long asked = current != null ? current : old;
        return asked == null ? null : asked.intValue();
    }
}
