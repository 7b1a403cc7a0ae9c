package org.diwan.language.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Real templates, expressions and random white space against what Jinja2 makes of them
/// (`golden/template/HOW.md`): the same text to the last blank, the same refusals, an error where
/// it has one.
class Jinja2GoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "/golden/template/";

    @TestFactory
    Stream<DynamicTest> chatsRenderAsJinja2RendersThem() throws IOException {
        return chats(golden(), name -> new String(bytes("templates/" + name), StandardCharsets.UTF_8));
    }

    /// The same over templates that may not be passed on with this code; see HOW.md.
    @TestFactory
    Stream<DynamicTest> publishedChatsRenderAsJinja2RendersThem() throws IOException {
        String folder = System.getenv("DIWAN_TEMPLATES");
        assumeTrue(folder != null, "skipped: DIWAN_TEMPLATES, a folder with templates/ and golden.json, is not set");
        return chats(
                JSON.readTree(Path.of(folder, "golden.json").toFile()),
                name -> Files.readString(Path.of(folder, "templates", name)));
    }

    private interface Source {
        String of(String name) throws IOException;
    }

    private static Stream<DynamicTest> chats(JsonNode golden, Source source) {
        return StreamSupport.stream(golden.get("chats").spliterator(), false)
                .map(chat -> DynamicTest.dynamicTest(chat.get("template").asText(), () -> {
                    var variables = new HashMap<String, Object>(map(chat.get("variables")));
                    variables.put("strftime_now", LocalDate.of(2026, 1, 9));
                    check(chat, source.of(chat.get("template").asText()), variables);
                }));
    }

    @TestFactory
    Stream<DynamicTest> snippetsRenderAsJinja2RendersThem() throws IOException {
        JsonNode golden = golden();
        Map<String, Object> values = new HashMap<>(map(golden.get("values")));
        values.put("strftime_now", LocalDate.of(2026, 1, 9));
        return StreamSupport.stream(golden.get("snippets").spliterator(), false)
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.get("source").asText(),
                        () -> check(snippet, snippet.get("source").asText(), values)));
    }

    private static void check(JsonNode expected, String source, Map<String, Object> variables) {
        if (expected.has("text")) {
            assertEquals(
                    expected.get("text").asText(),
                    Template.parse(source).render(variables, Set.of()).value());
        } else if (expected.has("refusal")) {
            var refusal = assertThrows(TemplateException.Refusal.class, () -> Template.parse(source)
                    .render(variables, Set.of()));
            assertEquals(expected.get("refusal").asText(), refusal.reason());
        } else {
            assertThrows(TemplateException.class, () -> Template.parse(source).render(variables, Set.of()));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }

    private static JsonNode golden() throws IOException {
        return JSON.readTree(bytes("golden.json"));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Jinja2GoldenTest.class.getResourceAsStream(FOLDER + name), name)) {
            return in.readAllBytes();
        }
    }
}
