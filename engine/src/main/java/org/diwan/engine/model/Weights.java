package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// The weights of a model, read-only and shared by all threads. Names and shapes are llama.cpp's;
/// shapes below are [rows, columns].
///
/// @param embedding `token_embd.weight` [vocabulary, hidden]
/// @param outputNorm `output_norm.weight` [hidden]
/// @param output `output.weight` [vocabulary, hidden]; the embedding where the file has none (tied)
/// @param ropeFactors `rope_freqs.weight`, one divisor per rotary pair, or null (`llama` only)
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared, never written
record Weights(
        Matrix embedding, List<Layer> layers, float[] outputNorm, Matrix output, float @Nullable [] ropeFactors) {
    /// One transformer block, `blk.<i>.….weight` in a file.
    ///
    /// @param attentionNorm `attn_norm` [hidden]
    /// @param query `attn_q` [heads · headSize, hidden]
    /// @param key `attn_k` [kvHeads · headSize, hidden]
    /// @param value `attn_v` [kvHeads · headSize, hidden]
    /// @param queryNorm `attn_q_norm` [headSize], null for `llama`
    /// @param keyNorm `attn_k_norm` [headSize], null for `llama`
    /// @param attentionOutput `attn_output` [hidden, heads · headSize]
    /// @param feedForwardNorm `ffn_norm` [hidden]
    /// @param gate `ffn_gate` [feedForward, hidden]
    /// @param up `ffn_up` [feedForward, hidden]
    /// @param down `ffn_down` [hidden, feedForward]
    record Layer(
            float[] attentionNorm,
            Matrix query,
            Matrix key,
            Matrix value,
            float @Nullable [] queryNorm,
            float @Nullable [] keyNorm,
            Matrix attentionOutput,
            float[] feedForwardNorm,
            Matrix gate,
            Matrix up,
            Matrix down) {}

    /// The weights of `file`, each with the shape that `config` asks for.
    ///
    /// @throws GgufException naming the tensor that is missing, unknown or of another shape
    static Weights of(GgufFile file, ModelConfig config) throws GgufException {
        var tensors = new Tensors(file);
        boolean qwen = config.architecture().equals("qwen3");
        Matrix embedding = tensors.matrix("token_embd.weight", config.vocabulary(), config.hidden());
        var layers = new ArrayList<Layer>(config.layers());
        for (int i = 0; i < config.layers(); i++) layers.add(layer(tensors, "blk." + i + ".", config, qwen));
        boolean tied = !file.has("output.weight");
        var weights = new Weights(
                embedding,
                List.copyOf(layers),
                tensors.vector("output_norm.weight", config.hidden()),
                tied ? embedding : tensors.matrix("output.weight", config.vocabulary(), config.hidden()),
                file.has("rope_freqs.weight") && !qwen ? ropeFactors(tensors, config) : null);
        tensors.refuseUnread();
        return weights;
    }

    private static Layer layer(Tensors tensors, String prefix, ModelConfig config, boolean qwen) throws GgufException {
        int hidden = config.hidden();
        return new Layer(
                tensors.vector(prefix + "attn_norm.weight", hidden),
                tensors.matrix(prefix + "attn_q.weight", config.queryWidth(), hidden),
                tensors.matrix(prefix + "attn_k.weight", config.keyWidth(), hidden),
                tensors.matrix(prefix + "attn_v.weight", config.keyWidth(), hidden),
                qwen ? tensors.vector(prefix + "attn_q_norm.weight", config.headSize()) : null,
                qwen ? tensors.vector(prefix + "attn_k_norm.weight", config.headSize()) : null,
                tensors.matrix(prefix + "attn_output.weight", hidden, config.queryWidth()),
                tensors.vector(prefix + "ffn_norm.weight", hidden),
                tensors.matrix(prefix + "ffn_gate.weight", config.feedForward(), hidden),
                tensors.matrix(prefix + "ffn_up.weight", config.feedForward(), hidden),
                tensors.matrix(prefix + "ffn_down.weight", hidden, config.feedForward()));
    }

    private static float[] ropeFactors(Tensors tensors, ModelConfig config) throws GgufException {
        float[] factors = tensors.vector("rope_freqs.weight", config.ropeDimensions() / 2);
        for (float factor : factors) {
            if (!(factor > 0 && Float.isFinite(factor))) {
                throw new GgufException(tensors.path(), "rope_freqs.weight", factor + ", must be above 0");
            }
        }
        return factors;
    }
}
