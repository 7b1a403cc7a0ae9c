package org.diwan.cloud.serving;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Terms;
import org.diwan.engine.generate.Engine;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.FinishReason;
import org.diwan.engine.generate.GenerateRequest;
import org.diwan.engine.generate.Overloaded;
import org.diwan.engine.generate.PromptTooLong;
import org.diwan.engine.generate.SampledToken;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.language.ChatMessage;
import org.diwan.language.ChatPrompt;
import org.diwan.language.ChatTemplate;
import org.diwan.language.Detokenizer;
import org.diwan.language.StopStrings;
import org.diwan.language.Tokenizer;
import org.diwan.language.Tool;
import org.diwan.language.Vocabulary;
import org.diwan.language.answer.AnswerFormat;
import org.diwan.language.grammar.Grammar;
import org.diwan.language.grammar.GrammarException;
import org.diwan.language.grammar.TokenGrammar;
import org.jspecify.annotations.Nullable;

/// One GGUF file, ready to answer. Safe to share between threads; each answer runs in the thread of
/// its caller, which waits for the engine's tokens.
public final class LocalModel implements AutoCloseable {
    /// What stands in for the chat template of a model that has none: a language model that was never
    /// taught to chat goes on where the conversation stops.
    private static final String NO_TEMPLATE = "diwan-plain/v1: contents joined by line feeds";

    /// Hears an answer while it is generated.
    @FunctionalInterface
    public interface Listener {
        /// The next tokens, and the text that they complete.
        ///
        /// @param text may be empty: tokens inside a character, or text that may begin a stop string
        /// @param tokens sampled since the last call
        /// @return false to break off
        boolean piece(String text, List<SampledToken> tokens);
    }

    private final String name;
    private final Model model;
    private final Workers workers;
    private final Engine engine;
    private final EngineLimits limits;
    private final Tokenizer tokenizer;
    private final @Nullable ChatTemplate template;
    private final String templateDigest;
    private final AnswerFormat format;
    private final Map<Integer, byte[]> spelled;
    private final Grammars grammars;

    private LocalModel(
            String name,
            Model model,
            Workers workers,
            Engine engine,
            EngineLimits limits,
            Tokenizer tokenizer,
            @Nullable ChatTemplate template,
            String templateDigest) {
        this.name = name;
        this.model = model;
        this.workers = workers;
        this.engine = engine;
        this.limits = limits;
        this.tokenizer = tokenizer;
        this.template = template;
        this.templateDigest = templateDigest;
        this.format = template == null ? AnswerFormat.PLAIN : AnswerFormat.of(template.source());
        this.spelled = Detokenizer.spelled(tokenizer.vocabulary(), format.marks());
        this.grammars = new Grammars(tokenizer);
    }

    /// The model in `file`, named like the file without its ending.
    ///
    /// @throws IOException when the file is no model, or one that Diwan cannot run; says which field
    public static LocalModel load(Path file, int threads, EngineLimits limits) throws IOException {
        var workers = new Workers(threads);
        Model model = null;
        try {
            model = Model.load(file, workers);
            var tokenizer = Tokenizer.of(Vocabulary.fromMetadata(model.metadata()));
            String template = model.metadata().get("tokenizer.chat_template") instanceof String jinja ? jinja : null;
            String source = template == null ? NO_TEMPLATE : template;
            return new LocalModel(
                    String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", ""),
                    model,
                    workers,
                    new Engine(model, limits),
                    limits,
                    tokenizer,
                    template == null ? null : ChatTemplate.parse(template),
                    Digest.hex(Digest.sha256(source.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException | RuntimeException e) {
            if (model != null) model.close();
            workers.close();
            if (e instanceof IllegalArgumentException) throw new IOException(file + ": " + e.getMessage(), e);
            throw e;
        }
    }

    public String name() {
        return name;
    }

    /// SHA-256 of the file, in hexadecimal; computed at the first call.
    public String digest() throws IOException {
        return Digest.hex(model.digest());
    }

    /// SHA-256 of the chat template, in hexadecimal.
    public String templateDigest() {
        return templateDigest;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Most tokens in prompt and answer together.
    public int contextLength() {
        return engine.contextLength();
    }

    public int vocabularySize() {
        return model.vocabularySize();
    }

    /// Answers being generated now.
    public int active() {
        return engine.active();
    }

    /// Answers waiting for a slot.
    public int queued() {
        return engine.queued();
    }

    /// Whether the queue has no place left; a moment later it may.
    public boolean full() {
        return engine.queued() >= limits.queue();
    }

    /// How keys and values are kept; answers depend on it.
    public KvType cacheType() {
        return limits.cacheType();
    }

    /// Changes when the same seed may give another answer: with the model, with the engine, and with
    /// how it keeps keys and values.
    public String fingerprint() throws IOException {
        return "fp_"
                + Digest.hex(Digest.sha256(
                                model.digest(),
                                (EngineVersion.text() + cacheType().label()).getBytes(StandardCharsets.UTF_8)))
                        .substring(0, 10);
    }

    /// What the model file recommends for `general.sampling.<name>`, else `otherwise`.
    public float recommended(String name, float otherwise) {
        return model.metadata().get("general.sampling." + name) instanceof Number number
                ? number.floatValue()
                : otherwise;
    }

    /// The conversation as the model reads it, ending where its answer begins.
    ///
    /// @param text what `tokens` spell, to see how the answer begins
    @SuppressWarnings("ArrayRecordComponent") // made once, handed to the engine, never compared
    public record Prompt(int[] tokens, String text) {}

    /// The prompt for `messages`.
    ///
    /// @param tools that the model is told of, if its template can ([#tellsOfTools])
    /// @throws IllegalArgumentException when the model's template refuses the conversation
    public Prompt prompt(List<ChatMessage> messages, List<Tool> tools) {
        if (template == null) {
            String text = String.join(
                    "\n", messages.stream().map(ChatMessage::content).toList());
            return new Prompt(tokenizer.encode(text, false, true), text);
        }
        var prompt = ChatPrompt.of(template, tokenizer, messages, tools, true, Map.of());
        return new Prompt(prompt.tokens(), prompt.text());
    }

    /// Whether the model's template tells it of tools. If not, it calls one only where it must.
    public boolean tellsOfTools() {
        return template != null && template.source().contains("tools");
    }

    /// How the model spells reasoning and calls.
    public AnswerFormat format() {
        return format;
    }

    /// The grammar that holds an answer to `terms`, or null where it is free: a form, a call that must come, or
    /// the calls that may. A model that reasons may do so before.
    ///
    /// @param prompt as text: a template may have opened the reasoning
    /// @throws GrammarException when the form or the parameters of a tool ask for what is not supported
    public @Nullable TokenGrammar grammar(Terms terms, String prompt) {
        var form = terms.form();
        boolean must = form != null || !terms.demanded().isEmpty();
        if (!must && terms.offered().isEmpty()) return null;
        boolean ends = !tokenizer.vocabulary().endTokens().isEmpty();
        if (!must && !ends) return null;
        if (!ends)
            throw new GrammarException("the model has no token that ends an answer, so it cannot be held to a form");
        var control = new HashSet<String>();
        for (int token : spelled.keySet())
            control.add(tokenizer.vocabulary().tokens().get(token).text());
        Optional<Grammar> grammar = form != null
                ? Optional.of(form.grammar())
                : must
                        ? Optional.of(Grammar.call(format, terms.demanded(), control))
                        : Grammar.freeCalls(format, terms.offered(), control);
        return grammar.map(g -> grammars.ready(reasoned(g, prompt.stripTrailing(), control)))
                .orElse(null);
    }

    private Grammar reasoned(Grammar grammar, String prompt, Set<String> control) {
        for (var frame : format.reasoning()) {
            if (prompt.endsWith(frame.open())) return grammar.afterReasoning(frame, true, control);
            boolean taught = template != null && template.source().contains(frame.open());
            if (taught && !prompt.endsWith(frame.close())) return grammar.afterReasoning(frame, false, control);
        }
        return grammar;
    }

    /// Generates the answer to `work`; returns when it is complete. The same work gives the same
    /// answer, whatever else runs.
    ///
    /// @throws Overloaded when the queue is full; nothing was generated
    /// @throws PromptTooLong when the prompt leaves no room for an answer
    public Answer answer(Work work, Listener listener) throws InterruptedException {
        return answer(work, "", cancel -> {}, listener);
    }

    /// As [#answer(Work, Listener)], on behalf of `tenant`: among tenants the engine is shared out
    /// fairly, and what is cached for one serves no other.
    ///
    /// @param begun is handed, before the first piece, what ends the answer as
    ///     [Answer.Finish#CANCELLED] within a step; any thread may run it
    public Answer answer(Work work, String tenant, Consumer<Runnable> begun, Listener listener)
            throws InterruptedException {
        var ends = tokenizer.vocabulary().endTokens();
        var request = new GenerateRequest(work.prompt(), work.sampling(), work.maxTokens(), ends).forTenant(tenant);
        var grammar = work.grammar();
        var detokenizer = new Detokenizer(tokenizer, spelled);
        var stops = new StopStrings(work.stop());
        var text = new StringBuilder();
        var tokens = new ArrayList<Integer>();
        byte[] trace = {};
        try (var generation = engine.submit(request, grammar == null ? null : Grammars.constraint(grammar))) {
            begun.accept(generation::close);
            Answer.Finish finish = null;
            for (var token = generation.next(); token != null && finish == null; token = generation.next()) {
                tokens.add(token.id());
                trace = token.trace();
                String piece = ends.contains(token.id()) ? "" : stops.push(detokenizer.push(token.id()));
                text.append(piece);
                boolean heard = listener.piece(piece, List.of(token));
                if (stops.stopped()) finish = Answer.Finish.STOP;
                else if (!heard) finish = Answer.Finish.CANCELLED;
            }
            if (finish == null) finish = finish(generation.finish());
            // Bytes of a character that never became whole are dropped, held back text is not.
            String rest = stops.finish();
            text.append(rest);
            if (!rest.isEmpty()) listener.piece(rest, List.of());
            return new Answer(text.toString(), tokens, Digest.hex(trace), finish);
        }
    }

    private static Answer.Finish finish(FinishReason reason) {
        return switch (reason) {
            case END -> Answer.Finish.STOP;
            case LENGTH, CONTEXT -> Answer.Finish.LENGTH;
            case CANCELLED -> Answer.Finish.CANCELLED;
        };
    }

    /// Scores answers that somebody else gave under these weights.
    public Rescoring rescoring() {
        return new Rescoring(model, cacheType(), tokenizer, format, spelled);
    }

    /// Says two tokens to nobody, so that the kernels are compiled before the first client waits for
    /// them: cold, vector code runs in the interpreter, a second or more for one token.
    ///
    /// @return this model
    public LocalModel warm() throws InterruptedException {
        int[] prompt = prompt(List.of(new ChatMessage("user", "?")), List.of()).tokens();
        if (prompt.length > 0 && prompt.length < contextLength())
            answer(new Work(prompt, Sampling.plain(0), 2, List.of()), (text, tokens) -> true);
        return this;
    }

    /// Ends every answer that is being generated as [Answer.Finish#CANCELLED], and takes no more.
    public void stop() {
        engine.close();
    }

    /// Frees the model's memory; nobody may be inside [#answer].
    @Override
    public void close() {
        engine.close();
        model.close();
        workers.close();
    }
}
