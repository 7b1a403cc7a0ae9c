package org.diwan.language.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.language.ChatMessage;
import org.diwan.language.ChatTemplate;
import org.diwan.language.Tool;
import org.diwan.language.ToolCall;
import org.diwan.language.answer.AnswerPart.Call;
import org.diwan.language.answer.AnswerPart.Reasoning;
import org.diwan.language.answer.AnswerPart.Words;
import org.diwan.language.json.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The parser is the inverse of the template: what a template writes for an assistant's turn, the
/// parser takes apart into that turn, however the text is cut.
class AnswerParserTest {
    private static final Tool WEATHER = new Tool(
            "get_weather",
            "Weather of a place",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "city", Map.of("type", "string"),
                            "days", Map.of("type", "integer"),
                            "celsius", Map.of("type", "boolean"),
                            "more", Map.of("type", "object"))));
    private static final Tool CLOCK = new Tool("clock", "", Map.of());
    private static final List<Tool> TOOLS = List.of(WEATHER, CLOCK);

    /// @param ends what the template writes after an answer
    /// @param words whether a turn with calls may have words, too
    /// @param reasons whether the template shows reasoning
    record Model(String file, AnswerFormat format, String ends, boolean words, boolean reasons, int maxCalls) {}

    /// The models' own templates, where they may not be passed on with this code: see
    /// `golden/template/HOW.md`.
    static List<Model> published() {
        return List.of(
                new Model("llama3.1_8b", AnswerFormat.LLAMA, "<|eot_id|>", false, false, 1),
                new Model("llama3.2_3b", AnswerFormat.LLAMA, "<|eot_id|>", false, false, 1),
                new Model("qwen3-next_80b", AnswerFormat.HERMES, "<|im_end|>\n", true, false, 3));
    }

    @ParameterizedTest
    @MethodSource("published")
    void publishedTemplatesTurnIsParsedBack(Model model) throws IOException {
        String folder = System.getenv("DIWAN_TEMPLATES");
        assumeTrue(folder != null, "skipped: DIWAN_TEMPLATES, a folder with templates/, is not set");
        ChatTemplate template =
                ChatTemplate.parse(Files.readString(Path.of(folder, "templates", model.file() + ".jinja")));
        assertEquals(model.format(), AnswerFormat.of(template.source()));
        checkTurns(model, template);
    }

    static List<Model> models() {
        return List.of(
                new Model("qwen2.5-instruct", AnswerFormat.HERMES, "<|im_end|>\n", true, false, 3),
                new Model("qwen3", AnswerFormat.HERMES, "<|im_end|>\n", true, true, 3),
                new Model("qwen3-coder", AnswerFormat.QWEN_CODER, "<|im_end|>\n", true, false, 3),
                new Model("granite-4", AnswerFormat.HERMES, "<|end_of_text|>\n", true, false, 3),
                new Model("deepseek-v3.1", AnswerFormat.DEEPSEEK, "<｜end▁of▁sentence｜>", true, false, 3),
                new Model("ours-llama-3.1", AnswerFormat.LLAMA, "<|eot_id|>", false, false, 1),
                new Model("ours-cohere2", AnswerFormat.COHERE, "<|END_OF_TURN_TOKEN|>", false, true, 3),
                new Model("ours-apertus", AnswerFormat.APERTUS, "", true, true, 3),
                new Model("ours-mistral-v7", AnswerFormat.MISTRAL, "</s>", true, false, 3),
                new Model("ours-mistral-v11", AnswerFormat.MISTRAL, "</s>", true, true, 3));
    }

    @ParameterizedTest
    @MethodSource("models")
    void formatIsRecognisedByTheTemplate(Model model) throws IOException {
        assertEquals(model.format(), AnswerFormat.of(template(model).source()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void renderedTurnIsParsedBackAtEveryCut(Model model) throws IOException {
        checkTurns(model, template(model));
    }

    private static void checkTurns(Model model, ChatTemplate template) {
        Seeded.forAll(25, random -> {
            ChatMessage turn = randomTurn(model, random);
            String prompt = render(template, List.of(new ChatMessage("user", "?")), true);
            String whole = render(template, List.of(new ChatMessage("user", "?"), turn), false);
            int begin = common(prompt, whole);
            String answer = whole.substring(begin, whole.length() - model.ends().length());
            assertTrue(whole.endsWith(model.ends()), whole);
            for (int cut = 0; cut <= answer.length(); cut++)
                check(turn, parse(model, prompt.substring(0, begin), answer.substring(0, cut), answer.substring(cut)));
            check(turn, parse(model, prompt.substring(0, begin), answer.split("")));
        });
    }

    /// DeepSeek's template writes `</think>` for the model in one case and not in the other.
    private static int common(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) i++;
        return i;
    }

    private static void check(ChatMessage turn, List<AnswerPart> parts) {
        assertEquals(turn.content().strip(), words(parts), () -> turn + " became " + parts);
        assertEquals(turn.reasoning().strip(), reasoning(parts), () -> turn + " became " + parts);
        var calls = parts.stream().filter(Call.class::isInstance).map(Call.class::cast);
        assertEquals(
                turn.toolCalls().stream()
                        .map(call -> Map.entry(call.name(), JsonText.object(call.arguments())))
                        .toList(),
                calls.map(call -> Map.entry(call.tool(), JsonText.object(call.arguments())))
                        .toList(),
                () -> turn + " became " + parts);
    }

    private static ChatMessage randomTurn(Model model, SplittableRandom random) {
        int count = random.nextInt(model.maxCalls() + 1);
        var calls = new ArrayList<ToolCall>();
        for (int i = 0; i < count; i++) {
            Tool tool = TOOLS.get(random.nextInt(2));
            String arguments = tool.equals(CLOCK) ? "{}" : JsonText.write(randomArguments(model, random));
            calls.add(new ToolCall("call12345" + i, tool.name(), arguments));
        }
        boolean speaks = count == 0 || (model.words() && random.nextBoolean());
        boolean reasons =
                model.reasons() && (!model.format().equals(AnswerFormat.COHERE) || count > 0) && random.nextBoolean();
        return ChatMessage.assistant(
                speaks ? "word" + randomText(random) + "." : "", reasons ? "hm" + randomText(random) + "!" : "", calls);
    }

    private static Map<String, Object> randomArguments(Model model, SplittableRandom random) {
        var arguments = new LinkedHashMap<String, Object>();
        // Without a string there would be an empty city in formats that know no empty call.
        String city = "c" + randomText(random);
        arguments.put(
                "city",
                model.format().equals(AnswerFormat.QWEN_CODER)
                        ? city
                        : city + "</tool_call>]}\"\\[/ARGS]<|END_ACTION|>");
        if (random.nextBoolean()) arguments.put("days", random.nextLong());
        if (random.nextBoolean()) arguments.put("celsius", random.nextBoolean());
        if (random.nextBoolean()) arguments.put("more", Map.of("a", List.of(1L, 2.5, "}{", Map.of())));
        return arguments;
    }

    private static String randomText(SplittableRandom random) {
        String[] parts = {"<", "tool", "_call>", "<think", "[", "]", "{", "}", "\"", "\n", "  ", "كلمة", "😁", "\\", "a"
        };
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) text.append(parts[random.nextInt(parts.length)]);
        return text.toString().replace("<tool_call>", "").replace("<think>", "");
    }

    @Test
    void whatIsNoCallComesOutAsItWasWritten() {
        var texts = List.of(
                "Use <tool_call> to call.",
                "a \n <tool_call>\n{\"name\": \"nobody\", \"arguments\": {}}\n</tool_call>",
                "<tool_call>{\"name\": \"clock\", \"arguments\": [}</tool_call> b",
                "<tool_call>",
                "<tool_call>{\"name\": \"clock\", \"argum",
                "x <think> is a tag",
                "{\"name\": \"clock\"}",
                " leading and trailing \n",
                "");
        for (String text : texts)
            for (int cut = 0; cut <= text.length(); cut++) {
                var parser = new AnswerParser(AnswerFormat.HERMES, TOOLS, "");
                var parts = new ArrayList<>(parser.push(text.substring(0, cut)));
                parts.addAll(parser.push(text.substring(cut)));
                parts.addAll(parser.finish());
                assertEquals(text, words(parts));
                assertTrue(parts.stream().allMatch(Words.class::isInstance), parts.toString());
            }
    }

    @Test
    void withoutToolsNothingIsACall() {
        String text = "{\"name\": \"clock\", \"parameters\": {}}";
        assertEquals(List.of(new Words(text)), all(new AnswerParser(AnswerFormat.LLAMA, List.of(), ""), text));
        String marked = "<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>";
        assertEquals(marked, words(all(new AnswerParser(AnswerFormat.HERMES, List.of(), ""), marked)));
    }

    @Test
    void everySpellingOfACallIsRead() {
        var clock = List.of(new Call("clock", "{}"));
        assertEquals(
                clock,
                all(AnswerFormat.LLAMA, "{\"type\": \"function\", \"function\": \"clock\", \"parameters\": {}}"));
        assertEquals(clock, all(AnswerFormat.LLAMA, "<|python_tag|>{\"name\": \"clock\", \"parameters\": {}}"));
        assertEquals(
                List.of(new Call("get_weather", "{\"city\":\"Jeddah\",\"unit\":\"C\"}")),
                all(AnswerFormat.LLAMA, "<|python_tag|>get_weather.call(city=\"Jeddah\", unit=\"C\")"));
        assertEquals(
                List.of(new Call("clock", "{}"), new Call("clock", "{}")),
                all(AnswerFormat.LLAMA, "{\"name\": \"clock\", \"parameters\": {}}; {\"name\": \"clock\"}"));
        assertEquals(clock, all(AnswerFormat.MISTRAL, "[TOOL_CALLS] [{\"name\": \"clock\", \"arguments\": {}}]"));
        assertEquals(clock, all(AnswerFormat.MISTRAL, "[TOOL_CALLS]clock[CALL_ID]123456789[ARGS]{}"));
        assertEquals(
                clock,
                all(AnswerFormat.HERMES, "<tool_call>[{\"name\": \"clock\", \"arguments\": \"{}\"}]</tool_call>"));
        assertEquals(clock, all(AnswerFormat.QWEN_CODER, "<function=clock>\n</function>\n</tool_call>"));
        assertEquals(clock, all(AnswerFormat.GRANITE, "<|tool_call|>[{\"name\": \"clock\", \"arguments\": {}}]"));
        assertEquals(clock, all(AnswerFormat.PLAIN, "```json\n{\"name\": \"clock\", \"arguments\": {}}\n```"));
        assertEquals(
                clock,
                all(
                        AnswerFormat.HERMES,
                        "<tool_call>{\"type\":\"function\","
                                + "\"function\":{\"name\":\"clock\",\"arguments\":{}}}</tool_call>"));
    }

    @Test
    void codeIsACallWhereAnInterpreterIsOffered() {
        var interpreter = new Tool("code_interpreter", "", Map.of());
        assertEquals(
                List.of(new Call("code_interpreter", "{\"code\":\"print(1)\"}")),
                all(new AnswerParser(AnswerFormat.LLAMA, List.of(interpreter), ""), "<|python_tag|>print(1)"));
    }

    @Test
    void schemaTypesTheValuesOfAFunctionsFormat() {
        String text = "<tool_call>\n<function=get_weather>\n<parameter=city>\n12\n</parameter>\n<parameter=days>\n3\n"
                + "</parameter>\n<parameter=celsius>\nTrue\n</parameter>\n</function>\n</tool_call>";
        assertEquals(
                List.of(new Call("get_weather", "{\"city\":\"12\",\"days\":3,\"celsius\":true}")),
                all(AnswerFormat.QWEN_CODER, text));
    }

    @Test
    void templateMayOpenTheReasoning() {
        var parser = new AnswerParser(AnswerFormat.HERMES, TOOLS, "<|im_start|>assistant\n<think>\n");
        assertEquals(List.of(new Reasoning("so"), new Words("Yes.")), all(parser, "\nso\n</think>\n\nYes."));
    }

    @Test
    void callsStreamAsTheyComplete() {
        var parser = new AnswerParser(AnswerFormat.MISTRAL, TOOLS, "");
        assertEquals(List.of(new Words("Well")), parser.push("Well "));
        assertEquals(List.of(), parser.push("[TOOL_CALLS][{\"name\": \"clock\", \"arguments\": {"));
        assertEquals(List.of(new Call("clock", "{}")), parser.push("}}"));
        assertEquals(List.of(new Call("clock", "{ }")), parser.push(", {\"name\": \"clock\", \"arguments\": { }}"));
        assertEquals(List.of(), parser.push("]"));
        assertEquals(List.of(), parser.finish());
    }

    /// What would return: white space that comes in a piece of its own made the object no call.
    @Test
    void whiteSpaceBetweenNameAndArgumentsMayComeLater() {
        var parser = new AnswerParser(AnswerFormat.DEEPSEEK, TOOLS, "");
        assertEquals(List.of(), parser.push("<｜tool▁call▁begin｜>clock<｜tool▁sep｜>"));
        assertEquals(List.of(), parser.push("\n"));
        assertEquals(List.of(new Call("clock", "{}")), parser.push("{}"));
    }

    @Test
    void stretchBeyondTheLimitIsWords() {
        String long_ = "<tool_call>{\"name\": \"" + "x".repeat(AnswerParser.MAX_CALL);
        var parser = new AnswerParser(AnswerFormat.HERMES, TOOLS, "");
        assertEquals(long_, words(parser.push(long_)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void frameOfACallIsReadAsThatCall(Model model) {
        model.format()
                .callOf("get_weather")
                .ifPresent(frame -> assertEquals(
                        List.of(new Call("get_weather", "{\"city\": 1}")),
                        all(model.format(), frame.open() + "{\"city\": 1}" + frame.close())));
    }

    @Test
    void randomTextNeverFailsAndNeverDependsOnTheCut() {
        Seeded.forAll(3_000, random -> {
            AnswerFormat format = models().get(random.nextInt(models().size())).format();
            if (random.nextInt(8) == 0) format = AnswerFormat.PLAIN;
            var marks = new ArrayList<>(format.marks());
            marks.sort(null);
            var text = new StringBuilder();
            String[] parts = {
                "{",
                "}",
                "[",
                "]",
                "\"name\": ",
                "\"clock\"",
                ", ",
                "\"arguments\": {}",
                "\"parameters\": {}",
                " ",
                "\n",
                "{\"name\": \"clock\", \"arguments\": {}}",
                "{\"clock\": {}}",
                "clock",
                "<function=clock>",
                "</function>",
                "<parameter=a>",
                "</parameter>",
                "[ARGS]",
                ";",
                "x",
                "<",
                "\\",
                "\""
            };
            for (int i = random.nextInt(14); i > 0; i--)
                text.append(
                        random.nextInt(3) == 0
                                ? marks.get(random.nextInt(marks.size()))
                                : parts[random.nextInt(parts.length)]);
            List<AnswerPart> whole = all(format, text.toString());
            var parser = new AnswerParser(format, TOOLS, "");
            var pieces = new ArrayList<AnswerPart>();
            for (char c : text.toString().toCharArray()) pieces.addAll(parser.push(String.valueOf(c)));
            pieces.addAll(parser.finish());
            assertEquals(joined(whole), joined(pieces), text.toString());
        });
    }

    private static List<Object> joined(List<AnswerPart> parts) {
        var joined = new ArrayList<Object>();
        for (AnswerPart part : parts) {
            Object last = joined.isEmpty() ? null : joined.getLast();
            if (part instanceof Words more && last instanceof Words words)
                joined.set(joined.size() - 1, new Words(words.text() + more.text()));
            else if (part instanceof Reasoning more && last instanceof Reasoning reasoning)
                joined.set(joined.size() - 1, new Reasoning(reasoning.text() + more.text()));
            else joined.add(part);
        }
        return joined;
    }

    private static List<AnswerPart> all(AnswerFormat format, String text) {
        return all(new AnswerParser(format, TOOLS, ""), text);
    }

    private static List<AnswerPart> all(AnswerParser parser, String text) {
        var parts = new ArrayList<>(parser.push(text));
        parts.addAll(parser.finish());
        return parts;
    }

    private static List<AnswerPart> parse(Model model, String prompt, String... pieces) {
        var parser = new AnswerParser(model.format(), TOOLS, prompt);
        var parts = new ArrayList<AnswerPart>();
        for (String piece : pieces) parts.addAll(parser.push(piece));
        parts.addAll(parser.finish());
        return parts;
    }

    private static String words(List<AnswerPart> parts) {
        var text = new StringBuilder();
        for (AnswerPart part : parts) if (part instanceof Words words) text.append(words.text());
        return text.toString();
    }

    private static String reasoning(List<AnswerPart> parts) {
        var text = new StringBuilder();
        for (AnswerPart part : parts) if (part instanceof Reasoning reasoning) text.append(reasoning.text());
        return text.toString();
    }

    private static String render(ChatTemplate template, List<ChatMessage> messages, boolean addGenerationPrompt) {
        return template.render(messages, addGenerationPrompt, Map.of("bos_token", "<s>", "eos_token", "</s>"));
    }

    private static ChatTemplate template(Model model) throws IOException {
        String path = "/golden/template/templates/" + model.file() + ".jinja";
        try (InputStream in = Objects.requireNonNull(AnswerParserTest.class.getResourceAsStream(path), path)) {
            return ChatTemplate.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
