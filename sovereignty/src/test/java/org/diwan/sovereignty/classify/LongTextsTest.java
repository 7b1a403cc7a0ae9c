package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Test;

class LongTextsTest {
    /// The twin reads the text at once. Windows are small, so that many cuts fall into letters, numbers
    /// and the words around them.
    @Test
    void windowsFindWhatTheWholeTextHas() {
        Seeded.forAll(3, random -> {
            String text = letters(150_000, random);
            int window = 3 * LongTexts.MARGIN + random.nextInt(10_000);
            var whole = ClassifierTest.CLASSIFIER.find(text);
            assertTrue(whole.size() > 1_000, "a text full of identifiers");
            assertEquals(whole, new LongTexts(ClassifierTest.CLASSIFIER, window).find(text), "window " + window);
        });
    }

    /// What is planted in a text that no single call would read is found where it was planted.
    @Test
    void aTextBeyondTheLimitIsReadToItsEnd() {
        var random = new SplittableRandom(7);
        String filler = "خرج الناس إلى المدينة ثم عادوا.\n".repeat(1_000);
        var text = new StringBuilder();
        var planted = new ArrayList<Integer>();
        while (text.length() < 2 * Classifier.MAX_LENGTH) {
            text.append(filler, 0, random.nextInt(filler.length())).append("\nهويتي الوطنية ");
            planted.add(text.length());
            text.append(Numbers.saudiId(random)).append(".\n");
        }
        var found = new LongTexts(ClassifierTest.CLASSIFIER).find(text.toString());
        assertEquals(planted, found.stream().map(Finding::start).toList());
    }

    private static String letters(int length, SplittableRandom random) {
        var text = new StringBuilder();
        while (text.length() < length)
            text.append(Letters.random(Letters.LANGUAGES.get(random.nextInt(Letters.LANGUAGES.size())), random)
                            .text())
                    .append(List.of("", "\n", " ").get(random.nextInt(3)));
        return text.toString();
    }
}
