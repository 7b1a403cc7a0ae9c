package org.diwan.engine.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;

/// The numbers that fix the shape of a model, from the metadata of its file.
///
/// @param architecture `llama` or `qwen3`
/// @param layers transformer blocks
/// @param hidden width of the residual stream
/// @param feedForward width of the feed-forward layer
/// @param heads query heads
/// @param kvHeads key-value heads; each serves `heads / kvHeads` query heads
/// @param headSize elements of a head; `heads * headSize` may differ from `hidden`
/// @param vocabulary tokens
/// @param contextLength positions a sequence may have
/// @param ropeBase θ of the rotary embedding
/// @param ropeDimensions elements of a head that turn, from its start
/// @param epsilon added to the mean square in every normalisation
public record ModelConfig(
        String architecture,
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int kvHeads,
        int headSize,
        int vocabulary,
        int contextLength,
        float ropeBase,
        int ropeDimensions,
        float epsilon) {
    /// The largest dense models have about 130.
    public static final int MAX_LAYERS = 1_024;

    /// Elements of one row anywhere in the model; the largest dense models have about 54,000.
    public static final int MAX_WIDTH = 1 << 20;

    /// Tokens; the largest vocabularies have about 262,000.
    public static final int MAX_VOCABULARY = 1 << 22;

    /// Positions; the longest contexts offered are about 10 million, far beyond dense attention.
    public static final int MAX_CONTEXT = 1 << 24;

    private static final List<String> ARCHITECTURES = List.of("llama", "qwen3");

    /// Keys `<architecture>.…` that this record understands. A file with any other is refused: it
    /// asks for arithmetic (experts, windows, soft caps, scalings) that is not done here.
    private static final Set<String> KNOWN = Set.of(
            "block_count",
            "context_length",
            "embedding_length",
            "feed_forward_length",
            "vocab_size",
            "attention.head_count",
            "attention.head_count_kv",
            "attention.key_length",
            "attention.value_length",
            "attention.layer_norm_rms_epsilon",
            "rope.dimension_count",
            "rope.freq_base",
            "rope.scaling.type");

    /// The configuration that `metadata` states.
    ///
    /// @param path of the file, for error messages
    /// @param vocabulary rows of the embedding matrix
    /// @throws GgufException naming the key, when one is missing, unknown, of the wrong type or out
    ///     of range
    static ModelConfig from(Path path, Map<String, Object> metadata, int vocabulary) throws GgufException {
        var keys = new Keys(path, metadata, ARCHITECTURES);
        String architecture = keys.architecture();
        keys.refuseAllBut(KNOWN);
        keys.expect("rope.scaling.type", "none");
        int hidden = keys.integer("embedding_length", 1, MAX_WIDTH);
        int heads = keys.integer("attention.head_count", 1, MAX_WIDTH);
        int kvHeads = keys.integer("attention.head_count_kv", heads, 1, heads);
        if (heads % kvHeads != 0) {
            throw keys.wrong("attention.head_count_kv", kvHeads + ", must divide the " + heads + " query heads");
        }
        int headSize = keys.integer("attention.key_length", Math.max(1, hidden / heads), 1, MAX_WIDTH / heads);
        int valueSize = keys.integer("attention.value_length", headSize, 1, MAX_WIDTH);
        if (valueSize != headSize) {
            throw keys.wrong("attention.value_length", valueSize + ", must equal the key length " + headSize);
        }
        int ropeDimensions = keys.integer("rope.dimension_count", headSize, 2, headSize);
        if (ropeDimensions % 2 != 0) throw keys.wrong("rope.dimension_count", ropeDimensions + ", must be even");
        keys.integer("vocab_size", vocabulary, vocabulary, vocabulary);
        return new ModelConfig(
                architecture,
                keys.integer("block_count", 1, MAX_LAYERS),
                hidden,
                keys.integer("feed_forward_length", 1, MAX_WIDTH),
                heads,
                kvHeads,
                headSize,
                vocabulary,
                keys.integer("context_length", 1, MAX_CONTEXT),
                keys.real("rope.freq_base", 10_000f, 1f, 1e12f),
                ropeDimensions,
                keys.real("attention.layer_norm_rms_epsilon", null, 0f, 1f));
    }

    /// Elements of all query heads of one position.
    int queryWidth() {
        return heads * headSize;
    }

    /// Elements of all keys (and of all values) of one position.
    int keyWidth() {
        return kvHeads * headSize;
    }

    /// Bytes that keys and values of one position take in all layers.
    public long cacheBytesPerPosition() {
        return 2L * layers * keyWidth() * Float.BYTES;
    }
}
