package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.jspecify.annotations.Nullable;

/// The ledger entry that a sentence about the law was tried on every request there is. Whoever has the
/// packs can prove it again and must come to the same result. Canonical JSON:
///
/// ```
/// {"cases":320000,"day":"2026-11-28","holds":true,"packs":["sa"],"policy":"9f…","result":"07…",
///  "statement":"secret never leaves sa","time":"2026-11-28T00:00:00Z","type":"proved"}
/// ```
///
/// @param time when, ISO 8601 in UTC
/// @param policy digest of the packs, as [org.diwan.sovereignty.policy.Policy#digest]
/// @param day on which the rules are in force
/// @param result digest of the outcome of every case, as
///     [org.diwan.sovereignty.policy.Prover.Proof#result]
public record ProvedEntry(
        String time,
        String statement,
        List<String> packs,
        String policy,
        String day,
        boolean holds,
        long cases,
        String result) {
    public ProvedEntry {
        packs = List.copyOf(packs);
    }

    /// The entry as the ledger keeps it.
    public byte[] bytes() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("type", "proved");
        map.put("time", time);
        map.put("statement", statement);
        map.put("packs", packs);
        map.put("policy", policy);
        map.put("day", day);
        map.put("holds", holds);
        map.put("cases", cases);
        map.put("result", result);
        return CanonicalJson.bytes(map);
    }
}
