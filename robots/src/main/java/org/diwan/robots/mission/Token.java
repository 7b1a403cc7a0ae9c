package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;

/// A word, a number or a time of day (`14:30`) of a folded text.
///
/// Words are cut where letters of one script meet another's, or digits: `305호` is two tokens.
///
/// @param afterBreak whether punctuation that divides stands before it, so that no name reaches across
/// @param afterSentence whether that punctuation ends a sentence
record Token(String text, boolean afterBreak, boolean afterSentence) {
    /// Ends of sentences in Latin, Arabic and East Asian scripts.
    private static final String SENTENCE_ENDS = ".!?;؟؛。！？\n";

    /// The tokens of `text`, which is folded here.
    static List<Token> of(String text) {
        String folded = Folding.fold(text);
        var tokens = new ArrayList<Token>();
        boolean afterBreak = true;
        boolean afterSentence = true;
        for (int i = 0; i < folded.length(); ) {
            int point = folded.codePointAt(i);
            if (!Character.isLetterOrDigit(point)) {
                afterBreak |= isBreak(point);
                afterSentence |= SENTENCE_ENDS.indexOf(point) >= 0;
                i += Character.charCount(point);
                continue;
            }
            int end = end(folded, i);
            tokens.add(new Token(folded.substring(i, end), afterBreak, afterSentence));
            afterBreak = false;
            afterSentence = false;
            i = end;
        }
        return tokens;
    }

    /// Other text in its place.
    Token with(String other) {
        return new Token(other, afterBreak, afterSentence);
    }

    /// Whether it is a number.
    boolean isNumber() {
        return isDigit(text.charAt(0)) && !isTime();
    }

    /// Whether it is hours and minutes.
    boolean isTime() {
        return text.indexOf(':') > 0;
    }

    /// Whether it is one letter, as in room numbers.
    boolean isLetter() {
        return text.length() == 1 && !isDigit(text.charAt(0));
    }

    private static int end(String text, int start) {
        int first = text.codePointAt(start);
        int end = start;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            boolean colon = point == ':' && isDigit(first) && end + 1 < text.length() && isDigit(text.charAt(end + 1));
            if (!colon && (!Character.isLetterOrDigit(point) || !alike(first, point))) break;
            end += Character.charCount(point);
        }
        return end;
    }

    private static boolean alike(int a, int b) {
        return isDigit(a) == isDigit(b) && Character.UnicodeScript.of(a) == Character.UnicodeScript.of(b);
    }

    private static boolean isDigit(int point) {
        return point >= '0' && point <= '9';
    }

    /// Hyphens, apostrophes, slashes and spaces stand within names; all else divides.
    private static boolean isBreak(int point) {
        return !Character.isWhitespace(point) && "-'’‘`/_·".indexOf(point) < 0;
    }
}
