package org.diwan.cloud.receipt;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.policy.DecisionRequest;
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
/// @param sector who answers for the data; the member is left out for `general`
/// @param traits what else is true of the data besides `personal` and `sensitive`, in order; the member
///     is left out if there is nothing
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
        String sector,
        boolean personal,
        boolean sensitive,
        List<String> traits,
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

    private static final Set<String> OPTIONAL = Set.of("sector", "traits");

    private static final String GENERAL = Sector.GENERAL.label();

    public DecidedEntry {
        traits = List.copyOf(traits);
        rules = List.copyOf(rules);
        articles = List.copyOf(articles);
        obligations = List.copyOf(obligations);
    }

    /// Whether the verdict is to go ahead.
    public boolean allowed() {
        return verdict.equals("allow");
    }

    /// What was decided, to be decided again.
    ///
    /// @throws IllegalArgumentException naming a class, sector or trait that there is not
    public DecisionRequest decision() {
        var all = EnumSet.noneOf(Trait.class);
        for (var trait : traits) all.add(Trait.of(trait));
        if (personal) all.add(Trait.PERSONAL);
        if (sensitive) all.add(Trait.SENSITIVE);
        return new DecisionRequest(
                DataClass.of(dataClass),
                Sector.of(sector),
                all,
                new Jurisdiction(origin),
                new Jurisdiction(destination),
                purpose);
    }

    /// The decision that `entry` records; empty if it records something else.
    ///
    /// @throws VerificationException when it is no entry of this platform
    public static Optional<DecidedEntry> read(byte[] entry) throws VerificationException {
        try {
            var json = Json.parse(entry);
            if (!json.path("type").asText().equals("decided")) return Optional.empty();
            return Optional.of(parse(Json.plain(json), "entry"));
        } catch (IOException e) {
            throw new VerificationException("entry: " + e.getMessage());
        }
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
        if (!sector.equals(GENERAL)) map.put("sector", sector);
        if (!traits.isEmpty()) map.put("traits", traits);
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
        var fields = new EntryFields(json, path, MEMBERS, OPTIONAL);
        if (!fields.text("type").equals("decided"))
            throw new VerificationException(fields.path("type") + " is not \"decided\"");
        String verdict = fields.text("verdict");
        if (!verdict.equals("allow") && !verdict.equals("deny"))
            throw new VerificationException(fields.path("verdict") + " is neither \"allow\" nor \"deny\"");
        String sector = fields.textOrEmpty("sector");
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
                sector.isEmpty() ? GENERAL : sector,
                fields.flag("personal"),
                fields.flag("sensitive"),
                fields.value("traits") == null ? List.of() : fields.texts("traits"),
                fields.text("purpose"),
                verdict,
                fields.texts("rules"),
                fields.texts("articles"),
                fields.texts("obligations"),
                fields.hash("policy"),
                fields.hash("request"));
    }
}
