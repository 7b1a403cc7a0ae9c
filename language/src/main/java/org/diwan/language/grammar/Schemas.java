package org.diwan.language.grammar;

import static org.diwan.language.grammar.JsonSchemaReader.at;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.diwan.language.grammar.NumberRange.Bound;
import org.jspecify.annotations.Nullable;

/// What can be said of JSON Schemas without building a grammar: whether one is well formed, what two
/// of them allow together, whether they exclude each other. Schemas are maps as parsed, or booleans.
final class Schemas {
    /// Most values of `enum`, and most names in `required`.
    private static final int MAX_VALUES = 10_000;

    /// Most branches that two `anyOf` make together.
    private static final int MAX_BRANCHES = 256;

    /// Deepest that two schemas are compared.
    private static final int MAX_COMPARED_DEPTH = 16;

    private static final Set<String> OBJECTS = Set.of(
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties");
    private static final Set<String> ARRAYS = Set.of("items", "prefixItems", "minItems", "maxItems");
    private static final Set<String> STRINGS = Set.of("pattern", "format", "minLength", "maxLength");
    private static final Set<String> NUMBERS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> ANY = Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

    /// What says nothing about texts (core §8, validation §9); `definitions` is where older drafts kept
    /// `$defs`. An `$anchor` can only be referred to in a way that is refused.
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "example",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentMediaType",
            "contentEncoding",
            "contentSchema",
            "$comment",
            "$schema",
            "$defs",
            "definitions",
            "$anchor");

    private static final List<String> TYPES = List.of("object", "array", "string", "number", "boolean", "null");

    private Schemas() {}

    /// The keywords of `schema` that say something about texts.
    ///
    /// @throws GrammarException naming a keyword that is not supported, or has a value of another kind
    static Map<String, Object> checked(@Nullable Object schema, String path) {
        if (!(schema instanceof Map<?, ?> map))
            throw new GrammarException("a schema is an object or a boolean; at " + at(path) + " there is neither");
        var kept = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            String keyword = (String) entry.getKey();
            Object value = entry.getValue();
            if (ANNOTATIONS.contains(keyword) || keyword.startsWith("x-")) continue;
            if (keyword.equals("$id") && path.isEmpty()) continue;
            if (keyword.equals("uniqueItems") && Boolean.FALSE.equals(value)) continue;
            if (!known(keyword))
                throw new GrammarException("unsupported keyword '" + keyword + "' at " + at(path)
                        + (keyword.equals("nullable") ? "; list \"null\" among the types instead" : ""));
            check(keyword, value, path);
            kept.put(keyword, value);
        }
        return kept;
    }

    private static boolean known(String keyword) {
        return ANY.contains(keyword)
                || OBJECTS.contains(keyword)
                || ARRAYS.contains(keyword)
                || STRINGS.contains(keyword)
                || NUMBERS.contains(keyword);
    }

    private static void check(String keyword, @Nullable Object value, String path) {
        switch (keyword) {
            case "type" -> {
                for (Object type : value instanceof List<?> list ? list : List.of(String.valueOf(value)))
                    if (!(type instanceof String name) || !(TYPES.contains(name) || name.equals("integer")))
                        throw wrong(keyword, "one of " + TYPES + " and integer, or a list of them", path);
                if (value instanceof List<?> list && list.isEmpty()) throw wrong(keyword, "not empty", path);
            }
            case "enum", "anyOf", "oneOf", "allOf", "prefixItems" -> {
                if (!(value instanceof List<?> list) || list.isEmpty()) throw wrong(keyword, "a list, not empty", path);
                if (list.size() > MAX_VALUES)
                    throw new GrammarException(keyword + " has " + list.size() + " elements at " + at(path)
                            + "; the limit is " + MAX_VALUES);
                if (!keyword.equals("enum")) for (Object each : list) checkSchema(keyword, each, path);
            }
            case "required" -> {
                if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance))
                    throw wrong(keyword, "a list of strings", path);
                if (list.size() > MAX_VALUES) throw wrong(keyword, "at most " + MAX_VALUES + " names", path);
            }
            case "properties", "patternProperties" -> {
                if (!(value instanceof Map<?, ?> map)) throw wrong(keyword, "an object", path);
                map.values().forEach(each -> checkSchema(keyword, each, path));
            }
            case "items", "additionalProperties", "propertyNames" -> checkSchema(keyword, value, path);
            case "pattern", "format", "$ref" -> {
                if (!(value instanceof String)) throw wrong(keyword, "a string", path);
            }
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> {
                if (!(value instanceof Number number)) throw wrong(keyword, "a number", path);
                BigDecimal decimal = JsonForm.decimal(number);
                int whole = decimal.precision() - decimal.scale();
                if (Math.max(Math.abs(whole), Math.abs(decimal.scale())) > NumberRange.MAX_DIGITS)
                    throw wrong(keyword, "of at most " + NumberRange.MAX_DIGITS + " digits", path);
            }
            case "const" -> {}
            default -> count(Map.of(keyword, value == null ? "null" : value), keyword, 0, path);
        }
    }

    private static void checkSchema(String keyword, @Nullable Object value, String path) {
        if (!(value instanceof Map) && !(value instanceof Boolean))
            throw wrong(keyword, "made of schemas: objects or booleans", path);
    }

    private static GrammarException wrong(String keyword, String expected, String path) {
        return new GrammarException("'" + keyword + "' at " + at(path) + " must be " + expected);
    }

    // Reading keywords of checked schemas.

    /// The types that values may have; `integer` only where `number` is not among them.
    static Set<String> types(Map<String, Object> schema) {
        Object type = schema.get("type");
        var types = new LinkedHashSet<String>();
        if (type == null) types.addAll(TYPES);
        else if (type instanceof List<?> list) list.forEach(each -> types.add((String) each));
        else types.add((String) type);
        if (types.contains("number")) types.remove("integer");
        return types;
    }

    /// Whether `keyword` says something of values of one of `types`.
    static boolean applies(String keyword, Set<String> types) {
        if (OBJECTS.contains(keyword)) return types.contains("object");
        if (ARRAYS.contains(keyword)) return types.contains("array");
        if (STRINGS.contains(keyword)) return types.contains("string");
        if (NUMBERS.contains(keyword)) return types.contains("number") || types.contains("integer");
        return true;
    }

    /// The values of `enum` and `const`.
    static List<@Nullable Object> values(Map<String, Object> schema) {
        var values = new ArrayList<@Nullable Object>();
        boolean constant = schema.containsKey("const");
        Object only = schema.get("const");
        if (!(schema.get("enum") instanceof List<?> list)) values.add(only);
        else for (Object value : list) if (!constant || same(value, only)) values.add(value);
        return values;
    }

    static boolean hasType(@Nullable Object value, Set<String> types) {
        return switch (value) {
            case null -> types.contains("null");
            case Boolean flag -> types.contains("boolean");
            case String text -> types.contains("string");
            case List<?> list -> types.contains("array");
            case Map<?, ?> map -> types.contains("object");
            case Number number ->
                types.contains("number")
                        || (types.contains("integer")
                                && JsonForm.decimal(number).stripTrailingZeros().scale() <= 0);
            default -> false;
        };
    }

    /// Whether two values are equal as JSON Schema has it: 1 is 1.0, the order of members is nothing.
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y)
            return JsonForm.decimal(x).compareTo(JsonForm.decimal(y)) == 0;
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) return false;
            for (int i = 0; i < x.size(); i++) if (!same(x.get(i), y.get(i))) return false;
            return true;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            if (!x.keySet().equals(y.keySet())) return false;
            for (Object key : x.keySet()) if (!same(x.get(key), y.get(key))) return false;
            return true;
        }
        return a == null ? b == null : a.equals(b);
    }

    @SuppressWarnings("unchecked") // every object of a parsed JSON text has strings as keys
    static Map<String, Object> map(Map<String, Object> schema, String keyword) {
        return schema.get(keyword) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    static Collection<String> texts(Map<String, Object> schema, String keyword) {
        var texts = new LinkedHashSet<String>();
        if (schema.get(keyword) instanceof List<?> list) for (Object each : list) texts.add((String) each);
        return texts;
    }

    static int count(Map<String, Object> schema, String keyword, int otherwise, String path) {
        Object value = schema.get(keyword);
        if (value == null) return otherwise;
        boolean whole = value instanceof Number number
                && JsonForm.decimal(number).stripTrailingZeros().scale() <= 0;
        BigDecimal count = whole ? JsonForm.decimal((Number) value) : BigDecimal.ONE.negate();
        if (count.signum() < 0 || count.compareTo(BigDecimal.valueOf(JsonSchemaReader.MAX_COUNT)) > 0)
            throw wrong(keyword, "a whole number from 0 to " + JsonSchemaReader.MAX_COUNT, path);
        return count.intValue();
    }

    /// The tighter of an inclusive and an exclusive bound.
    ///
    /// @param sign 1 for lower bounds, of which the larger is tighter; -1 for upper ones
    static @Nullable Bound bound(Map<String, Object> schema, String inclusive, String exclusive, int sign) {
        var with = schema.get(inclusive) instanceof Number n ? new Bound(JsonForm.decimal(n), true) : null;
        var without = schema.get(exclusive) instanceof Number n ? new Bound(JsonForm.decimal(n), false) : null;
        if (with == null || without == null) return with == null ? without : with;
        return with.value().compareTo(without.value()) * sign > 0 ? with : without;
    }

    // Two schemas together.

    /// A schema that accepts what both accept, as `allOf` does.
    ///
    /// @throws GrammarException naming a keyword that both have and that cannot be merged
    static Object merge(Object a, Object b, String path) {
        if (Boolean.TRUE.equals(a)) return b;
        if (Boolean.TRUE.equals(b)) return a;
        if (a instanceof Boolean || b instanceof Boolean) return false;
        var first = checked(a, path);
        var second = checked(b, path);
        var merged = new LinkedHashMap<String, Object>(first);
        if (OBJECTS.stream().anyMatch(first::containsKey) && OBJECTS.stream().anyMatch(second::containsKey))
            mergeObjects(first, second, merged, path);
        mergeArrays(first, second, merged);
        for (var entry : second.entrySet()) {
            String keyword = entry.getKey();
            Object value = entry.getValue();
            if (!first.containsKey(keyword)) merged.putIfAbsent(keyword, value);
            else mergeKeyword(keyword, first, second, merged, path);
        }
        if (merged.get("type") instanceof List<?> types && types.isEmpty()) return false;
        return merged;
    }

    private static void mergeKeyword(
            String keyword,
            Map<String, Object> first,
            Map<String, Object> second,
            Map<String, Object> merged,
            String path) {
        Object a = first.get(keyword);
        Object b = second.get(keyword);
        switch (keyword) {
            case "type" -> {
                var common = new LinkedHashSet<String>();
                for (String type : types(first)) if (hasSubtype(types(second), type)) common.add(type);
                for (String type : types(second)) if (hasSubtype(types(first), type)) common.add(type);
                if (common.contains("number")) common.remove("integer");
                merged.put("type", List.copyOf(common));
            }
            case "required", "properties", "additionalProperties", "prefixItems", "items" -> {}
            case "propertyNames" -> merged.put(keyword, both(a, b));
            case "minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum" ->
                merged.put(keyword, larger(a, b, 1));
            case "maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum" ->
                merged.put(keyword, larger(a, b, -1));
            case "enum" -> {
                var common = new ArrayList<@Nullable Object>();
                for (Object x : (List<?>) list(a)) for (Object y : (List<?>) list(b)) if (same(x, y)) common.add(x);
                if (common.isEmpty()) throw new GrammarException("two enums without a common value at " + at(path));
                merged.put("enum", common);
            }
            case "anyOf" -> {
                var product = new ArrayList<Object>();
                for (Object x : list(a)) for (Object y : list(b)) product.add(both(x, y));
                if (product.size() > MAX_BRANCHES)
                    throw new GrammarException("anyOf beside anyOf makes " + product.size() + " branches at " + at(path)
                            + "; the limit is " + MAX_BRANCHES);
                merged.put("anyOf", product);
            }
            case "allOf" -> {
                var all = new ArrayList<Object>(list(a));
                all.addAll(list(b));
                merged.put("allOf", all);
            }
            default -> {
                if (!same(a, b))
                    throw new GrammarException(
                            "two different '" + keyword + "' to be merged at " + at(path) + ", which is not supported");
            }
        }
    }

    private static boolean hasSubtype(Set<String> types, String type) {
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Object both(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) return a == null ? (b == null ? true : b) : a;
        return same(a, b) ? a : Map.of("allOf", List.of(a, b));
    }

    private static Object larger(@Nullable Object a, @Nullable Object b, int sign) {
        if (!(a instanceof Number x) || !(b instanceof Number y))
            throw new AssertionError("no numbers: " + a + ", " + b);
        return JsonForm.decimal(x).compareTo(JsonForm.decimal(y)) * sign >= 0 ? x : y;
    }

    /// An element for which one of them has no place of its own has to be what its `items` asks for.
    private static void mergeArrays(Map<String, Object> first, Map<String, Object> second, Map<String, Object> merged) {
        List<?> a = list(first.get("prefixItems"));
        List<?> b = list(second.get("prefixItems"));
        var prefix = new ArrayList<Object>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++)
            prefix.add(
                    both(i < a.size() ? a.get(i) : first.get("items"), i < b.size() ? b.get(i) : second.get("items")));
        if (!prefix.isEmpty()) merged.put("prefixItems", prefix);
        if (first.containsKey("items") || second.containsKey("items"))
            merged.put("items", both(first.get("items"), second.get("items")));
    }

    /// A property that one of them does not name has to be what its `additionalProperties` asks for.
    private static void mergeObjects(
            Map<String, Object> first, Map<String, Object> second, Map<String, Object> merged, String path) {
        for (var schema : List.of(first, second))
            if (schema.containsKey("patternProperties"))
                throw new GrammarException(
                        "'patternProperties' to be merged at " + at(path) + ", which is not supported");
        Object a = first.getOrDefault("additionalProperties", true);
        Object b = second.getOrDefault("additionalProperties", true);
        var properties = new LinkedHashMap<String, Object>();
        map(first, "properties")
                .forEach((name, value) -> properties.put(
                        name, both(value, map(second, "properties").getOrDefault(name, b))));
        map(second, "properties").forEach((name, value) -> properties.putIfAbsent(name, both(value, a)));
        var required = new LinkedHashSet<>(texts(first, "required"));
        required.addAll(texts(second, "required"));
        if (!properties.isEmpty()) merged.put("properties", properties);
        if (!required.isEmpty()) merged.put("required", List.copyOf(required));
        if (!a.equals(true) || !b.equals(true)) merged.put("additionalProperties", both(a, b));
    }

    // One or the other.

    /// Whether it is certain that no value is accepted by both. False where that is not plain to see:
    /// different types, no common value of `enum` and `const`, bounds apart, or for objects a property
    /// that both require in ways that exclude each other, or that one requires and the other forbids.
    ///
    /// @param inlined resolves references, given the path for messages, and gives null when enough has been
    ///     compared: schemas within schemas on both sides multiply
    static boolean excludes(Object a, Object b, BiFunction<Object, String, @Nullable Object> inlined) {
        return excludes(a, b, inlined, 0);
    }

    private static boolean excludes(
            Object a, Object b, BiFunction<Object, String, @Nullable Object> inlined, int depth) {
        if (depth > MAX_COMPARED_DEPTH) return false;
        Object x = inlined.apply(a, "oneOf");
        Object y = inlined.apply(b, "oneOf");
        if (x == null || y == null) return false;
        if (x.equals(false) || y.equals(false)) return true;
        if (x.equals(true) || y.equals(true)) return false;
        var first = checked(x, "oneOf");
        var second = checked(y, "oneOf");
        if (partExcludes(first, y, inlined, depth) || partExcludes(second, x, inlined, depth)) return true;

        boolean firstListed = first.containsKey("enum") || first.containsKey("const");
        boolean secondListed = second.containsKey("enum") || second.containsKey("const");
        if (firstListed && secondListed)
            return values(first).stream().noneMatch(v -> values(second).stream().anyMatch(w -> same(v, w)));
        if (firstListed) return values(first).stream().noneMatch(v -> hasType(v, types(second)));
        if (secondListed) return values(second).stream().noneMatch(v -> hasType(v, types(first)));
        for (String type : types(first)) {
            boolean common = hasSubtype(types(second), type)
                    || (type.equals("number") && types(second).contains("integer"));
            if (!common) continue;
            boolean apart =
                    switch (type) {
                        case "object" -> objectsApart(first, second, inlined, depth);
                        case "integer", "number" -> numbersApart(first, second) || numbersApart(second, first);
                        default -> false;
                    };
            if (!apart) return false;
        }
        return true;
    }

    /// Whether a part of `schema` that combines schemas excludes `other`.
    private static boolean partExcludes(
            Map<String, Object> schema, Object other, BiFunction<Object, String, @Nullable Object> inlined, int depth) {
        for (Object part : list(schema.get("allOf"))) if (excludes(part, other, inlined, depth + 1)) return true;
        for (String keyword : List.of("anyOf", "oneOf")) {
            List<?> branches = list(schema.get(keyword));
            if (!branches.isEmpty()
                    && branches.stream().allMatch(branch -> excludes(branch, other, inlined, depth + 1))) return true;
        }
        return false;
    }

    private static boolean objectsApart(
            Map<String, Object> a,
            Map<String, Object> b,
            BiFunction<Object, String, @Nullable Object> inlined,
            int depth) {
        var names = new LinkedHashSet<>(texts(a, "required"));
        names.addAll(texts(b, "required"));
        for (String name : names) {
            boolean inBoth =
                    texts(a, "required").contains(name) && texts(b, "required").contains(name);
            Object x = property(a, name);
            Object y = property(b, name);
            if (x.equals(false) || y.equals(false)) return true;
            if (inBoth && excludes(x, y, inlined, depth + 1)) return true;
        }
        return false;
    }

    /// What a member of that name must be; true also where only a pattern could say.
    private static Object property(Map<String, Object> schema, String name) {
        Object property = map(schema, "properties").get(name);
        if (property != null) return property;
        if (schema.containsKey("patternProperties")) return true;
        return schema.getOrDefault("additionalProperties", true);
    }

    /// Whether all numbers of `a` are below all of `b`.
    private static boolean numbersApart(Map<String, Object> a, Map<String, Object> b) {
        Bound high = bound(a, "maximum", "exclusiveMaximum", -1);
        Bound low = bound(b, "minimum", "exclusiveMinimum", 1);
        if (high == null || low == null) return false;
        int order = high.value().compareTo(low.value());
        return order < 0 || (order == 0 && !(high.inclusive() && low.inclusive()));
    }
}
