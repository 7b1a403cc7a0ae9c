package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/// WordPiece as BERT uses it (Devlin et al. 2019, "BERT"; Wu et al. 2016, arXiv:1609.08144, §4.1; the
/// details as in google-research/bert `tokenization.py`): a text is cleaned, cut at spaces,
/// punctuation and around each Chinese character, and every word becomes the longest token that
/// begins it, then the longest that goes on, and so forth. A word that no tokens cover, or that is
/// longer than [#MAX_WORD], is one unknown token.
///
/// Tokens are stored as llama.cpp's converter writes them: `▁` before those that begin a word,
/// nothing before those that go on.
public final class WordPieceTokenizer implements Tokenizer {
    /// Most code points in a word; longer ones are unknown, as in the original.
    static final int MAX_WORD = 100;

    private static final char BEGINNING = '▁';
    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final PieceTrie pieces = new PieceTrie();
    private final WordCache cache = new WordCache();
    private final SpecialTokens specials;

    /// @param vocabulary of kind [Vocabulary.Kind#WORD_PIECE]
    /// @throws IllegalArgumentException when it has no unknown token: some text would have no tokens
    WordPieceTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        if (vocabulary.unknown() == Vocabulary.NONE)
            throw new IllegalArgumentException("tokenizer.ggml.unknown_token_id is missing; WordPiece needs one");
        for (int id = 0; id < vocabulary.size(); id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            // Control tokens are left out, so that no text can ever become one.
            if (token.type() == TokenType.NORMAL && !token.text().isEmpty()) pieces.add(token.text(), id);
        }
        specials = new SpecialTokens(vocabulary);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /// A token that begins a word has its space; decoding takes away the first.
    @Override
    public byte[] bytes(int token) {
        Vocabulary.Token entry = vocabulary.tokens().get(token);
        return switch (entry.type()) {
            case CONTROL, UNKNOWN -> NO_BYTES.clone();
            case NORMAL, USER_DEFINED, UNUSED, BYTE ->
                entry.text().replace(BEGINNING, ' ').getBytes(StandardCharsets.UTF_8);
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
                encodeWords(normal(text.substring(from, to)), out);
            }

            @Override
            public void token(int id) {
                out.add(id);
            }
        });
        return out.toArray();
    }

    /// Cleaned, Chinese characters set apart, marks and capitals taken off, in this order.
    private String normal(String text) {
        var cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isDropped(c)) return;
            if (isChinese(c)) cleaned.append(' ').appendCodePoint(c).append(' ');
            else if (isSpace(c)) cleaned.append(' ');
            else cleaned.appendCodePoint(c);
        });
        String normal = cleaned.toString();
        if (vocabulary.rules().stripAccents()) {
            var bare = new StringBuilder(normal.length());
            Normalizer.normalize(normal, Normalizer.Form.NFD)
                    .codePoints()
                    .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(bare::appendCodePoint);
            normal = bare.toString();
        }
        if (!vocabulary.rules().lowercase()) return normal;
        // One character at a time: a final sigma is not told from others, as in the original's fast form.
        var lower = new StringBuilder(normal.length());
        normal.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private void encodeWords(String text, IntSequence out) {
        for (int from = 0; from < text.length(); ) {
            int c = text.codePointAt(from);
            int end = from + Character.charCount(c);
            if (!isSpace(c)) {
                if (!isPunctuation(c)) end = wordEnd(text, end);
                out.addAll(cache.tokens(text, from, end, this::pieces));
            }
            from = end;
        }
    }

    private static int wordEnd(String text, int from) {
        int end = from;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (isSpace(c) || isPunctuation(c)) break;
            end += Character.charCount(c);
        }
        return end;
    }

    private int[] pieces(String word) {
        int[] unknown = {vocabulary.unknown()};
        if (word.codePointCount(0, word.length()) > MAX_WORD) return unknown;
        var out = new IntSequence();
        int begin = pieces.next(PieceTrie.ROOT, BEGINNING);
        for (int from = 0; from < word.length(); ) {
            int node = from == 0 ? begin : PieceTrie.ROOT;
            int token = Vocabulary.NONE;
            int end = from;
            for (int i = from; i < word.length() && node != PieceTrie.NOWHERE; i++) {
                node = pieces.next(node, word.charAt(i));
                if (node == PieceTrie.NOWHERE || pieces.token(node) == Vocabulary.NONE) continue;
                token = pieces.token(node);
                end = i + 1;
            }
            if (token == Vocabulary.NONE) return unknown;
            out.add(token);
            from = end;
        }
        return out.toArray();
    }

    /// NUL, U+FFFD (and what would become one), and general category C but for the white space in it.
    private static boolean isDropped(int c) {
        if (c == '\t' || c == '\n' || c == '\r') return false;
        return c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                };
    }

    private static boolean isSpace(int c) {
        return (CharClass.of(c) & CharClass.SPACE) != 0;
    }

    /// General category P, and all of ASCII that is neither letter, digit nor space.
    private static boolean isPunctuation(int c) {
        if (c < 0x80) return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /// The blocks of CJK ideographs that the original names (`_is_chinese_char`): no Hangul, no kana.
    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B820 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
