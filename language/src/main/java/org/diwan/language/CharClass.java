package org.diwan.language;

/// The character classes that pre-tokenizers tell apart, as bits: Unicode's general categories
/// (JDK 25: Unicode 16) and the property White_Space. One table look-up for the Basic
/// Multilingual Plane, because a regular expression over `\p{…}` is the slow part of tokenizing.
final class CharClass {
    /// `\p{L}`.
    static final int LETTER = 1;

    /// `\p{N}`.
    static final int NUMBER = 2;

    /// `\s`, the property White_Space.
    static final int SPACE = 4;

    /// `[\r\n]`.
    static final int LINE_END = 8;

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: may stand in the upper-case head of a word.
    static final int HEAD = 16;

    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: may stand in the lower-case tail of a word.
    static final int TAIL = 32;

    /// `\p{P}`.
    static final int PUNCTUATION = 64;

    /// The letters of [DeepSeekPieces#LETTERS].
    static final int DEEPSEEK_LETTER = 128;

    private static final short[] TABLE = new short[1 << 16];

    static {
        for (int c = 0; c < TABLE.length; c++) TABLE[c] = (short) compute(c);
    }

    private CharClass() {}

    /// The bits of code point `c`; a lone surrogate has none.
    static int of(int c) {
        return c < TABLE.length ? TABLE[c] : compute(c);
    }

    private static int compute(int c) {
        return general(c) | (DeepSeekPieces.isLetter(c) ? DEEPSEEK_LETTER : 0);
    }

    private static int general(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | HEAD;
            case Character.LOWERCASE_LETTER -> LETTER | TAIL;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | HEAD | TAIL;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> HEAD | TAIL;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> PUNCTUATION;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> {
                if (c == '\n' || c == '\r') yield SPACE | LINE_END;
                yield c == '\t' || c == 0x0B || c == '\f' || c == 0x85 ? SPACE : 0;
            }
        };
    }
}
