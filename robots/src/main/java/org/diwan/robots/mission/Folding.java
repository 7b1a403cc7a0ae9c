package org.diwan.robots.mission;

import java.text.Normalizer;

/// Texts as the parser compares them, so that one word has one spelling however it is written.
///
/// - Decimal digits of every script become ASCII digits: ٣٠٥, ۳۰۵ and ３０５ are 305.
/// - Controls, format controls (directions, zero width), marks (Arabic vowel signs, accents) and the tatweel vanish.
/// - Compatibility forms become what they stand for (NFKD, Unicode Standard Annex 15); without marks أ إ آ are ا.
/// - ى becomes ي, ة becomes ه, the Persian ک and ی become ك and ي; letters become lower case.
/// - Hangul is composed (NFC), whether it came in syllables or in letters.
///
/// Folding twice is folding once.
final class Folding {
    private Folding() {}

    /// `text` folded; lone surrogates become spaces.
    static String fold(String text) {
        var out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKD).codePoints().forEach(point -> add(point, out));
        return Normalizer.normalize(out, Normalizer.Form.NFC);
    }

    private static void add(int point, StringBuilder out) {
        if (Character.isDigit(point)) {
            out.append((char) ('0' + Character.digit(point, 10)));
            return;
        }
        switch (Character.getType(point)) {
            case Character.FORMAT, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {}
            case Character.CONTROL, Character.SURROGATE, Character.SPACE_SEPARATOR -> out.append(' ');
            case Character.DASH_PUNCTUATION -> out.append('-');
            default -> {
                switch (point) {
                    case 0x640 -> {} // tatweel
                    case 0x649, 0x6cc -> out.append('\u064a');
                    case 0x629 -> out.append('\u0647');
                    case 0x6a9 -> out.append('\u0643');
                    default -> out.appendCodePoint(Character.toLowerCase(point));
                }
            }
        }
    }
}
