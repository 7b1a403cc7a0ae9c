package org.diwan.language.grammar;

import static org.diwan.language.grammar.Expression.any;
import static org.diwan.language.grammar.Expression.optional;
import static org.diwan.language.grammar.Expression.sequence;
import static org.diwan.language.grammar.Expression.text;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.grammar.Expression.Call;
import org.diwan.language.grammar.Expression.Choice;
import org.diwan.language.grammar.Expression.Repeat;
import org.jspecify.annotations.Nullable;

/// Reads JSON Schema, draft 2020-12: the texts that the grammar accepts are valid against the schema.
/// They are not all valid texts, but those of one form, see [JsonForm]: on one line, members in the
/// order of `properties` (members that no property names come last), constants written in one way,
/// bounded numbers without exponent.
///
/// - Any: `type`, `enum`, `const`, `anyOf`, `oneOf` if its branches exclude each other
///   ([Schemas#excludes]), `allOf` if it can be merged ([Schemas#merge]), `$ref` to `#`, `$defs`.
/// - Objects: `properties`, `required`, `additionalProperties`; for maps, that is without `properties`,
///   `propertyNames`, `patternProperties` with one pattern, `maxProperties`, `minProperties` up to 1.
/// - Arrays: `items`, `prefixItems`, `minItems`, `maxItems`.
/// - Strings: one of `pattern`, `format` ([Formats]) and `minLength` with `maxLength`, in characters.
/// - Numbers: `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf` 1.
///
/// Annotations (`title`, `description`, `default`, `examples`, …, `x-…`) say nothing about texts and
/// are passed over. **Everything else is refused by name**: `not`, `if`, `dependentRequired`,
/// `contains`, `uniqueItems`, `unevaluatedProperties`, … A keyword for another type than a schema's is
/// without effect, as the standard has it.
///
/// That a name occurs twice in an object cannot be told by a context-free grammar: free members
/// (`additionalProperties`) may repeat each other, though never a member of `properties`.
final class JsonSchemaReader {
    /// Most schemas that one is translated to, those made by merging counted.
    static final int MAX_SCHEMAS = 10_000;

    /// Most comparisons of branches of `oneOf`; beyond, they count as not excluding each other.
    static final int MAX_COMPARED = 50_000;

    /// Most elements of `prefixItems`.
    static final int MAX_PREFIX = 64;

    /// Largest `minLength`, `maxItems` and the like.
    static final int MAX_COUNT = 1 << 20;

    /// Longest name beside which `additionalProperties` can be told apart, in characters.
    static final int MAX_NAME = 256;

    private final Object root;
    private final String prefix;
    private final Map<String, Expression> rules;
    private final Map<String, String> references = new HashMap<>();
    private final List<Runnable> unread = new ArrayList<>();
    private int schemas;
    private int compared;
    private int depth;

    private JsonSchemaReader(Object root, String prefix, Map<String, Expression> rules) {
        this.root = root;
        this.prefix = prefix;
        this.rules = rules;
    }

    /// What `schema` accepts.
    ///
    /// @param prefix begins the names of all rules made for it
    /// @param rules of [JsonForm] and of other schemas; those made are added
    static Expression read(@Nullable Object schema, String prefix, Map<String, Expression> rules) {
        if (schema == null) throw new GrammarException("a schema is an object or a boolean, not null");
        var reader = new JsonSchemaReader(schema, prefix, rules);
        Expression root = reader.expression(schema, "");
        while (!reader.unread.isEmpty()) reader.unread.removeLast().run();
        return root;
    }

    /// The values that `schema` accepts.
    ///
    /// @param path where it stands, for messages
    private Expression expression(@Nullable Object schema, String path) {
        if (++schemas > MAX_SCHEMAS)
            throw new GrammarException("the schema grows to more than " + MAX_SCHEMAS + " schemas, at " + at(path));
        if (depth >= Grammar.MAX_DEPTH)
            throw new GrammarException("the schema is nested deeper than " + Grammar.MAX_DEPTH
                    + ", or a $ref beside other keywords meets itself, at " + at(path));
        depth++;
        try {
            if (schema instanceof Boolean flag) return flag ? JsonForm.VALUE : new Choice(List.of());
            return choices(Schemas.checked(schema, path), path);
        } finally {
            depth--;
        }
    }

    /// Resolves the keywords that combine schemas, one by one, until none is left.
    private Expression choices(Map<String, Object> schema, String path) {
        var rest = new LinkedHashMap<>(schema);
        if (rest.remove("$ref") instanceof String reference) {
            if (rest.isEmpty()) return reference(reference, path);
            return expression(Schemas.merge(resolve(reference, path), rest, path), path);
        }
        if (rest.remove("allOf") instanceof List<?> all) {
            if (rest.isEmpty() && all.size() == 1) return expression(all.getFirst(), path + "/allOf/0");
            Object merged = rest;
            for (Object each : all) merged = Schemas.merge(merged, inlined(each, path), path);
            return expression(merged, path);
        }
        if (rest.remove("anyOf") instanceof List<?> branches) {
            var choice = new ArrayList<Expression>();
            for (int i = 0; i < branches.size(); i++)
                choice.add(expression(with(rest, branches.get(i), path), path + "/anyOf/" + i));
            return new Choice(choice);
        }
        if (rest.remove("oneOf") instanceof List<?> branches) {
            var choice = new ArrayList<Expression>();
            var whole = new ArrayList<Object>();
            for (Object branch : branches) whole.add(inlined(with(rest, branch, path), path));
            for (int i = 0; i < whole.size(); i++)
                for (int j = 0; j < i; j++)
                    if (!Schemas.excludes(whole.get(i), whole.get(j), this::compared))
                        throw new GrammarException(
                                "oneOf at " + at(path) + ": a value may match branch " + j + " and branch " + i
                                        + "; use anyOf, or give both a required property with different const");
            for (int i = 0; i < branches.size(); i++)
                choice.add(expression(with(rest, branches.get(i), path), path + "/oneOf/" + i));
            return new Choice(choice);
        }
        if (rest.containsKey("const") || rest.containsKey("enum")) return literals(rest, path);
        return types(rest, path);
    }

    private Object with(Map<String, Object> rest, Object branch, String path) {
        return rest.isEmpty() ? branch : Schemas.merge(rest, inlined(branch, path), path);
    }

    /// The schema with what it refers to in its place.
    private Object inlined(Object schema, String path) {
        Object current = schema;
        for (int i = 0; current instanceof Map<?, ?> map && map.get("$ref") instanceof String reference; i++) {
            if (i == Grammar.MAX_DEPTH) throw new GrammarException("$ref at " + at(path) + " refers to itself");
            var rest = new LinkedHashMap<>(Schemas.checked(map, path));
            rest.remove("$ref");
            current = rest.isEmpty() ? resolve(reference, path) : Schemas.merge(resolve(reference, path), rest, path);
        }
        return current;
    }

    /// As `inlined`, until [#MAX_COMPARED] schemas have been compared.
    private @Nullable Object compared(Object schema, String path) {
        return ++compared > MAX_COMPARED ? null : inlined(schema, path);
    }

    private Expression reference(String reference, String path) {
        String known = references.get(reference);
        if (known != null) return new Call(known);
        Object target = resolve(reference, path);
        String name = prefix + "$ref " + reference;
        references.put(reference, name);
        unread.add(() -> rules.put(name, expression(target, reference.substring(1))));
        return new Call(name);
    }

    /// What a JSON pointer in a URI fragment (RFC 6901, §6) names.
    private Object resolve(String reference, String path) {
        if (!reference.equals("#") && !reference.startsWith("#/"))
            throw new GrammarException("unsupported $ref '" + reference + "' at " + at(path)
                    + ": only pointers into the same schema, such as #/$defs/name");
        Object here = root;
        for (String part :
                reference.equals("#") ? new String[0] : reference.substring(2).split("/", -1)) {
            String name = unescaped(part).replace("~1", "/").replace("~0", "~");
            here = switch (here) {
                case Map<?, ?> map -> map.get(name);
                case List<?> list
                when name.matches("0|[1-9][0-9]{0,6}") && Integer.parseInt(name) < list.size() ->
                    list.get(Integer.parseInt(name));
                case null, default -> null;
            };
        }
        if (here == null) throw new GrammarException("$ref '" + reference + "' at " + at(path) + " names nothing");
        return here;
    }

    /// `%XX` as bytes of UTF-8 (RFC 3986, §2.1); what is no escape stays.
    private static String unescaped(String part) {
        var bytes = new ByteArrayOutputStream();
        byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            boolean escape = utf8[i] == '%'
                    && i + 2 < utf8.length
                    && Character.digit(utf8[i + 1], 16) >= 0
                    && Character.digit(utf8[i + 2], 16) >= 0;
            bytes.write(escape ? (Character.digit(utf8[i + 1], 16) << 4) | Character.digit(utf8[i + 2], 16) : utf8[i]);
            if (escape) i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Expression literals(Map<String, Object> schema, String path) {
        Set<String> types = Schemas.types(schema);
        for (String keyword : schema.keySet())
            if (!Set.of("const", "enum", "type").contains(keyword) && Schemas.applies(keyword, types))
                throw new GrammarException(
                        "unsupported keyword '" + keyword + "' beside 'enum' or 'const' at " + at(path));
        var choice = new ArrayList<Expression>();
        for (Object value : Schemas.values(schema))
            if (Schemas.hasType(value, types)) choice.add(JsonForm.literal(value));
        if (choice.isEmpty())
            throw new GrammarException("no value of enum or const has the type asked for, at " + at(path));
        return new Choice(choice);
    }

    private Expression types(Map<String, Object> schema, String path) {
        var choice = new ArrayList<Expression>();
        for (String type : Schemas.types(schema))
            choice.add(
                    switch (type) {
                        case "null" -> JsonForm.NULL;
                        case "boolean" -> JsonForm.BOOLEAN;
                        case "string" -> string(schema, path);
                        case "integer" -> number(schema, path, true);
                        case "number" -> number(schema, path, false);
                        case "array" -> array(schema, path);
                        default -> object(schema, path);
                    });
        return choice.size() == 1 ? choice.getFirst() : new Choice(choice);
    }

    private static Expression string(Map<String, Object> schema, String path) {
        boolean counted = schema.containsKey("minLength") || schema.containsKey("maxLength");
        boolean patterned = schema.get("pattern") instanceof String;
        boolean formatted = schema.get("format") instanceof String;
        if ((counted ? 1 : 0) + (patterned ? 1 : 0) + (formatted ? 1 : 0) > 1)
            throw new GrammarException("unsupported at " + at(path)
                    + ": more than one of 'pattern', 'format' and 'minLength' with 'maxLength'; write one pattern");
        if (patterned) return JsonForm.quoted(JsonForm.escaped(pattern(String.valueOf(schema.get("pattern")), path)));
        if (formatted) return JsonForm.quoted(Formats.expression(String.valueOf(schema.get("format")), at(path)));
        if (!counted) return JsonForm.STRING;
        int least = Schemas.count(schema, "minLength", 0, path);
        int most = Schemas.count(schema, "maxLength", Expression.UNBOUNDED, path);
        return JsonForm.quoted(repeat(JsonForm.CHARACTER, least, most, "minLength", "maxLength", path));
    }

    private static Expression pattern(String pattern, String path) {
        try {
            return RegexReader.anywhere(pattern);
        } catch (GrammarException e) {
            throw new GrammarException("pattern at " + at(path) + ": " + e.getMessage());
        }
    }

    private static Expression repeat(Expression body, int least, int most, String lower, String upper, String path) {
        if (most < least)
            throw new GrammarException(lower + " " + least + " is above " + upper + " " + most + " at " + at(path));
        return new Repeat(body, least, most);
    }

    private static Expression number(Map<String, Object> schema, String path, boolean whole) {
        if (schema.get("multipleOf") instanceof Number step
                && !(whole && JsonForm.decimal(step).compareTo(BigDecimal.ONE) == 0))
            throw new GrammarException("unsupported keyword 'multipleOf' at " + at(path));
        var low = Schemas.bound(schema, "minimum", "exclusiveMinimum", 1);
        var high = Schemas.bound(schema, "maximum", "exclusiveMaximum", -1);
        if (low == null && high == null) return whole ? JsonForm.INTEGER : JsonForm.NUMBER;
        return whole ? NumberRange.integers(low, high) : NumberRange.numbers(low, high);
    }

    private Expression array(Map<String, Object> schema, String path) {
        List<?> prefix = schema.get("prefixItems") instanceof List<?> list ? list : List.of();
        Object items = schema.getOrDefault("items", true);
        if (prefix.isEmpty()
                && items.equals(true)
                && !schema.containsKey("minItems")
                && !schema.containsKey("maxItems")) return JsonForm.ARRAY;
        if (prefix.size() > MAX_PREFIX)
            throw new GrammarException(
                    "prefixItems has " + prefix.size() + " elements at " + at(path) + "; the limit is " + MAX_PREFIX);
        int least = Schemas.count(schema, "minItems", 0, path);
        int most = Schemas.count(schema, "maxItems", Expression.UNBOUNDED, path);
        if (most < least)
            throw new GrammarException("minItems " + least + " is above maxItems " + most + " at " + at(path));

        Expression rest = shared(expression(items, path + "/items"));
        // From the end: what may follow after `i` elements.
        int inner = Math.min(prefix.size(), most);
        Expression after = elements(inner, rest, Math.max(0, least - inner), most, inner);
        for (int i = inner - 1; i >= 0; i--) {
            Expression element = expression(prefix.get(i), path + "/prefixItems/" + i);
            Expression more = sequence(i == 0 ? Expression.EMPTY : JsonForm.COMMA, element, after);
            after = i >= least ? optional(more) : more;
        }
        return sequence(text("["), after, text("]"));
    }

    /// The elements after the first `before`, at least `least` more and no more than `most` in all.
    private static Expression elements(int before, Expression element, int least, int most, int inner) {
        int left = most == Expression.UNBOUNDED ? most : most - inner;
        if (left == 0) return Expression.EMPTY;
        Expression next = sequence(JsonForm.COMMA, element);
        if (before > 0) return new Repeat(next, least, left);
        int more = left == Expression.UNBOUNDED ? left : left - 1;
        Expression some = sequence(element, new Repeat(next, Math.max(0, least - 1), more));
        return least == 0 ? optional(some) : some;
    }

    // Objects.

    private Expression object(Map<String, Object> schema, String path) {
        Map<String, Object> properties = Schemas.map(schema, "properties");
        Map<String, Object> patterns = Schemas.map(schema, "patternProperties");
        Collection<String> required = Schemas.texts(schema, "required");
        boolean counted = schema.containsKey("minProperties") || schema.containsKey("maxProperties");
        Object additional = schema.getOrDefault("additionalProperties", true);
        boolean named = schema.containsKey("propertyNames");
        if (properties.isEmpty()
                && required.isEmpty()
                && patterns.isEmpty()
                && !counted
                && !named
                && additional.equals(true)) return JsonForm.OBJECT;

        var members = new LinkedHashMap<String, Object>(properties);
        for (String name : required) members.putIfAbsent(name, additional);
        if (!members.isEmpty()) {
            for (String keyword : List.of("patternProperties", "propertyNames", "minProperties", "maxProperties"))
                if (schema.containsKey(keyword))
                    throw new GrammarException(
                            "unsupported keyword '" + keyword + "' beside 'properties' or 'required' at " + at(path));
        }
        Expression free = free(schema, members.keySet(), patterns, additional, path);
        if (!members.isEmpty()) return members(members, Set.copyOf(required), free, path);
        int least = Schemas.count(schema, "minProperties", 0, path);
        int most = Schemas.count(schema, "maxProperties", Expression.UNBOUNDED, path);
        if (most < least)
            throw new GrammarException(
                    "minProperties " + least + " is above maxProperties " + most + " at " + at(path));
        // An object whose names may repeat cannot be counted by its members.
        if (least > 1) throw new GrammarException("unsupported keyword 'minProperties' above 1 at " + at(path));
        return sequence(text("{"), elements(0, free, least, most, 0), text("}"));
    }

    /// A member that no property names.
    private Expression free(
            Map<String, Object> schema,
            Set<String> taken,
            Map<String, Object> patterns,
            Object additional,
            String path) {
        Expression name;
        Object value = additional;
        if (!patterns.isEmpty()) {
            if (patterns.size() > 1 || !additional.equals(false) || schema.containsKey("propertyNames"))
                throw new GrammarException("unsupported keyword 'patternProperties' at " + at(path)
                        + ": only one pattern, with additionalProperties false");
            var only = patterns.entrySet().iterator().next();
            name = JsonForm.quoted(JsonForm.escaped(pattern(only.getKey(), path + "/patternProperties")));
            value = only.getValue();
        } else if (schema.containsKey("propertyNames")) {
            name = expression(
                    Schemas.merge(Map.of("type", "string"), inlined(schema.get("propertyNames"), path), path),
                    path + "/propertyNames");
        } else name = additional.equals(false) ? new Choice(List.of()) : otherName(taken, path);
        return shared(sequence(name, JsonForm.COLON, expression(value, path + "/additionalProperties")));
    }

    /// `{`, the members in order, those not required left out or not, free ones, `}`.
    ///
    /// A comma stands before every member but the first that is there. So what may follow after member
    /// `i`, when some member has been written, is a rule of its own, and the first member written is
    /// chosen among all up to the first required one.
    private Expression members(Map<String, Object> members, Set<String> required, Expression free, String path) {
        var names = List.copyOf(members.keySet());
        Expression after = any(sequence(JsonForm.COMMA, free));
        var firsts = new ArrayList<Expression>();
        boolean mayBeEmpty = true;
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            boolean needed = required.contains(name);
            Object schema = members.get(name);
            if (Boolean.FALSE.equals(schema)) {
                if (needed) throw new GrammarException("'" + name + "' is required and not allowed, at " + at(path));
                continue;
            }
            String where = path + "/properties/" + name.replace("~", "~0").replace("/", "~1");
            Expression member = shared(sequence(JsonForm.literal(name), JsonForm.COLON, expression(schema, where)));
            if (needed) {
                firsts.clear();
                mayBeEmpty = false;
            }
            Expression rest = shared(after);
            firsts.add(sequence(member, rest));
            Expression next = sequence(JsonForm.COMMA, member);
            after = sequence(needed ? next : optional(next), rest);
        }
        if (mayBeEmpty) {
            firsts.add(sequence(free, any(sequence(JsonForm.COMMA, free))));
            firsts.add(Expression.EMPTY);
        }
        return sequence(text("{"), new Choice(firsts), text("}"));
    }

    /// A call of `right`, which is about to be used more than once.
    private Expression shared(Expression right) {
        if (right instanceof Call) return right;
        String name = prefix + "part " + rules.size();
        rules.put(name, right);
        return new Call(name);
    }

    /// Any name within quotes but those of `taken`: a tree of what they begin with alike, left at the
    /// first character that differs.
    private static Expression otherName(Set<String> taken, String path) {
        if (taken.isEmpty()) return JsonForm.STRING;
        for (String name : taken)
            if (name.length() > MAX_NAME)
                throw new GrammarException("a property name of " + name.length()
                        + " characters beside additionalProperties at " + at(path) + "; the limit is " + MAX_NAME);
        return sequence(JsonForm.QUOTE, other(taken, 0));
    }

    /// The rest of a name, and its quote, after `at` characters that those of `taken` have in common.
    private static Expression other(Collection<String> taken, int at) {
        var next = new LinkedHashMap<Integer, List<String>>();
        boolean ends = true;
        for (String name : taken) {
            if (at == name.length()) ends = false;
            else
                next.computeIfAbsent(name.codePointAt(at), c -> new ArrayList<>())
                        .add(name);
        }
        var branches = new ArrayList<Expression>();
        if (ends) branches.add(JsonForm.QUOTE);
        int[] known = next.keySet().stream().mapToInt(Integer::intValue).toArray();
        Expression others = JsonForm.escaped(CharSet.of(known).complement());
        branches.add(sequence(others, any(JsonForm.CANONICAL_CHARACTER), JsonForm.QUOTE));
        next.forEach((c, names) ->
                branches.add(sequence(JsonForm.escaped(CharSet.of(c)), other(names, at + Character.charCount(c)))));
        return new Choice(branches);
    }

    static String at(String path) {
        return path.isEmpty() ? "the top" : path;
    }
}
