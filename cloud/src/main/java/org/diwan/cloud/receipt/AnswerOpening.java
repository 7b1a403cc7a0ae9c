package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.ToolCall;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The answer itself: its text, and the tokens that it was decoded from.
///
/// @param tokens ids in order, the token that ended the answer included; from an upstream by its word, none
///     where it did not tell them
/// @param calls of tools, from an upstream; our own models spell them in the text. The member
///     `toolCalls` is left out where there are none
public record AnswerOpening(String text, List<Integer> tokens, List<ToolCall> calls) implements Said {
    public AnswerOpening {
        tokens = List.copyOf(tokens);
        calls = List.copyOf(calls);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new HashMap<>(Map.of("text", text, "tokens", tokens));
        if (!calls.isEmpty()) json.put("toolCalls", CallMembers.json(calls));
        return json;
    }

    static AnswerOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("text", "tokens"), Set.of("toolCalls"));
        return new AnswerOpening(
                fields.text("text"),
                EntryFields.tokens(fields.list("tokens"), fields.path("tokens")),
                CallMembers.parse(fields));
    }
}
