package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of one JSON object, each asked for once by name and type; what nobody asked for is
/// refused by name at the end. A field that is `null` counts as absent, as OpenAI's clients send it.
final class Fields {
    private final JsonNode object;
    private final String prefix;
    private final Set<String> known = new HashSet<>();

    /// @param prefix what error messages put before a field's name, such as `messages[2].`
    Fields(JsonNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /// The fields of a request body.
    ///
    /// @throws ApiError 400 when it is no JSON object
    static Fields of(byte[] body) {
        JsonNode root;
        try {
            root = Json.parse(body);
        } catch (IOException e) {
            throw ApiError.invalid(null, "We could not parse the JSON body of your request: " + e.getMessage());
        }
        if (!root.isObject())
            throw ApiError.invalid(null, "The request body must be a JSON object, but is " + kind(root) + ".");
        return new Fields(root, "");
    }

    String path(String name) {
        return prefix + name;
    }

    @Nullable
    JsonNode node(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    String text(String name) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isTextual()) throw wrong(name, "a string", value);
        return value.textValue();
    }

    String requiredText(String name) {
        String value = text(name);
        if (value == null) throw ApiError.invalid(path(name), "Missing required parameter: '" + path(name) + "'.");
        return value;
    }

    boolean flag(String name) {
        JsonNode value = node(name);
        if (value == null) return false;
        if (!value.isBoolean()) throw wrong(name, "a boolean", value);
        return value.booleanValue();
    }

    /// A whole number in [lo, hi].
    @Nullable
    Long whole(String name, long lo, long hi) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isIntegralNumber()) throw wrong(name, "an integer", value);
        if (!value.canConvertToLong() || value.longValue() < lo || value.longValue() > hi)
            throw outside(name, value, lo, hi);
        return value.longValue();
    }

    /// A finite number in [lo, hi].
    @Nullable
    Float number(String name, double lo, double hi) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isNumber()) throw wrong(name, "a number", value);
        double number = value.doubleValue();
        if (!(number >= lo && number <= hi)) throw outside(name, value, lo, hi);
        return (float) number;
    }

    /// The client sent something that Diwan does not do, unless it is absent, null or `harmless`.
    void refuse(String name, String harmless, String why) {
        JsonNode value = node(name);
        if (value == null || value.toString().equals(harmless)) return;
        throw ApiError.unsupported(path(name), "'" + path(name) + "' is not supported: " + why);
    }

    /// @throws ApiError naming the first field that nobody asked for
    void refuseOthers() {
        for (var field : object.properties())
            if (!known.contains(field.getKey()))
                throw ApiError.unsupported(
                        path(field.getKey()),
                        "Unknown parameter: '" + path(field.getKey()) + "'. Leave it out; Diwan would ignore it.");
    }

    ApiError wrong(String name, String expected, JsonNode value) {
        return ApiError.invalid(
                path(name),
                "Invalid type for '" + path(name) + "': expected " + expected + ", but got " + kind(value)
                        + " instead.");
    }

    private ApiError outside(String name, JsonNode value, Number lo, Number hi) {
        return ApiError.invalid(
                path(name),
                "Invalid value for '" + path(name) + "': " + value + " is not within " + lo + " to " + hi + ".");
    }

    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING -> "null";
            case BINARY -> "bytes";
        };
    }

    /// JSON can spell half a character (`"\ud83d"`); no tokenizer, no UTF-8 and no ledger can.
    static String wholeUnicode(String text, String where) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1)))
                i++;
            else throw ApiError.invalid(where, "'" + where + "' has a lone surrogate at index " + i + ".");
        }
        return text;
    }
}
