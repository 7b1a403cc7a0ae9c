package org.diwan.cloud.receipt;

import java.util.Map;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The private half of what an answer depends on, by the kind of request: a conversation, texts to
/// embed, documents to rank. The kinds are told apart by their members.
public sealed interface Asked permits RequestOpening, EmbedOpening, RerankOpening {
    /// The members of the opening's value.
    Map<String, Object> json();

    static Asked parse(@Nullable Object json, String path) throws VerificationException {
        if (json instanceof Map<?, ?> map && map.containsKey("input")) return EmbedOpening.parse(json, path);
        if (json instanceof Map<?, ?> map && map.containsKey("documents")) return RerankOpening.parse(json, path);
        return RequestOpening.parse(json, path);
    }
}
