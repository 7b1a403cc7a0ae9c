package org.diwan.engine.model;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.Rope;
import org.jspecify.annotations.Nullable;

/// The numbers that fix the shape of a model, from the metadata of its file.
///
/// @param family the architecture, with what only it has
/// @param layers transformer blocks
/// @param hidden width of the residual stream
/// @param feedForward width of the feed-forward layer, or of one expert
/// @param heads query heads
/// @param kvHeads key-value heads; each serves `heads / kvHeads` query heads
/// @param headSize elements of a head; `heads * headSize` may differ from `hidden`
/// @param vocabulary tokens
/// @param contextLength positions a sequence may have
/// @param ropeBase θ of the rotary embedding
/// @param ropeStretch by which positions are divided before they turn a head, 1 for none; `gemma3`
///     does so in the layers that do not slide
/// @param ropeDimensions elements of a head that turn, from its start
/// @param epsilon added to the mean square in every normalisation
public record ModelConfig(
        Family family,
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int kvHeads,
        int headSize,
        int vocabulary,
        int contextLength,
        float ropeBase,
        float ropeStretch,
        int ropeDimensions,
        float epsilon) {
    private static final String EPSILON = "attention.layer_norm_epsilon";
    private static final String RMS_EPSILON = "attention.layer_norm_rms_epsilon";

    /// The largest dense models have about 130.
    public static final int MAX_LAYERS = 1_024;

    /// Elements of one row anywhere in the model; the largest dense models have about 54,000.
    public static final int MAX_WIDTH = 1 << 20;

    /// Tokens; the largest vocabularies have about 262,000.
    public static final int MAX_VOCABULARY = 1 << 22;

    /// Positions; the longest contexts offered are about 10 million, far beyond dense attention.
    public static final int MAX_CONTEXT = 1 << 24;

    /// Experts of a layer; the largest mixtures have 512.
    public static final int MAX_EXPERTS = 4_096;

    /// Keys `<architecture>.…` that are read for every family. A file with any key that is neither
    /// here, nor among those of its family, nor below is refused: it asks for arithmetic that is not
    /// done here.
    private static final Set<String> SHARED = Set.of(
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
            "attention.layer_norm_epsilon",
            "attention.causal",
            "rope.dimension_count",
            "rope.freq_base",
            "rope.scale_linear",
            "rope.scaling.type",
            "rope.scaling.factor",
            "rope.scaling.attn_factor",
            "expert_count",
            "expert_used_count");

    /// Keys that describe a model and change no logit:
    ///
    /// - `rope.scaling.original_context_length`: only YaRN computes with it, and YaRN is refused
    /// - `rope.scaling.finetuned`: whether training saw the stretched positions
    /// - `tensor_data_layout`: whose file this one was converted from
    /// - `pooling_type`: how a text's embedding is taken from the last layer
    private static final Set<String> DESCRIPTIVE = Set.of(
            "rope.scaling.original_context_length", "rope.scaling.finetuned", "tensor_data_layout", "pooling_type");

    /// The configuration that `metadata` states.
    ///
    /// @param path of the file, for error messages
    /// @param vocabulary rows of the embedding matrix
    /// @throws GgufException naming the key, when one is missing, unknown, of the wrong type or out
    ///     of range
    static ModelConfig from(Path path, Map<String, Object> metadata, int vocabulary) throws GgufException {
        var keys = new Keys(path, metadata, FamilyKeys.ARCHITECTURES);
        refuseUnknown(keys);
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
        int layers = keys.integer("block_count", 1, MAX_LAYERS);
        Family family = new FamilyKeys(keys, layers, hidden, heads, headSize).read();
        return new ModelConfig(
                family,
                layers,
                hidden,
                feedForward(keys, family),
                heads,
                kvHeads,
                headSize,
                vocabulary,
                keys.integer("context_length", 1, MAX_CONTEXT),
                keys.real("rope.freq_base", 10_000f, 1f, 1e12f),
                ropeStretch(keys),
                ropeDimensions,
                keys.real(epsilonKey(family), null, 0f, 1f));
    }

    private static void refuseUnknown(Keys keys) throws GgufException {
        String architecture = keys.architecture();
        var known = new HashSet<>(SHARED);
        known.addAll(FamilyKeys.known(architecture));
        known.addAll(DESCRIPTIVE);
        known.remove(architecture.equals("cohere2") ? RMS_EPSILON : EPSILON);
        keys.refuseAllBut(known);
        keys.expect("attention.causal", true);
        keys.expect("rope.scaling.attn_factor", 1f);
        if (!architecture.equals("qwen3moe")) {
            keys.integer("expert_count", 0, 0, 0);
            keys.integer("expert_used_count", 0, 0, 0);
        }
    }

    /// With a mixture of experts the width of one; older files state that of all used together.
    private static int feedForward(Keys keys, Family family) throws GgufException {
        if (!(family instanceof Family.Qwen3Moe moe)) return keys.integer("feed_forward_length", 1, MAX_WIDTH);
        if (keys.has("expert_feed_forward_length")) return keys.integer("expert_feed_forward_length", 1, MAX_WIDTH);
        return Math.max(1, keys.integer("feed_forward_length", 1, MAX_WIDTH) / moe.used());
    }

    /// A factor without a type is linear; `scale_linear` is its older name.
    private static float ropeStretch(Keys keys) throws GgufException {
        @Nullable Object type = keys.value("rope.scaling.type");
        if (type != null && !type.equals("none") && !type.equals("linear")) {
            throw keys.wrong("rope.scaling.type", type + ", only none and linear are computed");
        }
        String key = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
        float factor = keys.real(key, 1f, 0f, 1e6f);
        return "none".equals(type) || factor == 0 ? 1 : factor;
    }

    /// Layer normalisation and its root-mean-square form have a key each.
    static String epsilonKey(Family family) {
        return family instanceof Family.Cohere2 ? EPSILON : RMS_EPSILON;
    }

    /// As `general.architecture` calls it.
    public String architecture() {
        return family.architecture();
    }

    /// The rotary embedding of the model, for layers that have no other.
    ///
    /// @param factors by which each frequency is divided, or null
    Rope rope(Rope.Pairing pairing, float @Nullable [] factors) {
        return new Rope(pairing, ropeDimensions, ropeBase, ropeStretch, factors, contextLength);
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
