package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// SentencePiece BPE as Llama 2, Gemma and Mistral use it: the whole text is one word whose spaces
/// are written `▁`; the adjacent pair that forms the token with the highest score is merged first,
/// of equal ones the leftmost (Kudo and Richardson 2018, arXiv:1808.06226, §3.2). A character that
/// no token covers falls back to its UTF-8 bytes, `<0xE2><0x82><0xAC>`.
///
/// A text of n characters costs O(n log n), and less where words repeat.
public final class SentencePieceTokenizer implements Tokenizer {
    private static final char SPACE = '▁';
    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final Map<String, Integer> ids;
    private final float[] scores;
    private final byte[][] tokenBytes;
    private final int[] byteIds = new int[256];
    private final int longest;

    /// No token goes on with a `▁` after another character, so no merge crosses the beginning of a
    /// word: words can be merged alone, and remembered. True of Llama 2, Mistral and most others.
    private final boolean wordsStandAlone;

    private final WordCache cache = new WordCache();
    private final SpecialTokens specials;

    /// @param vocabulary of kind [Vocabulary.Kind#SENTENCE_PIECE]
    /// @throws IllegalArgumentException when some text would have no tokens: neither all 256 byte
    ///     tokens nor an unknown token exist
    SentencePieceTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        ids = new HashMap<>(vocabulary.size() * 2);
        scores = new float[vocabulary.size()];
        tokenBytes = new byte[vocabulary.size()][];
        Arrays.fill(byteIds, vocabulary.unknown());
        int longest = 0;
        boolean standAlone = true;
        for (int id = 0; id < tokenBytes.length; id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            scores[id] = token.score();
            tokenBytes[id] = bytes(token, id);
            if (token.type() == TokenType.BYTE) byteIds[tokenBytes[id][0] & 0xFF] = id;
            // Control tokens are left out, so that no text can ever merge into one.
            if (token.type() == TokenType.NORMAL || token.type() == TokenType.USER_DEFINED) {
                ids.putIfAbsent(token.text(), id);
                longest = Math.max(longest, token.text().length());
                standAlone &= wordEnd(token.text(), 0) == token.text().length();
            }
        }
        this.longest = longest;
        this.wordsStandAlone = standAlone;
        for (int b = 0; b < 256; b++)
            if (byteIds[b] == Vocabulary.NONE)
                throw new IllegalArgumentException(
                        "the vocabulary has neither a token <0x%02X> nor an unknown token".formatted(b));
        specials = new SpecialTokens(vocabulary);
    }

    private static byte[] bytes(Vocabulary.Token token, int id) {
        return switch (token.type()) {
            case NORMAL, UNUSED -> token.text().replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
            case USER_DEFINED -> token.text().getBytes(StandardCharsets.UTF_8);
            case CONTROL, UNKNOWN -> NO_BYTES;
            case BYTE -> {
                if (!token.text().matches("<0x[0-9A-Fa-f]{2}>"))
                    throw new IllegalArgumentException(
                            "token " + id + " is of type byte but '" + token.text() + "' is not of the form <0x0A>");
                yield new byte[] {(byte) Integer.parseInt(token.text(), 3, 5, 16)};
            }
        };
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
        var out = new IntSequence();
        if (addBos && vocabulary.addBos() && vocabulary.bos() != Vocabulary.NONE) out.add(vocabulary.bos());
        specials.split(text, trust, new SpecialTokens.Parts() {
            /// A text begins anew after every special token, and a beginning gets its space.
            private boolean begins = true;

            @Override
            public void text(int from, int to) {
                String part = text.substring(from, to).replace(' ', SPACE);
                encodeWords(begins && vocabulary.addSpacePrefix() ? SPACE + part : part, out);
                begins = false;
            }

            @Override
            public void token(int id) {
                out.add(id);
                begins = true;
            }
        });
        return out.toArray();
    }

    private void encodeWords(String text, IntSequence out) {
        for (int from = 0; from < text.length(); ) {
            int end = wordsStandAlone ? wordEnd(text, from) : text.length();
            out.addAll(cache.tokens(text, from, end, this::merge));
            from = end;
        }
    }

    /// Where the word that begins at `from`, with the spaces before it, ends.
    private static int wordEnd(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) == SPACE) i++;
        while (i < text.length() && text.charAt(i) != SPACE) i++;
        return i;
    }

    /// Merges the characters of `word`. A symbol is named by the cell of its first UTF-16 unit:
    /// `end[cell]` is where it ends and the next one begins, 0 for a cell that begins none, and
    /// `pair[cell]` the token that it and the next one would form. The heap holds (score, left
    /// cell); an entry is stale when the pair now there has another score.
    private int[] merge(String word) {
        String text = Utf8.wellFormed(word);
        int length = text.length();
        var end = new int[length];
        var previous = new int[length];
        var pair = new int[length];
        var heap = new LongHeap(length);
        int last = -1;
        for (int i = 0; i < length; i = end[i]) {
            end[i] = i + (Character.isHighSurrogate(text.charAt(i)) ? 2 : 1);
            previous[i] = last;
            last = i;
        }
        for (int i = 0; i < length; i = end[i]) push(heap, text, i, end, pair);
        while (!heap.isEmpty()) {
            long top = heap.pop();
            int left = (int) top;
            if (end[left] == 0 || pair[left] == Vocabulary.NONE || order(pair[left]) != (int) (top >> 32)) continue;
            int right = end[left];
            end[left] = end[right];
            end[right] = 0;
            if (end[left] < length) previous[end[left]] = left;
            if (previous[left] >= 0) push(heap, text, previous[left], end, pair);
            push(heap, text, left, end, pair);
        }
        var out = new IntSequence();
        for (int i = 0; i < length; i = end[i]) emit(text.substring(i, end[i]), out);
        return out.toArray();
    }

    private void push(LongHeap heap, String text, int left, int[] end, int[] pair) {
        pair[left] = pairAt(text, left, end);
        if (pair[left] != Vocabulary.NONE) heap.push((long) order(pair[left]) << 32 | left);
    }

    /// The token that the symbol at `left` and its right neighbour form, or [Vocabulary#NONE].
    private int pairAt(String text, int left, int[] end) {
        int right = end[left];
        if (right >= text.length() || end[right] - left > longest) return Vocabulary.NONE;
        return ids.getOrDefault(text.substring(left, end[right]), Vocabulary.NONE);
    }

    /// An int that is the smaller, the higher the score of `token`: its bits in the order of the
    /// reals, reversed.
    private int order(int token) {
        // + 0.0f turns -0 into 0, which must sort as its equal.
        int bits = Float.floatToIntBits(scores[token] + 0.0f);
        int ascending = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
        return ~ascending;
    }

    private void emit(String symbol, IntSequence out) {
        Integer id = ids.get(symbol);
        if (id != null) {
            out.add(id);
            return;
        }
        for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) out.add(byteIds[b & 0xFF]);
    }
}
