package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final Lexicon ENGLISH = Lexicon.in("en");
    private static final List<String> WORDS = List.copyOf(new TreeSet<>(ENGLISH.tokens()));
    private static final Spelling SPELLING =
            new Spelling(ENGLISH.tokens(), ENGLISH.numbers().keySet(), ENGLISH.letters());

    private static String corrected(String word) {
        return SPELLING.corrected(List.of(new Token(word, false, false)))
                .getFirst()
                .text();
    }

    @Test
    void oneSlipOfTheFingersIsUnderstood() {
        assertEquals("coffee", corrected("coffe"));
        assertEquals("wheelchair", corrected("wheelchiar"));
        assertEquals("documents", corrected("documennts"));
        assertEquals("infusion", corrected("infuzion"));
    }

    @Test
    void whatMayBeSomethingElseStays() {
        assertEquals("thirsty", corrected("thirsty"), "thirty waters are too many");
        assertEquals("tables", corrected("tables"), "no tablets");
        assertEquals("gues", corrected("gues"), "too short");
        assertEquals("مكتبه", corrected("مكتبه"));
    }

    /// The oracle is the table of edits, filled cell by cell (Damerau 1964, neighbours only).
    @Test
    void whatIsCorrectedIsOneSlipAway() {
        var random = new Random(11);
        int meant = 0;
        for (int i = 0; i < 3000; i++) {
            String word = WORDS.get(random.nextInt(WORDS.size()));
            if (word.length() < 6 || !word.matches("[a-z]+")) continue;
            String slip = slip(word, random);
            String corrected = corrected(slip);
            if (!corrected.equals(slip)) {
                assertEquals(1, distance(slip, corrected), slip + " for " + word + " became " + corrected);
                assertEquals(Set.of(corrected), near(slip), slip);
            }
            if (corrected.equals(word)) meant++;
        }
        assertTrue(meant > 1000, meant + " of 3000 were understood");
    }

    /// Swaps two letters, drops one or doubles one.
    private static String slip(String word, Random random) {
        int at = random.nextInt(word.length() - 1);
        String head = word.substring(0, at);
        return switch (random.nextInt(3)) {
            case 0 -> head + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
            case 1 -> head + word.substring(at + 1);
            default -> head + word.charAt(at) + word.substring(at);
        };
    }

    /// Known words one slip away that the class promises to think of.
    private static Set<String> near(String slip) {
        var near = new TreeSet<String>();
        for (String word : WORDS) {
            boolean sameLength = word.length() == slip.length();
            boolean swapped = sameLength && sorted(word).equals(sorted(slip));
            boolean last =
                    sameLength && word.substring(0, word.length() - 1).equals(slip.substring(0, slip.length() - 1));
            boolean longer = word.length() > slip.length() || (!sameLength && slip.length() > 5);
            boolean allowed = longer || swapped || (sameLength && slip.length() >= 7 && !last);
            if (allowed && distance(slip, word) == 1) near.add(word);
        }
        return near;
    }

    private static List<Character> sorted(String word) {
        var letters = new ArrayList<Character>();
        for (char letter : word.toCharArray()) letters.add(letter);
        letters.sort(null);
        return letters;
    }

    private static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++)
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
                least = Math.min(least, edits[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
            }
        return edits[a.length()][b.length()];
    }
}
