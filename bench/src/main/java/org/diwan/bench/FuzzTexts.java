package org.diwan.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/// Sources in the languages that requests and model files bring along, and damage that leaves most of a source
/// as it was, so that readers get past their first line.
final class FuzzTexts {
    /// Chat templates.
    static final List<String> TEMPLATES = List.of("""
            {%- if messages[0].role == 'system' %}
            {{ '<|im_start|>system\\n' + messages[0].content | trim + '<|im_end|>\\n' }}{%- endif %}
            {%- if tools %}{%- for tool in tools %}{{ tool | tojson(indent=2) }}
            {%- if not loop.last %},{% endif %}{%- endfor %}{%- endif %}
            {%- for message in messages[::-1] %}
            {%- set ns = namespace(step=true, index=messages|length - 1) %}
            {%- if message.role == "user" and not (message.content.startswith('<tool_response>')) %}
            {%- set ns.step = false %}{%- endif %}
            {{- '<|im_start|>' + message.role + '\\n' }}
            {{- message.content.split('</think>')[-1].lstrip('\\n') + '<|im_end|>' }}
            {%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
            """, """
            {% macro row(name, value='-') -%}{{ name ~ ': ' ~ (value | default('none', true)) }}{%- endmacro %}
            {% for key, value in {'a': [1, 2.5], 'b': {'c': none}}.items() if value is not none %}
            {{ row(key, value | string | upper) }}{{ loop.index0 * 3 // 2 ** 2 % 7 }}
            {% else %}{{ raise_exception('no ' ~ "rows") }}{% endfor %}
            {% set parts = 'x,y,z'.split(',') | map('upper') | list %}{{ parts | join('-') | replace('X', 'abc') }}
            {{ range(1, 10, 3) | sum }}{{ parts[1:] is sequence and 'Y' in parts }}{{ '%s' | format(7) }}{# note #}
            {{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | first | length }}
            """);

    /// Regular expressions.
    static final List<String> EXPRESSIONS = List.of(
            "^[a-z]+(-[0-9]{2,3})*$",
            "(?:(?<year>\\d{4})-(\\d\\d)|[^\\p{L}\\s]{0,40}?)+x?",
            "(a|ab|b{3,900})*[\\x41-\\u{1F600}\\]\\\\-]",
            "((\\w+@(\\w+\\.){1,8}[a-z]{2,})|\\+?[0-9 ()-]{5,20})");

    /// Grammars in llama.cpp's notation.
    static final List<String> GRAMMARS = List.of("""
            root ::= item ("," item)*
            item ::= "[" root? "]" | [a-z]{1,40}
            """, """
            # c
            root ::= ("a" | b) {2,}
            b ::= [^\\x00-\\x1F\\u0627]+ "\\""
            """, """
            root ::= expr
            expr ::= term ([-+] term)*
            term ::= num | "(" expr ")"
            num ::= "-"? [0-9]+ ("." [0-9]+)?
            """);

    /// JSON Schemas.
    static final List<String> SCHEMAS = List.of("""
            {"type": "object", "properties": {"name": {"type": ["string", "null"], "minLength": 1, "maxLength": 40},
             "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150}, "tags": {"type": "array",
             "items": {"enum": ["a", "b", 3]}, "minItems": 1, "maxItems": 5, "uniqueItems": false},
             "mail": {"type": "string", "format": "date-time"}}, "required": ["name"],
             "additionalProperties": false}""", """
            {"$defs": {"node": {"type": "object", "properties": {"value": {"type": "number", "minimum": 0.25},
             "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}, "required": ["value"]}},
             "$ref": "#/$defs/node"}""", """
            {"oneOf": [{"type": "integer", "minimum": -3, "maximum": 1e6},
             {"type": "array", "prefixItems": [true, {"const": {"x": []}}], "items": false},
             {"allOf": [{"type": "string", "pattern": "^(a|b)+$"}, {"title": "t"}]}], "title": "t"}""");

    /// What readers of text mind: brackets, numbers at their limits, words of the four languages.
    private static final List<String> WORDS = List.of("""
            ( ) [ ] { } * + ? | \\ " ' ^ , : - %} {% {{ 0 -1 2147483648 1e308 9223372036854775807 1048576 0.1 true null
            \u0000 \uD800 😀 ا ::= root {0,1000} {1000} $ref # "not" "type" items in range(100000) *'a' |list [::-1]
            """.split("[ \n]"));

    private FuzzTexts() {}

    /// One of `sources`, damaged one to six times, in UTF-8; at most twice as long.
    static byte[] damaged(List<String> sources, SplittableRandom random) {
        String source = sources.get(random.nextInt(sources.size()));
        var text = new StringBuilder(source);
        for (int i = random.nextInt(1, 7); i > 0 && text.length() < 2 * source.length(); i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(1, 24));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
                case 2 -> text.replace(at, end, part(sources, random));
                case 3 -> text.insert(at, part(sources, random));
                default -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            }
            if (text.isEmpty()) return new byte[0];
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String part(List<String> sources, SplittableRandom random) {
        String source = sources.get(random.nextInt(sources.size()));
        int at = random.nextInt(source.length());
        return source.substring(at, Math.min(source.length(), at + random.nextInt(1, 60)));
    }
}
