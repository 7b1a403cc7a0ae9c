package org.diwan.language.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.diwan.language.TokenType;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;

/// The bytes of all tokens of a vocabulary as one tree, so that what tokens begin with alike is
/// looked at once. Immutable; one per vocabulary serves all grammars.
///
/// Nodes are numbered in the order of a walk that goes down first and takes bytes in ascending order:
/// a subtree is a range of numbers, and so are its tokens. The bytes of a control token are
/// [Network#SPECIAL] and its stored text; tokens that end an answer have no place here.
public final class TokenTrie {
    final int tokenCount;
    final Set<Integer> endTokens;

    /// Whether the first space of an answer belongs to the tokenizer and not to the text.
    final boolean dropsSpace;

    /// Longest token in bytes.
    final int depth;

    private final byte[][] texts;
    private final int[] tokens;
    private final byte[] labels;
    private final short[] depths;
    private final int[] ends;
    private final int[] firsts;

    public TokenTrie(Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        tokenCount = vocabulary.size();
        endTokens = vocabulary.endTokens();
        dropsSpace = vocabulary.addSpacePrefix();
        texts = new byte[tokenCount][];
        var ids = new ArrayList<Integer>(tokenCount);
        for (int id = 0; id < tokenCount; id++) {
            texts[id] = endTokens.contains(id) ? new byte[0] : bytes(tokenizer, id);
            if (texts[id].length > 0) ids.add(id);
        }
        ids.sort((a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
        tokens = ids.stream().mapToInt(Integer::intValue).toArray();

        int nodes = 0;
        byte[] before = {};
        for (int id : tokens) {
            nodes += texts[id].length - common(before, texts[id]);
            before = texts[id];
        }
        labels = new byte[nodes];
        depths = new short[nodes];
        ends = new int[nodes];
        firsts = new int[nodes + 1];
        depth = build();
    }

    private static byte[] bytes(Tokenizer tokenizer, int id) {
        var token = tokenizer.vocabulary().tokens().get(id);
        if (token.type() != TokenType.CONTROL) {
            byte[] bytes = tokenizer.bytes(id);
            // Never part of a text, and not to be taken for the beginning of a control token.
            for (byte b : bytes) if ((b & 0xFF) == Network.SPECIAL) return new byte[0];
            return bytes;
        }
        byte[] text = token.text().getBytes(StandardCharsets.UTF_8);
        byte[] marked = new byte[text.length + 1];
        marked[0] = (byte) Network.SPECIAL;
        System.arraycopy(text, 0, marked, 1, text.length);
        return marked;
    }

    private int build() {
        List<Integer> open = new ArrayList<>();
        byte[] before = {};
        int node = 0;
        int deepest = 0;
        for (int i = 0; i < tokens.length; i++) {
            byte[] text = texts[tokens[i]];
            int common = common(before, text);
            while (open.size() > common) ends[open.removeLast()] = node;
            while (open.size() < text.length) {
                labels[node] = text[open.size()];
                open.add(node);
                depths[node] = (short) open.size();
                firsts[node] = i;
                node++;
            }
            deepest = Math.max(deepest, text.length);
            before = text;
        }
        while (!open.isEmpty()) ends[open.removeLast()] = node;
        firsts[node] = tokens.length;
        return deepest;
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    /// The bytes of `token`; none if it has no place here.
    byte[] text(int token) {
        return texts[token];
    }

    int nodeCount() {
        return labels.length;
    }

    /// The byte that leads to `node`, 0 to 255.
    int label(int node) {
        return labels[node] & 0xFF;
    }

    /// Bytes from the beginning of a token to `node`, 1 or more.
    int depth(int node) {
        return depths[node];
    }

    /// One more than the last node below `node`.
    int end(int node) {
        return ends[node];
    }

    boolean isLeaf(int node) {
        return ends[node] == node + 1;
    }

    /// Sets the bits of the tokens that end at `node`.
    void add(int node, long[] bits) {
        for (int i = firsts[node]; i < firsts[node + 1]; i++) bits[tokens[i] >> 6] |= 1L << tokens[i];
    }
}
