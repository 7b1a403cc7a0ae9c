package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NameFinder.folded;

import java.util.List;
import java.util.Set;
import org.diwan.sovereignty.policy.Identifier.Address;
import org.diwan.sovereignty.policy.Shape;

/// Finds where people live: the word of a street with a house number beside it, and near them, on one
/// line or the next, what makes them an address. How sure:
///
/// ```
/// a postcode, a district, a town           0.70   Hauptstraße 12, 80331 München; 강남구 테헤란로 152
/// no number, but a district and a town     0.70   شارع التحلية، حي الورود، الهفوف
/// a capital behind the comma               0.55   79 Sunset Blvd, Leeds
/// nothing                                  0.40   Lindenweg 3: needs a word such as "lives at"
/// ```
final class AddressFinder {
    private static final int MOST_WORDS_APART = 6;
    private static final int MOST_AROUND = 8;
    private static final int MOST_NUMBER = 5;
    private static final int MOST_WIDER = 6;

    /// `경기도 성남시 분당구`, before the street; and how near a postcode stands behind a doubtful one.
    private static final int MOST_DISTRICTS = 3;

    /// Of a number behind a word that begins much else: `Am Markt 12`, not `Im Jahr 2003`.
    private static final int MOST_LED_NUMBER = 3;

    private static final double ALONE = 0.4;
    private static final double BEFORE_CAPITAL = 0.55;
    private static final double WITH_PLACE = 0.7;

    private final Address address;
    private final int list;
    private final Set<String> before;
    private final Set<String> leads;
    private final Set<String> after;
    private final Set<String> areas;
    private final Set<String> places;
    private final List<String> endings;
    private final List<String> districts;

    AddressFinder(Address address, int list) {
        this.address = address;
        this.list = list;
        this.before = folded(address.before());
        this.leads = folded(address.leads());
        this.after = folded(address.after());
        this.areas = folded(address.areas());
        this.places = folded(address.places());
        this.endings = List.copyOf(folded(address.endings()));
        this.districts = List.copyOf(folded(address.districts()));
    }

    void find(NormalText text, List<Token> tokens, List<Candidate> found) {
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.get(i).text();
            boolean ending = ends(word, endings);
            boolean led = !ending && leads.contains(word);
            if (!ending && !led && !before.contains(word) && !after.contains(word)) continue;
            if (i > 0 && tokens.get(i - 1).end() == tokens.get(i).start()) continue; // the "rd" of 63rd
            int house = ending ? behindEnding(text, tokens, i) : led ? led(text, tokens, i) : around(text, tokens, i);
            if (house >= 0) i = found(text, tokens, i, house, led, found);
            else if (before.contains(word)) i = found(text, tokens, i, i, false, found);
        }
    }

    /// Adds the address around street and house, `house` being the street where there is none. Returns
    /// the last word of it, or the street.
    private int found(NormalText text, List<Token> tokens, int street, int house, boolean led, List<Candidate> found) {
        int from = Math.min(street, house);
        int to = Math.max(street, house);
        int first = from;
        int last = to;
        boolean area = false;
        int placed = 0;
        for (int k = Math.max(0, from - MOST_AROUND); k < Math.min(tokens.size(), to + MOST_AROUND); k++) {
            if ((k >= from && k <= to) || lineEnds(text, tokens, k, k < from ? from : to) > 1) continue;
            int end = k < from && areDistricts(tokens, k, from) ? k : place(text, tokens, k);
            boolean behind = k > to && k - to <= MOST_DISTRICTS && isPostcode(text, tokens.get(k));
            if (end < 0 || (led && !behind)) continue;
            placed++;
            area |= end > k;
            first = Math.min(first, k);
            last = Math.max(last, end);
            k = end;
        }
        boolean enough = house == street ? area && placed > 1 : !led || placed > 0;
        if (!enough) return street;
        double certainty =
                placed > 0 ? WITH_PLACE : beforeCapital(text, tokens, street, house) ? BEFORE_CAPITAL : ALONE;
        first = widerBack(text, tokens, first);
        last = widerOn(text, tokens, last);
        found.add(new Candidate(address, list, tokens.get(first).start(), end(text, tokens, last), certainty));
        return last;
    }

    /// Where an address may have begun that goes on behind `text`, or the end of the text. Not waited for: districts
    /// and postcodes before the street, and what makes an address of a doubtful street more than three words on.
    int open(NormalText text, List<Token> tokens) {
        int open = text.length();
        int last = tokens.size() - 1;
        for (int i = last; i >= 0 && last - i < MOST_WIDER && mayBeNext(text, tokens, i); i--)
            open = tokens.get(i).start();
        for (int i = Math.max(0, last - MOST_AROUND + 1); i <= last; i++) {
            String word = tokens.get(i).text();
            boolean doubtful = leads.contains(word) || ends(word, endings);
            boolean street = before.contains(word) || (doubtful && i > last - MOST_DISTRICTS);
            boolean number = isHouse(text, tokens.get(i), false) && areNames(tokens, i + 1);
            if ((street || number) && linesBehind(text, tokens.get(i).end()) < 2)
                open = Math.min(open, tokens.get(widerBack(text, tokens, i)).start());
        }
        return open;
    }

    /// A capital before what may be the word of a street: `Lange` before `Straße`.
    private static boolean mayBeNext(NormalText text, List<Token> tokens, int index) {
        var token = tokens.get(index);
        if (!token.capital()) return false;
        return index + 1 < tokens.size()
                ? isNext(text, token, tokens.get(index + 1))
                : text.length() - token.end() <= 1;
    }

    private static boolean areNames(List<Token> tokens, int from) {
        if (tokens.size() - from > MOST_WORDS_APART) return false;
        for (int i = from; i < tokens.size(); i++) if (!isPartOfName(tokens, i)) return false;
        return true;
    }

    /// Whether what ends at `end` of the text may still be joined by a postcode, a district or a town.
    static boolean mayGoOn(NormalText text, List<Token> tokens, int end) {
        int words = 0;
        for (int i = tokens.size() - 1; i >= 0 && tokens.get(i).start() >= end; i--) words++;
        return words < MOST_AROUND && linesBehind(text, end) < 2;
    }

    private static int linesBehind(NormalText text, int from) {
        int lines = 0;
        for (int i = from; i < text.length(); i++) if (text.at(i) == '\n') lines++;
        return lines;
    }

    /// Over the capitals before the street's word: `Hans-Böckler-Str.`, `Lange Straße`.
    private static int widerBack(NormalText text, List<Token> tokens, int first) {
        int i = first;
        while (i > 0
                && first - i < MOST_WIDER
                && tokens.get(i - 1).capital()
                && isNext(text, tokens.get(i - 1), tokens.get(i))) i--;
        return i;
    }

    /// Over the town behind a postcode, and the flats: `80331 Bad Homburg`, `101동 1203호`.
    private static int widerOn(NormalText text, List<Token> tokens, int last) {
        int i = last;
        while (i + 1 < tokens.size() && i - last < MOST_WIDER) {
            var next = tokens.get(i + 1);
            boolean attached = next.start() == tokens.get(i).end();
            boolean number = next.number()
                    && lineEnds(text, tokens, i, i + 1) == 0
                    && next.start() - tokens.get(i).end() <= 2;
            if (!attached && !number && !(next.capital() && isNext(text, tokens.get(i), next))) break;
            i++;
        }
        return i;
    }

    /// Parted by one space or hyphen.
    private static boolean isNext(NormalText text, Token token, Token next) {
        char between = text.at(token.end());
        return next.start() == token.end() + 1 && (between == ' ' || between == '-');
    }

    /// One past the last word and the letters and digits that a postcode goes on with.
    private int end(NormalText text, List<Token> tokens, int last) {
        return Math.max(
                tokens.get(last).end(), postcodeEnd(text, tokens.get(last).start()));
    }

    /// `12` behind `Lindenweg`, `테헤란로`; behind `테헤란로7길` as well. In a district, a number with letters
    /// behind it is one too: `강남구 테헤란로 152입니다`.
    private int behindEnding(NormalText text, List<Token> tokens, int street) {
        int next = street + 1;
        if (next + 1 < tokens.size()
                && tokens.get(next).start() == tokens.get(street).end()
                && endings.contains(tokens.get(next + 1).text())) next += 2;
        if (next >= tokens.size() || !tokens.get(next).joined()) return -1;
        boolean placed = street > 0 && isDistrict(tokens.get(street - 1));
        return isHouse(text, tokens.get(next), placed) ? next : -1;
    }

    private static int led(NormalText text, List<Token> tokens, int street) {
        boolean capital = false;
        for (int k = street + 1; k <= street + MOST_WORDS_APART && k < tokens.size(); k++) {
            var token = tokens.get(k);
            if (!token.joined()) return -1;
            if (token.number())
                return capital && token.text().length() <= MOST_LED_NUMBER && isHouse(text, token, false) ? k : -1;
            capital = token.capital();
        }
        return -1;
    }

    /// Behind the street at once, or before it, or, behind a word such as شارع, within a few words.
    private int around(NormalText text, List<Token> tokens, int street) {
        boolean leading = before.contains(tokens.get(street).text());
        if (isHouseAt(text, tokens, street, street + 1)) return street + 1;
        for (int n = 1; n <= MOST_WORDS_APART; n++) {
            int back = street - n;
            if (isHouseAt(text, tokens, street, back)) return back;
            if (back < 0 || leading || !isPartOfName(tokens, back)) break;
        }
        for (int n = 2; leading && n <= MOST_WORDS_APART; n++) {
            int next = street + n;
            if (isHouseAt(text, tokens, street, next)) return isPostcode(text, tokens.get(next)) ? -1 : next;
        }
        return -1;
    }

    /// Capital, or a letter of one that is: the `s` of King's, the `nd` of 42nd.
    private static boolean isPartOfName(List<Token> tokens, int index) {
        var token = tokens.get(index);
        return token.capital()
                || token.text().length() == 1
                || (index > 0 && tokens.get(index - 1).end() == token.start());
    }

    private static boolean isHouseAt(NormalText text, List<Token> tokens, int street, int index) {
        return index >= 0
                && index < tokens.size()
                && lineEnds(text, tokens, index, street) == 0
                && isHouse(text, tokens.get(index), false);
    }

    /// A short number with no letter of a word at its end and no decimals: `12`, `12a`, not `3년`, `3.5`.
    private static boolean isHouse(NormalText text, Token token, boolean lettered) {
        char next = text.at(token.end());
        return token.number()
                && token.text().length() <= MOST_NUMBER
                && !(next == '.' && NormalText.isDigit(text.at(token.end() + 1)))
                && (lettered || !Character.isLetter(next) || NormalText.isLatin(next));
    }

    /// `79 Sunset Blvd, Leeds`: the number in front, a comma and a capital behind.
    private static boolean beforeCapital(NormalText text, List<Token> tokens, int street, int house) {
        if (house > street || street + 1 >= tokens.size()) return false;
        int comma = tokens.get(street).end();
        if (text.at(comma) == '.') comma++;
        var next = tokens.get(street + 1);
        return tokens.get(street).capital() && text.at(comma) == ',' && next.capital() && next.start() == comma + 2;
    }

    /// The last word of the place that begins with the word `index`, −1 if none does.
    private int place(NormalText text, List<Token> tokens, int index) {
        var token = tokens.get(index);
        if (isPostcode(text, token)) return index;
        if (areas.contains(token.text())) return Math.min(index + 1, tokens.size() - 1);
        return places.contains(token.text()) ? index : -1;
    }

    /// Districts and nothing else stand before the street: `따르면, 법의학 검사로 550` is none.
    private boolean areDistricts(List<Token> tokens, int from, int street) {
        if (street - from > MOST_DISTRICTS) return false;
        for (int i = from; i < street; i++) if (!isDistrict(tokens.get(i))) return false;
        return true;
    }

    private boolean isDistrict(Token token) {
        return ends(token.text(), districts);
    }

    private boolean isPostcode(NormalText text, Token token) {
        return postcodeEnd(text, token.start()) > 0;
    }

    /// One past the longest postcode that begins at `start`, −1 if there is none.
    private int postcodeEnd(NormalText text, int start) {
        int longest = -1;
        for (var shape : address.postcodes()) longest = Math.max(longest, matchEnd(text, start, shape));
        return longest;
    }

    private static int matchEnd(NormalText text, int start, Shape shape) {
        for (int k = 0; k < shape.length(); k++) if (!shape.matches(k, text.at(start + k))) return -1;
        int end = start + shape.length();
        boolean whole = !isAlphanumeric(text.at(start - 1)) && !isAlphanumeric(text.at(end));
        return whole ? end : -1;
    }

    private static boolean isAlphanumeric(char c) {
        return NormalText.isDigit(c) || NormalText.isLatin(c);
    }

    /// Longer than the ending itself, which is a word of its own.
    private static boolean ends(String word, List<String> endings) {
        for (int i = 0; i < endings.size(); i++) {
            String ending = endings.get(i);
            if (word.length() > ending.length() && word.endsWith(ending)) return true;
        }
        return false;
    }

    private static int lineEnds(NormalText text, List<Token> tokens, int a, int b) {
        int from = tokens.get(Math.min(a, b)).end();
        int to = tokens.get(Math.max(a, b)).start();
        int lines = 0;
        for (int i = from; i < to; i++) if (text.at(i) == '\n') lines++;
        return lines;
    }
}
