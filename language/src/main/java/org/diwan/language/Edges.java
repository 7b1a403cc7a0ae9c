package org.diwan.language;

import java.util.ArrayList;

/// What a token that is matched whole asks of the text beside it (`AddedToken` of Hugging Face's
/// `tokenizers`). White space is the property White_Space, a word character is `\w` of UTS 18, annex C.
///
/// @param left takes the white space before it too (`lstrip`)
/// @param right takes the white space after it too (`rstrip`)
/// @param singleWord is not met beside a word character (`single_word`)
public record Edges(boolean left, boolean right, boolean singleWord) {
    /// Asks nothing.
    public static final Edges NONE = new Edges(false, false, false);

    /// Whether a token at `[from, to)` of `text` stands where it may.
    boolean fit(String text, int from, int to) {
        return !singleWord
                || !((from > 0 && isWord(text.codePointBefore(from)))
                        || (to < text.length() && isWord(text.codePointAt(to))));
    }

    /// Where a token at `from` begins with the white space that it takes.
    int begin(String text, int from) {
        int begin = from;
        while (left && begin > 0 && isSpace(text.charAt(begin - 1))) begin--;
        return begin;
    }

    /// Where a token that ends at `to` ends with the white space that it takes.
    int end(String text, int to) {
        int end = to;
        while (right && end < text.length() && isSpace(text.charAt(end))) end++;
        return end;
    }

    /// The names in the file, as `lstrip, single_word`.
    @Override
    public String toString() {
        var names = new ArrayList<String>();
        if (left) names.add("lstrip");
        if (right) names.add("rstrip");
        if (singleWord) names.add("single_word");
        return String.join(", ", names);
    }

    /// All white space lies in the Basic Multilingual Plane.
    private static boolean isSpace(char c) {
        return (CharClass.of(c) & CharClass.SPACE) != 0;
    }

    private static boolean isWord(int c) {
        if (Character.isAlphabetic(c)) return true;
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.CONNECTOR_PUNCTUATION -> true;
            default -> c == 0x200C || c == 0x200D;
        };
    }
}
