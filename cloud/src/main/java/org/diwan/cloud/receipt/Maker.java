package org.diwan.cloud.receipt;

import java.util.Map;
import java.util.Set;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.KvType;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// Who made an answer: a model or an encoder in our own engine, which anyone can run again, or an
/// upstream, whose word it is.
public sealed interface Maker {
    /// The members of the entry's `by`.
    Map<String, Object> json();

    /// Our engine.
    ///
    /// @param model name of the model
    /// @param sha256 of the model file
    /// @param engine name and version of the engine, for the reader: replay compares results
    /// @param cache how the engine kept keys and values, on which the answer depends
    /// @param template SHA-256 of the chat template
    /// @param sampling without the logit bias, which is in the [RequestOpening]
    /// @param maxTokens at which length the answer would have been cut
    /// @param trace the last value of the hash chain over tokens, logits and log-sum-exps
    record Engine(
            String model,
            String sha256,
            String engine,
            KvType cache,
            String template,
            Sampling sampling,
            int maxTokens,
            String trace)
            implements Maker {
        @Override
        public Map<String, Object> json() {
            return Map.of(
                    "model", model,
                    "sha256", sha256,
                    "engine", engine,
                    "cache", cache.label(),
                    "template", template,
                    "sampling", samplingJson(sampling),
                    "maxTokens", maxTokens,
                    "trace", trace);
        }
    }

    /// An encoder in our engine, which made vectors or scores.
    ///
    /// @param model name of the encoder
    /// @param sha256 of its file
    /// @param engine name and version of the engine, for the reader: replay compares results
    record Encoder(String model, String sha256, String engine) implements Maker {
        @Override
        public Map<String, Object> json() {
            return Map.of("model", model, "sha256", sha256, "engine", engine);
        }
    }

    /// An OpenAI-compatible service elsewhere.
    ///
    /// @param upstream the operator's name for it
    /// @param model as the upstream calls it
    /// @param jurisdiction whose law it is under, as the operator declared
    /// @param sampling what it was asked to sample with, under OpenAI's names; what was left open is not there
    record Upstream(String upstream, String model, String jurisdiction, Map<String, Number> sampling) implements Maker {
        public Upstream {
            sampling = Map.copyOf(sampling);
        }

        @Override
        public Map<String, Object> json() {
            return Map.of("upstream", upstream, "model", model, "jurisdiction", jurisdiction, "sampling", sampling);
        }
    }

    static Maker parse(@Nullable Object json, String path) throws VerificationException {
        if (json instanceof Map<?, ?> map && map.containsKey("upstream")) {
            var fields = new EntryFields(json, path, Set.of("upstream", "model", "jurisdiction", "sampling"));
            return new Upstream(
                    fields.text("upstream"),
                    fields.text("model"),
                    fields.text("jurisdiction"),
                    fields.numbers("sampling"));
        }
        if (json instanceof Map<?, ?> map && !map.containsKey("sampling")) {
            var fields = new EntryFields(json, path, Set.of("model", "sha256", "engine"));
            return new Encoder(fields.text("model"), fields.hash("sha256"), fields.text("engine"));
        }
        var fields = new EntryFields(
                json, path, Set.of("model", "sha256", "engine", "cache", "template", "sampling", "maxTokens", "trace"));
        return new Engine(
                fields.text("model"),
                fields.hash("sha256"),
                fields.text("engine"),
                cache(fields.text("cache"), fields.path("cache")),
                fields.hash("template"),
                sampling(fields.value("sampling"), fields.path("sampling")),
                fields.count("maxTokens"),
                fields.hash("trace"));
    }

    private static KvType cache(String name, String path) throws VerificationException {
        try {
            return KvType.of(name);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(path + ": " + e.getMessage());
        }
    }

    private static Map<String, Object> samplingJson(Sampling sampling) {
        return Map.of(
                "temperature", sampling.temperature(),
                "topK", sampling.topK(),
                "topP", sampling.topP(),
                "minP", sampling.minP(),
                "repetitionPenalty", sampling.repetitionPenalty(),
                "frequencyPenalty", sampling.frequencyPenalty(),
                "presencePenalty", sampling.presencePenalty(),
                "seed", sampling.seed());
    }

    private static Sampling sampling(@Nullable Object json, String path) throws VerificationException {
        var fields = new EntryFields(
                json,
                path,
                Set.of(
                        "temperature",
                        "topK",
                        "topP",
                        "minP",
                        "repetitionPenalty",
                        "frequencyPenalty",
                        "presencePenalty",
                        "seed"));
        try {
            return new Sampling(
                    fields.number("temperature"),
                    fields.count("topK"),
                    fields.number("topP"),
                    fields.number("minP"),
                    fields.number("repetitionPenalty"),
                    fields.number("frequencyPenalty"),
                    fields.number("presencePenalty"),
                    Map.of(),
                    fields.whole("seed"),
                    0);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(path + ": " + e.getMessage());
        }
    }
}
