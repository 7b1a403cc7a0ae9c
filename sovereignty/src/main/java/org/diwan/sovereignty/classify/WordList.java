package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the words of many lists in one walk over a text.
///
/// A trie of all entries, entered at the start of each word. In Arabic the words "and", "in", "for",
/// "the" are written as letters before the next word, so there the trie is entered again behind
/// each of up to [#MAX_CLITICS] letters that may be such: `وبالهوية` is found by `هوي*`.
final class WordList {
    /// `و ف ب ك ل ا`: the letters that clitics are made of.
    private static final String CLITICS = "\u0648\u0641\u0628\u0643\u0644\u0627";

    /// Longest chain of clitics: و + ب + ال.
    private static final int MAX_CLITICS = 4;

    /// Longest rest of a word that a `*` covers.
    private static final int MAX_WORD = 64;

    /// One entry found at `[start, end)` of the folded text, for the list number `list`.
    record Hit(int list, int start, int end) {}

    private static final class Node {
        final Map<Character, Node> next = new HashMap<>();
        final List<Integer> whole = new ArrayList<>(1);
        final List<Integer> beginning = new ArrayList<>(1);
    }

    private final Node root = new Node();
    private int longest;

    /// Adds `entry`, one or more words, the last perhaps ending in `*`, to the list number `list`.
    void add(String entry, int list) {
        boolean open = entry.endsWith("*");
        String folded = NormalText.fold(open ? entry.substring(0, entry.length() - 1) : entry)
                .strip();
        if (folded.isEmpty()) throw new IllegalArgumentException("the entry '" + entry + "' has no letters");
        longest = Math.max(longest, folded.length());
        Node node = root;
        for (int i = 0; i < folded.length(); i++)
            node = node.next.computeIfAbsent(folded.charAt(i), letter -> new Node());
        (open ? node.beginning : node.whole).add(list);
    }

    /// Characters of the longest entry, folded.
    int longest() {
        return longest;
    }

    void addAll(List<String> entries, int list) {
        for (String entry : entries) add(entry, list);
    }

    /// Every hit in `text`; a place may have several.
    List<Hit> find(NormalText text) {
        var hits = new ArrayList<Hit>();
        for (int i = 0; i < text.length(); i++) {
            if (!isWord(text.at(i)) || isWord(text.at(i - 1))) continue;
            walk(text, i, hits);
            for (int k = 0; k < MAX_CLITICS && CLITICS.indexOf(text.at(i + k)) >= 0; k++) walk(text, i + k + 1, hits);
        }
        return hits;
    }

    private void walk(NormalText text, int start, List<Hit> hits) {
        Node node = root;
        for (int end = start + 1; end <= text.length(); end++) {
            node = node.next.get(text.at(end - 1));
            if (node == null) return;
            if (!node.whole.isEmpty() && !isWord(text.at(end)))
                for (int list : node.whole) hits.add(new Hit(list, start, end));
            if (!node.beginning.isEmpty())
                for (int list : node.beginning) hits.add(new Hit(list, start, wordEnd(text, end)));
        }
    }

    private static int wordEnd(NormalText text, int end) {
        int limit = end + MAX_WORD;
        while (end < limit && isWord(text.at(end))) end++;
        return end;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }
}
