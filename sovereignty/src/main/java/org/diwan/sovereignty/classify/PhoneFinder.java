package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;
import static org.diwan.sovereignty.classify.NormalText.isLatin;

import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.diwan.sovereignty.policy.Identifier;
import org.diwan.sovereignty.policy.Identifier.Phone;
import org.jspecify.annotations.Nullable;

/// Finds telephone numbers. Where one may stand is decided here, in one walk over the text; whether
/// it exists is decided by the numbering plans of libphonenumber ([PhonePlan]). Its own `findNumbers`
/// would do both but searches with backtracking expressions.
///
/// An international number begins with `+` or `00`. One as dialled at home stands near a context
/// word or, if the pack takes it bare, begins with `0`. Without `+`, a word against it (an order number)
/// rules it out. Numbers that belong to no person (free, premium, shared cost) do not count.
final class PhoneFinder {
    /// ITU-T E.164: digits in an international number.
    private static final int MAX_DIGITS = 15;

    private static final int MIN_DIGITS = 7;

    /// Spaces, brackets and the like in one number; a longer run is a table.
    private static final int MAX_LENGTH = 32;

    private static final double INTERNATIONAL = 0.8;
    private static final double MOBILE = 0.7;
    private static final double LANDLINE = 0.4;

    private record Entry(Phone phone, int list, List<PhonePlan> plans) {}

    private final List<Entry> entries = new ArrayList<>();

    /// From the number of an identifier to that of the words against it.
    private final int against;

    PhoneFinder(List<Identifier> identifiers) {
        against = identifiers.size();
        for (int i = 0; i < identifiers.size(); i++)
            if (identifiers.get(i) instanceof Phone phone)
                entries.add(new Entry(
                        phone, i, phone.regions().stream().map(PhonePlan::of).toList()));
    }

    /// @param near for each list, where its context words are near, then, where those against it are
    /// @param found what was found so far; where that is surer than a telephone number, none is looked for
    void find(NormalText text, BitSet[] near, List<Candidate> found) {
        var taken = new BitSet();
        for (var candidate : found)
            if (candidate.certainty() >= INTERNATIONAL) taken.set(candidate.start(), candidate.end());
        int last = -1;
        for (int i = 0; i < text.length(); ) {
            if (taken.get(i) || !begins(text, i)) {
                i++;
                continue;
            }
            int end = mayBeOther(text, i, near, last) ? i : find(text, i, near, found);
            if (end > i) last = end;
            i = Math.max(end, groupEnd(text, i));
        }
    }

    /// One past the number that begins at `start`, or `start`.
    private int find(NormalText text, int start, BitSet[] near, List<Candidate> found) {
        if (text.at(start) == '+' || (text.at(start) == '0' && text.at(start + 1) == '0'))
            return international(text, start, found);
        for (var entry : entries) {
            int end = near[entry.list].get(start) ? national(text, start, entry, found) : start;
            if (end > start) return end; // one country's is enough where a word says that it is one
        }
        int last = start;
        if (text.at(start) == '0') // a landline here may be a mobile there, so every country is asked
        for (var entry : entries) if (entry.phone.bare()) last = Math.max(last, national(text, start, entry, found));
        return last;
    }

    /// True without `+` and context, where a word says that it is something else, or where it goes on
    /// what is no telephone number: the end of an IBAN, of an ISBN.
    private boolean mayBeOther(NormalText text, int start, BitSet[] near, int last) {
        if (text.at(start) == '+') return false;
        boolean other = isSeparator(text.at(start - 1)) && isDigit(text.at(start - 2)) && start - 1 != last;
        for (var entry : entries) {
            if (near[entry.list].get(start)) return false;
            other |= near[against + entry.list].get(start);
        }
        return other;
    }

    /// Where a number may have begun that `text` does not end yet or that a context word to come would make one,
    /// or the end of the text. Whether a country has such a number is not asked here.
    ///
    /// @param mayHear whether a word to come may be near what ends at a place of the text
    /// @param reach how far from the end it may be true
    static int open(NormalText text, IntPredicate mayHear, int reach) {
        for (int i = Math.max(0, text.length() - reach - MAX_LENGTH); i < text.length(); i++) {
            if (!begins(text, i)) continue;
            int end = stretch(text, i);
            if ((end > i && mayHear.test(end)) || reachesEnd(text, i)) return i;
        }
        return text.length();
    }

    private static boolean reachesEnd(NormalText text, int start) {
        int i = start;
        while (i < text.length() && i - start < MAX_LENGTH && isDialled(text.at(i))) i++;
        return i == text.length();
    }

    private static boolean begins(NormalText text, int i) {
        char before = text.at(i - 1);
        boolean digits = isDigit(text.at(text.at(i) == '+' ? i + 1 : i));
        return digits && !isDigit(before) && !isLatin(before) && before != '+';
    }

    /// Tries the longest stretch of groups first, so that a number is not cut short and one that
    /// stands before another is not lost. Returns where to go on.
    private int international(NormalText text, int start, List<Candidate> found) {
        for (int end = stretch(text, start); end > start; end = shorter(text, start, end)) {
            String digits = digits(text, start, end);
            var type = PhonePlan.international(text.at(start) == '0' ? digits.substring(2) : digits);
            if (certainty(type) > 0) {
                for (var entry : entries) found.add(new Candidate(entry.phone, entry.list, start, end, INTERNATIONAL));
                return end;
            }
        }
        return start;
    }

    /// Without the leading 0, groups parted by dots or slashes are rather a date or a file number.
    private static int national(NormalText text, int start, Entry entry, List<Candidate> found) {
        boolean dialled = text.at(start) == '0';
        for (int end = stretch(text, start); end > start; end = shorter(text, start, end)) {
            if (!dialled && hasDotOrSlash(text, start, end)) continue;
            String digits = digits(text, start, end);
            double certainty = 0;
            for (var plan : entry.plans) certainty = Math.max(certainty, certainty(plan.dialled(digits)));
            if (certainty > 0) {
                found.add(new Candidate(entry.phone, entry.list, start, end, dialled ? certainty : certainty / 2));
                return end;
            }
        }
        return start;
    }

    /// One past the longest stretch of digit groups from `start` with at most [#MAX_DIGITS] digits.
    private static int stretch(NormalText text, int start) {
        int digits = 0;
        int end = start;
        for (int i = start; i - start < MAX_LENGTH; i++) {
            char c = text.at(i);
            if (isDigit(c)) {
                if (++digits > MAX_DIGITS) break;
                if (!isDigit(text.at(i + 1))) end = digits >= MIN_DIGITS ? i + 1 : end;
            } else if (!isSeparator(c) && i > start) break;
        }
        return isLatin(text.at(end)) ? start : end;
    }

    /// The stretch without its last group, or `start` if too little is left.
    private static int shorter(NormalText text, int start, int end) {
        while (end > start && isDigit(text.at(end - 1))) end--;
        while (end > start && !isDigit(text.at(end - 1))) end--;
        int digits = 0;
        for (int i = start; i < end; i++) if (isDigit(text.at(i))) digits++;
        return digits >= MIN_DIGITS ? end : start;
    }

    private static int groupEnd(NormalText text, int i) {
        if (text.at(i) == '+') i++;
        while (isDigit(text.at(i))) i++;
        return i;
    }

    private static boolean hasDotOrSlash(NormalText text, int start, int end) {
        for (int i = start; i < end; i++) if (text.at(i) == '.' || text.at(i) == '/') return true;
        return false;
    }

    private static String digits(NormalText text, int start, int end) {
        var digits = new StringBuilder(end - start);
        for (int i = start; i < end; i++) if (isDigit(text.at(i))) digits.append(text.at(i));
        return digits.toString();
    }

    /// How sure it is that a number of this kind is a person's, 0 if it is not or there is none.
    private static double certainty(@Nullable PhoneNumberType type) {
        return switch (type) {
            case null -> 0;
            case MOBILE, FIXED_LINE_OR_MOBILE, PERSONAL_NUMBER -> MOBILE;
            case FIXED_LINE, VOIP, PAGER, UAN, VOICEMAIL, UNKNOWN -> LANDLINE;
            case TOLL_FREE, PREMIUM_RATE, SHARED_COST -> 0;
        };
    }

    private static boolean isDialled(char c) {
        return isDigit(c) || isSeparator(c) || c == '+';
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
    }
}
