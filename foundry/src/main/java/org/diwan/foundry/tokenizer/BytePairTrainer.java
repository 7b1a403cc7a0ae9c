package org.diwan.foundry.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.diwan.language.ByteLevel;

/// Learns byte-level byte pairs (Sennrich et al. 2016, arXiv:1508.07909, Algorithm 1): again and
/// again the most frequent adjacent pair becomes a new token. Ties go to the pair with the smaller
/// left id, then the smaller right id, so that the same words give the same tokens in any order.
///
/// A merge touches only the words that hold the pair: each pair remembers its words (and may
/// remember some that have lost it, which costs one look). The heap is refreshed lazily: a pair that
/// comes up with a count that is no longer true goes back in with the true one. That is right because
/// counts in the heap are never too low: a pair that gains is pushed again.
public final class BytePairTrainer {
    /// Pairs rarer than this become no tokens: one text's quirk, not the language.
    static final long MIN_PAIR_COUNT = 2;

    private static final class Pair {
        long count;
        int[] words = new int[4];
        int size;

        void addWord(int word) {
            // A word's occurrences are visited in one go, so a repeated word is always the last.
            if (size > 0 && words[size - 1] == word) return;
            if (size == words.length) words = Arrays.copyOf(words, size * 2);
            words[size++] = word;
        }
    }

    private record Entry(long pair, long count) {}

    private static final Comparator<Entry> MOST_FREQUENT =
            Comparator.comparingLong(Entry::count).reversed().thenComparingLong(Entry::pair);

    private final int[][] words;
    private final long[] counts;
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Entry> heap = new PriorityQueue<>(MOST_FREQUENT);

    private BytePairTrainer(List<WordCounter.Word> corpus) {
        words = new int[corpus.size()][];
        counts = new long[corpus.size()];
        for (int w = 0; w < words.length; w++) {
            byte[] bytes = corpus.get(w).text().getBytes(StandardCharsets.UTF_8);
            words[w] = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) words[w][i] = bytes[i] & 0xFF;
            counts[w] = corpus.get(w).count();
        }
    }

    /// Tokens and merges learnt from `corpus`: ids 0–255 are the bytes, id 256 + i is merge i; at
    /// most `size` tokens, fewer when no pair is left that comes twice.
    ///
    /// @throws IllegalArgumentException when `size` leaves no room for the 256 bytes
    public static LearntTokens train(List<WordCounter.Word> corpus, int size) {
        if (size < 256) throw new IllegalArgumentException("a vocabulary of " + size + " has no room for 256 bytes");
        return new BytePairTrainer(corpus).learn(size);
    }

    private LearntTokens learn(int size) {
        for (int w = 0; w < words.length; w++) {
            count(words[w], counts[w]);
            for (int i = 0; i + 1 < words[w].length; i++)
                state(pair(words[w][i], words[w][i + 1])).addWord(w);
        }
        pairs.forEach((pair, state) -> heap.add(new Entry(pair, state.count)));
        var tokens = new ArrayList<String>();
        var merges = new ArrayList<String>();
        for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.letter(b)));
        while (tokens.size() < size) {
            Entry top = heap.poll();
            if (top == null) break;
            Pair state = pairs.get(top.pair);
            if (state == null || state.count == 0) continue;
            if (state.count != top.count) {
                // Lower than it was; if it is higher, another entry with that count came first.
                heap.add(new Entry(top.pair, state.count));
                continue;
            }
            if (state.count < MIN_PAIR_COUNT) break;
            int left = (int) (top.pair >>> 32);
            int right = (int) top.pair;
            merges.add(tokens.get(left) + " " + tokens.get(right));
            tokens.add(tokens.get(left) + tokens.get(right));
            merge(left, right, tokens.size() - 1, state);
            pairs.remove(top.pair);
        }
        return new LearntTokens(tokens, merges);
    }

    private void merge(int left, int right, int merged, Pair state) {
        var gained = new HashSet<Long>();
        for (int i = 0; i < state.size; i++) {
            int w = state.words[i];
            int[] old = words[w];
            int[] now = replaced(old, left, right, merged);
            if (now.length == old.length) continue;
            count(old, -counts[w]);
            count(now, +counts[w]);
            words[w] = now;
            // Only pairs with the new token are new to this word; the others know it already.
            for (int k = 0; k + 1 < now.length; k++) {
                if (now[k] != merged && now[k + 1] != merged) continue;
                long pair = pair(now[k], now[k + 1]);
                state(pair).addWord(w);
                gained.add(pair);
            }
        }
        for (long pair : gained) heap.add(new Entry(pair, state(pair).count));
    }

    /// `word` with every `left right`, found from the left, written as `merged`.
    private static int[] replaced(int[] word, int left, int right, int merged) {
        int[] out = new int[word.length];
        int n = 0;
        for (int i = 0; i < word.length; i++) {
            if (word[i] == left && i + 1 < word.length && word[i + 1] == right) {
                out[n++] = merged;
                i++;
            } else {
                out[n++] = word[i];
            }
        }
        return n == word.length ? word : Arrays.copyOf(out, n);
    }

    /// Adds `amount` to the count of every pair in `word`.
    private void count(int[] word, long amount) {
        for (int i = 0; i + 1 < word.length; i++) state(pair(word[i], word[i + 1])).count += amount;
    }

    private Pair state(long pair) {
        return pairs.computeIfAbsent(pair, key -> new Pair());
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
