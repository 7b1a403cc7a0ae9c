package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;
import static org.diwan.sovereignty.classify.NormalText.isLatin;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.diwan.sovereignty.policy.Identifier;
import org.diwan.sovereignty.policy.Identifier.Phone;

/// Finds telephone numbers. Where one may stand is decided here, in one walk over the text; whether
/// it exists is decided by libphonenumber, which knows the numbering plan of each country. Its own
/// `findNumbers` would do both but searches with backtracking expressions.
///
/// An international number begins with `+` or `00`. One as dialled at home stands near a context
/// word or, if the pack takes it bare, begins with `0`. Numbers that belong to no person (free,
/// premium, shared cost) do not count.
final class PhoneFinder {
    /// ITU-T E.164: digits in an international number.
    private static final int MAX_DIGITS = 15;

    private static final int MIN_DIGITS = 7;

    /// Spaces, brackets and the like in one number; a longer run is a table.
    private static final int MAX_LENGTH = 32;

    private static final double INTERNATIONAL = 0.8;
    private static final double MOBILE = 0.7;
    private static final double LANDLINE = 0.4;

    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    private record Entry(Phone phone, int list) {}

    private final List<Entry> entries = new ArrayList<>();

    PhoneFinder(List<Identifier> identifiers) {
        for (int i = 0; i < identifiers.size(); i++)
            if (identifiers.get(i) instanceof Phone phone) entries.add(new Entry(phone, i));
    }

    /// @param near for each list, where its context words are near
    /// @param found what was found so far; where that is surer than a telephone number, none is looked for
    void find(NormalText text, BitSet[] near, List<Candidate> found) {
        var taken = new BitSet();
        for (var candidate : found)
            if (candidate.certainty() >= INTERNATIONAL) taken.set(candidate.start(), candidate.end());
        for (int i = 0; i < text.length(); ) {
            if (taken.get(i) || !begins(text, i)) {
                i++;
                continue;
            }
            int end = i + 1;
            if (text.at(i) == '+' || (text.at(i) == '0' && text.at(i + 1) == '0')) {
                end = international(text, i, found);
            } else {
                for (var entry : entries) {
                    if (!near[entry.list].get(i) && (!entry.phone.bare() || text.at(i) != '0')) continue;
                    end = national(text, i, entry, found);
                    if (end > i + 1) break; // one country's is enough
                }
            }
            i = Math.max(end, groupEnd(text, i));
        }
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
            String number = text.substring(start, end);
            String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
            if (exists(dialled, "ZZ") > 0) {
                for (var entry : entries) found.add(new Candidate(entry.phone, entry.list, start, end, INTERNATIONAL));
                return end;
            }
        }
        return start + 1;
    }

    /// Without the leading 0, groups parted by dots or slashes are rather a date or a file number.
    private static int national(NormalText text, int start, Entry entry, List<Candidate> found) {
        boolean dialled = text.at(start) == '0';
        for (int end = stretch(text, start); end > start; end = shorter(text, start, end)) {
            String number = text.substring(start, end);
            if (!dialled && (number.indexOf('.') >= 0 || number.indexOf('/') >= 0)) continue;
            double certainty = 0;
            for (var region : entry.phone.regions()) certainty = Math.max(certainty, exists(number, region));
            if (certainty > 0) {
                found.add(new Candidate(entry.phone, entry.list, start, end, dialled ? certainty : certainty / 2));
                return end;
            }
        }
        return start + 1;
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

    /// How sure it is that `number` is a person's in `region`, 0 if there is no such number.
    private static double exists(String number, String region) {
        try {
            var parsed = PLANS.parse(number, region);
            boolean valid =
                    region.equals("ZZ") ? PLANS.isValidNumber(parsed) : PLANS.isValidNumberForRegion(parsed, region);
            return valid ? certainty(PLANS.getNumberType(parsed)) : 0;
        } catch (NumberParseException e) {
            return 0; // what does not parse is no number
        }
    }

    private static double certainty(PhoneNumberType type) {
        return switch (type) {
            case MOBILE, FIXED_LINE_OR_MOBILE, PERSONAL_NUMBER -> MOBILE;
            case FIXED_LINE, VOIP, PAGER, UAN, VOICEMAIL, UNKNOWN -> LANDLINE;
            case TOLL_FREE, PREMIUM_RATE, SHARED_COST -> 0;
        };
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
    }
}
