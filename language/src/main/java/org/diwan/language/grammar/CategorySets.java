package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The characters of general categories; each asked for once, as it takes a walk over Unicode.
final class CategorySets {
    private static final Map<List<Integer>, CharSet> KNOWN = new ConcurrentHashMap<>();

    private CategorySets() {}

    /// @param types as [Character#getType(int)] numbers them
    static CharSet of(List<Integer> types) {
        return KNOWN.computeIfAbsent(types, CategorySets::walk);
    }

    private static CharSet walk(List<Integer> types) {
        var runs = new ArrayList<CharSet>();
        int begin = -1;
        for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean in = c <= Character.MAX_CODE_POINT && types.contains(Character.getType(c));
            if (in && begin < 0) begin = c;
            if (in || begin < 0) continue;
            runs.add(CharSet.range(begin, c - 1));
            begin = -1;
        }
        return CharSet.union(runs);
    }
}
