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
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
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

/// Reads the rules of all packs: Cedar parses them, their annotations become [Rule]s, and a schema
/// made of the packs themselves catches what Cedar alone would let pass: a misspelt class, list,
/// purpose or attribute is refused instead of being a condition that never holds.
///
/// Every rule must carry `@id`, `@law`, `@article`, `@source`, `@confidence` (V, S or K),
/// `@validFrom` and `@explanation`, and may carry `@validTo`, `@explanation_<language>` and, if it
/// permits, `@obligations` (labels parted by commas). Anything else is taken for a misspelling.
final class RuleReader {
    /// A rule, its Cedar form under the rule's id, and the places that it names.
    record Written(Rule rule, Policy policy, Set<Jurisdiction> places) {}

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
                var rules = read(file, text.getValue());
                for (var rule : rules)
                    if (!ids.add(rule.rule.id()))
                        throw new PackException(file, rule.rule.id(), "is the id of another rule");
                validate(file, new PolicySet(rules.stream().map(Written::policy).collect(Collectors.toSet())));
                written.addAll(rules);
            }
        return written;
    }

    private List<Written> read(Path file, String text) throws PackException {
        var rules = new ArrayList<Written>();
        for (var policy : parse(file, text)) {
            Rule rule = rule(file, policy);
            rules.add(new Written(rule, new Policy(policy.getSource(), rule.id()), places(file, rule, policy)));
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
    private Set<Jurisdiction> places(Path file, Rule rule, Policy policy) throws PackException {
        try {
            var places = new TreeSet<Jurisdiction>();
            for (var entity : JSON.readTree(policy.toJson()).findParents("type")) {
                if (!entity.path("type").asText().equals("Jurisdiction")) continue;
                var place = new Jurisdiction(entity.path("id").asText());
                if (!territories.knows(place))
                    throw new IllegalArgumentException(
                            "names the place " + place + ", which no pack and no ISO 3166-1 list knows");
                places.add(place);
            }
            return places;
        } catch (AuthException | JsonProcessingException | IllegalArgumentException e) {
            throw new PackException(file, rule.id(), String.valueOf(e.getMessage()));
        }
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
}
