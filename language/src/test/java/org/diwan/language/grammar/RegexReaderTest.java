package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexReaderTest {
    private static final List<String> SMALL_WORLD = Texts.all("abc", 6);

    /// Oracle: the JDK's own expressions, on every text of up to six letters.
    @Test
    void aSmallWorldIsReadAsByTheJdk() {
        Seeded.forAll(300, random -> {
            String pattern = expression(random, 4);
            var machine = Texts.machine(Grammar.regex(pattern));
            var oracle = Pattern.compile(pattern);
            for (String text : SMALL_WORLD)
                assertEquals(
                        oracle.matcher(text).matches(), Texts.accepts(machine, text), "/" + pattern + "/ on " + text);
        });
    }

    /// Oracle: as above; `find` is what JSON Schema means by `pattern`.
    @Test
    void aMatchAnywhereIsFoundAsByTheJdk() {
        Seeded.forAll(200, random -> {
            String pattern = (random.nextBoolean() ? "^" : "") + "(" + expression(random, 3) + ")"
                    + (random.nextBoolean() ? "$" : "");
            if (random.nextInt(4) == 0) pattern += "|^" + expression(random, 1);
            var machine = Texts.machine(new Grammar(java.util.Map.of("root", RegexReader.anywhere(pattern))));
            var oracle = Pattern.compile(pattern);
            for (String text : SMALL_WORLD)
                assertEquals(oracle.matcher(text).find(), Texts.accepts(machine, text), "/" + pattern + "/ in " + text);
        });
    }

    private static String expression(SplittableRandom random, int depth) {
        if (depth == 0) return atom(random);
        return switch (random.nextInt(7)) {
            case 0 -> expression(random, depth - 1) + expression(random, depth - 1);
            case 1 -> "(" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
            case 2 ->
                "(?:" + expression(random, depth - 1) + ")"
                        + List.of("*", "+", "?", "*?").get(random.nextInt(4));
            case 3 -> {
                int least = random.nextInt(4);
                yield "(" + expression(random, depth - 1) + "){" + least + "," + (least + random.nextInt(3)) + "}";
            }
            case 4 -> "(" + expression(random, depth - 1) + "){" + random.nextInt(3) + ",}";
            case 5 -> "(" + expression(random, depth - 1) + "|)";
            default -> atom(random);
        };
    }

    private static String atom(SplittableRandom random) {
        return List.of("a", "b", "c", ".", "[ab]", "[^a]", "ab", "[a-c]", "", "\\x61")
                .get(random.nextInt(10));
    }

    /// Long repetitions are counted, not written out; the numbers still hold exactly.
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ",
            value = {
                "a{1000} 999 false",
                "a{1000} 1000 true",
                "a{1000} 1001 false",
                "a{1000,} 999 false",
                "a{1000,} 5000 true",
                "a{3,1000} 2 false",
                "a{3,1000} 3 true",
                "a{3,1000} 1000 true",
                "a{3,1000} 1001 false",
                "(aa|aaa){50,60} 99 false",
                "(aa|aaa){50,60} 101 true",
                "(aa|aaa){50,60} 180 true",
                "(aa|aaa){50,60} 181 false",
                "(a{30}){30} 899 false",
                "(a{30}){30} 900 true",
                "(a?){100,200} 0 true",
                "(a?){100,200} 200 true",
                "(a?){100,200} 201 false",
            })
    void countsAreExact(String pattern, int length, boolean matches) {
        var network = new Network(Grammar.regex(pattern));
        assertEquals(true, network.nodeCount() < 200, "nodes: " + network.nodeCount());
        assertEquals(matches, Texts.accepts(new StateMachine(network), "a".repeat(length)));
    }

    /// Oracle: the JDK, one character at a time over all of Unicode's planes in use.
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ",
            value = {
                "\\d",
                "\\D",
                "\\w",
                "\\W",
                "\\p{L}",
                "\\P{Lu}",
                "\\p{Nd}",
                "[\\w.-]",
                "[^\\d\\p{L}]",
                "[é-ÿ€]",
                ".",
                "[\\u{10000}-\\u{10FFFF}]",
                "\\u{1F600}",
                "\\ud83d\\ude00",
                "\\t",
                "\\cJ",
                "[\\b]",
            })
    void classesHoldWhatTheJdkSays(String pattern) {
        String java = pattern.replace("u{", "x{").replace("[\\b]", "[\\x08]").replace(".", ".");
        if (pattern.equals(".")) java = "[^\n\r\u2028\u2029]";
        var oracle = Pattern.compile(java);
        var machine = Texts.machine(Grammar.regex(pattern));
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3100 ? 1 : 97) {
            if (c >= 0xD800 && c <= 0xDFFF) continue;
            String text = Character.toString(c);
            assertEquals(
                    oracle.matcher(text).matches(),
                    Texts.accepts(machine, text),
                    pattern + " on U+" + Integer.toHexString(c));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "a(?=b) => look-ahead is not supported",
                "(?<!a)b => look-behind is not supported",
                "(a)\\1 => back-references are not supported",
                "(?<n>a)\\k<n> => back-references are not supported",
                "\\bword => word boundaries ('\\b') are not supported",
                "a$b => '$' is supported only at the ends",
                "a(^b) => '^' is supported only at the ends",
                "^* => an anchor cannot be repeated",
                "*a => nothing to repeat",
                "a** => nothing to repeat",
                "a{2,1} => '{2,1}' counts backwards",
                "a{9999999} => repetition 9999999 is beyond the limit of 1048576",
                "[b-a] => a range that runs backwards",
                "[a => ']' is expected",
                "(a => ')' is expected",
                "a) => ')' closes nothing",
                "a\\ => a '\\' at the end",
                "\\ud83d => half a surrogate pair",
                "\\p{Script=Arab} => '\\p{Script=Arab}' is not supported",
                "[] => the grammar accepts no text at all",
            })
    void whatIsNotSupportedIsRefusedByName(String pattern, String problem) {
        var e = assertThrows(GrammarException.class, () -> Texts.machine(Grammar.regex(pattern)));
        assertEquals(true, String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    }

    @Test
    void deepNestingIsRefusedAndNotAnOverflow() {
        String deep = "(".repeat(5_000) + "a" + ")".repeat(5_000);
        assertThrows(GrammarException.class, () -> Grammar.regex(deep));
    }
}
