package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.base.Digest;
import org.diwan.datacenter.inventory.Cursor;

/// Who may change whose power. A rule that forbids wins over every rule that permits; what no rule
/// permits is denied.
///
/// ```yaml
/// rules:
///   - {id: shift-restarts, effect: permit, roles: [shift], commands: [GracefulRestart, On], places: [riyadh-1/]}
///   - {id: two-for-off, effect: permit, roles: [shift], commands: [ForceOff], places: [riyadh-1/], approval: true}
///   - {id: never-hall-2, effect: forbid, roles: ['*'], commands: ['*'], places: [riyadh-1/h2/]}
/// ```
///
/// A place holds all that is below it; `*` stands for everything. `approval` asks for a
/// second person.
///
/// @param digest SHA-256 of the text they were read from, in hexadecimal: what records refer to
public record PowerRules(List<Rule> rules, String digest) {
    /// Most rules in a file.
    public static final int MAX_RULES = 1_000;

    /// `On` and `off` are words here, not truth values.
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build());

    /// One rule.
    public record Rule(
            String id,
            boolean permits,
            Set<String> roles,
            Set<String> commands,
            List<String> places,
            boolean approval) {
        private boolean matches(Actor actor, String place, PowerCommand command) {
            return speaksOf(roles, actor.role())
                    && speaksOf(commands, command.name())
                    && places.stream().anyMatch(name -> holds(name, place));
        }

        /// `riyadh-1` and `riyadh-1/` hold all of `riyadh-1/…`, and nothing of `riyadh-10`.
        private static boolean holds(String name, String place) {
            return name.equals("*") || place.equals(name) || place.startsWith(name.endsWith("/") ? name : name + "/");
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

    /// The verdict, and the rule that made it; no rule where none speaks of the request.
    ///
    /// @param missing what would have helped, such as a second person's approval; empty when permitted
    public record Verdict(boolean permitted, Optional<String> rule, String missing) {}

    /// Rules from YAML.
    ///
    /// @throws IllegalArgumentException naming the place and what is wrong
    public static PowerRules parse(String text) {
        try {
            var root = new Cursor("", YAML.readTree(text)).with("rules");
            var rules = root.all("rules", PowerRules::rule);
            var ids = new HashSet<String>();
            for (var rule : rules) if (!ids.add(rule.id())) throw root.wrong("has two rules with the id " + rule.id());
            if (rules.size() > MAX_RULES) throw root.wrong("has more than " + MAX_RULES + " rules");
            return new PowerRules(List.copyOf(rules), Digest.hex(Digest.sha256(text.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
        }
    }

    private static Rule rule(Cursor in) {
        in.with("id", "effect", "roles", "commands", "places", "approval");
        String effect = in.at("effect").text();
        if (!effect.equals("permit") && !effect.equals("forbid"))
            throw in.at("effect").wrong("must be permit or forbid, is " + effect);
        var commands = Set.copyOf(some(in, "commands"));
        for (String command : commands)
            if (!command.equals("*") && !command.equals("Cap") && !PowerCommand.Reset.TYPES.contains(command))
                throw in.at("commands").wrong("has '" + command + "', known are Cap and " + PowerCommand.Reset.TYPES);
        return new Rule(
                in.at("id").text(),
                effect.equals("permit"),
                Set.copyOf(some(in, "roles")),
                commands,
                some(in, "places"),
                in.find("approval").map(PowerRules::truth).orElse(false));
    }

    /// A rule about nobody or nowhere would be a rule that its author believes in and nothing obeys.
    private static List<String> some(Cursor in, String member) {
        var names = in.all(member, Cursor::text);
        if (names.isEmpty()) throw in.wrong("must name some " + member + ", or '*' for all");
        return names;
    }

    /// `yes` is a word, and would else read as no.
    private static boolean truth(Cursor in) {
        if (!in.node().isBoolean()) throw in.wrong("must be true or false, is " + in.node());
        return in.node().booleanValue();
    }

    /// What the rules say to `actor` doing `command` to the server at `place`, a path of the inventory.
    public Verdict decide(Actor actor, String place, PowerCommand command) {
        Optional<String> lacking = Optional.empty();
        Optional<String> permitting = Optional.empty();
        for (var rule : rules) {
            if (!rule.matches(actor, place, command)) continue;
            if (!rule.permits()) return new Verdict(false, Optional.of(rule.id()), "forbidden by " + rule.id());
            if (rule.approval() && !actor.approved()) lacking = lacking.or(() -> Optional.of(rule.id()));
            else permitting = permitting.or(() -> Optional.of(rule.id()));
        }
        if (permitting.isPresent()) return new Verdict(true, permitting, "");
        if (lacking.isPresent()) return new Verdict(false, lacking, "needs the approval of a second person");
        return new Verdict(false, Optional.empty(), "no rule permits it");
    }
}
