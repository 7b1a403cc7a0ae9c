package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// The weights of an encoder, read-only and shared by all threads. Names and shapes are llama.cpp's;
/// shapes below are [rows, columns].
///
/// @param tokens `token_embd.weight` [vocabulary, hidden]
/// @param tokenTypes the rows of `token_types.weight` [tokenTypes, hidden] that tokens have: the first, and for a
///     reranker with a separator the second; none without token types
/// @param positions `position_embd.weight` [contextLength, hidden]
/// @param embeddingNorm `token_embd_norm`
/// @param head the classifier of a reranker, else null
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared, never written
record EncoderWeights(
        Matrix tokens,
        List<float[]> tokenTypes,
        Matrix positions,
        Norm embeddingNorm,
        List<Layer> layers,
        @Nullable Head head) {
    /// A layer normalisation, `….weight` and `….bias` [hidden].
    @SuppressWarnings("ArrayRecordComponent")
    record Norm(float[] weight, float[] bias) {}

    /// An affine map, `….weight` [rows, columns] and `….bias` [rows].
    @SuppressWarnings("ArrayRecordComponent")
    record Affine(Matrix weight, float[] bias) {}

    /// One transformer block, `blk.<i>.…` in a file.
    ///
    /// @param query `attn_q`, as `attn_k`, `attn_v` and `attn_output` [hidden, hidden]
    /// @param attentionNorm `attn_output_norm`, after attention and residual
    /// @param up `ffn_up` [feedForward, hidden]
    /// @param down `ffn_down` [hidden, feedForward]
    /// @param outputNorm `layer_output_norm`, after the feed-forward layer and residual
    record Layer(
            Affine query,
            Affine key,
            Affine value,
            Affine attentionOutput,
            Norm attentionNorm,
            Affine up,
            Affine down,
            Norm outputNorm) {}

    /// What makes a score of the first token's vector: score = out · tanh(dense · x).
    ///
    /// @param dense `cls` [hidden, hidden], null where the score comes from the vector itself
    /// @param out `cls.output` [1, hidden]
    record Head(@Nullable Affine dense, Affine out) {}

    /// The weights of `file`, each with the shape that `config` asks for.
    ///
    /// @throws GgufException naming the tensor that is missing, unknown or of another shape
    static EncoderWeights of(GgufFile file, EncoderConfig config) throws GgufException {
        var tensors = new Tensors(file);
        int hidden = config.hidden();
        Matrix tokens = tensors.matrix("token_embd.weight", config.vocabulary(), hidden);
        var tokenTypes = new ArrayList<float[]>();
        if (config.tokenTypes() > 0) {
            Matrix rows = tensors.matrix("token_types.weight", config.tokenTypes(), hidden);
            for (int type = 0; type < (config.separator() < 0 ? 1 : 2); type++) {
                float[] row = new float[hidden];
                rows.row(type, row, 0);
                tokenTypes.add(row);
            }
        }
        Matrix positions = tensors.matrix("position_embd.weight", config.contextLength(), hidden);
        var layers = new ArrayList<Layer>(config.layers());
        for (int i = 0; i < config.layers(); i++) layers.add(layer(tensors, "blk." + i + ".", config));
        var weights = new EncoderWeights(
                tokens,
                List.copyOf(tokenTypes),
                positions,
                norm(tensors, "token_embd_norm", hidden),
                List.copyOf(layers),
                config.pooling() == Pooling.RANK ? head(tensors, hidden) : null);
        tensors.refuseUnread();
        return weights;
    }

    private static Layer layer(Tensors tensors, String prefix, EncoderConfig config) throws GgufException {
        int hidden = config.hidden();
        return new Layer(
                affine(tensors, prefix + "attn_q", hidden, hidden),
                affine(tensors, prefix + "attn_k", hidden, hidden),
                affine(tensors, prefix + "attn_v", hidden, hidden),
                affine(tensors, prefix + "attn_output", hidden, hidden),
                norm(tensors, prefix + "attn_output_norm", hidden),
                affine(tensors, prefix + "ffn_up", config.feedForward(), hidden),
                affine(tensors, prefix + "ffn_down", hidden, config.feedForward()),
                norm(tensors, prefix + "layer_output_norm", hidden));
    }

    private static Head head(Tensors tensors, int hidden) throws GgufException {
        return new Head(
                tensors.has("cls.weight") ? affine(tensors, "cls", hidden, hidden) : null,
                affine(tensors, "cls.output", 1, hidden));
    }

    private static Affine affine(Tensors tensors, String name, int rows, int columns) throws GgufException {
        return new Affine(tensors.matrix(name + ".weight", rows, columns), tensors.vector(name + ".bias", rows));
    }

    private static Norm norm(Tensors tensors, String name, int count) throws GgufException {
        return new Norm(tensors.vector(name + ".weight", count), tensors.vector(name + ".bias", count));
    }
}
