package org.diwan.language;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Remembers the tokens of words: most words of a text have been seen before. A new word takes the
/// slot of an older one with its hash, so that the size is bounded without any bookkeeping.
///
/// Written without locks: entries are immutable, and a lost update costs one more merge.
final class WordCache {
    /// Words remembered; a power of two.
    private static final int SLOTS = 1 << 15;

    /// Longest word remembered, in UTF-16 units: longer ones rarely come back.
    private static final int MAX_LENGTH = 32;

    /// Final fields, so that a reader without a lock sees it whole (JLS §17.5).
    private static final class Entry {
        final String word;
        final int[] ids;

        Entry(String word, int[] ids) {
            this.word = word;
            this.ids = ids;
        }
    }

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    /// The tokens of the word `text[from, to)`, by `encode` if they are not remembered. The caller
    /// must not write into them.
    int[] tokens(String text, int from, int to, Function<String, int[]> encode) {
        int length = to - from;
        if (length > MAX_LENGTH) return encode.apply(text.substring(from, to));
        int hash = 0;
        for (int i = from; i < to; i++) hash = 31 * hash + text.charAt(i);
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        Entry seen = entries[slot];
        if (seen != null && seen.word.length() == length && text.startsWith(seen.word, from)) return seen.ids;
        String word = text.substring(from, to);
        int[] ids = encode.apply(word);
        entries[slot] = new Entry(word, ids);
        return ids;
    }
}
