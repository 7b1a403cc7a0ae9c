package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.Seeded;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.AnswerFormat.Frame;
import org.diwan.language.answer.AnswerParser;
import org.diwan.language.answer.AnswerPart;
import org.junit.jupiter.api.Test;

class CallRulesTest {
    private static final List<Tool> TOOLS = List.of(
            new Tool(
                    "weather",
                    "",
                    Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("city", Map.of("type", "string", "maxLength", 5)),
                            "required",
                            List.of("city"),
                            "additionalProperties",
                            false)),
            new Tool("now", "", Map.of()));

    private static final List<AnswerFormat> FORMATS = List.of(
            AnswerFormat.HERMES,
            AnswerFormat.LLAMA,
            AnswerFormat.MISTRAL,
            AnswerFormat.COHERE,
            AnswerFormat.APERTUS,
            AnswerFormat.DEEPSEEK,
            AnswerFormat.GRANITE,
            AnswerFormat.PLAIN);

    /// Oracle: the parser of answers makes exactly one call of whatever the grammar makes.
    @Test
    void whateverTheGrammarMakesIsOneCall() {
        Seeded.forAll(200, random -> {
            var format = FORMATS.get(random.nextInt(FORMATS.size()));
            String text = RandomText.of(Texts.machine(Grammar.call(format, TOOLS, Set.of())), random);
            var parser = new AnswerParser(format, TOOLS, "");
            var parts = new java.util.ArrayList<>(parser.push(text));
            parts.addAll(parser.finish());
            assertEquals(1, parts.size(), format.name() + ": " + text + " is " + parts);
            assertTrue(parts.getFirst() instanceof AnswerPart.Call, format.name() + ": " + text + " is " + parts);
            var call = (AnswerPart.Call) parts.getFirst();
            assertTrue(Set.of("weather", "now").contains(call.tool()));
            if (call.tool().equals("now")) assertEquals("{}", call.arguments());
        });
    }

    @Test
    void aFormatWithoutJsonIsRefused() {
        var e = assertThrows(GrammarException.class, () -> Grammar.call(AnswerFormat.QWEN_CODER, TOOLS, Set.of()));
        assertTrue(String.valueOf(e.getMessage()).contains("qwen3-coder"), e.getMessage());
    }

    @Test
    void parametersAreAnObject() {
        var tool = new Tool("f", "", Map.of("type", "array"));
        assertThrows(GrammarException.class, () -> Grammar.call(AnswerFormat.HERMES, List.of(tool), Set.of()));
    }

    /// Oracle: `indexOf`, on every text of up to seven letters.
    @Test
    void reasoningEndsAtTheFirstClosingMark() {
        var answer = Grammar.regex("b*");
        var begun = Texts.machine(answer.afterReasoning(new Frame("c", "aba"), true, Set.of()));
        var free = Texts.machine(answer.afterReasoning(new Frame("c", "aba"), false, Set.of()));
        for (String text : Texts.all("abc", 7)) {
            int close = text.indexOf("aba");
            boolean reasoned = close >= 0 && text.substring(close + 3).matches("b*");
            assertEquals(reasoned, Texts.accepts(begun, text), text);
            boolean opened = text.startsWith("c") && isReasoned(text.substring(1));
            assertEquals(opened || text.matches("b*"), Texts.accepts(free, text), text);
        }
    }

    private static boolean isReasoned(String text) {
        int close = text.indexOf("aba");
        return close >= 0 && text.substring(close + 3).matches("b*");
    }
}
