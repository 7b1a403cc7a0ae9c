package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.base.Digest;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Action;

/// Who may have which things done where, and when. A rule that forbids wins over every rule that permits;
/// what no rule permits is denied.
///
/// ```yaml
/// rules:
///   - {id: deliveries, effect: permit, roles: [operator, staff], actions: [go, pick, drop], places: ['*']}
///   - {id: pharmacy, effect: permit, roles: [nurse], actions: ['*'], places: [pharmacy-store], approval: true}
///   - {id: quiet-wards, effect: forbid, roles: ['*'], actions: ['*'], places: [ward-3], hours: 22:00-06:00}
/// approvers: {noor: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}
/// ```
///
/// `places` are ids of places, floors or zones. `*` is everywhere but in restricted zones: these open only to
/// a rule that names them, or a place in them. `go` is a stop without actions. `approval` asks for a second person:
/// one of `approvers`, who are known by the SHA-256 of a key that they have.
///
/// @param digest SHA-256 of the text they were read from, in hexadecimal: what records refer to
public record RobotRules(List<Rule> rules, Map<String, String> approvers, String digest) {
    /// Most rules in a file.
    public static final int MAX_RULES = 1_000;

    /// The action of a stop that has none.
    public static final String GO = "go";

    private static final Set<String> MEMBERS =
            Set.of("id", "effect", "roles", "actions", "places", "hours", "approval");

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build());

    /// Times of day, of which the second may lie on the next.
    private record Hours(LocalTime from, LocalTime to) {
        private boolean hold(LocalTime time) {
            return from.isBefore(to)
                    ? !time.isBefore(from) && time.isBefore(to)
                    : !time.isBefore(from) || time.isBefore(to);
        }
    }

    /// One rule.
    public record Rule(
            String id,
            boolean permits,
            Set<String> roles,
            Set<String> actions,
            Set<String> places,
            Optional<Hours> hours,
            boolean approval) {
        private boolean matches(Actor actor, String action, Set<String> where, boolean restricted, LocalTime time) {
            boolean everywhere = places.contains("*") && !(permits && restricted);
            return speaksOf(roles, actor.role())
                    && speaksOf(actions, action)
                    && (everywhere || places.stream().anyMatch(where::contains))
                    && hours.map(hours -> hours.hold(time)).orElse(true);
        }

        private static boolean speaksOf(Set<String> names, String name) {
            return names.contains("*") || names.contains(name);
        }
    }

    /// Who asks, and who agreed.
    ///
    /// @param approver the second person, if there is one
    public record Actor(String name, String role, Optional<String> approver) {
        private boolean approved() {
            return approver.isPresent() && !approver.get().equals(name);
        }
    }

    /// What the rules say to a job.
    ///
    /// @param rules the ids of those that made it
    /// @param reason why not, and what would have helped; empty when permitted
    /// @param needsApproval whether a second person's word is all that is missing
    /// @param permissions the restricted zones that the job may enter
    public record Verdict(
            boolean permitted,
            List<String> rules,
            Optional<Cause> reason,
            boolean needsApproval,
            List<String> permissions) {}

    /// Rules from YAML.
    ///
    /// @throws IllegalArgumentException naming the rule and what is wrong
    public static RobotRules parse(String text) {
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
        }
        if (!root.path("rules").isArray()) throw new IllegalArgumentException("the file must have a list 'rules'");
        if (root.size() > (root.has("approvers") ? 2 : 1))
            throw new IllegalArgumentException("the file has more than 'rules' and 'approvers'");
        if (root.path("rules").size() > MAX_RULES)
            throw new IllegalArgumentException(
                    "the file has " + root.path("rules").size() + " rules, the limit is " + MAX_RULES);
        var rules = new ArrayList<Rule>();
        var ids = new HashSet<String>();
        for (var node : root.path("rules")) {
            String path = "rules[" + rules.size() + "]";
            try {
                rules.add(rule(node));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
            }
            String id = rules.getLast().id();
            if (!ids.add(id)) throw new IllegalArgumentException(path + ": a second rule with the id " + id);
        }
        return new RobotRules(
                List.copyOf(rules),
                approvers(root.path("approvers")),
                Digest.hex(Digest.sha256(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static Map<String, String> approvers(JsonNode node) {
        var approvers = new LinkedHashMap<String, String>();
        for (var one : node.properties()) {
            if (!one.getValue().asText().matches("[0-9a-f]{64}"))
                throw new IllegalArgumentException(
                        "approvers." + one.getKey() + " must be the SHA-256 of a key, 64 hexadecimal digits");
            approvers.put(one.getKey(), one.getValue().textValue());
        }
        return Map.copyOf(approvers);
    }

    /// Whose key that is.
    public Optional<String> approver(String key) {
        String digest = Digest.hex(Digest.sha256(key.getBytes(StandardCharsets.UTF_8)));
        return approvers.entrySet().stream()
                .filter(one -> one.getValue().equals(digest))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Rule rule(JsonNode node) {
        for (var member : node.properties())
            if (!MEMBERS.contains(member.getKey()))
                throw new IllegalArgumentException("'" + member.getKey() + "' is not known, known are " + MEMBERS);
        String effect = text(node, "effect");
        if (!effect.equals("permit") && !effect.equals("forbid"))
            throw new IllegalArgumentException("'effect' must be permit or forbid, is " + effect);
        if (node.has("approval") && !node.path("approval").isBoolean())
            throw new IllegalArgumentException("'approval' must be true or false, is " + node.path("approval"));
        return new Rule(
                text(node, "id"),
                effect.equals("permit"),
                some(node, "roles"),
                some(node, "actions"),
                some(node, "places"),
                node.has("hours") ? Optional.of(hours(text(node, "hours"))) : Optional.empty(),
                node.path("approval").asBoolean());
    }

    private static String text(JsonNode node, String member) {
        if (!node.path(member).isTextual())
            throw new IllegalArgumentException("'" + member + "' must be text, is " + node.path(member));
        return node.path(member).textValue();
    }

    /// A rule about nobody or nowhere would be one that its author believes in and nothing obeys.
    private static Set<String> some(JsonNode node, String member) {
        var names = new LinkedHashSet<String>();
        for (var name : node.path(member)) {
            if (!name.isTextual())
                throw new IllegalArgumentException("'" + member + "' has " + name + ", must be texts");
            names.add(name.textValue());
        }
        if (names.isEmpty())
            throw new IllegalArgumentException("'" + member + "' must be a list of names, or ['*'] for all");
        return names;
    }

    private static Hours hours(String text) {
        try {
            String[] ends = text.split("-", -1);
            if (ends.length == 2) {
                var hours = new Hours(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
                if (!hours.from().equals(hours.to())) return hours;
            }
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("'hours' must be like 22:00-06:00, is " + text, e);
        }
        throw new IllegalArgumentException("'hours' must be like 22:00-06:00, is " + text);
    }

    /// The zones, floors and places by name that some rule permits to `role`, whatever else it asks for.
    public Set<String> openable(String role) {
        var names = new LinkedHashSet<String>();
        for (var rule : rules) if (rule.permits() && Rule.speaksOf(rule.roles(), role)) names.addAll(rule.places());
        return names;
    }

    /// What the rules say to `actor` having `job` done in the building of `map` at `time` of the day there.
    ///
    /// @throws IllegalArgumentException if the job names a place that is not there
    public Verdict decide(Actor actor, Job job, RoadMap map, LocalTime time) {
        var made = new LinkedHashSet<String>();
        var permissions = new LinkedHashSet<String>();
        boolean approval = false;
        for (var stop : job.stops()) {
            int vertex = map.vertex(stop.place());
            var where = new HashSet<>(Set.of(stop.place(), map.place(vertex).floor()));
            var restricted = new ArrayList<String>();
            for (var zone : map.zones(vertex)) {
                where.add(zone.id());
                if (zone.kind() == Zone.Kind.RESTRICTED) restricted.add(zone.id());
            }
            var actions = stop.actions().isEmpty()
                    ? List.of(GO)
                    : stop.actions().stream().map(Action::actionType).toList();
            for (String action : actions) {
                var matching = rules.stream()
                        .filter(rule -> rule.matches(actor, action, where, !restricted.isEmpty(), time))
                        .toList();
                String what = action + " at " + stop.place();
                var forbidding =
                        matching.stream().filter(rule -> !rule.permits()).findFirst();
                if (forbidding.isPresent()) {
                    String id = forbidding.get().id();
                    return denied(
                            List.of(id),
                            new Cause(
                                    Cause.Kind.FORBIDDEN,
                                    Map.of("place", stop.place(), "rule", id),
                                    what + " is forbidden by " + id));
                }
                if (matching.isEmpty())
                    return denied(
                            List.of(),
                            new Cause(
                                    Cause.Kind.NOT_PERMITTED,
                                    Map.of("place", stop.place()),
                                    "no rule permits " + what));
                var free = matching.stream()
                        .filter(rule -> !rule.approval() || actor.approved())
                        .findFirst();
                approval |= free.isEmpty();
                made.add(free.orElse(matching.getFirst()).id());
            }
            permissions.addAll(restricted);
        }
        if (approval)
            return denied(
                    List.copyOf(made), Cause.of(Cause.Kind.NEEDS_APPROVAL, "needs the approval of a second person"));
        return new Verdict(true, List.copyOf(made), Optional.empty(), false, List.copyOf(permissions));
    }

    private static Verdict denied(List<String> rules, Cause why) {
        return new Verdict(false, rules, Optional.of(why), why.kind() == Cause.Kind.NEEDS_APPROVAL, List.of());
    }
}
