package org.diwan.robots.building;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Names of other formats as names that a building can have, each once.
final class Ids {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> next = new HashMap<>();

    /// `name` itself where that can be, else the nearest: other characters become `_`, and a name that is taken gets
    /// `-` and `where` behind it, or a number.
    String of(String name, String where) {
        String plain = plain(name);
        if (taken.add(plain)) return plain;
        String placed = plain(name + "-" + where);
        String numbered = placed;
        while (!taken.add(numbered)) numbered = placed + "-" + (next.merge(placed, 1, Integer::sum) + 1);
        return numbered;
    }

    private static String plain(String name) {
        String plain = name.replaceAll("[^\\p{L}\\p{M}\\p{N}_.-]", "_").replaceAll("\\.{2,}", ".");
        if (!plain.matches("[\\p{L}\\p{N}_].*")) plain = "_" + plain;
        return plain.length() <= 48 ? plain : plain.substring(0, plain.offsetByCodePoints(0, 40));
    }
}
