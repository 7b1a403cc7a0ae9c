package org.diwan.language;

import static org.diwan.language.CharClass.LINE_END;
import static org.diwan.language.CharClass.SPACE;

import java.util.BitSet;

/// The pre-tokenizers of DeepSeek's first models, which cut a text by several expressions one after
/// the other, each inside the pieces that the ones before have left over (their `tokenizer.json`):
///
/// 1. line ends, one by one;
/// 2. `\s?` and letters;
/// 3. `\s?` and punctuation;
/// 4. DeepSeek LLM only: white space at the end of what is left;
/// 5. ideographs, kana and syllables;
/// 6. digits, in DeepSeek Coder one by one.
///
/// Read here in one pass: what stands at a place, and whether the white space there is taken by
/// letters or punctuation behind it, says which of the six cuts it out.
record DeepSeekPieces(Kind kind) {
    enum Kind {
        LLM,
        CODER
    }

    static final DeepSeekPieces LLM = new DeepSeekPieces(Kind.LLM);
    static final DeepSeekPieces CODER = new DeepSeekPieces(Kind.CODER);

    /// The letters of DeepSeek LLM: those with case, of the scripts that it knows.
    static final String LETTERS =
            "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF"
                    + "\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1"
                    + "\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5"
                    + "\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A"
                    + "\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D"
                    + "\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3"
                    + "\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115"
                    + "\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149"
                    + "\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D"
                    + "\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06"
                    + "\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A\uD801\uDC00-\uD801\uDC4F\uD801\uDCB0-\uD801\uDCD3"
                    + "\uD801\uDCD8-\uD801\uDCFB\uD803\uDC80-\uD803\uDCB2\uD803\uDCC0-\uD803\uDCF2"
                    + "\uD806\uDCA0-\uD806\uDCDF\uD83A\uDD00-\uD83A\uDD43";

    private static final BitSet LETTER_SET = set(LETTERS);

    private static BitSet set(String ranges) {
        var set = new BitSet();
        int[] points = ranges.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean range = i + 2 < points.length && points[i + 1] == '-';
            set.set(points[i], (range ? points[i + 2] : points[i]) + 1);
            if (range) i += 2;
        }
        return set;
    }

    static boolean isLetter(int c) {
        return LETTER_SET.get(c);
    }

    /// `[!-/:-~！-／：-～‘-‟　-。]`.
    private static boolean isMark(int c) {
        return (c >= '!' && c <= '/')
                || (c >= ':' && c <= '~')
                || (c >= 0xFF01 && c <= 0xFF0F)
                || (c >= 0xFF1A && c <= 0xFF5E)
                || (c >= 0x2018 && c <= 0x201F)
                || (c >= 0x3000 && c <= 0x3002);
    }

    /// `[一-龥ࠀ-一가-퟿]`.
    private static boolean isIdeograph(int c) {
        return (c >= 0x0800 && c <= 0x9FA5) || (c >= 0xAC00 && c <= 0xD7FF);
    }

    private boolean isLetterHere(int c) {
        return (CharClass.of(c) & (kind == Kind.LLM ? CharClass.DEEPSEEK_LETTER : CharClass.LETTER)) != 0;
    }

    private boolean isMarkHere(int c) {
        return kind == Kind.LLM ? isMark(c) : (CharClass.of(c) & CharClass.PUNCTUATION) != 0;
    }

    private static boolean isSpace(int c) {
        return (CharClass.of(c) & SPACE) != 0;
    }

    private static boolean isLineEnd(int c) {
        return (CharClass.of(c) & LINE_END) != 0;
    }

    /// What the first three expressions make of a text.
    private enum Piece {
        LETTERS,
        MARKS,
        REST
    }

    /// As [PreTokenizer#next].
    int next(String text, int from, int limit) {
        int c = PreTokenizer.at(text, from, limit);
        int after = PreTokenizer.after(from, c);
        if (isLineEnd(c)) return after;
        if (isSpace(c) && isIn(Piece.LETTERS, text, after, limit)) return cut(Piece.LETTERS, text, from, limit);
        if (isSpace(c) && isIn(Piece.MARKS, text, after, limit)) return cut(Piece.MARKS, text, from, limit);
        for (Piece piece : Piece.values()) if (isIn(piece, text, from, limit)) return cut(piece, text, from, limit);
        throw new AssertionError("a character is in some piece");
    }

    /// Whether the character at `i` goes on a piece of this kind, or is one.
    private boolean isIn(Piece piece, String text, int i, int limit) {
        if (i >= limit) return false;
        int c = PreTokenizer.at(text, i, limit);
        if (isLineEnd(c)) return false;
        boolean takesNext = isSpace(c);
        return switch (piece) {
            case LETTERS -> isLetterHere(c);
            // An ideographic space is a mark, and yet goes with the letters behind it.
            case MARKS -> isMarkHere(c) && !isLetterHere(c) && !(takesNext && isIn(Piece.LETTERS, text, i + 1, limit));
            case REST ->
                !isMarkHere(c)
                        && !isLetterHere(c)
                        && !(takesNext
                                && (isIn(Piece.LETTERS, text, i + 1, limit) || isIn(Piece.MARKS, text, i + 1, limit)));
        };
    }

    /// Where the last three expressions cut next inside the piece that `from` is in: where it ends,
    /// before the white space at its end, and where ideographs or digits begin or end.
    private int cut(Piece piece, String text, int from, int limit) {
        int c = PreTokenizer.at(text, from, limit);
        int next = PreTokenizer.after(from, c);
        boolean takenAlong = isSpace(c) && !isMarkHere(c) && isIn(piece, text, next, limit);
        int mark = mark(piece, takenAlong ? PreTokenizer.at(text, next, limit) : c);
        int script = script(c);
        boolean digitsAlone = kind == Kind.CODER && (script & CharClass.NUMBER) != 0;
        // Behind white space, the run of it was looked at from its beginning.
        boolean seen = from > 0 && isSpace(text.charAt(from - 1)) && !isLineEnd(text.charAt(from - 1));
        int i = from;
        do {
            if (kind == Kind.CODER || !isSpace(c)) seen = false;
            else if (!seen) {
                if (i > from && isTrailing(piece, text, i, limit)) return i;
                seen = true;
            }
            i = PreTokenizer.after(i, c);
            if (digitsAlone || !isIn(piece, text, i, limit)) return i;
            c = PreTokenizer.at(text, i, limit);
        } while (script(c) == script && mark(piece, c) == mark);
        return i;
    }

    /// Whether the white space at `i` goes on to the end of the piece.
    private boolean isTrailing(Piece piece, String text, int i, int limit) {
        int end = i;
        while (isIn(piece, text, end, limit) && isSpace(text.charAt(end))) end++;
        return !isIn(piece, text, end, limit);
    }

    /// Among the marks of DeepSeek LLM are letters (`:-~`): they are cut from the other letters of
    /// a word.
    private int mark(Piece piece, int c) {
        return piece == Piece.LETTERS && isMarkHere(c) ? 1 : 0;
    }

    /// Equal for characters that the last expressions do not tell apart.
    private static int script(int c) {
        return (isIdeograph(c) ? 1 << 16 : 0) | (CharClass.of(c) & CharClass.NUMBER);
    }
}
