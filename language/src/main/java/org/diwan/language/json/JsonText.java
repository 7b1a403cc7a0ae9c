package org.diwan.language.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) as `Map<String, Object>` in the order of the text, `List<Object>`,
/// `String`, `Long`, `Double`, `Boolean` and null. Strict: a name that occurs twice, anything after
/// the value, and what RFC 8259 does not allow are refused. An integer beyond 64 bits becomes a
/// `Double`.
public final class JsonText {
    /// Deepest nesting that is read: as deep as a template may look (`template.Limits`).
    public static final int MAX_DEPTH = 200;

    /// Longest number, in characters: no double needs more digits to be exact (IEEE 754: 767).
    private static final int MAX_NUMBER = 1000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonText() {}

    /// The value that `text` spells. The caller bounds the length of `text`: the value takes a few
    /// times its memory.
    ///
    /// @throws IllegalArgumentException saying what is wrong, and in which line and column
    public static @Nullable Object parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) throw new IllegalArgumentException("no JSON value, the text is empty");
            Object value = value(parser);
            if (parser.nextToken() != null)
                throw new IllegalArgumentException("JSON goes on after its value" + place(parser.currentLocation()));
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage() + place(e.getLocation()), e);
        } catch (IOException e) {
            throw new AssertionError("a string is read without input or output", e);
        }
    }

    /// The object that `text` spells.
    ///
    /// @throws IllegalArgumentException as [#parse], or when it is something else
    public static Map<String, Object> object(String text) {
        if (parse(text) instanceof Map<?, ?> map) {
            var members = new LinkedHashMap<String, Object>();
            map.forEach((name, member) -> members.put((String) name, member));
            return members;
        }
        throw new IllegalArgumentException("JSON is no object");
    }

    /// Where in `text`, a JSON object, the value of its member `name` is spelled, or null when it
    /// has none: `{"a": {"b":1.0}}` spells `a` as `{"b":1.0}`, and a model's own spelling stays.
    ///
    /// @throws IllegalArgumentException as [#object]
    public static @Nullable String spelling(String text, String name) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(name);
                parser.nextToken();
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (!found) continue;
                parser.finishToken();
                return text.substring(begin, (int) parser.currentLocation().getCharOffset());
            }
            return null;
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    /// `value` in one line, members in their order.
    ///
    /// @throws IllegalArgumentException for a type that [#parse] does not give, or `Integer`
    public static String write(@Nullable Object value) {
        var text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(value, generator);
        } catch (IOException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + e.getMessage(), e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case String text -> out.writeString(text);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Boolean flag -> out.writeBoolean(flag);
            case List<?> items -> {
                out.writeStartArray();
                for (Object item : items) write(item, out);
                out.writeEndArray();
            }
            case Map<?, ?> members -> {
                out.writeStartObject();
                for (var member : members.entrySet()) {
                    out.writeFieldName((String) member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
            default -> throw new IllegalArgumentException(value.getClass().getName() + " is no JSON value");
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var members = new LinkedHashMap<String, @Nullable Object>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(parser));
                yield items;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) yield parser.getDoubleValue();
                yield parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalArgumentException("not JSON: no value" + place(parser.currentLocation()));
        };
    }

    /// Empty where the parser itself does not know.
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : ", line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
