package org.diwan.language;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Pair of token ids → (rank, merged id): a hash table with open addressing over longs, because
/// this look-up is what merging spends its time on.
final class PairTable {
    private static final long EMPTY = -1;

    private final long[] keys;
    private final int[] ranks;
    private final int[] merged;
    private final int shift;

    /// @param merges `"left right"`, rank = index
    /// @param ordinary texts of tokens that text may become
    /// @param all texts of all tokens: a merge that leads to a control token is known but left out
    /// @throws IllegalArgumentException naming the first merge whose parts or whole are no tokens
    PairTable(List<String> merges, Map<String, Integer> ordinary, Map<String, Integer> all) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(merges.size()));
        keys = new long[1 << bits];
        ranks = new int[1 << bits];
        merged = new int[1 << bits];
        shift = 64 - bits;
        Arrays.fill(keys, EMPTY);
        for (int rank = 0; rank < merges.size(); rank++) add(merges.get(rank), rank, ordinary, all);
    }

    private void add(String merge, int rank, Map<String, Integer> ordinary, Map<String, Integer> all) {
        // From 1: the left part may itself be a space in vocabularies that are not byte-level.
        int space = merge.indexOf(' ', 1);
        if (space < 0 || space == merge.length() - 1)
            throw new IllegalArgumentException(
                    "tokenizer.ggml.merges[" + rank + "] is '" + merge + "', must be two tokens with a space between");
        String left = merge.substring(0, space);
        String right = merge.substring(space + 1);
        for (String text : List.of(left, right, left + right))
            if (!all.containsKey(text))
                throw new IllegalArgumentException("tokenizer.ggml.merges[" + rank + "] is '" + merge + "', but '"
                        + text + "' is not in the vocabulary");
        Integer a = ordinary.get(left);
        Integer b = ordinary.get(right);
        Integer whole = ordinary.get(left + right);
        if (a == null || b == null || whole == null) return;

        long key = (long) a << 32 | b;
        int slot = slot(key);
        while (keys[slot] != EMPTY) {
            // A pair listed twice keeps its first, more important rank.
            if (keys[slot] == key) return;
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        ranks[slot] = rank;
        merged[slot] = whole;
    }

    /// The place of the pair for [#rank] and [#merged], or -1 when it does not merge.
    int find(int left, int right) {
        long key = (long) left << 32 | right;
        int slot = slot(key);
        while (keys[slot] != EMPTY) {
            if (keys[slot] == key) return slot;
            slot = (slot + 1) & (keys.length - 1);
        }
        return -1;
    }

    /// The smaller, the earlier it merges; no two pairs share one.
    int rank(int pair) {
        return ranks[pair];
    }

    int merged(int pair) {
        return merged[pair];
    }

    /// Fibonacci hashing (Knuth, TAOCP vol. 3, §6.4): multiply by 2^64 / φ, keep the top bits.
    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
    }
}
