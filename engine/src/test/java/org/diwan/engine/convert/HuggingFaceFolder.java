package org.diwan.engine.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.safetensors.SafetensorsBytes;

/// The inverse of [Conversion], from the documentation of each side: a GGUF model as a Hugging Face folder.
final class HuggingFaceFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// One tensor as Hugging Face has it.
    @SuppressWarnings("ArrayRecordComponent") // of a test
    private record Part(String name, TensorType type, long[] shape, byte[] bytes) {}

    private final GgufFile file;
    private final String architecture;

    private HuggingFaceFolder(GgufFile file) {
        this.file = file;
        this.architecture = (String) value("general.architecture");
    }

    /// Writes `file` to `folder` in `count` safetensors files; returns the folder.
    static Path write(Path folder, GgufFile file, int count) throws IOException {
        var source = new HuggingFaceFolder(file);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), source.config().toPrettyString());
        var parts = new ArrayList<Part>();
        for (TensorInfo tensor : file.tensors()) parts.addAll(source.parts(tensor));
        if (architectureHasActivations(source)) parts.addAll(source.activations());
        var index = JSON.createObjectNode();
        for (int shard = 0; shard < count; shard++) {
            String name = count == 1 ? "model.safetensors" : "model-0000" + shard + ".safetensors";
            var bytes = new SafetensorsBytes((int) file.size());
            for (int i = shard; i < parts.size(); i += count) {
                Part part = parts.get(i);
                bytes.add(part.name, part.type.name(), part.shape, part.bytes);
                index.withObject("/weight_map").put(part.name, name);
            }
            bytes.write(folder.resolve(name));
        }
        if (count > 1) Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
        return folder;
    }

    private static boolean architectureHasActivations(HuggingFaceFolder folder) {
        return folder.architecture.equals("apertus");
    }

    private ObjectNode config() {
        var config = JSON.createObjectNode();
        String className =
                switch (architecture) {
                    case "llama" -> "Llama";
                    case "qwen2" -> "Qwen2";
                    case "qwen3" -> "Qwen3";
                    case "qwen3moe" -> "Qwen3Moe";
                    case "gemma2" -> "Gemma2";
                    case "gemma3" -> "Gemma3";
                    case "cohere2" -> "Cohere2";
                    case "apertus" -> "Apertus";
                    default -> throw new IllegalArgumentException(architecture);
                };
        config.putArray("architectures").add(className + "ForCausalLM");
        config.put("num_hidden_layers", integer("block_count"))
                .put("max_position_embeddings", integer("context_length"))
                .put("hidden_size", integer("embedding_length"))
                .put("intermediate_size", integer("feed_forward_length"))
                .put("num_attention_heads", integer("attention.head_count"))
                .put("num_key_value_heads", integer("attention.head_count_kv"))
                .put("head_dim", integer("attention.key_length"))
                .put("vocab_size", integer("vocab_size"))
                .put("rope_theta", real("rope.freq_base"))
                .put("tie_word_embeddings", !file.has("output.weight"));
        if (architecture.equals("cohere2")) config.put("layer_norm_eps", real("attention.layer_norm_epsilon"));
        else config.put("rms_norm_eps", real("attention.layer_norm_rms_epsilon"));
        if (file.metadata().containsKey(architecture + ".rope.scaling.type")) {
            config.putObject("rope_scaling").put("rope_type", "linear").put("factor", real("rope.scaling.factor"));
        }
        if (file.has("rope_freqs.weight")) {
            config.putObject("rope_scaling")
                    .put("rope_type", "llama3")
                    .put("factor", 8.0)
                    .put("low_freq_factor", 1.0)
                    .put("high_freq_factor", 4.0)
                    .put("original_max_position_embeddings", 8192);
        }
        if (file.metadata().containsKey(architecture + ".attention.sliding_window")) {
            config.put("sliding_window", integer("attention.sliding_window"));
        }
        switch (architecture) {
            case "qwen3moe" ->
                config.put("num_experts", integer("expert_count"))
                        .put("num_experts_per_tok", integer("expert_used_count"))
                        .put("moe_intermediate_size", integer("expert_feed_forward_length"))
                        .put("norm_topk_prob", true);
            case "gemma2" ->
                config.put("attn_logit_softcapping", real("attn_logit_softcapping"))
                        .put("final_logit_softcapping", real("final_logit_softcapping"));
            case "cohere2" -> config.put("logit_scale", real("logit_scale"));
            default -> {}
        }
        return config;
    }

    private List<Part> parts(TensorInfo tensor) {
        String name = tensor.name();
        byte[] bytes = file.data(tensor).toArray(ValueLayout.JAVA_BYTE);
        long[] shape = tensor.shape();
        if (name.equals("rope_freqs.weight")) return List.of();
        if (name.contains("_exps.")) {
            var experts = new ArrayList<Part>();
            int size = (int) (bytes.length / shape[2]);
            for (int i = 0; i < shape[2]; i++) {
                experts.add(new Part(
                        name(name).replace("experts", "experts." + i),
                        tensor.type(),
                        new long[] {shape[1], shape[0]},
                        Arrays.copyOfRange(bytes, i * size, (i + 1) * size)));
            }
            return experts;
        }
        if (architecture.startsWith("gemma") && name.endsWith("norm.weight")) bytes = lessOne(bytes);
        long[] reversed = shape.length == 1 ? shape : new long[] {shape[1], shape[0]};
        if (architecture.equals("llama") && name.contains("attn_q.")) bytes = apart(bytes, "attention.head_count");
        if (architecture.equals("llama") && name.contains("attn_k.")) bytes = apart(bytes, "attention.head_count_kv");
        return List.of(new Part(name(name), tensor.type(), reversed, bytes));
    }

    /// Rows 2i and 2i + 1 of a head go to i and i + half.
    private byte[] apart(byte[] bytes, String heads) {
        int headSize = integer("attention.key_length");
        int rows = integer(heads) * headSize;
        int rowSize = bytes.length / rows;
        byte[] apart = new byte[bytes.length];
        for (int head = 0; head < rows; head += headSize) {
            for (int i = 0; i < headSize / 2; i++) {
                System.arraycopy(bytes, (head + 2 * i) * rowSize, apart, (head + i) * rowSize, rowSize);
                System.arraycopy(
                        bytes, (head + 2 * i + 1) * rowSize, apart, (head + i + headSize / 2) * rowSize, rowSize);
            }
        }
        return apart;
    }

    private static byte[] lessOne(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var out = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) out.putFloat(in.getFloat() - 1);
        return out.array();
    }

    private List<Part> activations() {
        var parts = new ArrayList<Part>();
        for (String name : List.of("alpha_p", "alpha_n", "beta", "eps")) {
            float[] values = (float[]) value("xielu." + name);
            for (int i = 0; i < values.length; i++) {
                byte[] bytes = ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(values[i])
                        .array();
                parts.add(new Part("model.layers." + i + ".mlp.act_fn." + name, TensorType.F32, new long[] {1}, bytes));
            }
        }
        return parts;
    }

    private String name(String gguf) {
        switch (gguf) {
            case "token_embd.weight" -> {
                return "model.embed_tokens.weight";
            }
            case "output_norm.weight" -> {
                return "model.norm.weight";
            }
            case "output.weight" -> {
                return "lm_head.weight";
            }
            default -> {}
        }
        String[] words = gguf.split("\\.", 4);
        boolean gemma = architecture.startsWith("gemma");
        boolean apertus = architecture.equals("apertus");
        var inner = Map.ofEntries(
                Map.entry("attn_q", "self_attn.q_proj"),
                Map.entry("attn_k", "self_attn.k_proj"),
                Map.entry("attn_v", "self_attn.v_proj"),
                Map.entry("attn_output", "self_attn.o_proj"),
                Map.entry("attn_q_norm", "self_attn.q_norm"),
                Map.entry("attn_k_norm", "self_attn.k_norm"),
                Map.entry("attn_norm", apertus ? "attention_layernorm" : "input_layernorm"),
                Map.entry(
                        "ffn_norm",
                        gemma
                                ? "pre_feedforward_layernorm"
                                : apertus ? "feedforward_layernorm" : "post_attention_layernorm"),
                Map.entry("post_attention_norm", "post_attention_layernorm"),
                Map.entry("post_ffw_norm", "post_feedforward_layernorm"),
                Map.entry("ffn_gate", "mlp.gate_proj"),
                Map.entry("ffn_up", "mlp.up_proj"),
                Map.entry("ffn_down", "mlp.down_proj"),
                Map.entry("ffn_gate_inp", "mlp.gate"),
                Map.entry("ffn_gate_exps", "mlp.experts.gate_proj"),
                Map.entry("ffn_up_exps", "mlp.experts.up_proj"),
                Map.entry("ffn_down_exps", "mlp.experts.down_proj"));
        return "model.layers." + words[1] + "." + Objects.requireNonNull(inner.get(words[2]), gguf) + "." + words[3];
    }

    private int integer(String key) {
        return ((Number) value(architecture + "." + key)).intValue();
    }

    private float real(String key) {
        return (Float) value(architecture + "." + key);
    }

    private Object value(String key) {
        return Objects.requireNonNull(file.metadata().get(key), key);
    }
}
