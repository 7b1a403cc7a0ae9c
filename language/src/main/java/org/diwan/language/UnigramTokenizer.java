package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// SentencePiece's unigram language model (Kudo 2018, arXiv:1804.10959, §3.2), as XLM-RoBERTa, T5 and
/// their descendants use it: the text is normalised, its spaces are written `▁`, and of all ways to
/// cut it into tokens the one with the highest sum of scores is taken, found by Viterbi's algorithm.
///
/// A character that no token covers costs [#UNKNOWN_PENALTY] more than the worst token; a run of them
/// is one unknown token, or, when the vocabulary has all 256 byte tokens, the bytes of each.
///
/// Sums are float32 in the order of the text, as in the original, so that near ties fall alike.
public final class UnigramTokenizer implements Tokenizer {
    /// By how much the original makes an unknown character worse than any token (`kUnkPenalty`).
    static final float UNKNOWN_PENALTY = 10f;

    private static final char SPACE = '▁';
    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final PieceTrie pieces = new PieceTrie();
    private final float[] scores;
    private final float unknownScore;
    private final int @Nullable [] byteIds;
    private final @Nullable Charsmap charsmap;
    private final SpecialTokens specials;

    /// @param vocabulary of kind [Vocabulary.Kind#UNIGRAM]
    /// @throws IllegalArgumentException when it has no unknown token, or a damaged normalisation
    UnigramTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        if (vocabulary.unknown() == Vocabulary.NONE)
            throw new IllegalArgumentException("tokenizer.ggml.unknown_token_id is missing; Unigram needs one");
        scores = new float[vocabulary.size()];
        float worst = Float.POSITIVE_INFINITY;
        int[] bytes = new int[256];
        Arrays.fill(bytes, Vocabulary.NONE);
        for (int id = 0; id < scores.length; id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            scores[id] = token.score();
            if (token.type() == TokenType.BYTE) bytes[byteValue(token, id)] = id;
            if (token.type() != TokenType.NORMAL || token.text().isEmpty()) continue;
            pieces.add(token.text(), id);
            worst = Math.min(worst, token.score());
        }
        unknownScore = (worst == Float.POSITIVE_INFINITY ? 0 : worst) - UNKNOWN_PENALTY;
        byteIds = Arrays.stream(bytes).allMatch(id -> id != Vocabulary.NONE) ? bytes : null;
        byte[] blob = vocabulary.rules().charsmap();
        charsmap = blob.length == 0 ? null : new Charsmap(blob);
        specials = new SpecialTokens(vocabulary);
    }

    private static int byteValue(Vocabulary.Token token, int id) {
        if (!token.text().matches("<0x[0-9A-Fa-f]{2}>"))
            throw new IllegalArgumentException(
                    "token " + id + " is of type byte but '" + token.text() + "' is not of the form <0x0A>");
        return Integer.parseInt(token.text(), 3, 5, 16);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public byte[] bytes(int token) {
        Vocabulary.Token entry = vocabulary.tokens().get(token);
        return switch (entry.type()) {
            case CONTROL, UNKNOWN -> NO_BYTES.clone();
            case BYTE -> new byte[] {(byte) byteValue(entry, token)};
            case USER_DEFINED -> entry.text().getBytes(StandardCharsets.UTF_8);
            case NORMAL, UNUSED -> entry.text().replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
        };
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
            @Override
            public void text(int from, int to) {
                best(normal(Utf8.wellFormed(text.substring(from, to))), out);
            }

            @Override
            public void token(int id) {
                out.add(id);
            }
        });
        return out.toArray();
    }

    /// The text as the model reads it (sentencepiece `normalizer.cc`): replacements made, spaces at
    /// both ends and all but one between words removed if the vocabulary wants that, one put before the
    /// whole, and each written `▁`.
    String normal(String text) {
        String mapped = charsmap == null ? text : mapped(charsmap, text);
        boolean removes = vocabulary.rules().removeExtraSpaces();
        var normal = new StringBuilder(mapped.length() + 1);
        boolean afterSpace = removes;
        for (int i = 0; i < mapped.length(); i++) {
            boolean space = mapped.charAt(i) == ' ';
            if (!(space && afterSpace)) normal.append(space ? SPACE : mapped.charAt(i));
            afterSpace = removes && space;
        }
        int end = normal.length();
        while (removes && end > 0 && normal.charAt(end - 1) == SPACE) end--;
        normal.setLength(end);
        if (end > 0 && vocabulary.addSpacePrefix()) normal.insert(0, SPACE);
        return normal.toString();
    }

    private static String mapped(Charsmap charsmap, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var out = new StringBuilder(text.length());
        for (int at = 0, unit = 0; at < utf8.length; ) {
            var match = charsmap.longest(utf8, at);
            if (match.length() > 0) {
                out.append(match.replacement());
                // Keys are whole characters in every map in use; one that is not would end inside one.
                for (int end = at + match.length(); at < end; unit += units(utf8[at]), at++) {}
            } else {
                int c = text.codePointAt(unit);
                out.appendCodePoint(c);
                unit += Character.charCount(c);
                at += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            }
        }
        return out.toString();
    }

    /// UTF-16 units of the character that begins with this byte; 0 for a byte within one.
    private static int units(byte first) {
        int b = first & 0xFF;
        return b >= 0x80 && b < 0xC0 ? 0 : b >= 0xF0 ? 2 : 1;
    }

    /// Viterbi's algorithm: `score[i]` is the best sum for the text up to i, `from[i]` where its last
    /// token begins, `token[i]` which one it is.
    private void best(String text, IntSequence out) {
        int length = text.length();
        float[] score = new float[length + 1];
        int[] from = new int[length + 1];
        int[] token = new int[length + 1];
        Arrays.fill(from, -1);
        for (int start = 0; start < length; ) {
            int next = start + Character.charCount(text.codePointAt(start));
            boolean covered = false;
            int node = PieceTrie.ROOT;
            for (int i = start; i < length; i++) {
                node = pieces.next(node, text.charAt(i));
                if (node == PieceTrie.NOWHERE) break;
                int id = pieces.token(node);
                if (id == Vocabulary.NONE) continue;
                covered |= i + 1 == next;
                relax(score, from, token, start, i + 1, id, scores[id]);
            }
            if (!covered) relax(score, from, token, start, next, vocabulary.unknown(), unknownScore);
            start = next;
        }
        emit(text, from, token, out);
    }

    private static void relax(float[] score, int[] from, int[] token, int start, int end, int id, float gain) {
        float sum = gain + score[start];
        if (from[end] >= 0 && sum <= score[end]) return;
        score[end] = sum;
        from[end] = start;
        token[end] = id;
    }

    private void emit(String text, int[] from, int[] token, IntSequence out) {
        int[] ends = new int[text.length()];
        int count = 0;
        for (int end = text.length(); end > 0; end = from[end]) ends[count++] = end;
        boolean afterUnknown = false;
        while (count > 0) {
            int end = ends[--count];
            boolean unknown = token[end] == vocabulary.unknown();
            if (unknown && byteIds != null) {
                for (byte b : text.substring(from[end], end).getBytes(StandardCharsets.UTF_8))
                    out.add(byteIds[b & 0xFF]);
            } else if (!(unknown && afterUnknown)) {
                out.add(token[end]);
            }
            afterUnknown = unknown;
        }
    }
}
