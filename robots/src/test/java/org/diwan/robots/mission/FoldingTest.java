package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class FoldingTest {
    @Test
    void digitsOfEveryScriptAreDigits() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++)
            if (Character.isDigit(point))
                assertEquals(
                        String.valueOf(Character.digit(point, 10)),
                        Folding.fold(Character.toString(point)),
                        "U+" + Integer.toHexString(point));
    }

    @Test
    void spellingsOfOneWordAreOne() {
        for (String word : new String[] {"القَهْوَةُ", "القهوة", "القهـــوه"})
            assertEquals("القهوه", Folding.fold(word));
        assertEquals("الي", Folding.fold("إلى"));
        assertEquals("커피", Folding.fold("\u110f\u1165\u1111\u1175"), "letters of Hangul make syllables");
        assertEquals("cafe", Folding.fold("CAFÉ"));
    }

    /// Without this a name indexed once and looked up twice folded would be lost.
    @Test
    void foldingTwiceIsFoldingOnce() {
        Seeded.forAll(20_000, random -> {
            String text = text(random, 40);
            String folded = Folding.fold(text);
            assertEquals(folded, Folding.fold(folded));
            assertTrue(folded.length() <= 18 * text.length(), "no code point is longer than U+FDFA's phrase");
        });
    }

    /// Any characters, those of the three scripts, their marks and what hides in texts more often than others.
    static String text(SplittableRandom random, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--)
            text.appendCodePoint(
                    switch (random.nextInt(8)) {
                        case 0 -> random.nextInt(0x110000);
                        case 1 -> random.nextInt(0x600, 0x700);
                        case 2 -> random.nextInt(0xac00, 0xd7a4);
                        case 3 -> random.nextInt(0x1100, 0x1200);
                        case 4 -> random.nextInt(0x2000, 0x2070);
                        case 5 -> ' ';
                        case 6 -> random.nextInt('0', '9' + 1);
                        default -> random.nextInt(0x20, 0x7f);
                    });
        return text.toString();
    }
}
