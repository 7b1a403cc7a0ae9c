package org.diwan.sovereignty.classify;

import java.text.Normalizer;
import java.util.Arrays;

/// A text as the finders read it, and for every character the place in the original it came from.
///
/// People write one number in many ways: `١٠٥٨…` and `1058…`, in full-width digits, with invisible
/// controls that only steer the writing direction, with a stretched letter or a vowel sign in the
/// word beside it. All of that is folded away, code point by code point:
///
/// - decimal digits of every script become ASCII digits (Unicode category Nd);
/// - controls but tab and line end vanish (Cc), format controls (Cf: U+200E, U+200F, U+202A–E,
///   U+2066–9, U+061C, ZWJ, ZWNJ, soft hyphen), marks (Mn: Arabic vowel signs, accents) and the
///   tatweel U+0640;
/// - compatibility forms are decomposed (NFKD, Unicode Standard Annex 15), which with the marks gone
///   makes أ إ آ one letter, ü and u one letter, and ﻫ the letter it shows;
/// - ى becomes ي and ة becomes ه, as Arabic search does;
/// - letters become lower case, spaces one kind of space, dashes one kind of dash.
///
/// ```
/// original  "رقم: ١٠‏٥"    (an RLM between ٠ and ٥)
/// folded    "رقم: 105"     start(5) = 5, start(7) = 8, end(7) = 9
/// ```
final class NormalText {
    /// Below this the fold is a table look-up; it holds ASCII, Latin, Greek, Cyrillic and Arabic.
    private static final int TABLE_SIZE = 0x700;

    /// Most characters that one code point folds to: U+FDFA, a whole phrase.
    private static final int MAX_EXPANSION = 18;

    /// In the table: the fold is not exactly one character.
    private static final char SLOW = '\uffff';

    private static final char[] TABLE = table();

    private final char[] chars;
    private final int[] starts;
    private final int[] ends;
    private final int length;

    private NormalText(char[] chars, int[] starts, int[] ends, int length) {
        this.chars = chars;
        this.starts = starts;
        this.ends = ends;
        this.length = length;
    }

    /// Folds `text`, in time proportional to its length.
    static NormalText of(String text) {
        var chars = new char[text.length() + MAX_EXPANSION];
        var starts = new int[chars.length];
        var ends = new int[chars.length];
        int length = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            int end = i + Character.charCount(point);
            if (length + MAX_EXPANSION > chars.length) {
                chars = Arrays.copyOf(chars, 2 * chars.length);
                starts = Arrays.copyOf(starts, chars.length);
                ends = Arrays.copyOf(ends, chars.length);
            }
            if (point < TABLE_SIZE && TABLE[point] != SLOW) {
                chars[length++] = TABLE[point];
            } else {
                String folded = fold(point);
                for (int k = 0; k < folded.length(); k++) chars[length++] = folded.charAt(k);
            }
            for (int k = length - 1; k >= 0 && ends[k] == 0; k--) {
                starts[k] = i;
                ends[k] = end;
            }
            i = end;
        }
        return new NormalText(chars, starts, ends, length);
    }

    int length() {
        return length;
    }

    /// The character at `index`, or a line feed outside the text, which ends every find.
    char at(int index) {
        return index >= 0 && index < length ? chars[index] : '\n';
    }

    /// The folded characters of `[from, to)`.
    String substring(int from, int to) {
        return new String(chars, from, to - from);
    }

    /// Where in the original the character at `index` begins.
    int start(int index) {
        return starts[index];
    }

    /// One past where in the original the character at `index` ends.
    int end(int index) {
        return ends[index];
    }

    /// The whole of `text` folded, for word lists.
    static String fold(String text) {
        var normal = of(text);
        return normal.substring(0, normal.length);
    }

    private static char[] table() {
        var table = new char[TABLE_SIZE];
        for (int point = 0; point < TABLE_SIZE; point++) {
            String folded = fold(point);
            table[point] = folded.length() == 1 ? folded.charAt(0) : SLOW;
        }
        return table;
    }

    private static String fold(int point) {
        if (Character.isDigit(point)) return String.valueOf((char) ('0' + Character.digit(point, 10)));
        return switch (Character.getType(point)) {
            case Character.FORMAT, Character.NON_SPACING_MARK -> "";
            case Character.CONTROL -> point == '\t' ? " " : point == '\n' || point == '\r' ? "\n" : "";
            case Character.SPACE_SEPARATOR -> " ";
            case Character.DASH_PUNCTUATION -> "-";
            default -> letters(point);
        };
    }

    private static String letters(int point) {
        if (isStable(point)) return Character.toString(point);
        var decomposed = Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKD);
        var letters = new StringBuilder();
        decomposed.codePoints().forEach(part -> {
            switch (part) {
                case 0x640 -> {} // tatweel only stretches the line
                case 0x649 -> letters.append('\u064a');
                case 0x629 -> letters.append('\u0647');
                case 0x2212 -> letters.append('-');
                default -> {
                    if (Character.isDigit(part)) letters.append((char) ('0' + Character.digit(part, 10)));
                    else if (Character.getType(part) != Character.NON_SPACING_MARK)
                        letters.appendCodePoint(Character.toLowerCase(part));
                }
            }
        });
        return letters.toString();
    }

    /// Han and Hangul syllables, which fold to themselves: spares them the slow way.
    private static boolean isStable(int point) {
        return (point >= 0x4e00 && point <= 0x9fff) || (point >= 0xac00 && point <= 0xd7a3);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// What may not touch a number: a Latin letter (folded, so lower case) or an underscore.
    static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
    }
}
