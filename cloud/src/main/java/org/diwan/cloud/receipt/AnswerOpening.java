package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The answer itself: its text, and the tokens that it was decoded from (none from an upstream).
///
/// @param tokens ids in order, the token that ended the answer included
public record AnswerOpening(String text, List<Integer> tokens) {
    public AnswerOpening {
        tokens = List.copyOf(tokens);
    }

    Map<String, Object> json() {
        return Map.of("text", text, "tokens", tokens);
    }

    static AnswerOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("text", "tokens"));
        var tokens = new ArrayList<Integer>();
        for (Object token : fields.list("tokens")) {
            if (!(token instanceof Long id) || id < 0 || id > Integer.MAX_VALUE)
                throw new VerificationException(fields.path("tokens[" + tokens.size() + "]") + " is not a token id");
            tokens.add(id.intValue());
        }
        return new AnswerOpening(fields.text("text"), tokens);
    }
}
