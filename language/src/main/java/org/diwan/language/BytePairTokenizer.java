package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Byte-level byte-pair encoding: the text is cut into words ([PreTokenizer]), a word into its UTF-8
/// bytes, and then the most important adjacent pair of the word is merged again and again until no
/// pair is left that the vocabulary merges (Sennrich et al. 2016, arXiv:1508.07909, Algorithm 1;
/// over bytes as in Radford et al. 2019, §2.2).
///
/// A word of n bytes costs O(n log n): pairs wait in a heap. Most words of a real text are short and
/// have been seen before, so a [WordCache] answers nine in ten.
public final class BytePairTokenizer implements Tokenizer {
    private static final byte[] NO_BYTES = {};

    /// Characters that no script uses; read as U+FFFD by a vocabulary without their bytes.
    private static final String UNASSIGNED_PLANES = "[\\x{40000}-\\x{10FFFF}]";

    private final Vocabulary vocabulary;
    private final PreTokenizer preTokenizer;
    private final byte[][] tokenBytes;
    private final int[] byteIds = new int[256];
    private final PairTable pairs;
    private final Map<String, Integer> wholeWords;
    private final SpecialTokens specials;

    private final WordCache cache = new WordCache();

    /// @param vocabulary of kind [Vocabulary.Kind#BYTE_PAIR]
    /// @throws IllegalArgumentException when a byte that text needs has no token, or a merge names a
    ///     text that is no token
    BytePairTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        PreTokenizer pre = vocabulary.preTokenizer();
        if (pre == null) throw new IllegalArgumentException("a byte-pair vocabulary needs a pre-tokenizer");
        preTokenizer = pre;
        tokenBytes = new byte[vocabulary.size()][];
        var ordinary = new HashMap<String, Integer>(vocabulary.size() * 2);
        var all = new HashMap<String, Integer>(vocabulary.size() * 2);
        for (int id = 0; id < tokenBytes.length; id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            tokenBytes[id] = bytes(token);
            all.putIfAbsent(token.text(), id);
            // Control tokens are left out here, so that no merge can ever make one.
            boolean isText = token.type() == TokenType.NORMAL || token.type() == TokenType.USER_DEFINED;
            if (isText) ordinary.putIfAbsent(token.text(), id);
        }
        for (int b = 0; b < 256; b++) {
            byteIds[b] = ordinary.getOrDefault(String.valueOf(ByteLevel.letter(b)), Vocabulary.NONE);
            if (byteIds[b] == Vocabulary.NONE && isNeeded(b))
                throw new IllegalArgumentException("the vocabulary has no token for byte 0x" + Integer.toHexString(b)
                        + " (" + ByteLevel.letter(b) + "): not a byte-level vocabulary");
        }
        pairs = new PairTable(vocabulary.merges(), ordinary, all);
        wholeWords = pre.looksUpWholeWords() ? ordinary : Map.of();
        specials = new SpecialTokens(vocabulary);
    }

    /// A tokenizer straight from a trainer's lists.
    ///
    /// @param tokens in byte-level letters ([ByteLevel]), indexed by id; all 256 bytes among them
    /// @param merges `"left right"`, the most important first
    /// @param control those of `tokens` that are control tokens, such as `<|endoftext|>`
    /// @throws IllegalArgumentException as the constructor
    public static BytePairTokenizer of(
            List<String> tokens, List<String> merges, PreTokenizer preTokenizer, Set<String> control) {
        return new BytePairTokenizer(Vocabulary.bytePair(tokens, merges, preTokenizer, control));
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public byte[] bytes(int token) {
        return tokenBytes[token].clone();
    }

    @Override
    public int[] encode(String text, boolean parseSpecial, boolean addBos) {
        return encode(text, parseSpecial ? SpecialTokens.Trust.EVERYBODY : SpecialTokens.Trust.NOBODY, addBos);
    }

    /// As [#encode(String, boolean, boolean)]; only what `trust` trusts becomes control tokens.
    int[] encode(String text, SpecialTokens.Trust trust, boolean addBos) {
        Utf8.checkLength(text);
        var ids = new IntSequence();
        if (addBos && vocabulary.addBos() && vocabulary.bos() != Vocabulary.NONE) ids.add(vocabulary.bos());
        specials.split(text, trust, new SpecialTokens.Parts() {
            @Override
            public void text(int from, int to) {
                encodeWords(text, from, to, ids);
            }

            @Override
            public void token(int id) {
                ids.add(id);
            }
        });
        return ids.toArray();
    }

    private void encodeWords(String text, int from, int to, IntSequence ids) {
        while (from < to) {
            int end = preTokenizer.next(text, from, to);
            ids.addAll(cache.tokens(text, from, end, this::merge));
            from = end;
        }
    }

    private int[] merge(String word) {
        byte[] bytes = Utf8.bytes(word);
        if (!wholeWords.isEmpty()) {
            Integer whole = wholeWords.get(ByteLevel.letters(bytes));
            if (whole != null) return new int[] {whole};
        }
        var symbols = new int[bytes.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = byteIds[bytes[i] & 0xFF];
            if (symbols[i] == Vocabulary.NONE) return merge(word.replaceAll(UNASSIGNED_PLANES, "\uFFFD"));
        }
        return merge(symbols, pairs);
    }

    /// Merges `symbols`, which it overwrites: the pair of the smallest rank first, of equal ones the
    /// leftmost.
    ///
    /// Symbols stay in their cells: a merge writes the pair's left cell and unlinks the right one.
    /// The heap holds (rank, left cell); an entry is stale when the pair now at that cell has
    /// another rank. Ranks are unique to pairs, so no more needs to be stored.
    static int[] merge(int[] symbols, PairTable pairs) {
        int count = symbols.length;
        if (count < 2) return symbols;
        var next = new int[count];
        var previous = new int[count];
        var heap = new LongHeap(count);
        for (int i = 0; i < count; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < count) push(heap, pairs.find(symbols[i], symbols[i + 1]), i, pairs);
        }
        while (!heap.isEmpty()) {
            long top = heap.pop();
            int left = (int) top;
            int rank = (int) (top >>> 32);
            int right = next[left];
            if (symbols[left] < 0 || right >= count) continue;
            int pair = pairs.find(symbols[left], symbols[right]);
            if (pair < 0 || pairs.rank(pair) != rank) continue;

            symbols[left] = pairs.merged(pair);
            symbols[right] = GONE;
            next[left] = next[right];
            if (next[right] < count) previous[next[right]] = left;

            if (previous[left] >= 0)
                push(heap, pairs.find(symbols[previous[left]], symbols[left]), previous[left], pairs);
            if (next[left] < count) push(heap, pairs.find(symbols[left], symbols[next[left]]), left, pairs);
        }
        int kept = 0;
        for (int i = 0; i < count; i = next[i]) symbols[kept++] = symbols[i];
        return Arrays.copyOf(symbols, kept);
    }

    private static final int GONE = -1;

    private static void push(LongHeap heap, int pair, int left, PairTable pairs) {
        if (pair >= 0) heap.push((long) pairs.rank(pair) << 32 | left);
    }

    private static byte[] bytes(Vocabulary.Token token) {
        return switch (token.type()) {
            case NORMAL, BYTE, UNUSED -> ByteLevel.bytes(token.text());
            case USER_DEFINED -> token.text().getBytes(StandardCharsets.UTF_8);
            case CONTROL, UNKNOWN -> NO_BYTES;
        };
    }

    /// Whether UTF-8 of the planes in use needs byte `b` (RFC 3629 §4): C0, C1 and F5 to FF never
    /// occur, F1 to F4 begin planes 4 to 16. StarCoder's vocabulary, for one, lacks F1.
    private static boolean isNeeded(int b) {
        return b != 0xC0 && b != 0xC1 && b < 0xF1;
    }
}
