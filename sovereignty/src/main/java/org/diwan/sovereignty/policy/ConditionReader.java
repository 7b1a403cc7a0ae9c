package org.diwan.sovereignty.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Condition.Named;
import org.diwan.sovereignty.policy.Condition.Place;
import org.diwan.sovereignty.policy.Condition.Side;

/// Reads Cedar's own JSON form of a policy (<https://docs.cedarpolicy.com/policies/json-format.html>).
///
/// Packs write the part of Cedar that a finite world needs: `==`, `!=`, `in`, `&&`, `||`, `!`,
/// `if then else`, `[…].contains(…)`, and the attributes of the context. Whatever else Cedar knows
/// (`like`, arithmetic, tags, extension types) has nothing to speak of here and is refused by name.
final class ConditionReader {
    private ConditionReader() {}

    /// The whole condition of `policy`: scope, every `when`, no `unless`.
    ///
    /// @throws IllegalArgumentException naming what packs cannot say
    static Condition read(JsonNode policy) {
        Condition all = scope(policy.path("principal"), Side.ORIGIN)
                .and(action(policy.path("action")))
                .and(scope(policy.path("resource"), Side.DESTINATION));
        for (var part : policy.path("conditions")) {
            Condition body = read(part.path("body"), 0);
            all = all.and(part.path("kind").asText().equals("when") ? body : body.not());
        }
        return all;
    }

    private static Condition scope(JsonNode scope, Side side) {
        return switch (scope.path("op").asText()) {
            case "All" -> new Condition.Constant(true);
            case "==" -> new Condition.Same(side, named(scope.path("entity")));
            case "in" -> new Condition.Within(side, named(scope.path("entity")));
            default -> throw unknown(scope);
        };
    }

    private static Condition action(JsonNode scope) {
        return switch (scope.path("op").asText()) {
            case "All" -> new Condition.Constant(true);
            case "==" -> purpose(scope.path("entity"));
            case "in" ->
                scope.has("entities")
                        ? any(scope.path("entities"), ConditionReader::purpose)
                        : purpose(scope.path("entity"));
            default -> throw unknown(scope);
        };
    }

    /// Deeper formulas than this no person can read; Cedar's own parser stops at some hundreds.
    private static final int MAX_DEPTH = 200;

    private static Condition read(JsonNode body, int depth) {
        if (depth > MAX_DEPTH) throw new IllegalArgumentException("is nested deeper than " + MAX_DEPTH);
        String operator = body.size() == 1 ? body.fieldNames().next() : "";
        JsonNode of = body.path(operator);
        JsonNode left = of.path("left");
        JsonNode right = of.path("right");
        return switch (operator) {
            case "Value" -> {
                if (!of.isBoolean()) throw unknown(body);
                yield new Condition.Constant(of.booleanValue());
            }
            case "&&" -> read(left, depth + 1).and(read(right, depth + 1));
            case "||" -> read(left, depth + 1).or(read(right, depth + 1));
            case "!" -> read(of.path("arg"), depth + 1).not();
            case "==" -> equal(left, right, depth);
            case "!=" -> equal(left, right, depth).not();
            case "in" -> {
                if (variable(left).equals("action")) yield any(right, entity -> equal(left, entity, depth));
                Side inner = side(left);
                yield any(right, outer -> new Condition.Within(inner, place(outer)));
            }
            case "contains" -> any(left, element -> equal(right, element, depth));
            case "." -> new Condition.Has(Trait.of(attribute(body)));
            case "if-then-else" -> {
                Condition when = read(of.path("if"), depth + 1);
                yield when.and(read(of.path("then"), depth + 1)).or(when.not().and(read(of.path("else"), depth + 1)));
            }
            default -> throw unknown(body);
        };
    }

    private static Condition equal(JsonNode left, JsonNode right, int depth) {
        if (isEntity(left) && !isEntity(right)) return equal(right, left, depth);
        if (isEntity(left)) return new Condition.Constant(entity(left).equals(entity(right)));
        String variable = variable(left);
        if (variable.equals("action")) return purpose(entity(right));
        if (!variable.isEmpty()) return new Condition.Same(side(left), place(right));
        return switch (attribute(left)) {
            case "class" -> new Condition.ClassIs(DataClass.of(id(right, "DataClass")));
            case "sector" -> new Condition.SectorIs(Sector.of(id(right, "Sector")));
            default -> {
                Condition one = read(left, depth + 1);
                Condition other = read(right, depth + 1);
                yield one.and(other).or(one.not().and(other.not()));
            }
        };
    }

    /// True if `each` holds for one of `of`: a set written out, an array, or a single expression.
    private static Condition any(JsonNode of, Function<JsonNode, Condition> each) {
        JsonNode list = of.has("Set") ? of.path("Set") : of;
        if (!list.isArray()) return each.apply(of);
        Condition any = new Condition.Constant(false);
        for (var element : list) any = any.or(each.apply(element));
        return any;
    }

    private static Condition purpose(JsonNode entity) {
        return new Condition.PurposeIs(entity.path("id").asText());
    }

    private static Place place(JsonNode expression) {
        return isEntity(expression) ? named(entity(expression)) : side(expression);
    }

    private static Side side(JsonNode expression) {
        return switch (variable(expression)) {
            case "principal" -> Side.ORIGIN;
            case "resource" -> Side.DESTINATION;
            default -> throw unknown(expression);
        };
    }

    private static Named named(JsonNode entity) {
        return new Named(entity.path("type").asText() + "::" + entity.path("id").asText());
    }

    private static String variable(JsonNode expression) {
        return expression.path("Var").asText();
    }

    private static String attribute(JsonNode expression) {
        JsonNode access = expression.path(".");
        return variable(access.path("left")).equals("context")
                ? access.path("attr").asText()
                : "";
    }

    private static boolean isEntity(JsonNode expression) {
        return expression.path("Value").has("__entity");
    }

    private static JsonNode entity(JsonNode expression) {
        if (!isEntity(expression)) throw unknown(expression);
        return expression.path("Value").path("__entity");
    }

    private static String id(JsonNode expression, String type) {
        JsonNode entity = entity(expression);
        if (!entity.path("type").asText().equals(type)) throw unknown(expression);
        return entity.path("id").asText();
    }

    private static IllegalArgumentException unknown(JsonNode node) {
        return new IllegalArgumentException("says what packs cannot say: " + node);
    }
}
