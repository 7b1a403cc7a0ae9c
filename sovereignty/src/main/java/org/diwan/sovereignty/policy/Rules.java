package org.diwan.sovereignty.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.Effect;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.Value;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;

/// The Cedar side: reads the packs' rules, has Cedar check them against a schema, and asks Cedar
/// about one request at a time. Slow (a call crosses into native code as JSON, some 0.3 ms), so
/// [org.diwan.sovereignty.policy.Policy] asks once for each distinct request.
///
/// A rule sees a request so:
/// ```
/// principal  Jurisdiction::"sa"      the origin: whose law the data is under
/// action     Action::"chat"          the purpose
/// resource   Jurisdiction::"de"      the destination, in Jurisdiction::"eu"
/// context    { class: DataClass::"secret", personal: true, sensitive: false }
/// ```
/// and must carry the annotations `@id`, `@law`, `@article`, `@source`, `@confidence`,
/// `@validFrom`, `@explanation`, and may carry `@validTo`, `@explanation_<language>` and
/// `@obligations` (labels parted by commas, on a permit only).
///
/// Cedar, <https://docs.cedarpolicy.com>, 4.10: a forbid beats every permit, and what nothing
/// permits is denied. A rule whose condition fails at run time would be *skipped*, which for a
/// forbid means silence where there should be a no; the schema excludes that, and should it happen
/// all the same, the request is not decided but fails.
final class Rules {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EntityTypeName JURISDICTION = type("Jurisdiction");
    private static final EntityTypeName LIST = type("List");
    private static final EntityTypeName ACTION = type("Action");
    private static final EntityTypeName DATA_CLASS = type("DataClass");

    private final Map<String, Rule> byId;
    private final Territories territories;
    private final PolicySet policies;
    private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();

    private Rules(Map<String, Rule> byId, Territories territories, PolicySet policies) {
        this.byId = byId;
        this.territories = territories;
        this.policies = policies;
    }

    /// The rules of `packs` that are in force on `day`, checked.
    ///
    /// @throws PackException naming the policy file, the rule and what is wrong
    static Rules of(List<Pack> packs, LocalDate day) throws PackException {
        var byId = new TreeMap<String, Rule>();
        var named = new TreeSet<Jurisdiction>();
        var inForce = new HashSet<Policy>();
        var seen = new HashSet<String>();
        for (var pack : packs) {
            var everywhere = new Territories(packs, Set.of());
            for (var file : pack.policies().keySet()) {
                Path path = pack.folder().resolve("policy").resolve(file);
                var all = new HashSet<Policy>();
                for (var policy : parse(path, pack.policies().get(file))) {
                    Rule rule = rule(path, policy);
                    if (!seen.add(rule.id()))
                        throw new PackException(path, rule.id(), "is the id of another rule already");
                    for (var place : named(path, rule, policy)) {
                        if (!everywhere.knows(place))
                            throw new PackException(
                                    path,
                                    rule.id(),
                                    "names the place " + place + ", which no pack and no ISO 3166-1 list knows");
                        named.add(place);
                    }
                    var renamed = new Policy(policy.getSource(), rule.id());
                    all.add(renamed);
                    if (!rule.inForce(day)) continue;
                    byId.put(rule.id(), rule);
                    inForce.add(renamed);
                }
                validate(path, packs, new PolicySet(all));
            }
        }
        return new Rules(byId, new Territories(packs, named), new PolicySet(inForce));
    }

    Collection<Rule> rules() {
        return byId.values();
    }

    Territories territories() {
        return territories;
    }

    /// What Cedar says. Rules come in the order of their ids.
    ///
    /// @throws IllegalStateException if Cedar cannot evaluate a rule, which no checked pack does
    Decision evaluate(DecisionRequest request) {
        var question = new AuthorizationRequest(
                new EntityUID(JURISDICTION, request.origin().code()),
                new EntityUID(ACTION, request.purpose()),
                new EntityUID(JURISDICTION, request.destination().code()),
                Map.<String, Value>of(
                        "class", new EntityUID(DATA_CLASS, request.dataClass().label()),
                        "personal", new PrimBool(request.personal()),
                        "sensitive", new PrimBool(request.sensitive())));
        try {
            var answer = engine.isAuthorized(question, policies, places(request));
            var success = answer.success.orElseThrow(
                    () -> new IllegalStateException("Cedar refuses " + request + ": " + answer));
            if (!success.getErrors().isEmpty())
                throw new IllegalStateException(
                        "Cedar cannot evaluate a rule for " + request + ": " + success.getErrors());
            var rules = success.getReason().stream().sorted().map(this::byId).toList();
            return success.isAllowed() ? new Decision.Allow(rules, obligations(rules)) : new Decision.Deny(rules);
        } catch (AuthException e) {
            throw new IllegalStateException("Cedar fails on " + request, e);
        }
    }

    private Rule byId(String id) {
        var rule = byId.get(id);
        if (rule == null) throw new IllegalStateException("Cedar names the rule '" + id + "', which no pack has");
        return rule;
    }

    private static Set<Obligation> obligations(List<Rule> rules) {
        var obligations = EnumSet.noneOf(Obligation.class);
        for (var rule : rules) obligations.addAll(rule.obligations());
        return obligations;
    }

    private Set<Entity> places(DecisionRequest request) {
        return Stream.of(request.origin(), request.destination())
                .distinct()
                .map(place -> new Entity(
                        new EntityUID(JURISDICTION, place.code()),
                        territories.parents(place).stream().map(Rules::parent).collect(Collectors.toSet())))
                .collect(Collectors.toSet());
    }

    private static EntityUID parent(String parent) {
        int colons = parent.indexOf("::");
        return new EntityUID(parent.startsWith("List") ? LIST : JURISDICTION, parent.substring(colons + 2));
    }

    // --- reading -----------------------------------------------------------------------------

    private static Set<Policy> parse(Path file, String text) throws PackException {
        try {
            var set = PolicySet.parsePolicies(text);
            if (!set.templates.isEmpty())
                throw new PackException(file, "file", "holds a template, which packs cannot link");
            if (set.policies.isEmpty()) throw new PackException(file, "file", "holds no rule");
            return set.policies;
        } catch (AuthException e) {
            throw new PackException(file, "file", "is not Cedar: " + e.getMessage());
        }
    }

    private static Rule rule(Path file, Policy policy) throws PackException {
        Map<String, String> notes;
        boolean permit;
        try {
            notes = new TreeMap<>(policy.getAnnotations());
            permit = policy.effect() == Effect.PERMIT;
        } catch (AuthException e) {
            throw new PackException(file, "file", "is not Cedar: " + e.getMessage());
        }
        String id = take(file, "a rule", notes, "id");
        var explanations = new TreeMap<String, String>();
        explanations.put("en", take(file, id, notes, "explanation"));
        var obligations = EnumSet.noneOf(Obligation.class);
        Rule rule;
        try {
            String owed = notes.remove("obligations");
            if (owed != null) for (var label : owed.split(",", -1)) obligations.add(Obligation.of(label.strip()));
            String last = notes.remove("validTo");
            rule = new Rule(
                    id,
                    permit ? Rule.Effect.PERMIT : Rule.Effect.FORBID,
                    take(file, id, notes, "law"),
                    take(file, id, notes, "article"),
                    explanations.get("en"),
                    languages(explanations, notes),
                    take(file, id, notes, "source"),
                    take(file, id, notes, "confidence"),
                    LocalDate.parse(take(file, id, notes, "validFrom")),
                    last == null ? Optional.empty() : Optional.of(LocalDate.parse(last)),
                    obligations);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new PackException(file, id, String.valueOf(e.getMessage()));
        }
        if (!notes.isEmpty()) throw new PackException(file, id, "has unknown annotations " + notes.keySet());
        return rule;
    }

    private static String take(Path file, String rule, Map<String, String> notes, String name) throws PackException {
        String value = notes.remove(name);
        if (value == null || value.isBlank()) throw new PackException(file, rule, "needs @" + name + "(\"…\")");
        return value;
    }

    /// Moves `explanation_xx` from `notes` to `explanations`, by language tag.
    private static Map<String, String> languages(Map<String, String> explanations, Map<String, String> notes) {
        for (var name : List.copyOf(notes.keySet()))
            if (name.matches("explanation_[a-z]{2,3}"))
                explanations.put(name.substring("explanation_".length()), notes.remove(name));
        return explanations;
    }

    /// The places that a rule names, read from Cedar's own JSON form of it.
    private static Set<Jurisdiction> named(Path file, Rule rule, Policy policy) throws PackException {
        try {
            var named = new TreeSet<Jurisdiction>();
            for (var entity : JSON.readTree(policy.toJson()).findParents("type"))
                if (entity.path("type").asText().equals("Jurisdiction"))
                    named.add(new Jurisdiction(entity.path("id").asText()));
            return named;
        } catch (AuthException | JsonProcessingException | IllegalArgumentException e) {
            throw new PackException(file, rule.id(), String.valueOf(e.getMessage()));
        }
    }

    private static void validate(Path file, List<Pack> packs, PolicySet policies) throws PackException {
        try {
            var answer =
                    new BasicAuthorizationEngine().validate(new ValidationRequest(new Schema(schema(packs)), policies));
            if (answer.success.isEmpty())
                throw new PackException(
                        file,
                        "file",
                        answer.errors.map(errors -> errors.getFirst().message).orElse("does not validate"));
            for (var error : answer.success.get().validationErrors)
                throw new PackException(file, error.getPolicyId(), message(error.getError()));
            for (var warning : answer.success.get().validationWarnings)
                throw new PackException(file, warning.getPolicyId(), message(warning.getError()));
        } catch (AuthException e) {
            throw new PackException(file, "file", String.valueOf(e.getMessage()));
        }
    }

    private static String message(DetailedError error) {
        return error.message + error.help.map(help -> " (" + help + ")").orElse("");
    }

    /// What rules may speak of: a misspelt class, list, purpose or attribute is an error, not a
    /// condition that never holds.
    private static String schema(List<Pack> packs) {
        var lists = packs.stream().flatMap(pack -> pack.lists().keySet().stream());
        var purposes = packs.stream().flatMap(pack -> pack.purposes().stream()).distinct();
        var classes = Stream.of(DataClass.values()).map(DataClass::label);
        return """
                entity DataClass enum [%s];
                entity List enum [%s];
                entity Jurisdiction in [Jurisdiction, List];
                action %s appliesTo {
                    principal: Jurisdiction,
                    resource: Jurisdiction,
                    context: { class: DataClass, personal: Bool, sensitive: Bool }
                };
                """.formatted(quoted(classes), quoted(Stream.concat(Stream.of("none"), lists)), quoted(purposes));
    }

    private static String quoted(Stream<String> names) {
        return names.map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }

    private static EntityTypeName type(String name) {
        return EntityTypeName.parse(name).orElseThrow();
    }
}
