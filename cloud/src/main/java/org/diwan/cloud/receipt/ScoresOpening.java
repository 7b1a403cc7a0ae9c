package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The relevance scores, in the order of the documents.
public record ScoresOpening(List<Float> scores) implements Said {
    public ScoresOpening {
        scores = List.copyOf(scores);
    }

    @Override
    public Map<String, Object> json() {
        return Map.of("scores", scores);
    }

    static ScoresOpening parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, Set.of("scores"));
        var scores = new ArrayList<Float>();
        for (Object score : fields.list("scores")) {
            if (!(score instanceof Number number))
                throw new VerificationException(fields.path("scores[" + scores.size() + "]") + " is not a number");
            scores.add(number.floatValue());
        }
        return new ScoresOpening(scores);
    }
}
