package org.diwan.foundry.evaluate;

import java.util.Arrays;

/// Counts under 64-bit keys: open addressing, 12 bytes a slot. A key stands for what was hashed into
/// it; among ten million keys the chance of any two meeting is one in 400,000.
final class CountTable {
    /// Most keys, about 3 GB: a corpus with more needs another counter than this one.
    private static final int MAX_KEYS = 1 << 27;

    private long[] keys = new long[1 << 16];
    private int[] counts = new int[1 << 16];
    private int size;

    /// Adds one; the count before.
    int increment(long key) {
        int slot = slot(key);
        int before = counts[slot]++;
        if (before == 0) {
            keys[slot] = key;
            size++;
            if (size > keys.length / 3 * 2) grow();
        }
        return before;
    }

    int get(long key) {
        return counts[slot(key)];
    }

    int size() {
        return size;
    }

    /// How many keys have exactly `count`.
    int having(int count) {
        int having = 0;
        for (int c : counts) if (c == count) having++;
        return having;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key >>> 32) & mask;
        while (counts[slot] != 0 && keys[slot] != key) slot = (slot + 1) & mask;
        return slot;
    }

    private void grow() {
        if (size > MAX_KEYS) throw new IllegalStateException("more than " + MAX_KEYS + " different n-grams");
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[oldKeys.length * 2];
        counts = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCounts[i] == 0) continue;
            int slot = slot(oldKeys[i]);
            keys[slot] = oldKeys[i];
            counts[slot] = oldCounts[i];
        }
        Arrays.fill(oldKeys, 0);
    }
}
