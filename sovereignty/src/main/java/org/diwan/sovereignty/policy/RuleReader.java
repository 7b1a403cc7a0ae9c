package org.diwan.sovereignty.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.Effect;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// Reads the rules of all packs: Cedar parses them, their annotations become [Rule]s, and a schema
/// made of the packs themselves catches what Cedar alone would let pass: a misspelt class, list,
/// purpose or attribute is refused instead of being a condition that never holds.
///
/// Every rule must carry `@id` (beginning with the name of its pack), `@law`, `@article`, `@source`,
/// `@confidence` (V, S or K), `@validFrom`, `@explanation` and `@explanation_<language>` for each
/// language of its pack, and may carry `@validTo`, further languages and, if it permits,
/// `@obligations` (labels parted by commas). Anything else is taken for a misspelling.
final class RuleReader {
    /// A rule, its Cedar form under the rule's id, its condition, and the places that it names.
    record Written(Rule rule, Policy policy, Condition condition, Set<Jurisdiction> places) {}

    private static final List<String> REQUIRED =
            List.of("id", "law", "article", "source", "confidence", "validFrom", "explanation");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Pack> packs;
    private final Territories territories;
    private final Schema schema;

    RuleReader(List<Pack> packs) {
        this.packs = packs;
        this.territories = new Territories(packs, Set.of());
        this.schema = new Schema(schema(packs));
    }

    /// Every rule, in force or not, ids unique over all packs.
    List<Written> read() throws PackException {
        var written = new ArrayList<Written>();
        var ids = new HashSet<String>();
        for (var pack : packs)
            for (var text : pack.policies().entrySet()) {
                Path file = pack.folder().resolve("policy").resolve(text.getKey());
                var rules = read(pack, file, text.getValue());
                for (var rule : rules)
                    if (!ids.add(rule.rule.id()))
                        throw new PackException(file, rule.rule.id(), "is the id of another rule");
                validate(file, new PolicySet(rules.stream().map(Written::policy).collect(Collectors.toSet())));
                written.addAll(rules);
            }
        return written;
    }

    private List<Written> read(Pack pack, Path file, String text) throws PackException {
        var rules = new ArrayList<Written>();
        for (var policy : parse(file, text)) {
            Rule rule = rule(pack, file, policy);
            JsonNode json = json(file, rule, policy);
            var places = places(file, rule, json);
            rules.add(
                    new Written(rule, new Policy(policy.getSource(), rule.id()), condition(file, rule, json), places));
        }
        return rules;
    }

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

    private static Rule rule(Pack pack, Path file, Policy policy) throws PackException {
        Map<String, String> notes;
        boolean permit;
        try {
            notes = new TreeMap<>(policy.getAnnotations());
            permit = policy.effect() == Effect.PERMIT;
        } catch (AuthException e) {
            throw new PackException(file, "file", "is not Cedar: " + e.getMessage());
        }
        String id = notes.getOrDefault("id", "a rule");
        requireAll(pack, file, id, notes);
        notes.remove("id");
        if (!id.startsWith(pack.jurisdiction() + "-"))
            throw new PackException(file, id, "must begin with the name of its pack, " + pack.jurisdiction() + "-");
        var explanations = new TreeMap<String, String>();
        explanations.put("en", take(notes, "explanation"));
        var obligations = new LinkedHashSet<Obligation>();
        Rule rule;
        try {
            String owed = notes.remove("obligations");
            if (owed != null) for (var label : owed.split(",", -1)) obligations.add(Obligation.of(label.strip()));
            String last = notes.remove("validTo");
            rule = new Rule(
                    id,
                    permit ? Rule.Effect.PERMIT : Rule.Effect.FORBID,
                    take(notes, "law"),
                    take(notes, "article"),
                    explanations.get("en"),
                    languages(explanations, notes),
                    take(notes, "source"),
                    take(notes, "confidence"),
                    LocalDate.parse(take(notes, "validFrom")),
                    last == null ? Optional.empty() : Optional.of(LocalDate.parse(last)),
                    obligations);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new PackException(file, id, String.valueOf(e.getMessage()));
        }
        if (!notes.isEmpty()) throw new PackException(file, id, "has unknown annotations " + notes.keySet());
        return rule;
    }

    private static void requireAll(Pack pack, Path file, String rule, Map<String, String> notes) throws PackException {
        var missing = Stream.concat(
                        REQUIRED.stream(), pack.languages().stream().map(language -> "explanation_" + language))
                .filter(name -> notes.getOrDefault(name, "").isBlank())
                .map(name -> "@" + name + "(\"…\")")
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) throw new PackException(file, rule, "needs " + missing);
    }

    private static String take(Map<String, String> notes, String name) {
        return Objects.requireNonNull(notes.remove(name), "asked for before");
    }

    /// Moves `explanation_xx` from `notes` to `explanations`, by language tag.
    private static Map<String, String> languages(Map<String, String> explanations, Map<String, String> notes) {
        for (var name : List.copyOf(notes.keySet()))
            if (name.matches("explanation_[a-z]{2,3}"))
                explanations.put(name.substring("explanation_".length()), notes.remove(name));
        return explanations;
    }

    private static JsonNode json(Path file, Rule rule, Policy policy) throws PackException {
        try {
            return JSON.readTree(policy.toJson());
        } catch (AuthException | JsonProcessingException e) {
            throw new PackException(file, rule.id(), String.valueOf(e.getMessage()));
        }
    }

    private static Condition condition(Path file, Rule rule, JsonNode json) throws PackException {
        try {
            return ConditionReader.read(json);
        } catch (IllegalArgumentException e) {
            throw new PackException(file, rule.id(), String.valueOf(e.getMessage()));
        }
    }

    /// The places that a rule names, read from Cedar's own JSON form of it.
    private Set<Jurisdiction> places(Path file, Rule rule, JsonNode json) throws PackException {
        var places = new TreeSet<Jurisdiction>();
        for (var entity : json.findParents("type")) {
            if (!entity.path("type").asText().equals("Jurisdiction")) continue;
            String code = entity.path("id").asText();
            try {
                places.add(new Jurisdiction(code));
            } catch (IllegalArgumentException e) {
                throw new PackException(file, rule.id(), String.valueOf(e.getMessage()));
            }
            if (!territories.knows(new Jurisdiction(code)))
                throw new PackException(
                        file, rule.id(), "names the place " + code + ", which no pack and no ISO 3166-1 list knows");
        }
        return places;
    }

    private void validate(Path file, PolicySet policies) throws PackException {
        try {
            var answer = new BasicAuthorizationEngine().validate(new ValidationRequest(schema, policies));
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
        var sectors = Stream.of(Sector.values()).map(Sector::label);
        var traits = Stream.of(Trait.values()).map(trait -> trait.label() + ": Bool");
        return """
                entity DataClass enum [%s];
                entity Sector enum [%s];
                entity List enum [%s];
                entity Jurisdiction in [Jurisdiction, List];
                action %s appliesTo {
                    principal: Jurisdiction,
                    resource: Jurisdiction,
                    context: { class: DataClass, sector: Sector, %s }
                };
                """.formatted(
                        quoted(classes),
                        quoted(sectors),
                        quoted(Stream.concat(Stream.of("none"), lists)),
                        quoted(purposes),
                        traits.collect(Collectors.joining(", ")));
    }

    private static String quoted(Stream<String> names) {
        return names.map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }
}
