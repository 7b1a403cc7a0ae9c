package org.diwan.sovereignty.classify;

import java.util.List;
import java.util.Set;
import org.diwan.sovereignty.policy.Identifier.Address;

/// Finds where people live: the word of a street with a house number beside it, on one line with a
/// postcode or a district. Street and number alone are less sure, and need a word such as "lives at".
final class AddressFinder {
    private static final int MOST_WORDS_APART = 4;
    private static final int MOST_AROUND = 8;
    private static final int MOST_NUMBER = 5;
    private static final double ALONE = 0.4;
    private static final double WITH_PLACE = 0.7;

    private final Address address;
    private final int list;
    private final Set<String> before;
    private final Set<String> after;
    private final Set<String> endings;
    private final Set<String> districts;

    AddressFinder(Address address, int list) {
        this.address = address;
        this.list = list;
        this.before = NameFinder.folded(address.before());
        this.after = NameFinder.folded(address.after());
        this.endings = NameFinder.folded(address.endings());
        this.districts = NameFinder.folded(address.districts());
    }

    void find(NormalText text, List<Token> tokens, List<Candidate> found) {
        for (int i = 0; i < tokens.size(); i++) {
            if (!isStreet(tokens, i)) continue;
            int house = house(text, tokens, i);
            if (house < 0) continue;
            int from = Math.min(i, house);
            int to = Math.max(i, house);
            int first = from;
            int last = to;
            boolean placed = false;
            for (int k = Math.max(0, from - MOST_AROUND); k < Math.min(tokens.size(), to + MOST_AROUND); k++) {
                if ((k >= from && k <= to) || !sameLine(text, tokens, k, i)) continue;
                var token = tokens.get(k);
                if (!isPostcode(token) && !ends(token.text(), districts)) continue;
                placed = true;
                first = Math.min(first, k);
                last = Math.max(last, k);
            }
            found.add(new Candidate(
                    address, list, tokens.get(first).start(), tokens.get(last).end(), placed ? WITH_PLACE : ALONE));
            i = last;
        }
    }

    private boolean isStreet(List<Token> tokens, int i) {
        String word = tokens.get(i).text();
        return before.contains(word) || after.contains(word) || ends(word, endings);
    }

    /// The number of the house: behind a street's ending at once, else within a few words; -1 if none.
    private int house(NormalText text, List<Token> tokens, int street) {
        boolean ending = ends(tokens.get(street).text(), endings);
        if (ending) {
            int next = street + 1;
            return next < tokens.size() && tokens.get(next).joined() && isHouse(text, tokens.get(next)) ? next : -1;
        }
        int direction = after.contains(tokens.get(street).text()) ? -1 : 1;
        for (int n = 1; n <= MOST_WORDS_APART; n++) {
            int k = street + direction * n;
            if (k < 0 || k >= tokens.size() || !sameLine(text, tokens, k, street)) return -1;
            if (isHouse(text, tokens.get(k))) return k;
        }
        return -1;
    }

    /// A short number with no letter of a word at its end and no decimals: `12`, `12a`, not `3년`, `3.5`.
    private static boolean isHouse(NormalText text, Token token) {
        return token.number()
                && token.text().length() <= MOST_NUMBER
                && !(text.at(token.end()) == '.' && NormalText.isDigit(text.at(token.end() + 1)))
                && !(Character.isLetter(text.at(token.end())) && !NormalText.isLatin(text.at(token.end())));
    }

    private boolean isPostcode(Token token) {
        return address.postcode() > 0 && token.number() && token.text().length() == address.postcode();
    }

    /// Longer than the ending itself, which is a word of its own.
    private static boolean ends(String word, Set<String> endings) {
        for (String ending : endings) if (word.length() > ending.length() && word.endsWith(ending)) return true;
        return false;
    }

    private static boolean sameLine(NormalText text, List<Token> tokens, int a, int b) {
        int from = tokens.get(Math.min(a, b)).end();
        int to = tokens.get(Math.max(a, b)).start();
        for (int i = from; i < to; i++) if (text.at(i) == '\n') return false;
        return true;
    }
}
