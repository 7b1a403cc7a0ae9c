package org.diwan.engine.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.jspecify.annotations.Nullable;

/// The metadata `<architecture>.<key>` of a file, each read with its type and range; every complaint
/// names the key.
///
/// @param architectures that may be named by `general.architecture`
record Keys(Path path, Map<String, Object> metadata, List<String> architectures) {
    String architecture() throws GgufException {
        @Nullable Object value = metadata.get("general.architecture");
        if (value instanceof String name && architectures.contains(name)) return name;
        throw new GgufException(
                path, "general.architecture", value + ", must be " + String.join(" or ", architectures));
    }

    /// @param known keys that somebody reads
    /// @throws GgufException naming the first that nobody does
    void refuseAllBut(Set<String> known) throws GgufException {
        String prefix = architecture() + ".";
        for (String key : metadata.keySet()) {
            if (key.startsWith(prefix) && !known.contains(key.substring(prefix.length()))) {
                throw new GgufException(path, key, "is not understood; the model would compute something else");
            }
        }
    }

    boolean has(String key) throws GgufException {
        return metadata.containsKey(name(key));
    }

    /// The value of `key`, null where the file has none.
    @Nullable
    Object value(String key) throws GgufException {
        return metadata.get(name(key));
    }

    /// @throws GgufException when `key` is there and has another value
    void expect(String key, Object only) throws GgufException {
        @Nullable Object value = metadata.get(name(key));
        if (value != null && !value.equals(only)) throw wrong(key, value + ", only " + only + " is computed");
    }

    int integer(String key, int least, int most) throws GgufException {
        if (!has(key)) throw wrong(key, "is missing");
        return integer(key, 0, least, most);
    }

    int integer(String key, int absent, int least, int most) throws GgufException {
        Object value = metadata.getOrDefault(name(key), absent);
        if ((value instanceof Integer || value instanceof Long)
                && ((Number) value).longValue() >= least
                && ((Number) value).longValue() <= most) return ((Number) value).intValue();
        throw wrong(key, shown(value) + ", must be an integer from " + least + " to " + most);
    }

    float real(String key, @Nullable Float absent, float least, float most) throws GgufException {
        @Nullable Object value = has(key) ? metadata.get(name(key)) : absent;
        if (value instanceof Float number && number >= least && number <= most) return number;
        throw wrong(key, shown(value) + ", must be a float32 from " + least + " to " + most);
    }

    GgufException wrong(String key, String problem) throws GgufException {
        return new GgufException(path, name(key), problem);
    }

    private String name(String key) throws GgufException {
        return architecture() + "." + key;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "is missing" : value instanceof Number ? value.toString() : "not a number";
    }
}
