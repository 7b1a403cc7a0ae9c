package org.diwan.foundry.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

class CleanerTest {
    private static final String LONG =
            "وكان يوما مشهودا في المدينة كلها لم ير الناس مثله من قبل ولا من بعد. ".repeat(3);

    @Test
    void footnoteMarksNoLongerBreakSentences() {
        assertEquals(
                "كانوا أعظم أجساما، وأوفر مع أجسامهم أحلاما،\n" + LONG.strip(),
                kept("كانوا أعظم أجساما، وأوفر\n١\nمع أجسامهم أحلاما،\n" + LONG, true));
    }

    @Test
    void linesBrokenByThePageAreJoinedButTitlesAndVersesStay() {
        String wrapped = "وأوفر مع أجسامهم أحلاما وأشد قوة وأحسن بقوتهم للأمور إتقانا وأطول أعمارا";
        String verses = "وإن ابن عم المرء فاعلم جناحه\nوهل ينهض البازي بغير جناح";
        assertEquals(wrapped + " وأفضل بأعمارهم.\n" + verses, kept(wrapped + "\nوأفضل بأعمارهم.\n" + verses, true));
        assertEquals(wrapped + "\nوأفضل بأعمارهم.\n" + verses, kept(wrapped + "\nوأفضل بأعمارهم.\n" + verses, false));
    }

    @Test
    void whatCannotBeSeenGoes() {
        assertEquals(
                "نظام الشركات\n" + LONG.strip(),
                kept("## نظـــام \u200f  الشركات\u200b\r\n\r\n\t" + LONG + "\u0000", false));
    }

    @Test
    void decomposedLettersAreComposed() {
        assertEquals("\u0623 " + LONG.strip(), kept("\u0627\u0654 " + LONG, false));
    }

    @Test
    void reasonsForDropping() {
        assertEquals(new Cleaner.Result.Dropped("too-short"), Cleaner.clean("باب", false));
        assertEquals(new Cleaner.Result.Dropped("few-letters"), Cleaner.clean(LONG + "١٢٣٤ ".repeat(100), false));
        assertEquals(new Cleaner.Result.Dropped("wrongly-decoded"), Cleaner.clean(LONG + "\uFFFD\uFFFD", false));
    }

    @Test
    void cleaningTwiceChangesNothing() {
        String once = kept("# ب\n١\n" + LONG + "\n" + LONG, true);
        assertEquals(once, kept(once, true));
    }

    private static String kept(String text, boolean unwrap) {
        return assertInstanceOf(Cleaner.Result.Kept.class, Cleaner.clean(text, unwrap))
                .text();
    }
}
