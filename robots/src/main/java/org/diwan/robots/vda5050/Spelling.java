package org.diwan.robots.vda5050;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What [Version] says of one kind of object, remembered: a state has some two hundred members, and asking anew for
/// each took a third of the time to write one. There are as many entries as the codecs have names.
final class Spelling {
    private static final Map<Version, Map<String, Spelling>> ALL = new EnumMap<>(Version.class);
    private static final Map<Version, Map<Class<?>, Map<String, Enum<?>>>> WORDS = new EnumMap<>(Version.class);

    static {
        for (var version : Version.values()) {
            ALL.put(version, new ConcurrentHashMap<>());
            WORDS.put(version, new ConcurrentHashMap<>());
        }
    }

    private final Version version;
    private final String object;
    private final Map<String, Optional<String>> members = new ConcurrentHashMap<>();
    private final Map<String, Boolean> required = new ConcurrentHashMap<>();

    private Spelling(Version version, String object) {
        this.version = version;
        this.object = object;
    }

    /// The members of `object`, or of the objects of the array `object`.
    static Spelling of(Version version, String object) {
        return of(ALL, version).computeIfAbsent(object, _ -> new Spelling(version, object));
    }

    private static <T> T of(Map<Version, T> map, Version version) {
        var value = map.get(version);
        if (value == null) throw new AssertionError("all versions are here");
        return value;
    }

    /// As [Version#member].
    Optional<String> member(String name) {
        var known = members.get(name);
        return known != null ? known : members.computeIfAbsent(name, _ -> version.member(object, name));
    }

    /// As [Version#requires].
    boolean requires(String name) {
        var known = required.get(name);
        return known != null ? known : required.computeIfAbsent(name, version::requires);
    }

    /// The constant that `version` spells `word`; null if there is none.
    static <E extends Enum<E>> @Nullable E constant(Version version, Class<E> type, String word) {
        return type.cast(of(WORDS, version)
                .computeIfAbsent(type, _ -> words(version, type))
                .get(word));
    }

    private static <E extends Enum<E>> Map<String, Enum<?>> words(Version version, Class<E> type) {
        var words = new HashMap<String, Enum<?>>();
        for (var constant : type.getEnumConstants())
            version.word(constant).ifPresent(word -> words.put(word, constant));
        return words;
    }
}
