package org.diwan.engine.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.jspecify.annotations.Nullable;

/// The numbers that fix the shape of an encoder, from the metadata of its file.
///
/// XLM-RoBERTa comes as architecture `bert` too: whoever writes the file drops the rows of the
/// position matrix below its padding token, so that positions count from 0 here as there.
///
/// @param layers transformer blocks
/// @param hidden width of the residual stream, and of an embedding
/// @param feedForward width of the feed-forward layer
/// @param heads of attention; each has `hidden / heads` elements
/// @param vocabulary tokens
/// @param contextLength positions a text may have: rows of the position matrix
/// @param tokenTypes rows of the token type matrix; 0 without one
/// @param separator the token up to which, itself included, a reranker's text is of token type 0 and after which
///     of type 1, as BERT reads two sentences (Devlin et al. 2019, §3); -1 where all tokens are of type 0
/// @param epsilon added to the variance in every normalisation
public record EncoderConfig(
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int vocabulary,
        int contextLength,
        int tokenTypes,
        int separator,
        float epsilon,
        Pooling pooling) {
    /// BERT has 2 segments, RoBERTa 1.
    public static final int MAX_TOKEN_TYPES = 16;

    private static final List<String> ARCHITECTURES = List.of("bert");

    /// Keys `bert.…` that this record understands.
    private static final Set<String> KNOWN = Set.of(
            "block_count",
            "context_length",
            "embedding_length",
            "feed_forward_length",
            "vocab_size",
            "attention.head_count",
            "attention.head_count_kv",
            "attention.layer_norm_epsilon",
            "attention.causal",
            "pooling_type",
            "classifier.output_labels");

    /// The configuration that `metadata` states.
    ///
    /// @param path of the file, for error messages
    /// @param vocabulary rows of the embedding matrix
    /// @throws GgufException naming the key, when one is missing, unknown, of the wrong type or out
    ///     of range
    static EncoderConfig from(Path path, Map<String, Object> metadata, int vocabulary) throws GgufException {
        var keys = new Keys(path, metadata, ARCHITECTURES);
        keys.architecture();
        keys.refuseAllBut(KNOWN);
        keys.expect("attention.causal", false);
        int hidden = keys.integer("embedding_length", 1, ModelConfig.MAX_WIDTH);
        int heads = keys.integer("attention.head_count", 1, hidden);
        if (hidden % heads != 0) throw keys.wrong("attention.head_count", heads + ", must divide the width " + hidden);
        keys.integer("attention.head_count_kv", heads, heads, heads);
        keys.integer("vocab_size", vocabulary, vocabulary, vocabulary);
        Pooling pooling = pooling(keys);
        @Nullable Object labels = metadata.get("bert.classifier.output_labels");
        if (labels != null && !(pooling == Pooling.RANK && labels instanceof String[] names && names.length == 1)) {
            throw keys.wrong(
                    "classifier.output_labels", "a classifier is run only as a reranker, with one label and pooling 4");
        }
        int types = tokenTypes(path, metadata);
        return new EncoderConfig(
                keys.integer("block_count", 1, ModelConfig.MAX_LAYERS),
                hidden,
                keys.integer("feed_forward_length", 1, ModelConfig.MAX_WIDTH),
                heads,
                vocabulary,
                keys.integer("context_length", 1, ModelConfig.MAX_CONTEXT),
                types,
                pooling == Pooling.RANK && types > 1 ? separator(path, metadata, vocabulary) : -1,
                keys.real("attention.layer_norm_epsilon", null, 0f, 1f),
                pooling);
    }

    private static Pooling pooling(Keys keys) throws GgufException {
        int id = keys.integer("pooling_type", Pooling.NONE.id, 0, Pooling.RANK.id);
        Pooling pooling = Pooling.byId(id);
        if (pooling == null || pooling == Pooling.LAST) {
            throw keys.wrong("pooling_type", id + ", an encoder has 0 (none), 1 (mean), 2 (cls) or 4 (rank)");
        }
        return pooling;
    }

    private static int tokenTypes(Path path, Map<String, Object> metadata) throws GgufException {
        String key = "tokenizer.ggml.token_type_count";
        Object count = metadata.getOrDefault(key, 0);
        if (count instanceof Number number && number.longValue() >= 0 && number.longValue() <= MAX_TOKEN_TYPES) {
            return number.intValue();
        }
        throw new GgufException(path, key, "must be a number from 0 to " + MAX_TOKEN_TYPES);
    }

    private static int separator(Path path, Map<String, Object> metadata, int vocabulary) throws GgufException {
        // The misspelling is llama.cpp's, and so every file's.
        String key = "tokenizer.ggml.seperator_token_id";
        if (metadata.get(key) instanceof Number id && id.longValue() >= 0 && id.longValue() < vocabulary) {
            return id.intValue();
        }
        throw new GgufException(
                path, key, "must be a token: a reranker with two token types is told by it where the document begins");
    }
}
