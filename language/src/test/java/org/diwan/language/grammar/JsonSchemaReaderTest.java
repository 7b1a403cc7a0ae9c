package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The independent judge is `com.networknt:json-schema-validator`, with formats asserted.
class JsonSchemaReaderTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /// Every text that a random walk through the grammar makes is valid.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "true",
                "{'type': 'object'}",
                "{'type': ['string', 'null', 'integer']}",
                "{'type': 'object', 'properties': {'name': {'type': 'string'}, 'age': {'type': 'integer'}, 'tags':"
                        + " {'type': 'array', 'items': {'enum': ['a', 'b\\n', 3, null, {'k': [1.50]}]}}},"
                        + " 'required': ['age'], 'additionalProperties': false}",
                "{'type': 'object', 'properties': {'a': {'const': 1}, 'b': {'type': 'boolean'}, 'c': {'type': "
                        + "'null'}}}",
                "{'properties': {'ab': {'type': 'integer'}, 'a': true, 'é\\\"': {'type': 'null'}},"
                        + " 'additionalProperties': {'type': 'boolean'}}",
                "{'type': 'object', 'required': ['x', 'y'], 'properties': {'y': {'type': 'integer'}}}",
                "{'type': 'object', 'properties': {'no': false, 'yes': {'type': 'null'}},"
                        + " 'additionalProperties': {'type': 'null'}}",
                "{'type': 'object', 'additionalProperties': {'type': 'integer'}, 'propertyNames': {'pattern': "
                        + "'^[a-c]{2}$'}}",
                "{'type': 'object', 'patternProperties': {'^x-': {'type': 'integer'}}, 'additionalProperties': false}",
                "{'type': 'object', 'minProperties': 1, 'maxProperties': 3, 'additionalProperties': {'type': 'null'}}",
                "{'type': 'array', 'minItems': 2, 'maxItems': 4, 'items': {'type': 'boolean'}}",
                "{'type': 'array', 'prefixItems': [{'type': 'null'}, {'type': 'boolean'}], 'items': {'type': "
                        + "'integer'},"
                        + " 'minItems': 1, 'maxItems': 5}",
                "{'type': 'array', 'prefixItems': [{'type': 'null'}, {'type': 'boolean'}], 'items': false}",
                "{'type': 'array', 'prefixItems': [{'type': 'null'}, {'type': 'boolean'}], 'minItems': 4, "
                        + "'maxItems': 30}",
                "{'type': 'array', 'maxItems': 0}",
                "{'type': 'array', 'minItems': 100, 'maxItems': 120, 'items': {'type': 'array', 'items': "
                        + "{'const': 0}}}",
                "{'type': 'string', 'minLength': 2, 'maxLength': 5}",
                "{'type': 'string', 'minLength': 90, 'maxLength': 110}",
                "{'type': 'string', 'maxLength': 0}",
                "{'type': 'string', 'pattern': '^[a-z]+(-[0-9]{2,3})*$'}",
                "{'type': 'string', 'pattern': '^.{0,3}b\\\\d.{0,3}$'}",
                "{'type': 'string', 'pattern': '^[\\\\x22\\\\x5c\\\\x00-\\\\x20é]{3}$'}",
                "{'type': 'string', 'format': 'date'}",
                "{'type': 'string', 'format': 'time'}",
                "{'type': 'string', 'format': 'date-time'}",
                "{'type': 'string', 'format': 'duration'}",
                "{'type': 'string', 'format': 'uuid'}",
                "{'type': 'string', 'format': 'ipv4'}",
                "{'type': 'string', 'format': 'ipv6'}",
                "{'type': 'string', 'format': 'hostname'}",
                "{'type': 'integer', 'minimum': -5, 'maximum': 12}",
                "{'type': 'integer', 'exclusiveMinimum': 99, 'maximum': 1234567}",
                "{'type': 'integer', 'maximum': -1}",
                "{'type': 'integer', 'minimum': 2.5, 'exclusiveMaximum': 4.0}",
                "{'type': 'number', 'minimum': -0.25, 'maximum': 10.5}",
                "{'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 1}",
                "{'type': 'number', 'minimum': 3.14, 'maximum': 3.15}",
                "{'type': 'number', 'exclusiveMaximum': -1.5}",
                "{'anyOf': [{'type': 'integer'}, {'type': 'object', 'properties': {'a': {'type': 'null'}},"
                        + " 'additionalProperties': false}]}",
                "{'type': 'object', 'properties': {'k': {'type': 'string'}}, 'required': ['k'], 'anyOf': "
                        + "[{'properties': {'k':"
                        + " {'const': 'x'}}}, {'properties': {'k': {'enum': ['y', 'z']}, 'n': {'type': 'integer'}}}]}",
                "{'oneOf': [{'type': 'object', 'properties': {'t': {'const': 'a'}}, 'required': ['t'],"
                        + " 'additionalProperties': false}, {'type': 'object', 'properties': {'t': {'const': 'b'}, 'v':"
                        + " {'type': 'number'}}, 'required': ['t', 'v'], 'additionalProperties': false}]}",
                "{'oneOf': [{'type': 'integer', 'maximum': 3}, {'type': 'integer', 'minimum': 7}, {'type': 'null'}]}",
                "{'allOf': [{'type': 'object', 'properties': {'a': {'type': 'integer', 'minimum': 3}}, "
                        + "'required': ['a']},"
                        + " {'properties': {'a': {'maximum': 9}, 'b': {'type': 'boolean'}}, 'required': ['b']}],"
                        + " 'properties': {'a': true, 'b': true, 'c': {'type': 'null'}}, "
                        + "'additionalProperties': false}",
                "{'$defs': {'node': {'type': 'object', 'properties': {'v': {'type': 'integer'}, 'next': {'anyOf':"
                        + " [{'$ref': '#/$defs/node'}, {'type': 'null'}]}}, 'required': ['v', 'next'],"
                        + " 'additionalProperties': false}}, '$ref': '#/$defs/node'}",
                "{'type': 'array', 'items': {'$ref': '#'}}",
                "{'$defs': {'a~/b': {'type': 'null'}}, 'type': 'array', 'items': {'$ref': '#/$defs/a~0~1b', "
                        + "'title': 't'}}",
                "{'$defs': {'p': {'type': 'integer', 'minimum': 0}}, 'type': 'object', 'properties': {'x': {'$ref':"
                        + " '#/$defs/p', 'maximum': 20}}, 'required': ['x'], 'additionalProperties': false}",
                "{'const': {'a': [1, 'x', null, true]}}",
                "{'enum': [1, 'a', null], 'type': ['string', 'null']}",
            })
    void whatTheGrammarMakesIsValid(String quoted) {
        String schema = quoted.replace('\'', '"');
        var judge = judge(schema);
        var machine = Texts.machine(Grammar.jsonSchema(plain(schema)));
        Seeded.forAll(150, random -> {
            String text = RandomText.of(machine, random);
            // The judge's `.` excludes U+0085, ECMA-262's does not; and it refuses -00:00 (RFC 3339, §4.3).
            if (text.indexOf(0x85) >= 0 || text.contains("-00:00\"")) return;
            var problems = validate(judge, text);
            assertTrue(problems.isEmpty(), () -> text + " is made for " + schema + ", but " + problems);
        });
    }

    /// A valid instance in the form that the grammar writes is accepted; one that is not valid never is.
    @Test
    void randomInstancesAreAcceptedIfAndOnlyIfTheyAreValid() {
        int[] seen = new int[2];
        Seeded.forAll(400, random -> {
            Object schema = schema(random, 3);
            String text = JSON.writeValueAsString(schema);
            var judge = judge(text);
            var machine = Texts.machine(Grammar.jsonSchema(plain(text)));
            for (int i = 0; i < 30; i++) {
                String instance = JSON.writeValueAsString(instance(random, schema));
                boolean valid = validate(judge, instance).isEmpty();
                seen[valid ? 1 : 0]++;
                assertEquals(valid, Texts.accepts(machine, instance), instance + " for " + text);
            }
        });
        assertTrue(seen[0] > 100 && seen[1] > 100, "both kinds occur: " + seen[0] + " and " + seen[1]);
    }

    /// Every integer and every decimal of a small world.
    @Test
    void boundsAreExact() {
        Seeded.forAll(150, random -> {
            var low = java.math.BigDecimal.valueOf(random.nextInt(-300, 300), random.nextInt(3));
            var high = low.add(java.math.BigDecimal.valueOf(random.nextInt(0, 400), random.nextInt(3)));
            boolean excludesLow = random.nextBoolean();
            boolean excludesHigh = random.nextBoolean();
            var schema = new LinkedHashMap<String, Object>();
            boolean whole = random.nextBoolean();
            schema.put("type", whole ? "integer" : "number");
            if (random.nextInt(5) > 0) schema.put(excludesLow ? "exclusiveMinimum" : "minimum", low);
            if (random.nextInt(5) > 0) schema.put(excludesHigh ? "exclusiveMaximum" : "maximum", high);
            if (schema.size() == 1) return;
            boolean[] some = {false};
            for (int scale = 0; scale <= (whole ? 0 : 2); scale++) {
                int size = scale == 0 ? 700 : 7_000;
                StateMachine machine = machineOrNull(schema);
                for (int i = -size; i <= size; i += scale == 2 ? 7 : 1) {
                    var value = java.math.BigDecimal.valueOf(i, scale);
                    int below = value.compareTo(low);
                    int above = value.compareTo(high);
                    boolean fits = (!schema.containsKey("minimum") || below >= 0)
                            && (!schema.containsKey("exclusiveMinimum") || below > 0)
                            && (!schema.containsKey("maximum") || above <= 0)
                            && (!schema.containsKey("exclusiveMaximum") || above < 0);
                    some[0] |= fits;
                    // Zero has no sign, whole or not.
                    boolean accepted = machine != null && Texts.accepts(machine, value.toPlainString());
                    assertEquals(fits, accepted, value + " for " + schema);
                }
            }
        });
    }

    private static @Nullable StateMachine machineOrNull(Map<String, Object> schema) {
        try {
            return Texts.machine(Grammar.jsonSchema(schema));
        } catch (GrammarException e) {
            assertEquals("the grammar accepts no text at all", e.getMessage());
            return null;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "{'properties': {'x': {'unevaluatedProperties': false}}} => unsupported keyword "
                        + "'unevaluatedProperties' at /properties/x",
                "{'not': {}} => unsupported keyword 'not' at the top",
                "{'if': {}} => unsupported keyword 'if' at the top",
                "{'type': 'array', 'uniqueItems': true} => unsupported keyword 'uniqueItems'",
                "{'type': 'array', 'contains': {}} => unsupported keyword 'contains'",
                "{'type': 'number', 'multipleOf': 0.5} => unsupported keyword 'multipleOf' at the top",
                "{'type': 'string', 'nullable': true} => list \"null\" among the types instead",
                "{'type': 'string', 'minlength': 3} => unsupported keyword 'minlength'",
                "{'type': 'string', 'format': 'idn-email'} => unsupported format 'idn-email'",
                "{'type': 'string', 'pattern': '(?=a)'} => look-ahead is not supported",
                "{'type': 'string', 'pattern': 'a', 'maxLength': 3} => write one pattern",
                "{'type': 'string', 'minLength': 4, 'maxLength': 3} => minLength 4 is above maxLength 3",
                "{'type': 'string', 'minLength': -1} => 'minLength' at the top must be a whole number from 0",
                "{'type': 'strin'} => 'type' at the top must be one of",
                "{'type': []} => 'type' at the top must be not empty",
                "{'enum': []} => 'enum' at the top must be a list, not empty",
                "{'required': 'a'} => 'required' at the top must be a list of strings",
                "{'properties': {'a': 3}} => 'properties' at the top must be made of schemas",
                "{'items': [{}]} => 'items' at the top must be made of schemas",
                "{'$ref': 'http://example.org/x'} => unsupported $ref 'http://example.org/x'",
                "{'$ref': '#/$defs/none'} => $ref '#/$defs/none' at the top names nothing",
                "{'$ref': '#/$defs/a', '$defs': {'a': {'$ref': '#/$defs/a'}}} => the grammar accepts no text at all",
                "{'$ref': '#', 'type': 'object'} => meets itself",
                "{'oneOf': [{'type': 'string'}, {'type': 'string', 'maxLength': 3}]} => oneOf at the top: a "
                        + "value may match branch 0 and branch 1",
                "{'oneOf': [{'type': 'number'}, {'type': 'integer'}]} => a value may match branch 0 and branch 1",
                "{'allOf': [{'pattern': 'a'}, {'pattern': 'b'}]} => two different 'pattern' to be merged",
                "{'allOf': [{'enum': [1]}, {'enum': [2]}]} => two enums without a common value",
                "{'required': ['a'], 'properties': {'a': false}} => 'a' is required and not allowed",
                "{'const': 3, 'minimum': 2} => unsupported keyword 'minimum' beside 'enum' or 'const'",
                "{'enum': [3], 'type': 'string'} => no value of enum or const has the type",
                "{'properties': {'a': {}}, 'minProperties': 1} => unsupported keyword 'minProperties' beside "
                        + "'properties'",
                "{'minimum': 1e1000} => 'minimum' at the top must be of at most 400 digits",
                "3 => a schema is an object or a boolean",
                "null => a schema is an object or a boolean, not null",
                "false => the grammar accepts no text at all",
            })
    void whatIsNotSupportedIsRefusedByName(String quoted, String problem) {
        Object schema = plain(quoted.replace('\'', '"'));
        var e = assertThrows(GrammarException.class, () -> Texts.machine(Grammar.jsonSchema(schema)));
        assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    }

    /// White space is as models write it on one line, and members come in order.
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":[2,3]} => true",
                "{\"a\": 1, \"b\": [2, 3]} => true",
                "{\"a\":  1,\"b\":[2,3]} => false",
                "{ \"a\":1,\"b\":[2,3]} => false",
                "{\"b\":[2,3],\"a\":1} => false",
                "{\"a\":1} => true",
                "{\"a\":1,\"b\":[2,3],\"a\":1} => false",
            })
    void formIsAsDocumented(String text, boolean accepted) {
        var schema =
                plain("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"array\"}}}");
        assertEquals(accepted, Texts.accepts(Grammar.jsonSchema(schema), text));
    }

    /// What would return: branches that double with every digit of a bound.
    @Test
    void longBoundsStaySmall() {
        var low = new java.math.BigDecimal("12345678901234567890.12345678901234567890");
        for (String type : List.of("integer", "number")) {
            var schema = Map.of("type", type, "minimum", low, "maximum", low.movePointRight(9));
            var network = new Network(Grammar.jsonSchema(schema));
            assertTrue(network.nodeCount() < 3_000, "nodes: " + network.nodeCount());
            var machine = new StateMachine(network);
            assertEquals(false, Texts.accepts(machine, "12345678901234567890"));
            assertEquals(true, Texts.accepts(machine, "12345678901234567891"));
            assertEquals(true, Texts.accepts(machine, "12345678901234567890123456789"));
            assertEquals(false, Texts.accepts(machine, "12345678901234567890123456790"));
        }
    }

    /// By hand: the validator also asks whether the top-level domain exists.
    @ParameterizedTest
    @CsvSource({
        "a@b.org,true",
        "a.b-c+d_e@mail.example.com,true",
        "a@b,false",
        "@b.org,false",
        "a..b@c.org,false",
        "a@-b.org,false",
        "a@b..org,false",
        "a b@c.org,false",
    })
    void emailsAreASubsetOfMailboxes(String text, boolean accepted) {
        var grammar = Grammar.jsonSchema(Map.of("type", "string", "format", "email"));
        assertEquals(accepted, Texts.accepts(grammar, '"' + text + '"'));
    }

    /// What would return: schemas within schemas written out twice at every level.
    @Test
    void nestedArraysDoNotDoubleTheGrammar() {
        String schema = "{\"type\":\"integer\"}";
        for (int i = 0; i < 60; i++) schema = "{\"type\":\"array\",\"items\":" + schema + ",\"minItems\":1}";
        var network = new Network(Grammar.jsonSchema(plain(schema)));
        assertTrue(network.nodeCount() < 3_000, "nodes: " + network.nodeCount());
    }

    // Random schemas, and instances that are often valid.

    private static Object schema(SplittableRandom random, int depth) {
        return schema(random, depth, false);
    }

    /// @param closed whether objects declare all their members: members of one branch of an `anyOf` would else
    ///     be undeclared in another, where they come last, and their order would be another
    private static Object schema(SplittableRandom random, int depth, boolean closed) {
        if (depth > 0 && random.nextInt(3) > 0) {
            if (random.nextInt(3) == 0)
                return Map.of("anyOf", List.of(schema(random, depth - 1, true), schema(random, depth - 1, true)));
            if (random.nextBoolean()) {
                var array = new LinkedHashMap<String, Object>(
                        Map.of("type", "array", "items", schema(random, depth - 1, closed)));
                if (random.nextBoolean()) array.put("minItems", random.nextInt(3));
                if (random.nextBoolean()) array.put("maxItems", 2 + random.nextInt(2));
                if (random.nextInt(3) == 0) array.put("prefixItems", List.of(schema(random, depth - 1, closed)));
                return array;
            }
            var properties = new LinkedHashMap<String, Object>();
            var required = new ArrayList<String>();
            for (String name : List.of("a", "b", "ab")) {
                if (random.nextBoolean()) properties.put(name, schema(random, depth - 1, closed));
                if (random.nextInt(3) == 0) required.add(name);
            }
            var object = new LinkedHashMap<String, Object>(Map.of("type", "object", "properties", properties));
            // A name required and not declared comes after the others, which instances below do not do.
            required.retainAll(properties.keySet());
            if (!required.isEmpty()) object.put("required", required);
            if (closed) object.put("additionalProperties", false);
            else if (random.nextBoolean())
                object.put("additionalProperties", random.nextBoolean() ? false : schema(random, 0));
            return object;
        }
        return switch (random.nextInt(8)) {
            case 0 -> Map.of("type", "integer", "minimum", random.nextInt(-3, 3));
            case 1 -> Map.of("type", "number", "maximum", random.nextInt(-20, 30) / 10.0);
            case 2 -> Map.of("type", "string", "maxLength", random.nextInt(3));
            case 3 -> Map.of("type", "string", "pattern", "^(a|é|\\n|\")*$");
            case 4 -> Map.of("enum", List.of("a", 1, true, List.of(1)));
            case 5 -> Map.of("type", List.of("null", "boolean"));
            case 6 -> true;
            default -> Map.of("type", "integer");
        };
    }

    private static @Nullable Object instance(SplittableRandom random, @Nullable Object schema) {
        if (!(schema instanceof Map<?, ?> map) || random.nextInt(12) == 0) return anything(random, 2);
        if (map.get("anyOf") instanceof List<?> branches) return instance(random, branches.get(random.nextInt(2)));
        if ("array".equals(map.get("type"))) {
            var list = new ArrayList<@Nullable Object>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Object element = list.isEmpty() && map.get("prefixItems") instanceof List<?> prefix
                        ? prefix.getFirst()
                        : map.get("items");
                list.add(instance(random, element));
            }
            return list;
        }
        if (map.get("properties") instanceof Map<?, ?> properties) {
            var object = new LinkedHashMap<String, @Nullable Object>();
            boolean all = random.nextBoolean();
            properties.forEach((name, value) -> {
                if (all || random.nextInt(4) > 0) object.put((String) name, instance(random, value));
            });
            if (random.nextInt(3) == 0) object.put("abc", instance(random, map.get("additionalProperties")));
            return object;
        }
        return anything(random, 0);
    }

    private static @Nullable Object anything(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3 -> random.nextInt(-4, 5);
            // Never whole: JSON Schema takes 3.0 for an integer, but the grammar writes 3.
            case 4 -> random.nextInt(-30, 40) + 0.5;
            case 5, 6, 7 -> List.of("", "a", "aé\n", "\"", "😀b", "b\\").get(random.nextInt(6));
            case 8 -> {
                var list = new ArrayList<@Nullable Object>();
                list.add(anything(random, depth - 1));
                yield list;
            }
            default -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                map.put(random.nextBoolean() ? "a" : "z", anything(random, depth - 1));
                yield map;
            }
        };
    }

    private static Schema judge(String schema) {
        return REGISTRY.getSchema(schema, InputFormat.JSON);
    }

    private static List<com.networknt.schema.Error> validate(Schema judge, String text) {
        return judge.validate(
                text,
                InputFormat.JSON,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    static @Nullable Object plain(String json) {
        try {
            return plain(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static @Nullable Object plain(JsonNode node) {
        if (node.isNull()) return null;
        if (node.isTextual()) return node.textValue();
        if (node.isBoolean()) return node.booleanValue();
        if (node.isNumber()) return node.numberValue();
        if (node.isArray()) {
            var list = new ArrayList<@Nullable Object>();
            node.forEach(each -> list.add(plain(each)));
            return list;
        }
        var map = new LinkedHashMap<String, @Nullable Object>();
        node.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
        return map;
    }
}
