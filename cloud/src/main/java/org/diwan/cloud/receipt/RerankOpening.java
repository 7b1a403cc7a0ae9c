package org.diwan.cloud.receipt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// What was ranked, as the encoder saw it (after redaction).
public record RerankOpening(String query, List<String> documents) implements Asked {
    public RerankOpening {
        documents = List.copyOf(documents);
    }

    /// The query with each document as `encoder` reads them.
    public List<int[]> tokens(LocalEncoder encoder) {
        return documents.stream()
                .map(document -> encoder.tokenizer().encodePair(query, document))
                .toList();
    }

    @Override
    public Map<String, Object> json() {
        return Map.of("query", query, "documents", documents);
    }

    static RerankOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("query", "documents"));
        return new RerankOpening(fields.text("query"), fields.texts("documents"));
    }
}
