package org.diwan.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.tensor.Quantizer;
import org.jspecify.annotations.Nullable;

/// Turns karpathy/llama2.c's stories260K (`run.c`: `Config`, `memory_map_weights`, `build_tokenizer`)
/// into a GGUF file. Its rotary pairs are adjacent, as in GGUF's `llama`, so no row is permuted.
final class StoriesConverter {
    private StoriesConverter() {}

    /// Where the model lies, or null where there is no `DIWAN_DATA`.
    static @Nullable Path folder() {
        String data = System.getenv("DIWAN_DATA");
        Path folder = data == null ? null : Path.of(data, "models/stories260K");
        return folder != null && Files.exists(folder.resolve("stories260K.bin")) ? folder : null;
    }

    /// Writes `gguf`, and returns the text of every token.
    static String[] convert(Path folder, Path gguf) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("stories260K.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int hidden = bytes.getInt();
        int feedForward = bytes.getInt();
        int layers = bytes.getInt();
        int heads = bytes.getInt();
        int kvHeads = bytes.getInt();
        int vocabulary = bytes.getInt();
        int context = bytes.getInt();
        int keys = hidden / heads * kvHeads;
        String[] pieces = new String[vocabulary];
        var writer = new GgufWriter()
                .string("general.architecture", "llama")
                .uint32("llama.block_count", layers)
                .uint32("llama.context_length", context)
                .uint32("llama.embedding_length", hidden)
                .uint32("llama.feed_forward_length", feedForward)
                .uint32("llama.attention.head_count", heads)
                .uint32("llama.attention.head_count_kv", kvHeads)
                .uint32("llama.rope.dimension_count", hidden / heads)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        vocabulary(folder, writer, pieces);

        FloatBuffer in = bytes.asFloatBuffer();
        tensor(writer, in, "token_embd.weight", hidden, vocabulary);
        perLayer(writer, in, "attn_norm", layers, hidden);
        perLayer(writer, in, "attn_q", layers, hidden, hidden);
        perLayer(writer, in, "attn_k", layers, hidden, keys);
        perLayer(writer, in, "attn_v", layers, hidden, keys);
        perLayer(writer, in, "attn_output", layers, hidden, hidden);
        perLayer(writer, in, "ffn_norm", layers, hidden);
        perLayer(writer, in, "ffn_gate", layers, hidden, feedForward);
        perLayer(writer, in, "ffn_down", layers, feedForward, hidden);
        perLayer(writer, in, "ffn_up", layers, hidden, feedForward);
        tensor(writer, in, "output_norm.weight", hidden);
        writer.write(gguf);
        return pieces;
    }

    private static void vocabulary(Path folder, GgufWriter writer, String[] pieces) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("tok512.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        in.getInt(); // the longest piece, for which run.c allocates a buffer
        float[] scores = new float[pieces.length];
        int[] types = new int[pieces.length];
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < pieces.length; i++) {
            scores[i] = in.getFloat();
            byte[] piece = new byte[in.getInt()];
            in.get(piece);
            pieces[i] = new String(piece, StandardCharsets.UTF_8);
            tokens.add(i == 0 ? "<unk>" : i == 1 ? "<s>" : i == 2 ? "</s>" : pieces[i].replace(' ', '\u2581'));
            if (pieces[i].matches("<0x..>")) {
                pieces[i] = Character.toString(Integer.parseInt(pieces[i].substring(3, 5), 16));
            }
            types[i] = i == 0 ? 2 : i < 3 ? 3 : i < 3 + 256 ? 6 : 1;
        }
        writer.string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", tokens)
                .float32s("tokenizer.ggml.scores", scores)
                .int32s("tokenizer.ggml.token_type", types)
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 2);
    }

    private static void perLayer(GgufWriter writer, FloatBuffer in, String name, int layers, long... shape) {
        for (int i = 0; i < layers; i++) tensor(writer, in, "blk." + i + "." + name + ".weight", shape);
    }

    private static void tensor(GgufWriter writer, FloatBuffer in, String name, long... shape) {
        float[] values = new float[(int) (shape.length == 1 ? shape[0] : shape[0] * shape[1])];
        in.get(values);
        writer.tensor(
                name,
                TensorType.F32,
                shape,
                out -> Quantizer.quantize(TensorType.F32, values, 0, values.length, out, 0));
    }
}
