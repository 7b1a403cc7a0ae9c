package org.diwan.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.PackException;
import org.diwan.sovereignty.policy.Policy;

/// A law as no parliament makes it: any number of random rules over all that Cedar lets a pack say, and
/// random requests to decide.
final class RandomLaw {
    private static final List<String> PLACES = List.of("sa", "de", "fr", "kr", "ph", "jp", "us", "ch", "xb");
    private static final List<String> PURPOSES = List.of("chat", "vital-interest", "research");
    private static final Set<Jurisdiction> MEMBERS = places("sa", "de", "fr", "kr");

    private static final Pattern REFUSED = Pattern.compile("xb-([0-9]+): .* impossible");

    private final SplittableRandom random;

    RandomLaw(SplittableRandom random) {
        this.random = random;
    }

    /// The group `xb` of four countries, one list, and `count` rules. A rule in which Cedar sees that it
    /// can never hold is refused with its id, and drawn again.
    Policy policy(int count) throws PackException {
        var rules = new ArrayList<String>();
        for (int i = 0; i < count; i++) rules.add(rule(i));
        for (int refused = 0; ; refused++) {
            try {
                return Policy.of(List.of(pack(String.join("", rules))), LocalDate.EPOCH);
            } catch (PackException e) {
                var id = REFUSED.matcher(e.toString());
                if (refused > count || !id.find()) throw e;
                int number = Integer.parseInt(id.group(1));
                rules.set(number, rule(number));
            }
        }
    }

    private static Pack pack(String rules) {
        return new Pack(
                Path.of("xb"),
                "Random",
                new Jurisdiction("xb"),
                Set.of(),
                List.of(),
                MEMBERS,
                Map.of(),
                Map.of("xb-listed", places("kr", "jp", "ch")),
                new LinkedHashSet<>(PURPOSES),
                Map.of(),
                Optional.empty(),
                LocalDate.EPOCH,
                "random",
                Map.of("random.cedar", rules),
                List.of(),
                List.of(),
                List.of());
    }

    /// Any request there is, of a law that was loaded.
    DecisionRequest request(Policy policy) {
        var traits = new ArrayList<Trait>();
        for (var trait : Trait.values()) if (random.nextBoolean()) traits.add(trait);
        return new DecisionRequest(
                one(List.of(DataClass.values())),
                one(List.of(Sector.values())),
                Set.copyOf(traits),
                one(List.copyOf(policy.origins())),
                one(List.copyOf(policy.places())),
                one(List.copyOf(policy.purposes())));
    }

    private String rule(int number) {
        boolean permit = random.nextInt(3) > 0;
        String owed =
                permit ? "@obligations(\"" + one(List.of("label", "redact", "retain 30 days", "notify")) + "\") " : "";
        return """
                @id("xb-%d") @law("none") @article("%d") @source("random") @confidence("K")
                @validFrom("1970-01-01") @explanation("Drawn by lot.") %s
                %s (%s, %s, %s) when { %s }%s;
                """.formatted(
                number,
                number,
                owed,
                permit ? "permit" : "forbid",
                scope("principal"),
                one(List.of("action", "action == " + purpose(), "action in [" + purpose() + ", " + purpose() + "]")),
                scope("resource"),
                condition(3),
                random.nextInt(3) == 0 ? " unless { " + condition(2) + " }" : "");
    }

    private String scope(String variable) {
        return switch (random.nextInt(4)) {
            case 0 -> variable;
            case 1 -> variable + " == " + place();
            default -> variable + " in " + group();
        };
    }

    private String condition(int depth) {
        if (depth == 0) return atom();
        return switch (random.nextInt(6)) {
            case 0, 1 -> "(" + condition(depth - 1) + " && " + condition(depth - 1) + ")";
            case 2, 3 -> "(" + condition(depth - 1) + " || " + condition(depth - 1) + ")";
            case 4 -> "!(" + condition(depth - 1) + ")";
            default -> "(if " + atom() + " then " + condition(depth - 1) + " else " + atom() + ")";
        };
    }

    private String atom() {
        String trait = "context." + one(List.of(Trait.values())).label();
        return switch (random.nextInt(10)) {
            case 0, 1 -> trait;
            case 2 ->
                trait + one(List.of(" == ", " != ")) + "context."
                        + one(List.of(Trait.values())).label();
            case 3 -> "context.class " + one(List.of("==", "!=")) + " " + dataClass();
            case 4 -> "[" + dataClass() + ", " + dataClass() + "].contains(context.class)";
            case 5 -> "Sector::\"" + one(List.of(Sector.values())).label() + "\" == context.sector";
            case 6 -> one(List.of("principal", "resource")) + " in [" + place() + ", " + place() + "]";
            case 7 -> one(List.of("principal == resource", "resource in principal", "principal in resource"));
            case 8 -> "action == " + purpose();
            default -> "resource == " + place();
        };
    }

    private String dataClass() {
        return "DataClass::\"" + one(List.of(DataClass.values())).label() + "\"";
    }

    private String place() {
        return "Jurisdiction::\"" + one(PLACES) + "\"";
    }

    private String group() {
        return random.nextInt(3) == 0
                ? "List::\"xb-listed\""
                : "Jurisdiction::\"" + one(List.of("xb", one(PLACES))) + "\"";
    }

    private String purpose() {
        return "Action::\"" + one(PURPOSES) + "\"";
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Set<Jurisdiction> places(String... codes) {
        var places = new LinkedHashSet<Jurisdiction>();
        for (String code : codes) places.add(new Jurisdiction(code));
        return places;
    }
}
