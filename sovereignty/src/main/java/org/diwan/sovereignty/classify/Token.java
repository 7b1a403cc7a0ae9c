package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.List;

/// A run of letters, or of digits, in the folded text.
///
/// @param text folded
/// @param start first folded character
/// @param end one past the last
/// @param capital true if it was written with a capital letter in front
/// @param joined true if only a space, or a full stop and a space, parts it from the one before
record Token(String text, int start, int end, boolean capital, boolean joined) {
    /// Longest word that is looked at; a longer one is no name.
    private static final int MAX_LENGTH = 40;

    static List<Token> of(NormalText text, String original) {
        var tokens = new ArrayList<Token>();
        int before = 0;
        for (int i = 0; i < text.length(); ) {
            if (!Character.isLetterOrDigit(text.at(i))) {
                i++;
                continue;
            }
            boolean digits = NormalText.isDigit(text.at(i));
            int end = i + 1;
            while (Character.isLetterOrDigit(text.at(end)) && NormalText.isDigit(text.at(end)) == digits) end++;
            if (end - i <= MAX_LENGTH) {
                boolean capital = Character.isUpperCase(original.codePointAt(text.start(i)));
                tokens.add(new Token(text.substring(i, end), i, end, capital, joins(text, before, i)));
                before = end;
            }
            i = end;
        }
        return tokens;
    }

    private static boolean joins(NormalText text, int from, int to) {
        int i = text.at(from) == '.' ? from + 1 : from;
        return to > from && to - i <= 1 && (to == i || text.at(i) == ' ');
    }

    boolean number() {
        return NormalText.isDigit(text.charAt(0));
    }
}
