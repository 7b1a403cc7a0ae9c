package org.diwan.datacenter.plan;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Writes a certified plan into the ledger, before anybody acts on it. What the checker refuses is not
/// written. Whoever has inventory, demand, packs and the plan's file can check the certificate again and
/// finds these digests. Canonical JSON:
///
/// ```
/// {"cases":3,"certificate":"5c…","day":"2026-11-28","demand":"07…","inventory":"9f…","plan":"1d…",
///  "policy":"31…","replicas":120,"time":"2026-11-28T00:00:00Z","type":"planned","violations":[]}
/// ```
public final class PlanLedger {
    private PlanLedger() {}

    /// Appends the entry; its index.
    ///
    /// @param time when, ISO 8601 in UTC
    /// @throws IllegalArgumentException with the checker's first reason, and nothing is written
    /// @throws IOException when the ledger cannot append: then do not act on the plan
    public static long record(
            Ledger ledger, String time, Inventory inventory, Demand demand, Policy policy, PlanFile file)
            throws IOException {
        var refusals = CertificateChecker.refusals(inventory, demand, policy, file);
        if (!refusals.isEmpty()) throw new IllegalArgumentException("the plan is not recorded: " + refusals.getFirst());
        return ledger.append(entry(time, file));
    }

    private static byte[] entry(String time, PlanFile file) {
        Map<String, @Nullable Object> entry = new HashMap<>();
        entry.put("type", "planned");
        entry.put("time", time);
        entry.put("plan", file.plan().digest());
        entry.put("certificate", file.certificate().digest());
        entry.put("inventory", file.plan().inventory());
        entry.put("demand", file.plan().demand());
        entry.put("policy", file.plan().policy());
        entry.put("day", file.plan().day());
        entry.put("replicas", file.plan().assignments().size());
        entry.put("cases", file.certificate().cases().size());
        entry.put("violations", List.of());
        return CanonicalJson.bytes(entry);
    }
}
