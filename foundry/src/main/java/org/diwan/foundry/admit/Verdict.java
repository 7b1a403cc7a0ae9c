package org.diwan.foundry.admit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What comes of one document.
///
/// @param text what may be learnt from, if other than the document's own; null if not
/// @param reasons short stable words, for a dropped document why
/// @param found how many finds of each type there were in it
/// @param redacted how many of each type are replaced in `text`
/// @param obligations what binds whoever goes on with the document
public record Verdict(
        boolean admitted,
        @Nullable String text,
        List<String> reasons,
        Map<String, Long> found,
        Map<String, Long> redacted,
        List<String> obligations) {
    /// @throws IllegalArgumentException naming the member that is missing or wrong
    static Verdict of(JsonNode line) {
        String verdict = line.path("verdict").asText();
        JsonNode text = line.path("text");
        switch (verdict) {
            case "admit", "drop" -> {}
            case "redact" -> {
                if (!text.isTextual()) throw new IllegalArgumentException("redacted, but there is no text");
            }
            default -> throw new IllegalArgumentException("verdict '" + verdict + "' is not admit, redact or drop");
        }
        return new Verdict(
                !verdict.equals("drop"),
                verdict.equals("redact") ? text.asText() : null,
                words(line, "reasons"),
                counts(line, "found"),
                counts(line, "redacted"),
                words(line, "obligations"));
    }

    private static List<String> words(JsonNode line, String member) {
        var words = new ArrayList<String>();
        for (JsonNode word : line.path(member)) words.add(word.asText());
        if (member.equals("reasons") && words.isEmpty()) throw new IllegalArgumentException("there are no reasons");
        return words;
    }

    private static Map<String, Long> counts(JsonNode line, String member) {
        var counts = new TreeMap<String, Long>();
        line.path(member)
                .properties()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
        return counts;
    }
}
