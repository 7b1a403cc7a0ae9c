package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The ledger entry written after an answer: everything that is needed to generate it again, and
/// commitments in place of what was said. Canonical JSON:
///
/// ```
/// {"answer":"77…","by":{"cache":"f16","engine":"diwan 0.2.0 sha256:5d…","maxTokens":64,"model":"tiny","sampling":{…},
///  "sha256":"e3…","template":"0b…","trace":"a1…"},"completionTokens":12,
///  "decided":{"hash":"4f…","index":6},"finish":"stop","promptTokens":31,"receipt":"r-…",
///  "tenant":"t-…","time":"2026-01-01T00:00:01Z","type":"answered"}
/// ```
///
/// Where policy obliged to redact, the member `redacted` says what was: `{"EMAIL":2}`.
///
/// @param by who generated it
/// @param promptTokens null where an upstream did not say; so for `completionTokens`
/// @param completionTokens tokens generated, the one that ended the answer included
/// @param finish `stop`, `length`, or `cancelled` when the client went away
/// @param answer commitment ([Opening]) to the answer, as said and as told
/// @param redacted identifiers that the client was not told, by type; null where none had to be looked for
public record AnsweredEntry(
        String receipt,
        String time,
        String tenant,
        DecisionReference decided,
        Maker by,
        @Nullable Integer promptTokens,
        @Nullable Integer completionTokens,
        String finish,
        String answer,
        @Nullable Map<String, Integer> redacted)
        implements Outcome {
    private static final Set<String> MEMBERS = Set.of(
            "type",
            "receipt",
            "time",
            "tenant",
            "decided",
            "by",
            "promptTokens",
            "completionTokens",
            "finish",
            "answer");

    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("type", "answered");
        map.put("receipt", receipt);
        map.put("time", time);
        map.put("tenant", tenant);
        map.put("decided", decided.json());
        map.put("by", by.json());
        map.put("promptTokens", promptTokens);
        map.put("completionTokens", completionTokens);
        map.put("finish", finish);
        map.put("answer", answer);
        if (redacted != null) map.put("redacted", redacted);
        return map;
    }

    static AnsweredEntry parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, MEMBERS, Set.of("redacted"));
        if (!fields.text("type").equals("answered"))
            throw new VerificationException(fields.path("type") + " is neither \"answered\" nor \"failed\"");
        return new AnsweredEntry(
                fields.text("receipt"),
                fields.text("time"),
                fields.text("tenant"),
                DecisionReference.parse(fields.value("decided"), fields.path("decided")),
                Maker.parse(fields.value("by"), fields.path("by")),
                fields.value("promptTokens") == null ? null : fields.count("promptTokens"),
                fields.value("completionTokens") == null ? null : fields.count("completionTokens"),
                fields.text("finish"),
                fields.hash("answer"),
                fields.value("redacted") == null ? null : fields.counts("redacted"));
    }
}
