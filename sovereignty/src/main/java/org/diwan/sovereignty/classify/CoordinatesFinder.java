package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;

import java.util.List;
import org.diwan.sovereignty.policy.Identifier.Form;

/// Finds places on Earth precise enough for a door: `24.71360, 46.67530` (four decimals of a degree
/// are eleven metres) and `24°42'49"N 46°40'31"E` (ISO 6709 annex D; a second is thirty metres). Two
/// decimals alone may be anything, so they need a word beside them.
final class CoordinatesFinder {
    private static final int LEAST_DECIMALS = 4;
    private static final int MOST_DECIMALS = 15;
    private static final int MOST_BETWEEN = 3;

    /// Two angles of degrees, minutes and seconds with decimals, and what stands between.
    private static final int MOST_WRITTEN = 64;

    private static final double DECIMAL = 0.4;
    private static final double SEXAGESIMAL = 0.6;

    private CoordinatesFinder() {}

    static void find(NormalText text, Form form, int list, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.at(i)) || isDigit(text.at(i - 1)) || isPoint(text.at(i - 1))) continue;
            int end = sexagesimal(text, i);
            double certainty = SEXAGESIMAL;
            if (end > 0) {
                int second = sexagesimal(text, between(text, end));
                end = Math.max(end, second);
            } else {
                end = decimals(text, i);
                certainty = DECIMAL;
            }
            if (end < 0) continue;
            found.add(new Candidate(form, list, text.at(i - 1) == '-' ? i - 1 : i, end, certainty));
            i = end;
        }
    }

    /// Where a place may have begun that `text` does not end yet, or the end of the text.
    static int open(NormalText text) {
        int open = text.length();
        int least = Math.max(0, open - MOST_WRITTEN);
        for (int i = open - 1; i >= least && isPart(text.at(i)); i--)
            if (isDigit(text.at(i)) && (decimal(text, i, 90) > 0 || text.at(digits(text, i, 3)) == '\u00b0'))
                open = text.at(i - 1) == '-' ? i - 1 : i;
        return open;
    }

    private static boolean isPart(char c) {
        return isDigit(c) || isPoint(c) || isMark(c) || " ,;/-\u060c\u00b0nsew".indexOf(c) >= 0;
    }

    /// One past two decimal degrees, latitude first, or −1.
    private static int decimals(NormalText text, int start) {
        int first = decimal(text, start, 90);
        if (first < 0) return -1;
        int next = between(text, first);
        if (next == first) return -1;
        return decimal(text, text.at(next) == '-' ? next + 1 : next, 180);
    }

    private static int decimal(NormalText text, int start, int most) {
        int point = digits(text, start, 3);
        if (point == start || !isPoint(text.at(point)) || number(text, start, point) > most) return -1;
        int end = digits(text, point + 1, MOST_DECIMALS);
        boolean whole = end - point > LEAST_DECIMALS && !isDigit(text.at(end));
        return whole && !(isPoint(text.at(end)) && isDigit(text.at(end + 1))) ? end : -1;
    }

    /// One past degrees, minutes, seconds and N, S, E or W, or −1.
    private static int sexagesimal(NormalText text, int start) {
        int i = digits(text, start, 3);
        if (i == start || number(text, start, i) > 180 || text.at(i) != '\u00b0') return -1;
        int minutes = spaces(text, i + 1);
        i = digits(text, minutes, 2);
        if (i == minutes || number(text, minutes, i) > 59 || !isMark(text.at(i))) return -1;
        int seconds = spaces(text, i + 1);
        i = digits(text, seconds, 2);
        if (i == seconds || number(text, seconds, i) > 59) return -1;
        if (isPoint(text.at(i))) i = digits(text, i + 1, MOST_DECIMALS);
        if (!isMark(text.at(i))) return -1;
        if (isMark(text.at(++i))) i++; // ″ is folded to two ′
        i = spaces(text, i);
        return "nsew".indexOf(text.at(i)) >= 0 ? i + 1 : -1;
    }

    private static int between(NormalText text, int start) {
        int i = start;
        while (i - start < MOST_BETWEEN && " ,;/\u060c".indexOf(text.at(i)) >= 0) i++;
        return i;
    }

    private static int spaces(NormalText text, int start) {
        return text.at(start) == ' ' ? start + 1 : start;
    }

    private static int digits(NormalText text, int start, int most) {
        int i = start;
        while (i - start < most && isDigit(text.at(i))) i++;
        return i;
    }

    /// At most three digits.
    private static int number(NormalText text, int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) number = 10 * number + text.at(i) - '0';
        return number;
    }

    /// The decimal point, in Arabic as well.
    private static boolean isPoint(char c) {
        return c == '.' || c == '\u066b';
    }

    /// What stands behind minutes and seconds: straight, typographic, prime.
    private static boolean isMark(char c) {
        return "'\"\u2018\u2019\u201c\u201d\u2032".indexOf(c) >= 0;
    }
}
