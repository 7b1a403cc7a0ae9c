package org.diwan.engine.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.safetensors.SafetensorsBytes;

/// The inverse of [Conversion] for encoders, from the documentation of each side: a GGUF model as a folder of
/// `transformers` with the files of `sentence-transformers`.
final class EncoderFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> BLOCK = Map.of(
            "attn_q", "attention.self.query",
            "attn_k", "attention.self.key",
            "attn_v", "attention.self.value",
            "attn_output", "attention.output.dense",
            "attn_output_norm", "attention.output.LayerNorm",
            "ffn_up", "intermediate.dense",
            "ffn_down", "output.dense",
            "layer_output_norm", "output.LayerNorm");

    private EncoderFolder() {}

    /// Writes `file` to `folder` and returns it.
    ///
    /// @param roberta whether as XLM-RoBERTa, else as BERT with the old names of norms
    static Path write(Path folder, GgufFile file, boolean roberta) throws IOException {
        var metadata = file.metadata();
        long pooling = ((Number) Objects.requireNonNull(metadata.get("bert.pooling_type"))).longValue();
        boolean ranks = pooling == 4;
        Files.createDirectories(folder.resolve("1_Pooling"));
        var config = JSON.createObjectNode();
        config.putArray("architectures")
                .add((roberta ? "XLMRoberta" : "Bert") + (ranks ? "ForSequenceClassification" : "Model"));
        Map.of(
                        "num_hidden_layers", "bert.block_count",
                        "hidden_size", "bert.embedding_length",
                        "intermediate_size", "bert.feed_forward_length",
                        "num_attention_heads", "bert.attention.head_count",
                        "type_vocab_size", "tokenizer.ggml.token_type_count")
                .forEach((field, key) -> config.put(field, number(file, key)));
        long positions = number(file, "bert.context_length") + (roberta ? 2 : 0);
        config.put("max_position_embeddings", positions)
                .put("layer_norm_eps", (Float) metadata.get("bert.attention.layer_norm_epsilon"))
                .put("hidden_act", "gelu")
                .put("pad_token_id", roberta ? 1 : 0)
                .put("vocab_size", file.tensor("token_embd.weight").shape()[1]);
        if (ranks) config.putObject("id2label").put("0", "LABEL_0");
        Files.writeString(folder.resolve("config.json"), config.toString());
        Files.writeString(folder.resolve("modules.json"), """
                [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]""");
        Files.writeString(
                folder.resolve("1_Pooling/config.json"),
                JSON.createObjectNode()
                        .put("word_embedding_dimension", 256)
                        .put("pooling_mode_cls_token", pooling == 2)
                        .put("pooling_mode_mean_tokens", pooling == 1)
                        .put("pooling_mode_max_tokens", false)
                        .toString());
        var bytes = new SafetensorsBytes((int) file.size() + 65_536);
        for (TensorInfo tensor : file.tensors()) add(bytes, file, tensor, roberta, ranks);
        // What a folder holds besides, and no encoder needs.
        bytes.add("embeddings.position_ids", "I64", new long[] {1, 4}, new byte[32]);
        bytes.add("cls.predictions.bias", "F32", new long[] {2}, new byte[8]);
        if (!ranks) bytes.add("pooler.dense.bias", "F32", new long[] {2}, new byte[8]);
        bytes.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static void add(SafetensorsBytes out, GgufFile file, TensorInfo tensor, boolean roberta, boolean ranks) {
        byte[] bytes = file.data(tensor).toArray(ValueLayout.JAVA_BYTE);
        long[] shape = tensor.shape();
        long[] reversed = shape.length == 1 ? shape : new long[] {shape[1], shape[0]};
        if (roberta && tensor.name().equals("position_embd.weight")) {
            // Rows of the tokens before the first position: of no use, and not zero.
            int more = (int) (2 * shape[0] * Float.BYTES);
            byte[] longer = new byte[bytes.length + more];
            java.util.Arrays.fill(longer, 0, more, (byte) 0x41);
            System.arraycopy(bytes, 0, longer, more, bytes.length);
            bytes = longer;
            reversed[0] += 2;
        }
        out.add(name(tensor.name(), roberta, ranks), tensor.type().name(), reversed, bytes);
    }

    private static String name(String gguf, boolean roberta, boolean ranks) {
        String prefix = ranks ? roberta ? "roberta." : "bert." : "";
        int dot = gguf.lastIndexOf('.');
        String end = gguf.substring(dot);
        String name =
                switch (gguf.substring(0, dot)) {
                    case "token_embd" -> "embeddings.word_embeddings";
                    case "position_embd" -> "embeddings.position_embeddings";
                    case "token_types" -> "embeddings.token_type_embeddings";
                    case "token_embd_norm" -> "embeddings.LayerNorm";
                    case "cls" -> roberta ? "classifier.dense" : "pooler.dense";
                    case "cls.output" -> roberta ? "classifier.out_proj" : "classifier";
                    default -> {
                        String[] words = gguf.split("\\.", 4);
                        yield "encoder.layer." + words[1] + "." + Objects.requireNonNull(BLOCK.get(words[2]), gguf);
                    }
                };
        if (!roberta && name.endsWith("LayerNorm")) end = end.equals(".weight") ? ".gamma" : ".beta";
        return (name.startsWith("classifier") ? "" : prefix) + name + end;
    }

    private static long number(GgufFile file, String key) {
        return ((Number) Objects.requireNonNull(file.metadata().get(key), key)).longValue();
    }
}
