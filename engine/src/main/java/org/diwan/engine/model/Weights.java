package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// The groups of weights that architectures share, read-only and shared by all threads. Names and
/// shapes are llama.cpp's; shapes below are [rows, columns]. What only one architecture has lies in
/// its own [Forward].
final class Weights {
    private Weights() {}

    /// Where a model begins and ends.
    ///
    /// @param embedding `token_embd.weight` [vocabulary, hidden]
    /// @param norm `output_norm.weight` [hidden]
    /// @param output `output.weight` [vocabulary, hidden]; the embedding where the file has none (tied)
    @SuppressWarnings("ArrayRecordComponent") // package-private, never compared, never written
    record Ends(Matrix embedding, float[] norm, Matrix output) {
        static Ends of(Tensors tensors, ModelConfig config) throws GgufException {
            Matrix embedding = tensors.matrix("token_embd.weight", config.vocabulary(), config.hidden());
            return new Ends(
                    embedding,
                    tensors.vector("output_norm.weight", config.hidden()),
                    tensors.has("output.weight")
                            ? tensors.matrix("output.weight", config.vocabulary(), config.hidden())
                            : embedding);
        }
    }

    /// The matrices of one attention layer.
    ///
    /// @param query `attn_q.weight` [heads · headSize, hidden]
    /// @param key `attn_k.weight` [kvHeads · headSize, hidden]
    /// @param value `attn_v.weight` [kvHeads · headSize, hidden]
    /// @param output `attn_output.weight` [hidden, heads · headSize]
    record Attention(Matrix query, Matrix key, Matrix value, Matrix output) {
        /// @param prefix of the block, `blk.<i>.`
        static Attention of(Tensors tensors, String prefix, ModelConfig config) throws GgufException {
            return new Attention(
                    tensors.matrix(prefix + "attn_q.weight", config.queryWidth(), config.hidden()),
                    tensors.matrix(prefix + "attn_k.weight", config.keyWidth(), config.hidden()),
                    tensors.matrix(prefix + "attn_v.weight", config.keyWidth(), config.hidden()),
                    tensors.matrix(prefix + "attn_output.weight", config.hidden(), config.queryWidth()));
        }
    }

    /// The scales of normalised heads (QK-Norm, Dehghani et al. 2023, §2).
    ///
    /// @param query `attn_q_norm.weight` [headSize]
    /// @param key `attn_k_norm.weight` [headSize]
    @SuppressWarnings("ArrayRecordComponent") // package-private, never compared, never written
    record HeadNorms(float[] query, float[] key) {
        static HeadNorms of(Tensors tensors, String prefix, ModelConfig config) throws GgufException {
            return new HeadNorms(
                    tensors.vector(prefix + "attn_q_norm.weight", config.headSize()),
                    tensors.vector(prefix + "attn_k_norm.weight", config.headSize()));
        }
    }

    /// The matrices of one gated feed-forward layer (Shazeer 2020, "GLU Variants Improve Transformer").
    ///
    /// @param gate `ffn_gate.weight` [feedForward, hidden]
    /// @param up `ffn_up.weight` [feedForward, hidden]
    /// @param down `ffn_down.weight` [hidden, feedForward]
    record Gated(Matrix gate, Matrix up, Matrix down) {
        static Gated of(Tensors tensors, String prefix, ModelConfig config) throws GgufException {
            return new Gated(
                    tensors.matrix(prefix + "ffn_gate.weight", config.feedForward(), config.hidden()),
                    tensors.matrix(prefix + "ffn_up.weight", config.feedForward(), config.hidden()),
                    tensors.matrix(prefix + "ffn_down.weight", config.hidden(), config.feedForward()));
        }

        /// The experts of one layer, which lie behind each other in `ffn_gate_exps.weight`,
        /// `ffn_up_exps.weight` and `ffn_down_exps.weight`.
        static List<Gated> experts(Tensors tensors, String prefix, ModelConfig config, int count) throws GgufException {
            int width = config.feedForward();
            int hidden = config.hidden();
            List<Matrix> gates = tensors.matrices(prefix + "ffn_gate_exps.weight", count, width, hidden);
            List<Matrix> ups = tensors.matrices(prefix + "ffn_up_exps.weight", count, width, hidden);
            List<Matrix> downs = tensors.matrices(prefix + "ffn_down_exps.weight", count, hidden, width);
            var experts = new ArrayList<Gated>(count);
            for (int i = 0; i < count; i++) experts.add(new Gated(gates.get(i), ups.get(i), downs.get(i)));
            return List.copyOf(experts);
        }
    }

    /// One layer of the architecture that is being read.
    @FunctionalInterface
    interface LayerReader<L> {
        L read(String prefix, int index) throws GgufException;
    }

    /// Every layer of a model, in order.
    static <L> List<L> layers(ModelConfig config, LayerReader<L> reader) throws GgufException {
        var layers = new ArrayList<L>(config.layers());
        for (int i = 0; i < config.layers(); i++) layers.add(reader.read("blk." + i + ".", i));
        return List.copyOf(layers);
    }

    /// `rope_freqs.weight`: one divisor per rotary pair, or null where the file has none.
    static float @Nullable [] ropeFactors(Tensors tensors, ModelConfig config) throws GgufException {
        if (!tensors.has("rope_freqs.weight")) return null;
        float[] factors = tensors.vector("rope_freqs.weight", config.ropeDimensions() / 2);
        for (float factor : factors) {
            if (!(factor > 0 && Float.isFinite(factor))) {
                throw new GgufException(tensors.path(), "rope_freqs.weight", factor + ", must be above 0");
            }
        }
        return factors;
    }
}
