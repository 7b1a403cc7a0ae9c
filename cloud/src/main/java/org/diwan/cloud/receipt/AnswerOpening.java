package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.ToolCall;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The answer itself, as the model said it: its text, and the tokens that it was decoded from.
///
/// @param tokens ids in order, the token that ended the answer included; from an upstream by its word, none
///     where it did not tell them
/// @param calls of tools, from an upstream; our own models spell them in the text. The member
///     `toolCalls` is left out where there are none
/// @param told what the client was told, where policy obliged to redact; the member is left out where
///     that is what the model said
public record AnswerOpening(
        String text,
        List<Integer> tokens,
        List<ToolCall> calls,
        @Nullable Told told) implements Said {
    public AnswerOpening {
        tokens = List.copyOf(tokens);
        calls = List.copyOf(calls);
    }

    /// An answer that was told as it was said.
    public AnswerOpening(String text, List<Integer> tokens, List<ToolCall> calls) {
        this(text, tokens, calls, null);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new HashMap<>(Map.of("text", text, "tokens", tokens));
        if (!calls.isEmpty()) json.put("toolCalls", CallMembers.json(calls));
        if (told != null) json.put("told", told.json());
        return json;
    }

    static AnswerOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("text", "tokens"), Set.of("toolCalls", "told"));
        return new AnswerOpening(
                fields.text("text"),
                EntryFields.tokens(fields.list("tokens"), fields.path("tokens")),
                CallMembers.parse(fields),
                fields.value("told") == null ? null : Told.parse(fields.value("told"), fields.path("told")));
    }
}
