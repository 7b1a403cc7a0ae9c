package org.diwan.language;

import java.util.HashMap;
import java.util.Map;

/// Finds tokens that are matched whole before any other reading of a text: the leftmost, and of
/// those the longest. A trie, so the cost per position is bounded by the longest special token,
/// however many there are.
final class SpecialTokens {
    /// Says of the characters `[from, to)` whether they may become a control token.
    interface Trust {
        Trust NOBODY = (from, to) -> false;
        Trust EVERYBODY = (from, to) -> true;

        boolean isTrusted(int from, int to);
    }

    private static final class Node {
        final Map<Character, Node> next = new HashMap<>();
        int token = Vocabulary.NONE;
        boolean control;
    }

    private final Node root = new Node();
    private final Vocabulary vocabulary;

    SpecialTokens(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.size(); id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            if (token.text().isEmpty()) continue;
            switch (token.type()) {
                case USER_DEFINED -> add(token.text(), id, false);
                case CONTROL, UNKNOWN -> add(token.text(), id, true);
                case NORMAL, UNUSED, BYTE -> {}
            }
        }
    }

    private void add(String text, int id, boolean control) {
        Node node = root;
        for (int i = 0; i < text.length(); i++) node = node.next.computeIfAbsent(text.charAt(i), c -> new Node());
        // Two tokens may share a text; the first keeps it.
        if (node.token != Vocabulary.NONE) return;
        node.token = id;
        node.control = control;
    }

    /// Receives a text in order, piece by piece.
    interface Parts {
        /// Ordinary text `[from, to)`, not empty.
        void text(int from, int to);

        void token(int id);
    }

    /// Cuts `text` into special tokens and what lies between them. User-defined tokens are found
    /// everywhere, control tokens only in characters that `trust` trusts; what a token asks of the
    /// text beside it ([Edges]) is done, and one that does not fit there stays text.
    void split(String text, Trust trust, Parts parts) {
        int plain = 0;
        int i = 0;
        while (i < text.length()) {
            Node node = root;
            int token = Vocabulary.NONE;
            int end = i;
            for (int j = i; j < text.length(); ) {
                node = node.next.get(text.charAt(j++));
                if (node == null) break;
                if (node.token != Vocabulary.NONE && (!node.control || trust.isTrusted(i, j))) {
                    token = node.token;
                    end = j;
                }
            }
            if (token == Vocabulary.NONE) {
                i++;
                continue;
            }
            Edges edges = vocabulary.tokens().get(token).edges();
            if (!edges.fit(text, i, end)) {
                i = end;
                continue;
            }
            int begin = Math.max(plain, edges.begin(text, i));
            if (plain < begin) parts.text(plain, begin);
            parts.token(token);
            plain = i = edges.end(text, end);
        }
        if (plain < text.length()) parts.text(plain, text.length());
    }
}
