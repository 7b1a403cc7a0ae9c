package org.diwan.language.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `value.name` and `value[key]`, and the methods that strings, dictionaries and lists have. Those
/// that would change a value are absent, as in Jinja's immutable sandbox.
final class Attributes {
    private Attributes() {}

    /// `target.name`: a method first, then a member of that name.
    static Object attribute(Object target, String name) {
        if (target instanceof Undefined undefined) throw undefined.problem();
        Callable method =
                switch (target) {
                    case Text text -> StringMethods.find(text, name);
                    case Map<?, ?> map -> dictionaryMethod(map, name);
                    case List<?> list -> listMethod(list, name);
                    default -> null;
                };
        return method != null ? method : member(target, Text.trusted(name));
    }

    /// `target[key]`: a member or element first, then a method of that name.
    static Object item(Object target, Object key) {
        if (target instanceof Undefined undefined) throw undefined.problem();
        Object member = member(target, key);
        if (member instanceof Undefined && key instanceof Text name) return attribute(target, name.value());
        return member;
    }

    private static Object member(Object target, Object key) {
        if (key instanceof Undefined undefined) throw undefined.problem();
        Object member =
                switch (target) {
                    case Map<?, ?> map -> map.get(Values.key(key));
                    case Namespace namespace -> namespace.attributes().get(key);
                    case List<?> list when key instanceof Long index -> element(list, index);
                    case Text text when key instanceof Long index -> character(text, index);
                    default -> null;
                };
        return member != null ? member : new Undefined("'" + key + "' of " + Values.type(target));
    }

    private static @Nullable Object element(List<?> list, long index) {
        long place = index < 0 ? index + list.size() : index;
        return place >= 0 && place < list.size() ? list.get((int) place) : null;
    }

    private static @Nullable Text character(Text text, long index) {
        long length = Values.length(text);
        long place = index < 0 ? index + length : index;
        return place >= 0 && place < length ? Values.between(text, (int) place, (int) place + 1) : null;
    }

    private static @Nullable Callable dictionaryMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> p -> items(map);
            case "keys" -> p -> List.copyOf(map.keySet());
            case "values" -> p -> List.copyOf(map.values());
            case "get" ->
                p -> {
                    Object value = map.get(Values.key(p.get(0, "key")));
                    if (value != null) return value;
                    Object otherwise = p.find(1, "default");
                    return otherwise == null ? None.NONE : otherwise;
                };
            default -> null;
        };
    }

    /// The members as `[key, value]` pairs.
    static List<Object> items(Map<?, ?> map) {
        var pairs = new ArrayList<Object>(map.size());
        map.forEach((key, value) -> pairs.add(List.of(key, value)));
        return pairs;
    }

    private static @Nullable Callable listMethod(List<?> list, String name) {
        return switch (name) {
            case "count" ->
                p -> list.stream()
                        .filter(item -> Values.equal(item, p.get(0, "value")))
                        .count();
            case "index" ->
                p -> {
                    for (int i = 0; i < list.size(); i++)
                        if (Values.equal(list.get(i), p.get(0, "value"))) return (long) i;
                    throw new Problem("the list has no such value");
                };
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
                throw new Problem("list." + name + " is not allowed: values cannot be changed, use a namespace");
            default -> null;
        };
    }
}
