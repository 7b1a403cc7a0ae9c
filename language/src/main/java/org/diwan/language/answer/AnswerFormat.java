package org.diwan.language.answer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// How one family of models spells reasoning and calls.
///
/// @param name of the family that made the format known
/// @param reasoning marks around reasoning; the model may write any of them
/// @param calls how a call is spelled; the first is the one the model was taught
/// @param silent marks that stand for nothing, such as the frame around the words of an answer
public record AnswerFormat(String name, List<Frame> reasoning, List<CallSyntax> calls, Set<String> silent) {
    /// What stands before and after something.
    public record Frame(String open, String close) {}

    private static final List<Frame> THINK = List.of(new Frame("<think>", "</think>"));

    /// `<tool_call>{"name": …, "arguments": …}</tool_call>`: Hermes 2 Pro, Qwen 2.5 and 3, EXAONE
    /// 4, Granite 4, SmolLM 3.
    public static final AnswerFormat HERMES = new AnswerFormat(
            "hermes",
            THINK,
            List.of(new CallSyntax.Json("<tool_call>", "", "</tool_call>", "name", "arguments")),
            Set.of());

    /// `<tool_call><function=…><parameter=…>…`: Qwen3-Coder. Values are text, typed by the schema.
    public static final AnswerFormat QWEN_CODER = new AnswerFormat(
            "qwen3-coder",
            THINK,
            List.of(
                    new CallSyntax.Functions("<tool_call>", "</tool_call>"),
                    // The models forget the frame at times.
                    new CallSyntax.Functions(FunctionCalls.FUNCTION, "</tool_call>")),
            Set.of());

    /// `{"name": …, "parameters": …}` as the whole answer, or after `<|python_tag|>`, where calls
    /// of built-in tools and plain code may stand, too: Llama 3.1 and later (Meta, Llama 3.1 prompt
    /// format, "Tool calling").
    public static final AnswerFormat LLAMA = new AnswerFormat(
            "llama-3.1",
            List.of(),
            List.of(new CallSyntax.Bare("parameters"), new CallSyntax.Python("<|python_tag|>")),
            Set.of("<|python_start|>", "<|python_end|>"));

    /// `[TOOL_CALLS][{"name": …, "arguments": …}, …]`, in tokenizers from v11 on
    /// `[TOOL_CALLS]name[ARGS]{…}` (mistral-common, "tokenizers/instruct").
    public static final AnswerFormat MISTRAL = new AnswerFormat(
            "mistral",
            List.of(new Frame("[THINK]", "[/THINK]")),
            List.of(new CallSyntax.Json("[TOOL_CALLS]", "[ARGS]", "", "name", "arguments")),
            Set.of());

    /// `<|START_ACTION|>[{"tool_name": …, "parameters": …}, …]<|END_ACTION|>`: Cohere Command R7B,
    /// A.
    public static final AnswerFormat COHERE = new AnswerFormat(
            "cohere2",
            List.of(new Frame("<|START_THINKING|>", "<|END_THINKING|>")),
            List.of(new CallSyntax.Json("<|START_ACTION|>", "", "<|END_ACTION|>", "tool_name", "parameters")),
            Set.of("<|START_RESPONSE|>", "<|END_RESPONSE|>"));

    /// `<|tools_prefix|>[{"name": {arguments}}, …]<|tools_suffix|>`: Apertus (swiss-ai,
    /// apertus_format, `docs/format.md`).
    public static final AnswerFormat APERTUS = new AnswerFormat(
            "apertus",
            List.of(new Frame("<|inner_prefix|>", "<|inner_suffix|>")),
            List.of(new CallSyntax.Json("<|tools_prefix|>", "", "<|tools_suffix|>", "", "")),
            Set.of());

    /// `<｜tool▁call▁begin｜>name<｜tool▁sep｜>{…}<｜tool▁call▁end｜>`: DeepSeek V3.1.
    public static final AnswerFormat DEEPSEEK = new AnswerFormat(
            "deepseek-v3.1",
            THINK,
            List.of(new CallSyntax.Json(
                    "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "name", "arguments")),
            Set.of("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"));

    /// `<|tool_call|>[{"name": …, "arguments": …}, …]`: Granite 3.
    public static final AnswerFormat GRANITE = new AnswerFormat(
            "granite-3", THINK, List.of(new CallSyntax.Json("<|tool_call|>", "", "", "name", "arguments")), Set.of());

    /// No format of its own (Gemma 2 and 3): JSON as the whole answer, or fenced as Markdown code.
    public static final AnswerFormat PLAIN = new AnswerFormat(
            "plain",
            List.of(new Frame("<think>", "</think>"), new Frame("<thought>", "</thought>")),
            List.of(
                    new CallSyntax.Bare("arguments"),
                    new CallSyntax.Json("```json\n", "", "```", "name", "arguments"),
                    new CallSyntax.Json("```tool_call\n", "", "```", "name", "arguments")),
            Set.of());

    private record Sign(AnswerFormat format, Predicate<String> isIn) {}

    /// The first that holds decides. What a template tells the model to write, it also writes
    /// itself when it repeats an earlier call, so its source spells the marks.
    private static final List<Sign> SIGNS = List.of(
            new Sign(COHERE, template -> template.contains("<|START_ACTION|>")),
            new Sign(APERTUS, template -> template.contains("<|tools_prefix|>")),
            new Sign(MISTRAL, template -> template.contains("[TOOL_CALLS]")),
            new Sign(DEEPSEEK, template -> template.contains("<｜tool▁call▁begin｜>")),
            new Sign(GRANITE, template -> template.contains("<|tool_call|>")),
            new Sign(QWEN_CODER, template -> template.contains("<tool_call>") && template.contains("<function=")),
            new Sign(HERMES, template -> template.contains("<tool_call>")),
            new Sign(
                    LLAMA,
                    template -> template.contains("<|python_tag|>")
                            || (template.contains("\"parameters\": ")
                                    && (template.contains("<|start_header_id|>")
                                            || template.contains("<|header_start|>")))));

    public AnswerFormat {
        reasoning = List.copyOf(reasoning);
        calls = List.copyOf(calls);
        silent = Set.copyOf(silent);
    }

    /// The format of the models that speak `template`, the text of a chat template.
    public static AnswerFormat of(String template) {
        for (Sign sign : SIGNS) if (sign.isIn().test(template)) return sign.format();
        return PLAIN;
    }

    /// All texts that mean something. Control tokens among them must be spelled out to the parser:
    /// see [org.diwan.language.Detokenizer#spelled].
    public Set<String> marks() {
        var marks = new HashSet<>(silent);
        for (Frame frame : reasoning) marks.addAll(List.of(frame.open(), frame.close()));
        for (CallSyntax call : calls) marks.addAll(call.marks());
        return marks;
    }

    /// The frame in which an answer to `prompt` begins: a template may open it for the model.
    Optional<Frame> opened(String prompt) {
        String end = prompt.stripTrailing();
        return reasoning.stream().filter(frame -> end.endsWith(frame.open())).findFirst();
    }

    /// What a model writes around the arguments of one call of `tool`, so that a grammar can hold
    /// it to a call: before, the JSON object, after. Empty when arguments are not spelled as JSON.
    public Optional<Frame> callOf(String tool) {
        return calls.getFirst().frame(tool);
    }

    /// Every mark that may begin a call.
    List<String> callOpenings() {
        var openings = new ArrayList<String>();
        for (CallSyntax call : calls) if (!call.open().isEmpty()) openings.add(call.open());
        return openings;
    }
}
