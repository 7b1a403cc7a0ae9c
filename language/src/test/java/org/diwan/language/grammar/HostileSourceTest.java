package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.diwan.base.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever stands in a source, a reader answers with a grammar or a [GrammarException], soon; and what
/// it accepts can be read with. Sources come from outside.
class HostileSourceTest {
    private static final List<String> PATTERNS = List.of(
            "^[a-z]+(-[0-9]{2,3})*$",
            "(a|b{3,900})+",
            "[^\\d\\p{L}]\\u{1F600}",
            "(?:x(?<n>y)?){0,5}|^z",
            "\\x41[\\]\\\\-]");
    private static final List<String> GRAMMARS = List.of(
            "root ::= item (\",\" item)*\nitem ::= \"[\" root? \"]\" | [a-z]{1,40}\n",
            "# c\nroot ::= (\"a\" | b) {2,}\nb ::= [^\\x00-\\x1F\\u0627]+ \"\\\"\"\n");
    private static final List<String> SCHEMAS = List.of(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"],\"maxLength\":4}},"
                    + "\"required\":[\"a\"]}",
            "{\"$defs\":{\"n\":{\"anyOf\":[{\"$ref\":\"#/$defs/n\"},{\"const\":1}]}},\"$ref\":\"#/$defs/n\"}",
            "{\"oneOf\":[{\"type\":\"integer\",\"minimum\":3},{\"type\":\"array\",\"prefixItems\":[true],"
                    + "\"items\":false}]}",
            "{\"allOf\":[{\"additionalProperties\":{\"type\":\"number\",\"maximum\":1.5}},"
                    + "{\"required\":[\"x\"]}],\"pattern\":\"^a\"}");

    @Test
    void expressionsAreReadOrRefused() {
        Seeded.forAll(3_000, random -> tried(() -> Grammar.regex(mutated(random, PATTERNS)), random));
    }

    @Test
    void grammarsAreReadOrRefused() {
        Seeded.forAll(3_000, random -> tried(() -> Grammar.gbnf(mutated(random, GRAMMARS)), random));
    }

    @Test
    void schemasAreReadOrRefused() {
        var json = new ObjectMapper();
        Seeded.forAll(3_000, random -> {
            Object schema = JsonSchemaReaderTest.plain(SCHEMAS.get(random.nextInt(SCHEMAS.size())));
            Object other = JsonSchemaReaderTest.plain(SCHEMAS.get(random.nextInt(SCHEMAS.size())));
            Object mutant = crossed(random, schema, other);
            tried(() -> Grammar.jsonSchema(mutant), random);
            assertTrue(json.valueToTree(mutant) != null);
        });
    }

    /// A grammar that was read is compiled or refused, and then reads any bytes without a surprise.
    private static void tried(Supplier<Grammar> source, SplittableRandom random) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try {
                var machine = Texts.machine(source.get());
                State state = machine.start();
                for (int i = 0; i < 40 && !state.isDead(); i++) {
                    var open = new ArrayList<Integer>();
                    for (int b = 0; b < 256; b++) if (!machine.next(state, b).isDead()) open.add(b);
                    assertTrue(state.complete || !open.isEmpty(), "a state that is not dead can be completed");
                    if (open.isEmpty()) break;
                    state = machine.next(state, open.get(random.nextInt(open.size())));
                }
            } catch (GrammarException e) {
                assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
            }
        });
    }

    private static String mutated(SplittableRandom random, List<String> seeds) {
        var text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, "()[]{}|*+?^$.\\\"-,:=0aé\n ".charAt(random.nextInt(24)));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(4)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(12))));
                default -> text.insert(at, (char) random.nextInt(0x10000));
            }
        }
        return text.toString();
    }

    /// `schema` with a part of it replaced by a part of `other`, or by nonsense.
    private static @Nullable Object crossed(SplittableRandom random, @Nullable Object schema, @Nullable Object other) {
        if (random.nextInt(6) == 0) return random.nextBoolean() ? other : nonsense(random);
        if (schema instanceof Map<?, ?> map && !map.isEmpty()) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            int chosen = random.nextInt(map.size());
            for (var entry : map.entrySet()) {
                boolean here = chosen-- == 0;
                copy.put((String) entry.getKey(), here ? crossed(random, entry.getValue(), other) : entry.getValue());
            }
            return copy;
        }
        if (schema instanceof List<?> list && !list.isEmpty()) {
            var copy = new ArrayList<@Nullable Object>(list);
            int at = random.nextInt(list.size());
            copy.set(at, crossed(random, list.get(at), other));
            return copy;
        }
        return nonsense(random);
    }

    private static @Nullable Object nonsense(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> -1;
            case 2 -> "#";
            case 3 -> List.of();
            case 4 -> new HashMap<>(Map.of("not", true));
            case 5 -> 1e300;
            case 6 -> "integer";
            default -> true;
        };
    }

    /// Sources made to be slow or deep end at a limit.
    @Test
    void bombsAreRefused() {
        String nested = "a";
        for (int i = 0; i < 60; i++) nested = "(" + nested + "){1000}";
        String deep = nested;
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Texts.machine(Grammar.regex(deep)));
        assertThrows(GrammarException.class, () -> Grammar.regex("a".repeat(Grammar.MAX_SOURCE + 1)));
        assertThrows(GrammarException.class, () -> Texts.machine(Grammar.regex("\\p{L}".repeat(40_000))));
        assertThrows(GrammarException.class, () -> Grammar.gbnf("root ::= " + "(".repeat(5_000)));
        Object schema = Map.of("type", "integer");
        for (int i = 0; i < 200; i++) schema = Map.of("type", "array", "items", schema);
        Object tower = schema;
        assertThrows(GrammarException.class, () -> Grammar.jsonSchema(tower));
        Object branches = Map.of("type", "string");
        for (int i = 0; i < 30; i++) branches = Map.of("anyOf", List.of(branches, Map.of("type", "string")));
        Object oneOf = Map.of("oneOf", List.of(branches, branches));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThrows(GrammarException.class, () -> Grammar.jsonSchema(oneOf)));
        Object both = Map.of("anyOf", List.of(Map.of("type", "string"), Map.of("type", "null")));
        var all = new ArrayList<Object>();
        for (int i = 0; i < 20; i++) all.add(both);
        assertThrows(GrammarException.class, () -> Grammar.jsonSchema(Map.of("allOf", all)));
    }
}
