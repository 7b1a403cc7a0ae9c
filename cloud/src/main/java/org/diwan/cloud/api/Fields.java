package org.diwan.cloud.api;

import com.fasterxml.jackson.databind.JsonNode;
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
}
