package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The official JSON Schema Test Suite (github.com/json-schema-org/JSON-Schema-Test-Suite), draft 2020-12
/// and its formats: each schema is refused by name, or no text of an invalid instance is accepted and some
/// text of every valid one is, in an order of members and a spelling of numbers of our choice. Strings of a
/// format have one form too ([Formats]), so of them some valid ones are not accepted; they are counted.
///
/// Not taken: `format.json`, which wants formats to be without effect, and what needs other documents.
class JsonSchemaSuiteTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<String> LEFT_OUT = List.of("format.json", "refRemote.json", "vocabulary.json");

    /// Orders of members that are tried for one object.
    private static final int MAX_MEMBERS = 5;

    private final Map<String, Integer> refusals = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int schemas;
    private int compiled;
    private int valid;
    private int invalid;
    private int otherwise;

    @Test
    void everySchemaIsHeldToOrRefusedByName() throws IOException {
        String folder = System.getenv("DIWAN_JSON_SCHEMA_SUITE");
        assumeTrue(
                folder != null,
                "skipped: DIWAN_JSON_SCHEMA_SUITE, a copy of json-schema-org/JSON-Schema-Test-Suite, is not set");
        Path tests = Path.of(folder, "tests", "draft2020-12");
        for (Path part : List.of(tests, tests.resolve("optional/format"))) {
            List<Path> files;
            try (Stream<Path> all = Files.list(part)) {
                files = all.filter(file -> file.toString().endsWith(".json"))
                        .filter(file -> !LEFT_OUT.contains(file.getFileName().toString()))
                        .sorted()
                        .toList();
            }
            for (Path file : files)
                for (JsonNode group : JSON.readTree(file.toFile()))
                    group(file.getFileName() + ": ", group, !part.equals(tests));
        }
        System.out.printf(
                "JSON Schema Test Suite, draft 2020-12: %d schemas, %d compiled, %d refused by name; of those compiled,"
                        + " %d valid instances accepted, %d invalid refused, %d valid"
                        + " strings of formats not of our form%n",
                schemas, compiled, schemas - compiled, valid, invalid, otherwise);
        refusals.forEach((reason, count) -> System.out.println("  " + count + " " + reason));
        assertTrue(compiled > 150, "the suite is cut short");
        wrong.forEach(System.out::println);
        assertEquals(List.of(), wrong, () -> wrong.size() + " instances are judged otherwise");
    }

    private void group(String file, JsonNode group, boolean formats) {
        String name = file + group.get("description").asText();
        schemas++;
        StateMachine machine;
        try {
            machine = Texts.machine(Grammar.jsonSchema(JsonSchemaReaderTest.plain(group.get("schema"))));
        } catch (GrammarException e) {
            String reason = String.valueOf(e.getMessage()).replaceAll(" at .*", "");
            refusals.merge(reason.substring(0, Math.min(90, reason.length())), 1, Integer::sum);
            return;
        }
        compiled++;
        for (JsonNode test : group.get("tests")) {
            boolean accepted = texts(test.get("data")).stream().anyMatch(text -> Texts.accepts(machine, text));
            boolean expected = test.get("valid").asBoolean();
            if (!accepted && expected && formats) otherwise++;
            else if (accepted != expected)
                wrong.add(name + " / " + test.get("description").asText() + " " + test.get("data") + " must be "
                        + (expected ? "accepted" : "refused"));
            else if (expected) valid++;
            else invalid++;
        }
    }

    /// The texts of `value` with members in every order, numbers spelled as they stand and as plain integers.
    private static List<String> texts(@Nullable JsonNode value) {
        var texts = new ArrayList<String>();
        if (value instanceof ObjectNode object && object.size() <= MAX_MEMBERS) {
            orders(object, new ArrayList<>(), "", texts);
        } else if (value != null && value.isArray()) {
            texts.add("");
            for (JsonNode element : value) {
                var longer = new ArrayList<String>();
                for (String head : texts)
                    for (String tail : texts(element)) longer.add(head.isEmpty() ? tail : head + ", " + tail);
                texts.clear();
                texts.addAll(longer);
            }
            texts.replaceAll(text -> "[" + text + "]");
        } else if (value != null && value.isNumber()) {
            texts.add(value.toString());
            texts.add(value.decimalValue().stripTrailingZeros().toPlainString());
        } else {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    private static void orders(ObjectNode object, List<String> used, String text, List<String> into) {
        if (used.size() == object.size()) {
            into.add("{" + text + "}");
            return;
        }
        for (var member : object.properties()) {
            if (used.contains(member.getKey())) continue;
            used.add(member.getKey());
            for (String value : texts(member.getValue()))
                orders(
                        object,
                        used,
                        text + (text.isEmpty() ? "" : ", ") + JSON.valueToTree(member.getKey()) + ": " + value,
                        into);
            used.removeLast();
        }
    }
}
