package org.diwan.cloud.receipt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The ledger entry written before anything is generated: what was asked for, under which rules, and
/// the verdict. Canonical JSON; public, so it holds a pseudonym and a commitment, never a text.
///
/// ```
/// {"articles":["…"],"dataClass":"internal","destination":"sa","key":"k-…","model":"tiny",
///  "obligations":[],"origin":"sa","personal":false,"policy":"9f…","purpose":"chat","receipt":"r-…",
///  "request":"5c…","rules":["…"],"sensitive":false,"tenant":"t-…","time":"2026-01-01T00:00:00Z",
///  "type":"decided","upstream":null,"verdict":"allow"}
/// ```
///
/// @param time when, ISO 8601 in UTC
/// @param tenant the pseudonym
/// @param key of the tenant that was used, as [org.diwan.cloud.store.Caller#key]
/// @param model as the client named it
/// @param destination jurisdiction in which the model runs
/// @param upstream name of the upstream, null for a model on this machine
/// @param verdict `allow` or `deny`
/// @param rules ids of the rules that determined the verdict
/// @param articles law and article of each of them
/// @param policy digest of all rules, as [org.diwan.sovereignty.policy.Policy#digest]
/// @param request commitment ([Opening]) to the request as the model sees it; for a denial as asked
public record DecidedEntry(
        String receipt,
        String time,
        String tenant,
        String key,
        String model,
        String origin,
        String destination,
        @Nullable String upstream,
        String dataClass,
        boolean personal,
        boolean sensitive,
        String purpose,
        String verdict,
        List<String> rules,
        List<String> articles,
        List<String> obligations,
        String policy,
        String request) {
    private static final Set<String> MEMBERS = Set.of(
            "type",
            "receipt",
            "time",
            "tenant",
            "key",
            "model",
            "origin",
            "destination",
            "upstream",
            "dataClass",
            "personal",
            "sensitive",
            "purpose",
            "verdict",
            "rules",
            "articles",
            "obligations",
            "policy",
            "request");

    public DecidedEntry {
        rules = List.copyOf(rules);
        articles = List.copyOf(articles);
        obligations = List.copyOf(obligations);
    }

    /// Whether the verdict is to go ahead.
    public boolean allowed() {
        return verdict.equals("allow");
    }

    /// The entry as the ledger keeps it.
    public byte[] bytes() {
        return CanonicalJson.bytes(json());
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put("type", "decided");
        map.put("receipt", receipt);
        map.put("time", time);
        map.put("tenant", tenant);
        map.put("key", key);
        map.put("model", model);
        map.put("origin", origin);
        map.put("destination", destination);
        map.put("upstream", upstream);
        map.put("dataClass", dataClass);
        map.put("personal", personal);
        map.put("sensitive", sensitive);
        map.put("purpose", purpose);
        map.put("verdict", verdict);
        map.put("rules", rules);
        map.put("articles", articles);
        map.put("obligations", obligations);
        map.put("policy", policy);
        map.put("request", request);
        return map;
    }

    static DecidedEntry parse(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(json, path, MEMBERS);
        if (!fields.text("type").equals("decided"))
            throw new VerificationException(fields.path("type") + " is not \"decided\"");
        String verdict = fields.text("verdict");
        if (!verdict.equals("allow") && !verdict.equals("deny"))
            throw new VerificationException(fields.path("verdict") + " is neither \"allow\" nor \"deny\"");
        return new DecidedEntry(
                fields.text("receipt"),
                fields.text("time"),
                fields.text("tenant"),
                fields.text("key"),
                fields.text("model"),
                fields.text("origin"),
                fields.text("destination"),
                fields.value("upstream") == null ? null : fields.text("upstream"),
                fields.text("dataClass"),
                fields.flag("personal"),
                fields.flag("sensitive"),
                fields.text("purpose"),
                verdict,
                fields.texts("rules"),
                fields.texts("articles"),
                fields.texts("obligations"),
                fields.hash("policy"),
                fields.hash("request"));
    }
}
