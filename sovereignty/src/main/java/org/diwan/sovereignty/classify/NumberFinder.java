package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;
import static org.diwan.sovereignty.classify.NormalText.isLatin;

import java.util.List;
import org.diwan.sovereignty.policy.Checksum;
import org.diwan.sovereignty.policy.Identifier.ShapedNumber;
import org.diwan.sovereignty.policy.Shape;

/// Finds numbers of a fixed shape, with single spaces, hyphens or dots between their characters.
///
/// No digit may touch it. A Latin letter or underscore that does makes it doubtful, and so does a
/// joint with more digits behind it (a date, a decimal, an order number). A letter of another script
/// does not: Arabic often writes `رقم1058529940`.
final class NumberFinder {
    private NumberFinder() {}

    static void find(NormalText text, ShapedNumber number, int list, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (!begins(text, i)) continue;
            for (var shape : number.shapes()) {
                int end = match(text, i, shape);
                if (end < 0) continue;
                double certainty = certainty(text, i, end, number, shape);
                if (certainty > 0) found.add(new Candidate(number, list, i, end, certainty));
            }
        }
    }

    /// A digit with none before it, or a letter that begins a word.
    private static boolean begins(NormalText text, int i) {
        boolean word = isLatin(text.at(i)) && !isLatin(text.at(i - 1));
        return (isDigit(text.at(i)) || word) && !isDigit(text.at(i - 1));
    }

    /// One past the last character of `shape` if it stands at `start`, else −1.
    private static int match(NormalText text, int start, Shape shape) {
        int position = 0;
        int i = start;
        while (position < shape.length()) {
            char c = text.at(i);
            if (shape.matches(position, c)) position++;
            else if (!isSeparator(c) || isSeparator(text.at(i - 1)) || position == 0) return -1;
            i++;
        }
        return isDigit(text.at(i)) ? -1 : i;
    }

    private static double certainty(NormalText text, int start, int end, ShapedNumber number, Shape shape) {
        if (!number.checksum().valid(compact(text, start, end))) return 0;
        double certainty =
                switch (number.checksum()) {
                    case NONE -> 0.3;
                    case LUHN -> 0.6; // one random number in ten passes
                    case MOD97 -> 0.9; // one in ninety-seven, and a country code before it
                };
        boolean grouped = end - start > shape.length();
        boolean partOfMore = isLatin(text.at(start - 1))
                || isLatin(text.at(end))
                || (isJoint(text.at(start - 1)) && isDigit(text.at(start - 2)))
                || (isJoint(text.at(end)) && isDigit(text.at(end + 1)));
        boolean doubtful = !number.bare() || partOfMore || (grouped && number.checksum() != Checksum.MOD97);
        return doubtful ? certainty / 2 : certainty;
    }

    private static String compact(NormalText text, int start, int end) {
        var characters = new StringBuilder(end - start);
        for (int i = start; i < end; i++) if (!isSeparator(text.at(i))) characters.append(text.at(i));
        return characters.toString();
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.';
    }

    /// What joins groups of digits to one longer thing: dates, times, decimals, sums.
    private static boolean isJoint(char c) {
        return c == '-' || c == '.' || c == ',' || c == '/' || c == ':' || c == '+' || c == '=';
    }
}
