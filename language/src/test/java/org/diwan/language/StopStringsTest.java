package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void onlyAPossibleBeginningOfAStopStringIsHeld() {
        var stops = new StopStrings(List.of("\n\n", "###"));
        assertEquals("one", stops.push("one"));
        assertEquals(" two", stops.push(" two\n"));
        assertEquals("\nthree", stops.push("three##"));
        assertEquals("##fo", stops.push("fo"));
        assertEquals("ur", stops.push("ur###five"));
        assertTrue(stops.stopped());
        assertEquals("", stops.push("six"));
        assertEquals("", stops.finish());
    }

    @Test
    void whatIsHeldComesOutAtTheEnd() {
        var stops = new StopStrings(List.of("<end>"));
        assertEquals("a", stops.push("a<en"));
        assertEquals("<en", stops.finish());
    }

    /// The twin: look at the whole text after every character.
    @Test
    void outcomeDoesNotDependOnThePieces() {
        Seeded.forAll(3_000, random -> {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) stops.add(word(random, 1 + random.nextInt(4)));
            String text = word(random, random.nextInt(30));
            var matcher = new StopStrings(stops);
            var shown = new StringBuilder();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + 1 + random.nextInt(6));
                shown.append(matcher.push(text.substring(from, to)));
                from = to;
            }
            shown.append(matcher.finish());
            assertEquals(cut(text, stops), shown.toString(), () -> text + " by " + stops);
        });
    }

    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String soFar = text.substring(0, end);
            var met = stops.stream()
                    .filter(soFar::endsWith)
                    .mapToInt(String::length)
                    .max();
            if (met.isPresent()) return soFar.substring(0, end - met.getAsInt());
        }
        return text;
    }

    private static String word(SplittableRandom random, int length) {
        var word = new StringBuilder();
        for (int i = 0; i < length; i++) word.append("abc".charAt(random.nextInt(3)));
        return word.toString();
    }

    @Test
    void impossibleStopStringsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new StopStrings(List.of("")));
        assertThrows(IllegalArgumentException.class, () -> new StopStrings(List.of("\ud83d")));
        assertThrows(IllegalArgumentException.class, () -> new StopStrings(List.of("a".repeat(1025))));
        assertThrows(IllegalArgumentException.class, () -> new StopStrings(Collections.nCopies(17, "a")));
    }
}
