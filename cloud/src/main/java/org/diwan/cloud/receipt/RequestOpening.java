package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.cloud.api.Terms;
import org.diwan.language.ChatMessage;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The private half of what an answer depends on: the conversation as the model saw it (after
/// redaction), and those parameters that would give its words away in public. Members for what a
/// request does not use are left out: those of `terms` (see [TermsMembers]), and in a turn `reasoning`,
/// `toolCalls`, `toolCallId` and `name`.
///
/// @param stop texts at which the answer ends
/// @param logitBias token id to what is added to its logit
/// @param terms form of the answer, and tools
public record RequestOpening(List<ChatMessage> messages, List<String> stop, Map<Integer, Float> logitBias, Terms terms)
        implements Asked {
    public RequestOpening {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
        logitBias = Map.copyOf(logitBias);
    }

    @Override
    public Map<String, Object> json() {
        var biases = new HashMap<String, Float>();
        logitBias.forEach((token, bias) -> biases.put(token.toString(), bias));
        Map<String, Object> json = new HashMap<>();
        json.put("messages", messages.stream().map(RequestOpening::turn).toList());
        json.put("stop", stop);
        json.put("logitBias", biases);
        TermsMembers.put(terms, json);
        return json;
    }

    private static Map<String, Object> turn(ChatMessage message) {
        Map<String, Object> turn = new HashMap<>();
        turn.put("role", message.role());
        turn.put("content", message.content());
        if (!message.reasoning().isEmpty()) turn.put("reasoning", message.reasoning());
        if (!message.toolCallId().isEmpty()) turn.put("toolCallId", message.toolCallId());
        if (!message.name().isEmpty()) turn.put("name", message.name());
        if (!message.toolCalls().isEmpty()) turn.put("toolCalls", CallMembers.json(message.toolCalls()));
        return turn;
    }

    static RequestOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("messages", "stop", "logitBias"), TermsMembers.NAMES);
        var messages = new ArrayList<ChatMessage>();
        for (Object turn : fields.list("messages"))
            messages.add(message(turn, fields.path("messages[" + messages.size() + "]")));
        if (!(fields.value("logitBias") instanceof Map<?, ?> map))
            throw new VerificationException(fields.path("logitBias") + " is not a JSON object");
        var biases = new HashMap<Integer, Float>();
        for (var entry : map.entrySet()) {
            if (!((String) entry.getKey()).matches("[0-9]{1,9}") || !(entry.getValue() instanceof Number bias))
                throw new VerificationException(fields.path("logitBias") + " is not from token ids to numbers");
            biases.put(Integer.valueOf((String) entry.getKey()), bias.floatValue());
        }
        return new RequestOpening(messages, fields.texts("stop"), biases, TermsMembers.parse(fields));
    }

    private static ChatMessage message(@Nullable Object turn, String path) throws VerificationException {
        var fields = new EntryFields(
                turn, path, Set.of("role", "content"), Set.of("reasoning", "toolCalls", "toolCallId", "name"));
        return new ChatMessage(
                fields.text("role"),
                fields.text("content"),
                fields.textOrEmpty("reasoning"),
                CallMembers.parse(fields),
                fields.textOrEmpty("toolCallId"),
                fields.textOrEmpty("name"),
                Map.of());
    }
}
