package org.diwan.foundry.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.tensor.Quantizer;
import org.diwan.foundry.tokenizer.ChatFormat;
import org.diwan.foundry.tokenizer.LearntTokens;
import org.diwan.foundry.train.Checkpoint;
import org.diwan.foundry.train.ModelShape;
import org.diwan.foundry.train.Safetensors;

/// Writes a trained model as one GGUF file that the engine, llama.cpp and others run: architecture
/// `qwen3` with tied embedding (there is no `output.weight`), the vocabulary, and the chat template.
public final class GgufRelease {
    // GGUF's `tokenizer.ggml.token_type`.
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    // GGUF's `general.file_type`: what most matrices are.
    private static final int MOSTLY_F32 = 0;
    private static final int MOSTLY_Q8_0 = 7;

    private GgufRelease() {}

    /// What the file says about itself.
    ///
    /// @param languages ISO 639-1 codes
    public record Card(String name, String description, String licence, List<String> languages) {}

    /// `file` holds the model afterwards: matrices as `type`, norms as F32.
    ///
    /// @param type F32 or Q8_0
    public static void write(Path file, Card card, Checkpoint checkpoint, LearntTokens learnt, TensorType type)
            throws IOException {
        var writer = new GgufWriter();
        describe(writer, card, checkpoint.shape(), type);
        vocabulary(writer, learnt);
        for (var array : checkpoint.weights()) {
            boolean matrix = array.shape().length == 2;
            TensorType stored = matrix ? type : TensorType.F32;
            writer.tensor(
                    array.name(),
                    stored,
                    reversed(array),
                    out -> Quantizer.quantize(stored, array.values(), 0, array.values().length, out, 0));
        }
        writer.write(file);
    }

    private static void describe(GgufWriter writer, Card card, ModelShape shape, TensorType type) {
        writer.string("general.architecture", "qwen3")
                .string("general.type", "model")
                .string("general.name", card.name())
                .string("general.description", card.description())
                .string("general.license", card.licence())
                .strings("general.languages", card.languages())
                // What a server takes where the client says nothing. A small model drawn from freely
                // wanders off within a sentence.
                .float32("general.sampling.temp", 0.7f)
                .int32("general.sampling.top_k", 40)
                .float32("general.sampling.top_p", 0.95f)
                .float32("general.sampling.penalty_repeat", 1.1f)
                .uint32("general.quantization_version", 2)
                .uint32("general.file_type", type == TensorType.F32 ? MOSTLY_F32 : MOSTLY_Q8_0)
                .uint32("qwen3.block_count", shape.layers())
                .uint32("qwen3.context_length", shape.context())
                .uint32("qwen3.embedding_length", shape.hidden())
                .uint32("qwen3.feed_forward_length", shape.feedForward())
                .uint32("qwen3.attention.head_count", shape.heads())
                .uint32("qwen3.attention.head_count_kv", shape.heads())
                .uint32("qwen3.attention.key_length", shape.headSize())
                .uint32("qwen3.attention.value_length", shape.headSize())
                .float32("qwen3.rope.freq_base", ModelShape.ROPE_BASE)
                .float32("qwen3.attention.layer_norm_rms_epsilon", ModelShape.EPSILON);
    }

    private static void vocabulary(GgufWriter writer, LearntTokens learnt) {
        List<String> tokens = learnt.vocabulary();
        int[] types = new int[tokens.size()];
        Arrays.fill(types, NORMAL);
        for (String control : LearntTokens.CONTROL) types[learnt.control(control)] = CONTROL;
        writer.string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", LearntTokens.PRE_TOKENIZER.ggufName)
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", types)
                .strings("tokenizer.ggml.merges", learnt.merges())
                .uint32("tokenizer.ggml.bos_token_id", learnt.control(LearntTokens.END_OF_TEXT))
                .uint32("tokenizer.ggml.eos_token_id", learnt.control(LearntTokens.TURN_END))
                .uint32("tokenizer.ggml.eot_token_id", learnt.control(LearntTokens.TURN_END))
                .uint32("tokenizer.ggml.padding_token_id", learnt.control(LearntTokens.END_OF_TEXT))
                .bool("tokenizer.ggml.add_bos_token", false)
                .string("tokenizer.chat_template", ChatFormat.TEMPLATE);
    }

    /// GGUF names the contiguous dimension first, safetensors last.
    private static long[] reversed(Safetensors.Array array) {
        long[] shape = array.shape();
        return shape.length == 2 ? new long[] {shape[1], shape[0]} : shape.clone();
    }
}
