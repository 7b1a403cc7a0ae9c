package org.diwan.language;

import java.util.HashMap;
import java.util.Map;

/// Finds tokens that are matched whole before any other reading of a text: the leftmost, and of
/// those the longest. A trie, so the cost per position is bounded by the longest special token,
/// however many there are.
final class SpecialTokens {
    private static final class Node {
        final Map<Character, Node> next = new HashMap<>();
        int token = Vocabulary.NONE;
    }

    private final Node root = new Node();

    /// @param control whether control and unknown tokens take part, or user-defined ones alone
    SpecialTokens(Vocabulary vocabulary, boolean control) {
        for (int id = 0; id < vocabulary.size(); id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            boolean takesPart =
                    switch (token.type()) {
                        case USER_DEFINED -> true;
                        case CONTROL, UNKNOWN -> control;
                        case NORMAL, UNUSED, BYTE -> false;
                    };
            if (takesPart && !token.text().isEmpty()) add(token.text(), id);
        }
    }

    private void add(String text, int id) {
        Node node = root;
        for (int i = 0; i < text.length(); i++) node = node.next.computeIfAbsent(text.charAt(i), c -> new Node());
        // Two tokens may share a text; the first keeps it.
        if (node.token == Vocabulary.NONE) node.token = id;
    }

    /// Receives a text in order, piece by piece.
    interface Parts {
        /// Ordinary text `[from, to)`, not empty.
        void text(int from, int to);

        void token(int id);
    }

    /// Cuts `text` into special tokens and what lies between them.
    void split(String text, Parts parts) {
        int plain = 0;
        int i = 0;
        while (i < text.length()) {
            Node node = root;
            int token = Vocabulary.NONE;
            int end = i;
            for (int j = i; j < text.length(); ) {
                node = node.next.get(text.charAt(j++));
                if (node == null) break;
                if (node.token != Vocabulary.NONE) {
                    token = node.token;
                    end = j;
                }
            }
            if (token == Vocabulary.NONE) {
                i++;
                continue;
            }
            if (plain < i) parts.text(plain, i);
            parts.token(token);
            plain = i = end;
        }
        if (plain < text.length()) parts.text(plain, text.length());
    }
}
