package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.diwan.cloud.Guard.Ruling;
import org.diwan.cloud.Register.Case;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply;
import org.diwan.cloud.api.ChatRequest;
import org.diwan.cloud.api.ChatRequest.Message;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.api.Terms;
import org.diwan.cloud.receipt.AnswerOpening;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.receipt.RequestOpening;
import org.diwan.cloud.serving.Answer;
import org.diwan.cloud.serving.EngineVersion;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Work;
import org.diwan.cloud.store.Caller;
import org.diwan.cloud.upstream.Upstream;
import org.diwan.engine.generate.EngineFailure;
import org.diwan.engine.generate.Overloaded;
import org.diwan.engine.generate.PromptTooLong;
import org.diwan.engine.generate.SampledToken;
import org.diwan.engine.generate.Sampling;
import org.diwan.language.ChatMessage;
import org.diwan.language.Tokenizer;
import org.diwan.language.grammar.TokenGrammar;
import org.diwan.language.json.JsonText;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.jspecify.annotations.Nullable;

/// One chat request, straight down and straight back, on one virtual thread:
///
/// authenticate → quota → parse → classify → decide → *decided* into the ledger → generate here or
/// upstream, streaming through the output guard → *answered* into the ledger → receipt id.
///
/// Nothing is generated before the decision is on disk, and no answer ends before it is recorded.
final class ChatWalk {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /// OpenAI's API takes `top_p` 0; it means that the likeliest token remains, as with this.
    private static final float LEAST_TOP_P = 1e-6f;

    private final Access access;
    private final Sites sites;
    private final Guard guard;
    private final Register register;
    private final Metrics metrics;
    private final UsageBook usages;

    ChatWalk(Access access, Sites sites, Guard guard, Register register, Metrics metrics, UsageBook usages) {
        this.access = access;
        this.sites = sites;
        this.guard = guard;
        this.register = register;
        this.metrics = metrics;
        this.usages = usages;
    }

    /// Answers `request`. What goes wrong before the first byte of the answer is thrown.
    void handle(ServerRequest request, ServerResponse response) throws InterruptedException, IOException {
        long start = System.nanoTime();
        Caller client = access.authenticate(request);
        try (var _ = access.enter(client.tenant())) {
            var chat = ChatRequest.parse(Http.body(request));
            var caller = client.about(chat.person());
            Site site = sites.find(chat.model());
            if (site instanceof Site.Encoding)
                throw ApiError.invalid(
                        "model",
                        "The model '" + chat.model() + "' does not chat; use it with /v1/embeddings or /v1/rerank.");
            var texts = chat.messages().stream().map(Message::content).toList();
            var ruling = guard.rule(texts, besides(chat), Http.declared(request), sites.jurisdiction(site));
            switch (ruling.decision()) {
                case Decision.Deny deny -> deny(chat, site, ruling, caller);
                case Decision.Allow allow -> {
                    refuseWhatTells(chat, ruling);
                    var permitted = permitted(chat, ruling.texts());
                    Http.label(response, ruling);
                    switch (site) {
                        case Site.Here(LocalModel model) -> here(permitted, model, ruling, caller, response, start);
                        case Site.Encoding encoding -> throw new AssertionError("was refused above");
                        case Site.Elsewhere elsewhere -> elsewhere(permitted, elsewhere, ruling, caller, response);
                    }
                }
            }
        }
    }

    /// Tokens would tell what the answer's text does not.
    private static void refuseWhatTells(ChatRequest chat, Ruling ruling) {
        if (chat.logprobs() && ruling.obliges(Obligation.REDACT))
            throw ApiError.unsupported(
                    "logprobs",
                    "Policy obliges to redact what identifies persons in this answer, and 'logprobs' would tell it"
                            + " token by token; leave it out.");
    }

    private static ChatRequest permitted(ChatRequest chat, List<String> texts) {
        var messages = new ArrayList<Message>(texts.size());
        for (int i = 0; i < texts.size(); i++)
            messages.add(chat.messages().get(i).withContent(texts.get(i)));
        return chat.withMessages(messages);
    }

    /// All text of a request that is no content of a message.
    private static List<String> besides(ChatRequest chat) {
        var texts = new ArrayList<String>();
        for (var message : chat.messages()) {
            texts.add(message.reasoning());
            for (var call : message.calls()) texts.add(call.arguments());
        }
        for (var tool : chat.terms().tools()) {
            texts.add(tool.description());
            texts.add(JsonText.write(tool.parameters()));
        }
        var form = chat.terms().form();
        if (form != null) texts.add(form.source());
        return texts;
    }

    private void deny(ChatRequest chat, Site site, Ruling ruling, Caller caller) {
        var opening = Opening.of(
                new RequestOpening(turns(chat), List.of(), chat.options().logitBias(), chat.terms()));
        var decided = register.decided(chat.model(), site, ruling, opening, caller);
        throw Guard.denied(ruling).receipt(decided.receipt());
    }

    private void here(
            ChatRequest chat, LocalModel model, Ruling ruling, Caller caller, ServerResponse response, long start)
            throws InterruptedException, IOException {
        var messages = turns(chat);
        var prompt = prompt(chat, model, messages);
        var work = work(chat, model, prompt);
        if (model.full()) throw overloaded();
        String fingerprint = model.fingerprint();

        var opening = Opening.of(
                new RequestOpening(messages, chat.stop(), chat.options().logitBias(), chat.terms()));
        var decided = register.decided(chat.model(), new Site.Here(model), ruling, opening, caller);
        var reply = reply(chat, ruling, decided, fingerprint, response);
        var speech = new Speech(chat.terms(), model.format(), prompt.text(), reply, decided.receipt());
        boolean[] begun = {false};
        var gone = new AtomicBoolean();
        Consumer<Runnable> watch = cancel -> WatchedConnection.current().watch(() -> {
            gone.set(true);
            cancel.run();
        });
        try (var charged = usages.begin(caller, model.name(), decided.receipt())) {
            Answer answer = model.answer(work, caller.tenant().id(), watch, (text, tokens) -> {
                if (!begun[0]) metrics.firstToken(System.nanoTime() - start);
                begun[0] = true;
                return speech.hear(text, chat.logprobs() ? logprobs(tokens, model.tokenizer()) : null);
            });
            if (answer.tokens().isEmpty()) {
                fail(reply, decided, unsaid(gone.get()));
                return;
            }
            speech.end();
            var told = reply.told();
            var usage =
                    new ChatReply.Usage(work.prompt().length, answer.tokens().size());
            charged.end(usage.promptTokens(), usage.completionTokens());
            metrics.tokens(usage.promptTokens(), usage.completionTokens());
            var spoken = Opening.of(new AnswerOpening(answer.text(), answer.tokens(), List.of(), told));
            var maker = new Maker.Engine(
                    model.name(),
                    model.digest(),
                    EngineVersion.text(),
                    model.cacheType(),
                    model.templateDigest(),
                    work.sampling(),
                    work.maxTokens(),
                    answer.trace());
            String finish = answer.finish().label();
            register.answered(maker, usage, finish, spoken, told, decided);
            // OpenAI has no word for an answer that the server cut; the nearest is that it got too long.
            boolean cut = answer.finish() == Answer.Finish.CANCELLED;
            reply.finish(
                    cut ? Answer.Finish.LENGTH.label() : speech.called(answer.finish()) ? "tool_calls" : finish, usage);
        } catch (Overloaded e) {
            fail(reply, decided, overloaded());
        } catch (PromptTooLong e) {
            fail(reply, decided, ApiError.invalid("messages", String.valueOf(e.getMessage())));
        } catch (EngineFailure e) {
            fail(
                    reply,
                    decided,
                    new ApiError(500, "server_error", "engine_failure", null, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            fail(reply, decided, Http.unavailable("model_unavailable", e));
        } catch (ApiError e) {
            reply.fail(e.receipt(decided.receipt()));
        }
    }

    private void elsewhere(ChatRequest chat, Site.Elsewhere site, Ruling ruling, Caller caller, ServerResponse response)
            throws InterruptedException {
        var opening = Opening.of(
                new RequestOpening(turns(chat), chat.stop(), chat.options().logitBias(), chat.terms()));
        var decided = register.decided(chat.model(), site, ruling, opening, caller);
        var address = site.upstream().address();
        var reply = reply(chat, ruling, decided, "fp_upstream", response);
        Upstream.Answer answer;
        try {
            answer = site.upstream().chat(chat, site.model(), reply::piece);
        } catch (ApiError e) {
            fail(reply, decided, e);
            return;
        }
        try {
            var usage = answer.usage();
            if (usage != null) {
                metrics.tokens(usage.promptTokens(), usage.completionTokens());
                usages.elsewhere(caller, chat.model(), usage.promptTokens(), usage.completionTokens());
            }
            if (!chat.stream()) reply.piece(answer.text(), answer.logprobs());
            for (int i = 0; i < answer.calls().size(); i++)
                reply.call(i, answer.calls().get(i));
            var told = reply.told();
            var spoken = Opening.of(new AnswerOpening(answer.text(), answer.tokens(), answer.calls(), told));
            var maker = new Maker.Upstream(
                    address.name(),
                    site.model(),
                    address.jurisdiction().code(),
                    chat.options().sent());
            register.answered(maker, usage, answer.finish(), spoken, told, decided);
            reply.finish(answer.finish(), usage);
        } catch (ApiError e) {
            reply.fail(e.receipt(decided.receipt()));
        }
    }

    private void fail(Reply reply, Case decided, ApiError error) {
        register.failed(decided, error);
        reply.fail(error.receipt(decided.receipt()));
    }

    private static LocalModel.Prompt prompt(ChatRequest chat, LocalModel model, List<ChatMessage> messages) {
        var terms = chat.terms();
        if (terms.choice() == Terms.Choice.AUTO && !model.tellsOfTools())
            throw ApiError.unsupported(
                    "tools",
                    "This model's chat template does not tell it of tools; it calls one only with tool_choice "
                            + "'required'"
                            + " or a function by name.");
        try {
            return model.prompt(messages, terms.offered());
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid(
                    "messages", "The model's chat template refuses this conversation: " + e.getMessage());
        }
    }

    /// The grammar that the answer has to keep to.
    private static @Nullable TokenGrammar grammar(ChatRequest chat, LocalModel model, String prompt) {
        var form = chat.terms().form();
        try {
            return model.grammar(chat.terms(), prompt);
        } catch (IllegalArgumentException e) {
            String field = form == null ? "tools" : form.kind().field();
            throw ApiError.invalid(field, "Invalid value for '" + field + "': " + e.getMessage() + ".");
        }
    }

    /// What the engine is asked for, checked against the model.
    private static Work work(ChatRequest chat, LocalModel model, LocalModel.Prompt read) {
        int[] prompt = read.tokens();
        int context = model.contextLength();
        Integer asked = chat.maxTokens();
        int room = context - prompt.length;
        if (room < 1 || (asked != null && asked > room))
            throw new ApiError(
                    400,
                    "invalid_request_error",
                    "context_length_exceeded",
                    "messages",
                    "This model's maximum context length is " + context + " tokens. However, your messages resulted in "
                            + prompt.length + " tokens"
                            + (asked == null
                                    ? ", which leaves none for the answer."
                                    : " and you asked for " + asked + " more.")
                            + " Please shorten the messages" + (asked == null ? "." : " or lower max_tokens."));
        if (prompt.length == 0)
            throw ApiError.invalid("messages", "The messages are empty; there is nothing to answer.");
        for (int token : chat.options().logitBias().keySet())
            if (token >= model.vocabularySize())
                throw ApiError.invalid(
                        "logit_bias",
                        "'logit_bias' names token " + token + "; the model has " + model.vocabularySize() + " tokens.");
        return new Work(
                prompt,
                sampling(chat, model),
                asked == null ? room : asked,
                chat.stop(),
                grammar(chat, model, read.text()));
    }

    /// What the client left open is as the model file recommends, else as OpenAI's API documents it.
    private static Sampling sampling(ChatRequest chat, LocalModel model) {
        var said = chat.options();
        return new Sampling(
                or(said.temperature(), model.recommended("temp", 1)),
                said.topK() == null ? Math.max(0, (int) model.recommended("top_k", 0)) : said.topK(),
                Math.max(LEAST_TOP_P, or(said.topP(), model.recommended("top_p", 1))),
                or(said.minP(), model.recommended("min_p", 0)),
                or(said.repetitionPenalty(), model.recommended("penalty_repeat", 1)),
                or(said.frequencyPenalty(), 0),
                or(said.presencePenalty(), 0),
                said.logitBias(),
                said.seed() == null ? ThreadLocalRandom.current().nextLong(ChatRequest.MAX_SEED) : said.seed(),
                chat.logprobs() ? said.topLogprobs() : 0);
    }

    private static float or(@Nullable Float said, float otherwise) {
        return said == null ? otherwise : said;
    }

    private Reply reply(ChatRequest chat, Ruling ruling, Case decided, String fingerprint, ServerResponse response) {
        var words = new ChatReply(
                "chatcmpl-" + decided.receipt().substring(2),
                System.currentTimeMillis() / 1000,
                chat.model(),
                fingerprint,
                decided.receipt());
        var reply = Reply.of(response, words, chat.stream(), chat.includeUsage());
        return ruling.obliges(Obligation.REDACT) ? new GuardedReply(reply, guard.output()) : reply;
    }

    private static ArrayNode logprobs(List<SampledToken> tokens, Tokenizer tokenizer) {
        var list = Json.array();
        for (var token : tokens) {
            if (tokenizer.vocabulary().endTokens().contains(token.id())) continue;
            var top = new ArrayList<ChatReply.Alternative>();
            for (var other : token.alternatives())
                top.add(alternative(other.id(), other.logit() - token.logSumExp(), tokenizer));
            list.add(ChatReply.logprob(alternative(token.id(), token.logprob(), tokenizer), top));
        }
        return list;
    }

    private static ChatReply.Alternative alternative(int token, double logprob, Tokenizer tokenizer) {
        byte[] bytes = tokenizer.bytes(token);
        return new ChatReply.Alternative(new String(bytes, java.nio.charset.StandardCharsets.UTF_8), bytes, logprob);
    }

    private static List<ChatMessage> turns(ChatRequest chat) {
        return chat.messages().stream()
                .map(message -> new ChatMessage(
                        message.role(),
                        message.content(),
                        message.reasoning(),
                        message.calls(),
                        message.callId(),
                        message.tool(),
                        Map.of()))
                .toList();
    }

    /// An answer that ended before its first token.
    private static ApiError unsaid(boolean clientGone) {
        // 499 is nginx's; nobody is there to read it but the metrics.
        return clientGone
                ? new ApiError(499, "invalid_request_error", "client_closed_request", null, "The client hung up.")
                : ApiError.unavailable("shutting_down", "This server is shutting down.", RETRY_AFTER);
    }

    private static ApiError overloaded() {
        return ApiError.unavailable("overloaded", "The engine's queue is full; try again in a moment.", RETRY_AFTER);
    }
}
