package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.diwan.base.Digest;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The members of one JSON object of a receipt, each read by name and type; every problem names the
/// path, such as `decided.entry.time`. Exactly the expected members must be there.
final class EntryFields {
    private final Map<?, ?> map;
    private final String path;

    /// @param names the members that must be there, and no others
    EntryFields(@Nullable Object value, String path, Set<String> names) throws VerificationException {
        this(value, path, names, Set.of());
    }

    /// @param optional further members that may be there
    EntryFields(@Nullable Object value, String path, Set<String> names, Set<String> optional)
            throws VerificationException {
        if (!(value instanceof Map<?, ?> members)) throw new VerificationException(path + " is not a JSON object");
        this.map = members;
        this.path = path;
        var missing = new TreeSet<>(names);
        for (Object key : map.keySet())
            if (!missing.remove((String) key) && !optional.contains(key))
                throw new VerificationException(path + " has an unknown member " + key);
        if (!missing.isEmpty()) throw new VerificationException(path + " lacks " + missing.first());
    }

    String path(String name) {
        return path + "." + name;
    }

    @Nullable
    Object value(String name) {
        return map.get(name);
    }

    String text(String name) throws VerificationException {
        if (map.get(name) instanceof String text) return text;
        throw new VerificationException(path(name) + " is not a string");
    }

    boolean flag(String name) throws VerificationException {
        if (map.get(name) instanceof Boolean flag) return flag;
        throw new VerificationException(path(name) + " is not a boolean");
    }

    /// A string, or "" where the member is absent.
    String textOrEmpty(String name) throws VerificationException {
        return map.containsKey(name) ? text(name) : "";
    }

    long whole(String name) throws VerificationException {
        if (map.get(name) instanceof Long number) return number;
        throw new VerificationException(path(name) + " is not a whole number");
    }

    /// A whole number from 0 to `Integer.MAX_VALUE`.
    int count(String name) throws VerificationException {
        long number = whole(name);
        if (number < 0 || number > Integer.MAX_VALUE) throw new VerificationException(path(name) + " is " + number);
        return (int) number;
    }

    float number(String name) throws VerificationException {
        if (map.get(name) instanceof Number number) return number.floatValue();
        throw new VerificationException(path(name) + " is not a number");
    }

    /// An object whose members are numbers.
    Map<String, Number> numbers(String name) throws VerificationException {
        if (!(map.get(name) instanceof Map<?, ?> members))
            throw new VerificationException(path(name) + " is not a JSON object");
        var numbers = new TreeMap<String, Number>();
        for (var member : members.entrySet()) {
            if (!(member.getValue() instanceof Number number))
                throw new VerificationException(path(name) + "." + member.getKey() + " is not a number");
            numbers.put((String) member.getKey(), number);
        }
        return numbers;
    }

    /// An object whose members are counts.
    Map<String, Integer> counts(String name) throws VerificationException {
        var counts = new TreeMap<String, Integer>();
        for (var member : numbers(name).entrySet()) {
            if (!(member.getValue() instanceof Long count) || count < 1 || count > Integer.MAX_VALUE)
                throw new VerificationException(path(name) + "." + member.getKey() + " is not a count");
            counts.put(member.getKey(), count.intValue());
        }
        return counts;
    }

    /// A SHA-256 in lower-case hexadecimal.
    String hash(String name) throws VerificationException {
        String text = text(name);
        if (text.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")) return text;
        throw new VerificationException(path(name) + " is not 64 hexadecimal digits");
    }

    byte[] bytes(String name) throws VerificationException {
        return HexFormat.of().parseHex(hash(name));
    }

    List<?> list(String name) throws VerificationException {
        if (map.get(name) instanceof List<?> list) return list;
        throw new VerificationException(path(name) + " is not an array");
    }

    /// An array, or none where the member is absent.
    List<?> listOrEmpty(String name) throws VerificationException {
        return map.containsKey(name) ? list(name) : List.of();
    }

    List<String> texts(String name) throws VerificationException {
        var texts = new ArrayList<String>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) throw new VerificationException(path(name) + " holds no string");
            texts.add(text);
        }
        return texts;
    }

    /// `list` as token ids.
    static List<Integer> tokens(List<?> list, String path) throws VerificationException {
        var tokens = new ArrayList<Integer>();
        for (Object token : list) {
            if (!(token instanceof Long id) || id < 0 || id > Integer.MAX_VALUE)
                throw new VerificationException(path + "[" + tokens.size() + "] is not a token id");
            tokens.add(id.intValue());
        }
        return tokens;
    }
}
