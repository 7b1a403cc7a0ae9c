package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.jspecify.annotations.Nullable;

/// The ledger entry that a corpus was admitted: whoever is shown its manifest can tell that it is this
/// one, and the manifest names every file and every count. Canonical JSON:
///
/// ```
/// {"admitted":2490,"classifier":"classify/1","dropped":12,"law":"9f…","manifest":"07…",
///  "redacted":44,"time":"2026-11-28T00:00:00Z","type":"admitted"}
/// ```
///
/// @param time when it was recorded, ISO 8601 in UTC
/// @param manifest SHA-256 of the stage's `manifest.json`
/// @param law as [org.diwan.cloud.Law#digest]
/// @param classifier as [org.diwan.sovereignty.classify.Classifier#VERSION]
/// @param admitted documents taken as they were; `redacted` and `dropped` are counted apart
public record AdmittedEntry(
        String time, String manifest, String law, String classifier, long admitted, long redacted, long dropped) {
    /// The entry as the ledger keeps it.
    public byte[] bytes() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("type", "admitted");
        map.put("time", time);
        map.put("manifest", manifest);
        map.put("law", law);
        map.put("classifier", classifier);
        map.put("admitted", admitted);
        map.put("redacted", redacted);
        map.put("dropped", dropped);
        return CanonicalJson.bytes(map);
    }
}
