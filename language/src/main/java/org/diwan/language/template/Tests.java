package org.diwan.language.template;

import java.util.List;
import java.util.Map;

/// `value is name(…)`: Jinja's built-in tests.
final class Tests {
    private Tests() {}

    static boolean holds(String name, Object value, Parameters p) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "string" -> value instanceof Text;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Text;
            case "iterable" ->
                value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Text
                        || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "eq", "equalto" -> Values.equal(value, p.get(0, "other"));
            case "sameas" -> isSame(value, p.get(0, "other"));
            case "ne" -> !Values.equal(value, p.get(0, "other"));
            case "lt", "lessthan" -> Values.compare(value, p.get(0, "other")) == -1;
            case "le" -> Values.compare(value, p.get(0, "other")) <= 0;
            case "gt", "greaterthan" -> Values.compare(value, p.get(0, "other")) == 1;
            case "ge" -> Values.compare(p.get(0, "other"), value) <= 0;
            case "in" -> Values.contains(p.get(0, "seq"), value);
            case "odd" -> Math.floorMod(Values.integer(value), 2L) == 1;
            case "even" -> Math.floorMod(Values.integer(value), 2L) == 0;
            case "divisibleby" -> divides(Values.integer(value), Values.integer(p.get(0, "num")));
            case "lower" -> value instanceof Text text && text.equals(StringMethods.lower(text));
            case "upper" -> value instanceof Text text && text.equals(StringMethods.upper(text));
            default -> throw new Problem("test '" + name + "' is not supported");
        };
    }

    /// Python's `is`, where it means something: for what exists once.
    private static boolean isSame(Object a, Object b) {
        if (a instanceof Boolean || b instanceof Boolean) return a.equals(b);
        if (a instanceof None || b instanceof None) return a == b;
        throw new Problem("'sameas' compares with true, false and none only");
    }

    private static boolean divides(long value, long by) {
        if (by == 0) throw new Problem("division by zero");
        return value % by == 0;
    }
}
