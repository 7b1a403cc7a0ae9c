package org.diwan.engine.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.jspecify.annotations.Nullable;

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
        var keys = new Keys(path, metadata);
        String architecture = keys.architecture();
        keys.refuseUnknown();
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

    /// Reads `<architecture>.<key>` with its range.
    private record Keys(Path path, Map<String, Object> metadata) {
        String architecture() throws GgufException {
            @Nullable Object value = metadata.get("general.architecture");
            if (value instanceof String name && (name.equals("llama") || name.equals("qwen3"))) return name;
            throw new GgufException(path, "general.architecture", value + ", must be llama or qwen3");
        }

        void refuseUnknown() throws GgufException {
            String prefix = architecture() + ".";
            for (String key : metadata.keySet()) {
                if (key.startsWith(prefix) && !KNOWN.contains(key.substring(prefix.length()))) {
                    throw new GgufException(path, key, "is not understood; the model would compute something else");
                }
            }
            @Nullable Object scaling = metadata.get(prefix + "rope.scaling.type");
            if (scaling != null && !scaling.equals("none")) {
                throw wrong("rope.scaling.type", scaling + ", only none is computed");
            }
        }

        int integer(String key, int least, int most) throws GgufException {
            if (!metadata.containsKey(name(key))) throw wrong(key, "is missing");
            return integer(key, 0, least, most);
        }

        int integer(String key, int absent, int least, int most) throws GgufException {
            Object value = metadata.getOrDefault(name(key), absent);
            if ((value instanceof Integer || value instanceof Long)
                    && ((Number) value).longValue() >= least
                    && ((Number) value).longValue() <= most) return ((Number) value).intValue();
            throw wrong(key, shown(value) + ", must be an integer from " + least + " to " + most);
        }

        float real(String key, @Nullable Float absent, float least, float most) throws GgufException {
            @Nullable Object value = metadata.containsKey(name(key)) ? metadata.get(name(key)) : absent;
            if (value instanceof Float number && number >= least && number <= most) return number;
            throw wrong(key, shown(value) + ", must be a float32 from " + least + " to " + most);
        }

        GgufException wrong(String key, String problem) throws GgufException {
            return new GgufException(path, name(key), problem);
        }

        private String name(String key) throws GgufException {
            return architecture() + "." + key;
        }

        private static String shown(@Nullable Object value) {
            return value == null ? "is missing" : value instanceof Number ? value.toString() : "not a number";
        }
    }
}
