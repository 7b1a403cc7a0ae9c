package org.diwan.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;

/// Writes encoders whose weights are noise, as [RandomModel] writes decoders.
public final class RandomEncoder {
    private RandomEncoder() {}

    /// Writes an encoder to `file`, its matrices all of `type`, norms and biases F32. The same
    /// arguments give the same bytes.
    ///
    /// @throws IllegalArgumentException when the widths of `shape` are not whole blocks of `type`
    public static void write(Path file, EncoderShape shape, TensorType type, long seed) throws IOException {
        var model = new RandomModel(type, seed);
        metadata(model.writer, shape, type, seed);
        int vocabulary = EncoderVocabulary.write(model.writer, shape.unigram());
        weights(model, shape, vocabulary);
        model.writer.write(file);
    }

    private static void metadata(GgufWriter writer, EncoderShape shape, TensorType type, long seed) {
        writer.string("general.architecture", "bert")
                .string("general.name", "random bert " + type + " seed " + seed)
                .uint32("bert.block_count", shape.layers())
                .uint32("bert.context_length", shape.contextLength())
                .uint32("bert.embedding_length", shape.hidden())
                .uint32("bert.feed_forward_length", shape.feedForward())
                .uint32("bert.attention.head_count", shape.heads())
                .float32("bert.attention.layer_norm_epsilon", 1e-5f)
                .bool("bert.attention.causal", false)
                .uint32("bert.pooling_type", shape.pooling().id)
                .uint32("tokenizer.ggml.token_type_count", shape.tokenTypes());
        if (shape.pooling() == Pooling.RANK) writer.strings("bert.classifier.output_labels", List.of("LABEL_0"));
    }

    private static void weights(RandomModel model, EncoderShape shape, int vocabulary) {
        int hidden = shape.hidden();
        model.matrix("token_embd.weight", vocabulary, hidden);
        // Added, not multiplied with: llama.cpp's converter leaves them F32, and its engine needs that.
        model.matrix("token_types.weight", TensorType.F32, shape.tokenTypes(), hidden);
        model.matrix("position_embd.weight", TensorType.F32, shape.contextLength(), hidden);
        norm(model, "token_embd_norm", hidden);
        for (int i = 0; i < shape.layers(); i++) {
            String prefix = "blk." + i + ".";
            affine(model, prefix + "attn_q", hidden, hidden);
            affine(model, prefix + "attn_k", hidden, hidden);
            affine(model, prefix + "attn_v", hidden, hidden);
            affine(model, prefix + "attn_output", hidden, hidden);
            norm(model, prefix + "attn_output_norm", hidden);
            affine(model, prefix + "ffn_up", shape.feedForward(), hidden);
            affine(model, prefix + "ffn_down", hidden, shape.feedForward());
            norm(model, prefix + "layer_output_norm", hidden);
        }
        if (shape.pooling() == Pooling.RANK) {
            affine(model, "cls", hidden, hidden);
            affine(model, "cls.output", 1, hidden);
        }
    }

    private static void affine(RandomModel model, String name, int rows, int columns) {
        model.matrix(name + ".weight", rows, columns);
        model.vector(name + ".bias", rows, 0);
    }

    private static void norm(RandomModel model, String name, int count) {
        model.vector(name + ".weight", count);
        model.vector(name + ".bias", count, 0);
    }
}
