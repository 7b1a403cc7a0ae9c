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
    private static final int ALL_SLICES = (1 << Slices.COUNT) - 1;
    private static final int MANY = 255;
    private static final int ALL_STATES = (1 << Slices.STATES) - 1;

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
    private final byte[] farthest;
    private final byte[] slices;

    public TokenTrie(Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        tokenCount = vocabulary.size();
        endTokens = vocabulary.endTokens();
        dropsSpace = vocabulary.addSpacePrefix();
        texts = new byte[tokenCount][];
        for (int id = 0; id < tokenCount; id++) texts[id] = endTokens.contains(id) ? new byte[0] : bytes(tokenizer, id);
        tokens = sorted();

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
        farthest = new byte[nodes];
        slices = new byte[nodes];
        look();
    }

    /// The tokens that have bytes, in the order of these. Five bytes and the id make one number, so that few
    /// need to be compared byte by byte.
    private int[] sorted() {
        assert tokenCount < 1 << 24 : tokenCount + " tokens do not fit 24 bits";
        long[] keys = new long[tokenCount];
        int count = 0;
        for (int id = 0; id < tokenCount; id++)
            if (texts[id].length > 0) keys[count++] = (head(texts[id]) << 24 | id) ^ Long.MIN_VALUE;
        Arrays.sort(keys, 0, count);
        Integer[] ids = new Integer[count];
        for (int i = 0; i < count; i++) ids[i] = (int) keys[i] & 0xFFFFFF;
        for (int from = 0, to = 0; from < count; from = to) {
            while (to < count && keys[to] >> 24 == keys[from] >> 24) to++;
            if (to - from > 1) Arrays.sort(ids, from, to, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
        }
        return Arrays.stream(ids).mapToInt(Integer::intValue).toArray();
    }

    /// The first five bytes, zeros where there are fewer.
    private static long head(byte[] text) {
        long head = 0;
        for (int i = 0; i < 5; i++) head = head << 8 | (i < text.length ? text[i] & 0xFF : 0);
        return head;
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

    /// Finds from the last node to the first what is below each: how far the last byte of a token is, and from
    /// which states of [Slices] it can all be read. What is known below the node at each depth is kept on
    /// the way.
    private void look() {
        int[][] before = new int[256][];
        for (int b = 0; b < 256; b++) before[b] = before(b);
        int[] far = new int[depth + 1];
        int[] readable = new int[depth + 1];
        Arrays.fill(readable, ALL_STATES);
        for (int node = labels.length - 1; node >= 0; node--) {
            int at = depths[node];
            farthest[node] = (byte) far[at];
            slices[node] = (byte) (far[at] == 0 ? 0 : readable[at] & ALL_SLICES);
            far[at - 1] = Math.min(MANY, Math.max(far[at - 1], far[at] + 1));
            int from = 0;
            for (int state = 0; state < Slices.STATES; state++) {
                int next = before[label(node)][state];
                if (next != Slices.NONE && (readable[at] >> next & 1) != 0) from |= 1 << state;
            }
            readable[at - 1] &= from;
            far[at] = 0;
            readable[at] = ALL_STATES;
        }
    }

    private static int[] before(int b) {
        int[] next = new int[Slices.STATES];
        for (int state = 0; state < next.length; state++) next[state] = Slices.next(state, b);
        return next;
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

    /// Most bytes from `node` to the end of a token below it; 255 stands for more, too.
    int farthest(int node) {
        return farthest[node] & 0xFF;
    }

    /// The [Slices] to which all that is below `node` keeps, as bits; none where nothing is below.
    int slices(int node) {
        return slices[node];
    }

    /// Sets the bits of the tokens that end at `node`.
    void add(int node, long[] bits) {
        add(firsts[node], firsts[node + 1], bits);
    }

    /// Sets the bits of the tokens that end below `node`.
    void addBelow(int node, long[] bits) {
        add(firsts[node + 1], firsts[ends[node]], bits);
    }

    private void add(int from, int to, long[] bits) {
        for (int i = from; i < to; i++) bits[tokens[i] >> 6] |= 1L << tokens[i];
    }
}
