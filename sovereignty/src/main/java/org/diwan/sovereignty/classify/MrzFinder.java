package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;

import java.util.List;
import org.diwan.sovereignty.policy.Checksum;
import org.diwan.sovereignty.policy.Identifier.Form;

/// Finds the machine readable zones of travel documents, ICAO Doc 9303 parts 4 to 6: lines of one
/// length in capital letters, digits and `<`, whose check digits all hold. In columns from 0:
///
/// ```
/// TD1, 3 × 30   number 5–13, check 14; below: birth 0–5, check 6, expiry 8–13, check 14;
///               composite 29 over 5–29 above and 0–6, 8–14, 18–28 below
/// TD2, 2 × 36   below: number 0–8, check 9, birth 13–18, check 19, expiry 21–26, check 27;
///               composite 35 over 0–9, 13–19, 21–34
/// TD3, 2 × 44   as TD2, personal number 28–41, check 42; composite 43 over 0–9, 13–19, 21–42
/// ```
final class MrzFinder {
    private static final int LONGEST = 44;

    /// Three lines of 30 with two characters between them, the longest of the forms.
    private static final int LONGEST_ZONE = 3 * 30 + 4;

    /// Four check digits of one in ten each, and the form.
    private static final double CERTAINTY = 0.95;

    private MrzFinder() {}

    static void find(NormalText text, Form form, int list, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (!isZone(text.at(i)) || isZone(text.at(i - 1))) continue;
            int first = line(text, i);
            int end =
                    switch (first - i) {
                        case 30 -> lines(text, i, 3);
                        case 36, 44 -> lines(text, i, 2);
                        default -> -1;
                    };
            if (end > 0 && holds(text, i, first - i)) {
                found.add(new Candidate(form, list, i, end, CERTAINTY));
                i = end;
            }
        }
    }

    /// Where a zone may have begun that `text` does not end yet, or the end of the text.
    static int open(NormalText text) {
        int open = text.length();
        for (int i = open; i > Math.max(0, text.length() - LONGEST_ZONE); i--) {
            if (!isZone(text.at(i - 1)) && text.at(i - 1) != '\n') break;
            if (isZone(text.at(i - 1)) && !isZone(text.at(i - 2)) && isLength(line(text, i - 1) - i + 1)) open = i - 1;
        }
        return open;
    }

    private static boolean isLength(int length) {
        return length == 30 || length == 36 || length == LONGEST;
    }

    /// One past the line that begins at `start`, not looking further than the longest.
    private static int line(NormalText text, int start) {
        int end = start;
        while (end - start <= LONGEST && isZone(text.at(end))) end++;
        return end;
    }

    /// One past the last of `count` lines as long as the first, −1 if there are fewer.
    private static int lines(NormalText text, int start, int count) {
        int length = line(text, start) - start;
        int end = start + length;
        for (int n = 1; n < count; n++) {
            int next = next(text, end);
            if (line(text, next) - next != length) return -1;
            end = next + length;
        }
        return end;
    }

    /// Where the next line begins: behind one line end, which may be of two characters.
    private static int next(NormalText text, int end) {
        int next = end;
        while (next - end < 2 && text.at(next) == '\n') next++;
        return next;
    }

    private static boolean holds(NormalText text, int start, int length) {
        int below = next(text, start + length);
        return length == 30
                ? checked(text, start + 14, start + 5, start + 14)
                        && checked(text, below + 6, below, below + 6)
                        && checked(text, below + 14, below + 8, below + 14)
                        && checked(
                                text,
                                below + 29,
                                start + 5,
                                start + 30,
                                below,
                                below + 7,
                                below + 8,
                                below + 15,
                                below + 18,
                                below + 29)
                : checked(text, below + 9, below, below + 9)
                        && checked(text, below + 19, below + 13, below + 19)
                        && checked(text, below + 27, below + 21, below + 27)
                        && checked(
                                text,
                                below + length - 1,
                                below,
                                below + 10,
                                below + 13,
                                below + 20,
                                below + 21,
                                below + length - 1);
    }

    /// Whether the digit at `check` is that of the characters in `ranges`, pairs of first and one past.
    private static boolean checked(NormalText text, int check, int... ranges) {
        var characters = new StringBuilder();
        for (int r = 0; r < ranges.length; r += 2)
            for (int i = ranges[r]; i < ranges[r + 1]; i++) characters.append(text.at(i) == '<' ? '0' : text.at(i));
        return isDigit(text.at(check)) && Checksum.DOCUMENT.certainty(characters.append(text.at(check))) > 0;
    }

    private static boolean isZone(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || c == '<';
    }
}
