package org.diwan.robots.mission;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Long words with one slip of the fingers, as they are meant: `coffe`, `recpetion`, `laundryy`.
///
/// A slip is a letter too few, a letter too many or two letters that changed places; in words of [#LONG] letters or
/// more also a wrong letter, unless it is the last (`tables` are no tablet). A word that may be two others stays.
final class Spelling {
    /// Shorter words are too close to each other.
    private static final int SHORTEST = 5;

    private static final int LONG = 7;

    /// Longer ones are not words.
    private static final int LONGEST = 20;

    private final Set<String> known;
    private final Set<String> numbers;
    private final String letters;

    /// @param numbers which are left alone and never meant: thirsty is not thirty
    /// @param letters of the alphabet; none where no word is corrected
    Spelling(Set<String> known, Set<String> numbers, String letters) {
        this.known = Set.copyOf(known);
        this.numbers = Set.copyOf(numbers);
        this.letters = letters;
    }

    /// `tokens` with the known word in place of each that is one slip from it.
    List<Token> corrected(List<Token> tokens) {
        if (letters.isEmpty()) return tokens;
        return tokens.stream().map(token -> token.with(corrected(token.text()))).toList();
    }

    private String corrected(String word) {
        boolean written = word.chars().allMatch(letter -> letters.indexOf(letter) >= 0);
        if (word.length() < SHORTEST || word.length() > LONGEST || !written || isKnown(word)) return word;
        var meant = new HashSet<String>();
        for (int i = 0; i <= word.length(); i++) {
            String head = word.substring(0, i);
            String tail = word.substring(i);
            if (tail.length() > 1) add(head + tail.charAt(1) + tail.charAt(0) + tail.substring(2), meant);
            if (!tail.isEmpty() && word.length() > SHORTEST) add(head + tail.substring(1), meant);
            for (int k = 0; k < letters.length(); k++) {
                char letter = letters.charAt(k);
                add(head + letter + tail, meant);
                if (tail.length() > 1 && word.length() >= LONG) add(head + letter + tail.substring(1), meant);
            }
        }
        return meant.size() == 1 ? meant.iterator().next() : word;
    }

    private boolean isKnown(String word) {
        return known.contains(word) || numbers.contains(word);
    }

    private void add(String word, Set<String> meant) {
        if (known.contains(word)) meant.add(word);
    }
}
