package org.diwan.language;

import java.util.Arrays;

/// Token texts as a trie over UTF-16 units. A node is a number, an edge an entry (node, unit) → node
/// of one hash table with open addressing: 250,000 tokens take some ten megabytes, where a map for
/// each node would take hundreds.
final class PieceTrie {
    /// The node of the empty text.
    static final int ROOT = 0;

    /// In place of a node: no token goes on like this.
    static final int NOWHERE = -1;

    private static final long EMPTY = -1;

    private long[] edges = new long[1 << 10];
    private int[] targets = new int[1 << 10];
    private int[] tokens = new int[1 << 9];
    private int nodes = 1;

    PieceTrie() {
        Arrays.fill(edges, EMPTY);
        Arrays.fill(tokens, Vocabulary.NONE);
    }

    /// Adds `text`, which is not empty; of two tokens with one text the first keeps it.
    void add(String text, int token) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int next = next(node, text.charAt(i));
            node = next == NOWHERE ? grow(node, text.charAt(i)) : next;
        }
        if (tokens[node] == Vocabulary.NONE) tokens[node] = token;
    }

    /// The node after `unit`, or [#NOWHERE].
    int next(int node, char unit) {
        long edge = (long) node << 16 | unit;
        for (int slot = slot(edge); edges[slot] != EMPTY; slot = (slot + 1) & (edges.length - 1)) {
            if (edges[slot] == edge) return targets[slot];
        }
        return NOWHERE;
    }

    /// The token that ends at `node`, or [Vocabulary#NONE].
    int token(int node) {
        return tokens[node];
    }

    private int grow(int node, char unit) {
        if (2 * nodes > edges.length) rehash();
        if (nodes == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * nodes);
            Arrays.fill(tokens, nodes, tokens.length, Vocabulary.NONE);
        }
        put((long) node << 16 | unit, nodes);
        return nodes++;
    }

    private void rehash() {
        long[] oldEdges = edges;
        int[] oldTargets = targets;
        edges = new long[2 * oldEdges.length];
        targets = new int[edges.length];
        Arrays.fill(edges, EMPTY);
        for (int i = 0; i < oldEdges.length; i++) if (oldEdges[i] != EMPTY) put(oldEdges[i], oldTargets[i]);
    }

    private void put(long edge, int target) {
        int slot = slot(edge);
        while (edges[slot] != EMPTY) slot = (slot + 1) & (edges.length - 1);
        edges[slot] = edge;
        targets[slot] = target;
    }

    /// Fibonacci hashing (Knuth, TAOCP vol. 3, §6.4), as in [PairTable].
    private int slot(long edge) {
        return (int) ((edge * 0x9E3779B97F4A7C15L) >>> (64 - Integer.numberOfTrailingZeros(edges.length)));
    }
}
