package org.diwan.cloud;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.diwan.cloud.Guard.Ruling;
import org.diwan.cloud.Register.Case;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatReply.Usage;
import org.diwan.cloud.api.EmbedRequest;
import org.diwan.cloud.api.RerankRequest;
import org.diwan.cloud.api.VectorReply;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.serving.EngineVersion;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.store.Caller;
import org.jspecify.annotations.Nullable;

/// One request to an encoder, embeddings or a ranking, on one virtual thread, the way of [ChatWalk]:
///
/// authenticate → quota → parse → classify → decide → *decided* into the ledger → compute → *answered*
/// into the ledger → answer with its receipt's id.
///
/// Encoders run here only: vectors of an upstream could not be made again, and vectors of two makers
/// cannot be compared anyway.
final class EncodeWalk {
    /// Most tokens of one request, in all its texts together: 512 tokens for each of 512 texts.
    static final int MAX_TOKENS = 1 << 18;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Access access;
    private final Sites sites;
    private final Guard guard;
    private final Register register;
    private final Metrics metrics;
    private final UsageBook usages;

    EncodeWalk(Access access, Sites sites, Guard guard, Register register, Metrics metrics, UsageBook usages) {
        this.access = access;
        this.sites = sites;
        this.guard = guard;
        this.register = register;
        this.metrics = metrics;
        this.usages = usages;
    }

    /// `POST /v1/embeddings`.
    void embed(ServerRequest request, ServerResponse response) throws IOException {
        Caller caller = access.authenticate(request);
        try (var _ = access.enter(caller.tenant())) {
            var asked = EmbedRequest.parse(Http.body(request));
            var encoder = encoder(asked.model(), false);
            walk(task(asked, encoder), encoder, caller.about(asked.person()), request, response);
        }
    }

    /// `POST /v1/rerank`.
    void rerank(ServerRequest request, ServerResponse response) throws IOException {
        Caller caller = access.authenticate(request);
        try (var _ = access.enter(caller.tenant())) {
            var asked = RerankRequest.parse(Http.body(request));
            var encoder = encoder(asked.model(), true);
            walk(EncodeTask.Rank.of(asked, encoder), encoder, caller.about(asked.person()), request, response);
        }
    }

    private static EncodeTask task(EmbedRequest asked, LocalEncoder encoder) {
        int dimensions = dimensions(asked.dimensions(), encoder);
        try {
            return EncodeTask.Embed.of(asked, encoder, dimensions);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid("input", "'input' cannot be read: " + e.getMessage() + ".");
        }
    }

    private LocalEncoder encoder(String model, boolean ranks) {
        String wanted = ranks ? "rank" : "embed";
        if (!(sites.find(model) instanceof Site.Encoding(LocalEncoder encoder)))
            throw ApiError.invalid(
                    "model",
                    "The model '" + model + "' does not " + wanted + "; Diwan does that with encoders of its own"
                            + " (./diwan up --encoder FILE).");
        if (encoder.ranks() != ranks)
            throw ApiError.invalid(
                    "model",
                    "The model '" + model + "' does not " + wanted + "; use it with "
                            + (ranks ? "/v1/embeddings." : "/v1/rerank."));
        return encoder;
    }

    private static int dimensions(@Nullable Integer asked, LocalEncoder encoder) {
        if (asked == null) return encoder.dimensions();
        if (asked <= encoder.dimensions()) return asked;
        throw ApiError.invalid(
                "dimensions",
                "Invalid value for 'dimensions': " + asked + " is not within 1 to " + encoder.dimensions() + ", which '"
                        + encoder.name() + "' has.");
    }

    private void walk(
            EncodeTask asked, LocalEncoder encoder, Caller caller, ServerRequest request, ServerResponse response)
            throws IOException {
        var site = new Site.Encoding(encoder);
        var ruling = guard.rule(asked.texts(), List.of(), Http.declared(request), sites.jurisdiction(site));
        if (!ruling.allows()) {
            var decided = register.decided(asked.model(), site, ruling, Opening.of(asked.opening()), caller);
            throw Guard.denied(ruling).receipt(decided.receipt());
        }
        var task = asked.with(ruling.texts());
        var tokens = task.tokens();
        check(tokens, encoder, task.field());
        String digest = encoder.digest();
        var decided = register.decided(task.model(), site, ruling, Opening.of(task.opening()), caller);
        try {
            answer(
                    task,
                    tokens,
                    new Maker.Encoder(encoder.name(), digest, EngineVersion.text()),
                    ruling,
                    decided,
                    caller,
                    response);
        } catch (LocalEncoder.Busy e) {
            throw failed(decided, ApiError.unavailable("overloaded", e.getMessage() + ".", RETRY_AFTER));
        } catch (IOException e) {
            throw failed(decided, Http.unavailable("model_unavailable", e));
        }
    }

    private void answer(
            EncodeTask task,
            List<int[]> tokens,
            Maker maker,
            Ruling ruling,
            Case decided,
            Caller caller,
            ServerResponse response)
            throws IOException {
        int count = LocalEncoder.count(tokens);
        EncodeTask.Result result;
        try (var charged = usages.begin(caller, task.model(), decided.receipt())) {
            result = task.compute(tokens);
            charged.end(count, 0);
        }
        metrics.tokens(count, 0);
        try {
            register.answered(maker, new Usage(count, 0), "stop", Opening.of(result.said()), null, decided);
        } catch (ApiError e) {
            throw e.receipt(decided.receipt());
        }
        Http.label(response, ruling);
        response.header(Http.RECEIPT, decided.receipt());
        Http.send(response, result.body().apply(new VectorReply(task.model(), count, decided.receipt())));
    }

    private ApiError failed(Case decided, ApiError error) {
        register.failed(decided, error);
        return error.receipt(decided.receipt());
    }

    private static void check(List<int[]> texts, LocalEncoder encoder, String field) {
        int most = encoder.contextLength();
        for (int i = 0; i < texts.size(); i++)
            if (texts.get(i).length > most)
                throw tooLong(
                        field + "[" + i + "]",
                        "has " + texts.get(i).length + " tokens with those around it, but '" + encoder.name()
                                + "' reads at most " + most + ". Please shorten it or cut it into parts.");
        int all = LocalEncoder.count(texts);
        if (all > MAX_TOKENS)
            throw tooLong(
                    field, "has " + all + " tokens; the limit is " + MAX_TOKENS + ". Please send several requests.");
    }

    private static ApiError tooLong(String field, String problem) {
        return new ApiError(
                400, "invalid_request_error", "context_length_exceeded", field, "'" + field + "' " + problem);
    }
}
