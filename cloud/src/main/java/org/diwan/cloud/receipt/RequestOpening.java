package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.ChatMessage;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The private half of what an answer depends on: the conversation as the model saw it (after
/// redaction), and those parameters that would give its words away in public.
///
/// @param stop texts at which the answer ends
/// @param logitBias token id to what is added to its logit
public record RequestOpening(List<ChatMessage> messages, List<String> stop, Map<Integer, Float> logitBias) {
    public RequestOpening {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
        logitBias = Map.copyOf(logitBias);
    }

    Map<String, Object> json() {
        var turns = new ArrayList<Map<String, String>>();
        for (var message : messages) turns.add(Map.of("role", message.role(), "content", message.content()));
        var biases = new HashMap<String, Float>();
        logitBias.forEach((token, bias) -> biases.put(token.toString(), bias));
        return Map.of("messages", turns, "stop", stop, "logitBias", biases);
    }

    static RequestOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("messages", "stop", "logitBias"));
        var messages = new ArrayList<ChatMessage>();
        for (Object turn : fields.list("messages")) {
            var message =
                    new EntryFields(turn, fields.path("messages[" + messages.size() + "]"), Set.of("role", "content"));
            messages.add(new ChatMessage(message.text("role"), message.text("content")));
        }
        if (!(fields.value("logitBias") instanceof Map<?, ?> map))
            throw new VerificationException(fields.path("logitBias") + " is not a JSON object");
        var biases = new HashMap<Integer, Float>();
        for (var entry : map.entrySet()) {
            if (!((String) entry.getKey()).matches("[0-9]{1,9}") || !(entry.getValue() instanceof Number bias))
                throw new VerificationException(fields.path("logitBias") + " is not from token ids to numbers");
            biases.put(Integer.valueOf((String) entry.getKey()), bias.floatValue());
        }
        return new RequestOpening(messages, fields.texts("stop"), biases);
    }
}
