package org.diwan.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Typed look-ups in a JSON object; every complaint names the field by its path in the file.
///
/// @param path of the object itself; empty for the whole file
record JsonFields(String path, Map<String, Object> members) {
    boolean has(String name) {
        return members.get(name) != null;
    }

    boolean isObject(String name) {
        return members.get(name) instanceof Map<?, ?>;
    }

    Set<String> names() {
        return members.keySet();
    }

    String text(String name, String absent) {
        return switch (members.get(name)) {
            case null -> absent;
            case String value -> value;
            case Object other -> throw wrong(name, other, "a string");
        };
    }

    boolean flag(String name, boolean absent) {
        return switch (members.get(name)) {
            case null -> absent;
            case Boolean value -> value;
            case Object other -> throw wrong(name, other, "true or false");
        };
    }

    double number(String name, double absent) {
        return switch (members.get(name)) {
            case null -> absent;
            case Number value -> value.doubleValue();
            case Object other -> throw wrong(name, other, "a number");
        };
    }

    /// A token id, `[0, MAX_TOKENS)`.
    int id(String name) {
        if (members.get(name) instanceof Long value && value >= 0 && value < Vocabulary.MAX_TOKENS)
            return value.intValue();
        throw wrong(name, members.get(name), "a token id below " + Vocabulary.MAX_TOKENS);
    }

    List<?> list(String name) {
        return switch (members.get(name)) {
            case null -> List.of();
            case List<?> value -> value;
            case Object other -> throw wrong(name, other, "an array");
        };
    }

    JsonFields object(String name) {
        return object(at(name), members.get(name));
    }

    List<JsonFields> objects(String name) {
        var objects = new ArrayList<JsonFields>();
        for (Object item : list(name)) objects.add(object(at(name) + "[" + objects.size() + "]", item));
        return objects;
    }

    private static JsonFields object(String path, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map))
            throw new IllegalArgumentException(path + " is " + shown(value) + ", must be an object");
        var members = new LinkedHashMap<String, Object>();
        map.forEach((key, member) -> members.put((String) key, member));
        return new JsonFields(path, members);
    }

    /// What is asked for is understood, and not done here.
    IllegalArgumentException unsupported(String name, @Nullable Object value, String supported) {
        return new IllegalArgumentException(at(name) + " is " + shown(value) + "; supported: " + supported);
    }

    private IllegalArgumentException wrong(String name, @Nullable Object value, String wanted) {
        return new IllegalArgumentException(at(name) + " is " + shown(value) + ", must be " + wanted);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shown(@Nullable Object value) {
        if (value == null) return "missing";
        String text = String.valueOf(value);
        return "'" + (text.length() > 200 ? text.substring(0, 200) + "…" : text) + "'";
    }
}
