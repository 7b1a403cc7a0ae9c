package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GbnfReaderTest {
    /// Oracle: a recursive descent over every text of up to seven characters.
    @Test
    void aSumIsReadAsByHand() {
        String grammar = """
                # sums of products, fully bracketed where they nest
                root ::= term ("+" term)*   # one line
                term ::=
                  factor ("*"
                          factor)*
                factor ::= "a" | "(" root ")"
                """;
        var machine = Texts.machine(Grammar.gbnf(grammar));
        for (String text : Texts.all("a+*()", 7)) assertEquals(isSum(text), Texts.accepts(machine, text), text);
    }

    private static boolean isSum(String text) {
        return ends(text, 0, "sum").contains(text.length());
    }

    private static Set<Integer> ends(String text, int at, String rule) {
        var ends = new HashSet<Integer>();
        if (rule.equals("factor")) {
            if (at < text.length() && text.charAt(at) == 'a') ends.add(at + 1);
            if (at < text.length() && text.charAt(at) == '(')
                for (int end : ends(text, at + 1, "sum"))
                    if (end < text.length() && text.charAt(end) == ')') ends.add(end + 1);
            return ends;
        }
        String inner = rule.equals("sum") ? "term" : "factor";
        char sign = rule.equals("sum") ? '+' : '*';
        var open = new java.util.ArrayDeque<>(ends(text, at, inner));
        while (!open.isEmpty()) {
            int end = open.remove();
            if (!ends.add(end) || end == text.length() || text.charAt(end) != sign) continue;
            open.addAll(ends(text, end + 1, inner));
        }
        return ends;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "root ::= \"\\u0627\" [\\x41-C]{2} => اAC => true",
                "root ::= \"\\U0001F600\"+ => 😀😀 => true",
                "root ::= [^\\n\\]]* => ab[] => false",
                "root ::= [^\\n\\]]* => ab[ => true",
                "root ::= . . => é한 => true",
                "root ::= \"a\"{,3} => x => refused",
                "root ::= \"a\"{2,} => aaaa => true",
                "root ::= (\"a\"?)* \"b\" => aab => true",
                "root ::= empty \"x\" empty => x => true",
            })
    void notationMeansWhatItSays(String grammar, String text, String expected) {
        String source = grammar + "\nempty ::= \"\"\n";
        if (expected.equals("refused")) assertThrows(GrammarException.class, () -> Grammar.gbnf(source));
        else assertEquals(Boolean.parseBoolean(expected), Texts.accepts(Grammar.gbnf(source), text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "start ::= \"a\" => the grammar has no rule 'root'",
                "root ::= missing => rule 'missing' is used and not defined",
                "root ::= root \"a\" | \"a\" => left recursion: root → root",
                "root ::= \"x\"? root \"a\" | \"a\" => left recursion: root → root",
                "root ::= root => the grammar accepts no text at all",
                "root ::= \"a => line 1: a '\"' is missing",
                "root ::= (\"a\" => line 1: ')' is expected",
                "root = \"a\" => line 1: '::=' is expected",
                "root ::= \"\\q\" => line 1: unknown escape '\\q'",
                "root ::= [z-a] => line 1: a range that runs backwards",
                "root ::= \"a\"{3,2} => '{3,2}' counts backwards",
                "root ::= \"a\" ) => line 1: unexpected ')'",
                "root ::= <think> => line 1: unexpected '<'",
            })
    void whatCannotBeReadIsRefusedByName(String source, String problem) {
        var e = assertThrows(GrammarException.class, () -> Texts.machine(Grammar.gbnf(source)));
        assertEquals(true, String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    }

    @Test
    void indirectLeftRecursionIsNamed() {
        String source = "root ::= a \"x\"\na ::= b | \"y\"\nb ::= a \"z\" | \"w\"";
        var e = assertThrows(GrammarException.class, () -> Texts.machine(Grammar.gbnf(source)));
        assertEquals(true, String.valueOf(e.getMessage()).contains("left recursion: a → b → a"), e.getMessage());
    }
}
