package org.diwan.datacenter.simulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The blocks of prompts that a replica still holds; the least recently used go first. A block is of use
/// only if every block before it is there too: its numbers depend on them.
final class PrefixCache {
    private final Map<Integer, Boolean> held;

    PrefixCache(int blocks) {
        this.held = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
                return size() > blocks;
            }
        };
    }

    /// How many of `blocks` are held without a gap from the first; changes nothing.
    int prefix(List<Integer> blocks) {
        int length = 0;
        while (length < blocks.size() && held.containsKey(blocks.get(length))) length++;
        return length;
    }

    /// Holds all of `blocks`. Last first, so that of one prompt the end is dropped before the beginning.
    void use(List<Integer> blocks) {
        for (int i = blocks.size() - 1; i >= 0; i--) held.put(blocks.get(i), Boolean.TRUE);
    }
}
