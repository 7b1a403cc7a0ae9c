package org.diwan.cloud.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.base.Seeded;
import org.diwan.language.ToolCall;
import org.diwan.sovereignty.ledger.VerificationException;
import org.junit.jupiter.api.Test;

/// What was told must be what was said, with nothing but stretches replaced by their types.
class ToldTest {
    private static Told told(String text) {
        return new Told(text, "", List.of(), counts(text));
    }

    /// How many `[A]` and `[B]` there are.
    private static Map<String, Integer> counts(String text) {
        var counts = new TreeMap<String, Integer>();
        for (String type : List.of("A", "B")) {
            int count = (text.length() - text.replace("[" + type + "]", "").length()) / 3;
            if (count > 0) counts.put(type, count);
        }
        return counts;
    }

    private static Told said(String text) {
        return new Told(text, "", List.of(), Map.of());
    }

    /// The inverse: random stretches are replaced, and that is seen for what it is; a letter more or less is not.
    @Test
    void whateverIsReplacedIsARedactionAndNothingElseIs() {
        Seeded.forAll(5_000, random -> {
            var said = new StringBuilder();
            var told = new StringBuilder();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                String words = "xyx y".substring(random.nextInt(3), 3 + random.nextInt(3));
                said.append(words);
                told.append(random.nextInt(3) == 0 ? random.nextBoolean() ? "[A]" : "[B]" : words);
            }
            assertTrue(told(told.toString()).redacts(said(said.toString())), () -> told + " of " + said);
            assertFalse(told("z" + told).redacts(said(said.toString())), "a letter more in front");
            assertFalse(told(told + "z").redacts(said(said.toString())), "a letter more at the end");
            if (told.indexOf("[") < 0)
                assertFalse(told(told.substring(1)).redacts(said(said.toString())), "a letter less");
        });
    }

    @Test
    void aMarkerStandsForOneCharacterAtLeastAndOnlyIfItsTypeIsCounted() {
        assertFalse(told("a[A]b").redacts(said("ab")));
        assertFalse(told("[A][B]").redacts(said("a")));
        assertFalse(told("a [C] b").redacts(said("a 1 b")));
        assertTrue(told("a [C] b").redacts(said("a [C] b")), "a word of the answer itself");
    }

    @Test
    void noMoreAndNoFewerMayBeReplacedThanAreCounted() {
        assertFalse(new Told("[A] [A]", "", List.of(), Map.of("A", 1)).redacts(said("1 2")));
        assertFalse(new Told("[A] 2", "", List.of(), Map.of("A", 2)).redacts(said("1 2")));
        assertTrue(new Told("[A] [A]", "", List.of(), Map.of("A", 1)).redacts(said("1 [A]")));
    }

    @Test
    void callsAreComparedMemberByMember() {
        var call = new ToolCall("1", "send", "{\"to\": \"anna\", \"n\":[1.50, true, null]}");
        var said = new Told("", "", List.of(call, call), Map.of());
        for (var arguments : Map.of(
                        "{\"to\":\"[A]\",\"n\":[1.5,true,null]}", true,
                        "{\"to\":\"anna\",\"n\":[\"[B]\",true,null]}", true,
                        "{\"to\":\"bert\",\"n\":[1.5,true,null]}", false,
                        "{\"to\":\"[A]\",\"n\":[1.5,true]}", false)
                .entrySet()) {
            var told = new Told(
                    "", "", List.of(new ToolCall("2", "send", arguments.getKey())), counts(arguments.getKey()));
            assertEquals(arguments.getValue(), told.redacts(said), arguments.getKey());
        }
    }

    @Test
    void whatIsWrittenIsRead() throws VerificationException {
        var told = new Told("a [A]", "b", List.of(new ToolCall("1", "f", "{}")), Map.of("A", 1));
        var opening = new AnswerOpening("a 1", List.of(1, 2), List.of(), told);
        var read = Opening.parse(Opening.of(opening).bytes());
        assertEquals(opening, Said.parse(read.value(), "value"));
    }
}
