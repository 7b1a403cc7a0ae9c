package org.diwan.cloud.receipt;

import java.util.Map;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The answer itself, by the kind of request: words, vectors or scores. The kinds are told apart by
/// their members.
public sealed interface Said permits AnswerOpening, VectorsOpening, ScoresOpening {
    /// The members of the opening's value.
    Map<String, Object> json();

    static Said parse(@Nullable Object json, String path) throws VerificationException {
        if (json instanceof Map<?, ?> map && map.containsKey("vectors")) return VectorsOpening.parse(json, path);
        if (json instanceof Map<?, ?> map && map.containsKey("scores")) return ScoresOpening.parse(json, path);
        return AnswerOpening.parse(json, path);
    }
}
