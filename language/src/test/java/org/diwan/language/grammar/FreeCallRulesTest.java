package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.diwan.base.Seeded;
import org.diwan.language.ByteLevel;
import org.diwan.language.Detokenizer;
import org.diwan.language.Tokenizer;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.answer.AnswerParser;
import org.diwan.language.answer.AnswerPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The oracle is the parser of answers, which knows nothing of grammars: whatever it takes for a call is one.
class FreeCallRulesTest {
    private static final Map<String, Object> CITY = Map.of(
            "type",
            "object",
            "properties",
            Map.of("city", Map.of("type", "string", "maxLength", 5)),
            "required",
            List.of("city"),
            "additionalProperties",
            false);
    private static final List<Tool> TOOLS = List.of(new Tool("weather", "", CITY), new Tool("now", "", Map.of()));

    private static final List<AnswerFormat> FORMATS = List.of(
            AnswerFormat.HERMES,
            AnswerFormat.MISTRAL,
            AnswerFormat.COHERE,
            AnswerFormat.APERTUS,
            AnswerFormat.DEEPSEEK,
            AnswerFormat.GRANITE);

    /// A random model that speaks a published template's format, with its marks as control tokens or as text.
    @ParameterizedTest
    @CsvSource({
        "qwen3.jinja, true",
        "qwen3.jinja, false",
        "qwen2.5-instruct.jinja, false",
        "ours-mistral-v7.jinja, true",
        "ours-mistral-v11.jinja, true",
        "ours-cohere2.jinja, true",
        "ours-apertus.jinja, true",
        "deepseek-v3.1.jinja, true",
        "granite-3.0-instruct.jinja, true",
        "granite-4.jinja, false"
    })
    void whateverARandomModelSaysItsCallsAreCalls(String template, boolean tokens) throws IOException {
        AnswerFormat format = AnswerFormat.of(template(template));
        Set<String> control = tokens ? format.marks() : Set.of();
        var tokenizer = tokenizer(format, tokens);
        var spelled = Detokenizer.spelled(tokenizer.vocabulary(), format.marks());
        var grammar =
                new TokenGrammar(Grammar.freeCalls(format, TOOLS, control).orElseThrow(), new TokenTrie(tokenizer));
        String mark = format.calls().getFirst().open();
        int[] calls = {0};
        Seeded.forAll(60, random -> {
            var text = new StringBuilder();
            var detokenizer = new Detokenizer(tokenizer, spelled);
            boolean complete = say(grammar, tokenizer, mark, random, token -> text.append(detokenizer.push(token)));
            if (!complete) return;
            var parser = new AnswerParser(format, TOOLS, "");
            var parts = new ArrayList<>(parser.push(text.toString()));
            parts.addAll(parser.finish());
            for (AnswerPart part : parts) {
                switch (part) {
                    case AnswerPart.Call call -> {
                        calls[0]++;
                        assertTrue(isHeld(call), text.toString());
                    }
                    case AnswerPart.Words words -> assertFalse(words.text().contains(mark), text.toString());
                    case AnswerPart.Reasoning reasoning -> {}
                }
            }
        });
        assertTrue(calls[0] > 20, calls[0] + " calls");
    }

    private interface Listener {
        void token(int id);
    }

    /// Mostly short tokens, a mark now and then; whether the answer could end.
    private static boolean say(
            TokenGrammar grammar, Tokenizer tokenizer, String mark, SplittableRandom random, Listener listener) {
        GrammarCursor cursor = grammar.begin();
        int size = tokenizer.vocabulary().size();
        int control = tokenizer.vocabulary().find(mark);
        int marked = control >= 0
                ? control
                : tokenizer.vocabulary().find(ByteLevel.letters(mark.getBytes(StandardCharsets.UTF_8)));
        long[] allowed = new long[(size + 63) / 64];
        for (int i = 0; i < 400; i++) {
            if (cursor.isComplete() && i > 40) return true;
            cursor.mask(allowed);
            BitSet open = BitSet.valueOf(allowed);
            if (open.isEmpty()) return cursor.isComplete();
            int token = open.nextSetBit(random.nextInt(open.length()));
            if (random.nextInt(5) == 0 && open.get(marked)) token = marked;
            // Strings end sooner or later.
            int quote = tokenizer.encode("\"", false, false)[0];
            if (random.nextInt(3) == 0 && open.get(quote)) token = quote;
            cursor.accept(token);
            listener.token(token);
        }
        return cursor.isComplete();
    }

    private static Tokenizer tokenizer(AnswerFormat format, boolean tokens) {
        var bytes = new ArrayList<byte[]>();
        for (int b = 0; b < 256; b++) bytes.add(new byte[] {(byte) b});
        for (String word : List.of("{\"", "\": ", "tool", "<tool_", "call>", "weather", "city", "}}", "</", "[")) {
            bytes.add(word.getBytes(StandardCharsets.UTF_8));
        }
        String[] marks = format.marks().toArray(new String[0]);
        if (!tokens) for (String mark : marks) bytes.add(mark.getBytes(StandardCharsets.UTF_8));
        return TestTokens.bytes(bytes, tokens ? marks : new String[0]);
    }

    private static boolean isHeld(AnswerPart.Call call) {
        Tool tool = TOOLS.stream()
                .filter(each -> each.name().equals(call.tool()))
                .findFirst()
                .orElseThrow();
        Object schema = tool.parameters().isEmpty()
                ? Map.of("type", "object", "additionalProperties", false)
                : tool.parameters();
        return Texts.accepts(Grammar.jsonSchema(schema), call.arguments());
    }

    /// Words and calls that are well-formed are of the grammar, whatever their order.
    @Test
    void wordsAndCallsMayCome() {
        Seeded.forAll(60, random -> {
            var format = FORMATS.get(random.nextInt(FORMATS.size()));
            var free = Texts.machine(Grammar.freeCalls(format, TOOLS, Set.of()).orElseThrow());
            var call = Texts.machine(Grammar.call(format, TOOLS, Set.of()));
            var text = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                text.append(List.of("", "Hello. ", "<tool", "[TOOL", "{\"name\"", "مرحبا\n")
                        .get(random.nextInt(6)));
                assertTrue(Texts.accepts(free, text.toString()), format.name() + ": " + text);
                text.append(RandomText.of(call, random));
            }
            assertTrue(Texts.accepts(free, text.toString()), format.name() + ": " + text);
        });
    }

    @Test
    void aCallOfAnotherToolIsNotBegun() {
        var machine = Texts.machine(
                Grammar.freeCalls(AnswerFormat.HERMES, TOOLS, Set.of()).orElseThrow());
        State state = machine.start();
        for (char c : "ok <tool_call>\n{\"name\": \"weathex".toCharArray()) state = machine.next(state, c);
        assertTrue(state.isDead());
        assertFalse(Texts.accepts(machine, "<tool_call>"), "a call that was begun is ended");
        assertTrue(Texts.accepts(machine, "<tool_cal"));
    }

    /// Where a mark is a token, its letters are nothing that a reader could take for it.
    @Test
    void theLettersOfAMarkThatIsATokenAreForbidden() {
        var machine = Texts.machine(Grammar.freeCalls(AnswerFormat.HERMES, TOOLS, Set.of("<tool_call>"))
                .orElseThrow());
        assertTrue(Texts.accepts(machine, "<tool_call"));
        assertFalse(Texts.accepts(machine, "<tool_call>"));
    }

    @Test
    void onlyStrictToolsAreRefused() {
        Map<String, Object> odd = Map.of("type", "object", "not", Map.of("required", List.of("x")));
        var loose = new Tool("f", "", odd);
        var machine = Texts.machine(
                Grammar.freeCalls(AnswerFormat.HERMES, List.of(loose), Set.of()).orElseThrow());
        assertTrue(
                Texts.accepts(machine, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"any\": [1]}}\n</tool_call>"));
        var strict = new Tool("f", "", odd, true);
        var refused = assertThrows(
                GrammarException.class, () -> Grammar.freeCalls(AnswerFormat.HERMES, List.of(strict), Set.of()));
        assertTrue(String.valueOf(refused.getMessage()).contains("not"), refused.getMessage());
    }

    @Test
    void spellingsWithoutMarkOrJsonStayFree() {
        for (var format : List.of(AnswerFormat.LLAMA, AnswerFormat.PLAIN, AnswerFormat.QWEN_CODER))
            assertEquals(java.util.Optional.empty(), Grammar.freeCalls(format, TOOLS, Set.of()), format.name());
        assertEquals(6, Stream.of(FORMATS).mapToInt(List::size).sum());
    }

    private static String template(String name) throws IOException {
        try (var in = Objects.requireNonNull(
                FreeCallRulesTest.class.getResourceAsStream("/golden/template/templates/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
