package org.diwan.foundry.admit;

import java.util.Map;
import java.util.TreeMap;

/// How many documents came to what, for a stage's manifest:
///
/// ```
/// admitted, redacted, dropped      documents, of all sources; redacted ones are not counted as admitted
/// SOURCE.admitted …                the same of one source
/// SOURCE.dropped.REASON            documents; one with two reasons counts under both
/// found.TYPE, redacted.TYPE        places in all documents
/// obligation.LABEL                 documents that are handed on under it
/// ```
public final class AdmissionCounts {
    private final TreeMap<String, Object> counts = new TreeMap<>(Map.of("admitted", 0L, "redacted", 0L, "dropped", 0L));

    /// Counts a document of `source`.
    public void add(String source, Verdict verdict) {
        String outcome = !verdict.admitted() ? "dropped" : verdict.text() == null ? "admitted" : "redacted";
        add(outcome, 1);
        add(source + "." + outcome, 1);
        if (!verdict.admitted()) for (String reason : verdict.reasons()) add(source + ".dropped." + reason, 1);
        verdict.found().forEach((type, count) -> add("found." + type, count));
        verdict.redacted().forEach((type, count) -> add("redacted." + type, count));
        for (String obligation : verdict.obligations()) add("obligation." + obligation, 1);
    }

    /// The counts by name, JSON values.
    public Map<String, Object> json() {
        return new TreeMap<>(counts);
    }

    private void add(String name, long amount) {
        counts.merge(name, amount, (a, b) -> (Long) a + (Long) b);
    }
}
