package org.diwan.language.template;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A template comes with a model file, and that may come from anybody: whatever it says, it costs
/// bounded time, memory and stack, and the error names the line.
class HostileTemplateTest {
    private record Wrong(String template, String message) {}

    private static final List<Wrong> WRONG = List.of(
            new Wrong("{{ x", "line 1: tag is not closed"),
            new Wrong("a\n{{ 'x }}", "line 2: string is not closed"),
            new Wrong("{{ }}", "line 1: found '}}', expected a value"),
            new Wrong("{% if x %}", "line 1: block is not closed"),
            new Wrong("{% if x %}\n\n{% endfor %}", "line 3: block 'endfor' is not supported"),
            new Wrong("{% include 'passwd' %}", "line 1: block 'include' is not supported"),
            new Wrong("{% import 'os' as os %}", "line 1: block 'import' is not supported"),
            new Wrong("{% for a in x recursive %}{% endfor %}", "line 1: 'for … recursive' is not supported"),
            new Wrong("{# never closed", "line 1: comment '{#' without '#}'"),
            new Wrong("{% raw %} x", "line 1: '{% raw %}' without '{% endraw %}'"),
            new Wrong("{{ 1 $ 2 }}", "line 1: '$' begins nothing known"),
            new Wrong("{{ 99999999999999999999 }}", "line 1: integer 99999999999999999999 has more than 64 bits"),
            new Wrong("\n{{ x|nosuch }}", "line 2: filter 'nosuch' is not supported"),
            new Wrong("{{ x is nosuch }}", "line 1: test 'nosuch' is not supported"),
            new Wrong("{{ missing.name }}", "line 1: 'missing' is undefined"),
            new Wrong("{{ ''.getClass() }}", "'getClass()' is undefined"),
            new Wrong("{{ ''.__class__.mro }}", "'__class__' of a string is undefined"),
            new Wrong("{{ 1 + 'a' }}", "line 1: cannot compute add of an integer and a string"),
            new Wrong("{{ 9223372036854775807 + 1 }}", "line 1: integer result has more than 64 bits"),
            new Wrong("{{ 10 ** 100 }}", "line 1: integer result has more than 64 bits"),
            new Wrong("{{ range(1000000000) }}", "line 1: range of more than 100000 numbers"),
            new Wrong("{% set a, b = [1] %}", "line 1: 1 values for the names a, b"),
            new Wrong("{% set x.y = 1 %}", "line 1: 'x' is no namespace"));

    @Test
    void errorNamesLineAndConstruct() {
        for (Wrong wrong : WRONG) assertRefused(wrong.template(), wrong.message());
    }

    @Test
    @Timeout(value = 20, unit = SECONDS)
    void endlessWorkIsCutOff() {
        String loops = "{% for a in range(99999) %}".repeat(4) + "x" + "{% endfor %}".repeat(4);
        assertRefused(loops, "steps");
        assertRefused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested deeper than");
        assertRefused("{{ 'x' * 999999999 }}", "longer than");
        String doubling =
                "{% set n = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}";
        assertRefused(doubling, "at most");
        String replacing = "{{ ('a' * 9999)|replace('a', 'b' * 9999) }}";
        assertRefused(replacing, "replace gives more than");
    }

    @Test
    @Timeout(value = 20, unit = SECONDS)
    void valuesNestedInThemselvesAreCutOff() {
        String nest = "{% set n = namespace(v=[]) %}{% for i in range(90000) %}{% set n.v = [n.v] %}{% endfor %}";
        assertRefused(nest + "{{ n.v }}", "nested deeper than");
        assertRefused(nest + "{{ n.v == n.v[0] }}", "nested deeper than");
        assertRefused(nest + "{{ n.v|tojson }}", "nested deeper than");
        assertRefused(nest + "{{ {n.v: 1} }}", "cannot be the key");
        String bomb = "{% set n = namespace(v=1, w=1) %}{% for i in range(90) %}{% set n.v = [n.v, n.v] %}"
                + "{% set n.w = [n.w, n.w] %}{% endfor %}";
        assertRefused(bomb + "{{ n.v }}", "parts");
        assertRefused(bomb + "{{ n.v == n.w }}", "parts");
    }

    @Test
    @Timeout(value = 30, unit = SECONDS)
    void memoryIsBounded() {
        String large = "{% set s = 'a,' * 8000000 %}";
        assertRefused(large + "{{ s.split(',') }}", "parts");
        assertRefused(large + "{{ s|list }}", "cannot be walked through");
        assertRefused(large + "{% for c in s %}{% endfor %}", "cannot be walked through");
        assertRefused(large + "{{ s[::2] }}", "cannot be walked through");
        assertRefused(large + "{{ [s, s, s]|tojson }}", "characters");
        assertRefused("{% set t = 'a' * 8000000 %}{{ (t ~ 'b') in (t ~ t) }}", "steps");
        assertRefused("{% set t = 'a' * 8000000 %}{{ (t ~ t).replace(t ~ 'b', '') }}", "steps");
        String doubling = "{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}";
        assertRefused(doubling, "elements");
        String copying = "{% set l = range(99999) %}{% for a in l %}{% set b = l|list %}{% endfor %}";
        assertRefused(copying, "steps");
        String hoarding = "{% set n = namespace(l=[]) %}{% for i in range(9999) %}{% set n.l = n.l + ['a' * 1000000] %}"
                + "{% endfor %}";
        assertRefused(hoarding, "steps");
    }

    @Test
    void deepSourceIsRefusedWithoutAStackOverflow() {
        for (String part : List.of("(", "[", "-", "not ", "{1:", "x[", "x("))
            assertRefused("{{ " + part.repeat(20_000), "");
        assertRefused("{% if x %}".repeat(10_000), "nested deeper than");
        assertRefused("{{ 1" + " + 1".repeat(20_000) + " }}", "nested deeper than");
        assertRefused("{{ x" + ".y".repeat(20_000) + " }}", "");
        assertRefused("x".repeat(Limits.MAX_SOURCE + 1), "template of 262145 characters");
    }

    @Test
    void deepInputIsRefused() {
        Object value = "x";
        for (int i = 0; i < 10_000; i++) value = new ArrayList<>(List.of(value));
        Object deep = value;
        var e = assertThrows(
                IllegalArgumentException.class, () -> Template.parse("").render(Map.of("v", deep), Set.of()));
        assertTrue(e.toString().contains("nested deeper than"), e.toString());
    }

    /// Real templates with damage, over real conversations: refused or rendered, never more, and soon.
    @Test
    @Timeout(value = 60, unit = SECONDS)
    void damagedTemplateIsRefusedOrRendered() throws IOException {
        var sources = new ArrayList<String>();
        for (String name :
                List.of("qwen3", "qwen3-coder", "granite-4", "constructs", "ours-cohere2", "ours-mistral-v7"))
            sources.add(source(name));
        List<Object> messages = List.of(
                Map.of("role", "user", "content", "Hi"),
                Map.of(
                        "role",
                        "assistant",
                        "content",
                        "",
                        "tool_calls",
                        List.of(Map.of("function", Map.of("name", "f", "arguments", Map.of("a", 1L))))));
        Map<String, Object> variables = Map.of("messages", messages, "tools", List.of(), "bos_token", "<s>");
        Seeded.forAll(400, random -> {
            String source = sources.get(random.nextInt(sources.size()));
            var text = new StringBuilder(source);
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(30));
                int from = random.nextInt(source.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, end);
                    case 1 -> text.insert(at, source, from, Math.min(source.length(), from + random.nextInt(60)));
                    default -> text.setCharAt(at, "{}%#-()[]|.,:'\"0x+*~= \n".charAt(random.nextInt(23)));
                }
                if (text.isEmpty()) text.append('x');
            }
            try {
                Template.parse(text.toString()).render(variables, Set.of());
            } catch (TemplateException expected) {
                assertTrue(expected.line() >= 1, expected.toString());
            }
        });
    }

    private static String source(String name) throws IOException {
        String path = "/golden/template/templates/" + name + ".jinja";
        try (InputStream in = Objects.requireNonNull(HostileTemplateTest.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void templateHasNoClockUnlessGivenOne() {
        assertEquals("none", render("{{ strftime_now('%Y') if strftime_now is defined else 'none' }}"));
    }

    private static void assertRefused(String template, String message) {
        var e = assertThrows(TemplateException.class, () -> render(template));
        assertTrue(e.toString().contains(message), e.toString());
    }

    private static String render(String template) {
        return Template.parse(template)
                .render(Map.of("x", List.of(1)), Set.of())
                .value();
    }
}
