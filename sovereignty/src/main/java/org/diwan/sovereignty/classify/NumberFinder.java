package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;
import static org.diwan.sovereignty.classify.NormalText.isLatin;

import java.util.ArrayList;
import java.util.List;
import org.diwan.sovereignty.policy.Checksum;
import org.diwan.sovereignty.policy.Identifier;
import org.diwan.sovereignty.policy.Identifier.ShapedNumber;
import org.diwan.sovereignty.policy.Shape;

/// Finds numbers of fixed shapes, in one walk over the text: at each place only the shapes that can
/// begin with what stands there are tried.
///
/// No digit may touch a number. A Latin letter or underscore that does makes it doubtful, and so does
/// a joint with more digits behind it (a date, a decimal, an order number), and separators where the
/// form has none. A letter of another script does not: Arabic often writes `رقم1058529940`.
final class NumberFinder {
    /// In place of an end: the text ended before the shape did, or before what decides about it.
    private static final int CUT = Integer.MAX_VALUE;

    /// Longest number as it is written: a separator between every two symbols.
    private static final int MAX_WRITTEN = 2 * Shape.MAX_LENGTH;

    private static final class Entry {
        final ShapedNumber number;
        final int list;
        final long[] symbols;
        final boolean parted;
        final boolean bare;

        Entry(ShapedNumber number, int list, Shape shape, boolean bare) {
            this.number = number;
            this.list = list;
            this.symbols = shape.symbols().stream().mapToLong(Long::longValue).toArray();
            this.parted = shape.parted();
            this.bare = bare;
        }
    }

    /// By the first character: 0–9, then a–z.
    private final List<List<Entry>> beginning = new ArrayList<>();

    NumberFinder(List<Identifier> identifiers) {
        for (int value = 0; value < 36; value++) {
            var entries = new ArrayList<Entry>();
            char first = Character.forDigit(value, 36);
            for (int i = 0; i < identifiers.size(); i++)
                if (identifiers.get(i) instanceof ShapedNumber number) {
                    for (var shape : number.shapes())
                        if (shape.matches(0, first)) entries.add(new Entry(number, i, shape, number.bare()));
                    for (var shape : number.weak())
                        if (shape.matches(0, first)) entries.add(new Entry(number, i, shape, false));
                }
            beginning.add(List.copyOf(entries));
        }
    }

    void find(NormalText text, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (!begins(text, i)) continue;
            for (var entry : beginning.get(Character.digit(text.at(i), 36))) {
                int end = match(text, i, entry);
                if (end < 0 || end == CUT) continue;
                double certainty = certainty(text, i, end, entry);
                if (certainty > 0) found.add(new Candidate(entry.number, entry.list, i, end, certainty));
            }
        }
    }

    /// Where a number may have begun that `text` does not end yet, or the end of the text.
    int open(NormalText text) {
        for (int i = Math.max(0, text.length() - MAX_WRITTEN); i < text.length(); i++) {
            if (!begins(text, i)) continue;
            for (var entry : beginning.get(Character.digit(text.at(i), 36))) {
                int end = match(text, i, entry);
                if (end == CUT || end >= text.length() - 1) return i;
            }
        }
        return text.length();
    }

    /// A digit with none before it, or a letter that begins a word.
    private static boolean begins(NormalText text, int i) {
        char c = text.at(i);
        if (isDigit(c)) return !isDigit(text.at(i - 1));
        return c >= 'a' && c <= 'z' && !isLatin(text.at(i - 1)) && !isDigit(text.at(i - 1));
    }

    /// One past the last character of the shape if it stands at `start`, [#CUT] if it may, else −1.
    private static int match(NormalText text, int start, Entry entry) {
        int position = 0;
        int i = start;
        while (position < entry.symbols.length) {
            if (i >= text.length()) return CUT;
            char c = text.at(i);
            if ((entry.symbols[position] & Shape.symbol(c)) != 0) position++;
            else if (entry.parted || !isSeparator(c) || isSeparator(text.at(i - 1))) return -1;
            i++;
        }
        return isDigit(text.at(i)) ? -1 : i;
    }

    private static double certainty(NormalText text, int start, int end, Entry entry) {
        var checksum = entry.number.checksum();
        double certainty = checksum.certainty(compact(text, start, end));
        boolean grouped = !entry.parted && end - start > entry.symbols.length;
        if (grouped && !checksum.rejects()) return 0; // neither its own form nor its own arithmetic
        if (!entry.bare || (grouped && checksum != Checksum.MOD97)) certainty /= 2;
        boolean partOfMore = isLatin(text.at(start - 1))
                || isLatin(text.at(end))
                || (isDigit(text.at(start - 2))
                        && (isJoint(text.at(start - 1)) || (entry.parted && text.at(start - 1) == ' ')))
                || (isDigit(text.at(end + 1)) && isJoint(text.at(end)));
        return partOfMore ? certainty / 3 : certainty;
    }

    private static String compact(NormalText text, int start, int end) {
        var characters = new StringBuilder(end - start);
        for (int i = start; i < end; i++) if (isDigit(text.at(i)) || isLatin(text.at(i))) characters.append(text.at(i));
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
