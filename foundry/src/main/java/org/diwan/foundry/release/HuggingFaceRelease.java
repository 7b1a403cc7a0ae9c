package org.diwan.foundry.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.AtomicFile;
import org.diwan.foundry.tokenizer.ChatFormat;
import org.diwan.foundry.tokenizer.LearntTokens;
import org.diwan.foundry.train.Checkpoint;
import org.diwan.foundry.train.ModelShape;
import org.diwan.foundry.train.Safetensors;
import org.diwan.language.TokenizerJson;

/// Writes a trained model as a Hugging Face folder (`model.safetensors`, `config.json`,
/// `tokenizer.json`, `tokenizer_config.json`) that `Qwen3ForCausalLM` loads.
public final class HuggingFaceRelease {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HuggingFaceRelease() {}

    /// The four files are in `folder` afterwards.
    public static void write(Path folder, Checkpoint checkpoint, LearntTokens learnt) throws IOException {
        var arrays = new ArrayList<Safetensors.Array>();
        for (var array : checkpoint.weights())
            arrays.add(new Safetensors.Array(huggingFaceName(array.name()), array.shape(), array.values()));
        Safetensors.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), arrays);
        write(folder.resolve("config.json"), config(checkpoint.shape(), learnt));
        String tokenizer = TokenizerJson.write(learnt.tokenizer().vocabulary());
        AtomicFile.write(folder.resolve("tokenizer.json"), (tokenizer + "\n").getBytes(StandardCharsets.UTF_8));
        write(folder.resolve("tokenizer_config.json"), tokenizerConfig(checkpoint.shape()));
    }

    /// `blk.3.attn_q.weight` → `model.layers.3.self_attn.q_proj.weight`.
    static String huggingFaceName(String gguf) {
        if (gguf.equals("token_embd.weight")) return "model.embed_tokens.weight";
        if (gguf.equals("output_norm.weight")) return "model.norm.weight";
        int dot = gguf.indexOf('.', 4);
        String block = gguf.substring(4, dot); // after "blk."
        String inner =
                switch (gguf.substring(dot + 1, gguf.length() - ".weight".length())) {
                    case "attn_norm" -> "input_layernorm";
                    case "attn_q" -> "self_attn.q_proj";
                    case "attn_k" -> "self_attn.k_proj";
                    case "attn_v" -> "self_attn.v_proj";
                    case "attn_q_norm" -> "self_attn.q_norm";
                    case "attn_k_norm" -> "self_attn.k_norm";
                    case "attn_output" -> "self_attn.o_proj";
                    case "ffn_norm" -> "post_attention_layernorm";
                    case "ffn_gate" -> "mlp.gate_proj";
                    case "ffn_up" -> "mlp.up_proj";
                    case "ffn_down" -> "mlp.down_proj";
                    default -> throw new IllegalArgumentException("no Hugging Face name for " + gguf);
                };
        return "model.layers." + block + "." + inner + ".weight";
    }

    private static Map<String, Object> config(ModelShape shape, LearntTokens learnt) {
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("Qwen3ForCausalLM"));
        config.put("model_type", "qwen3");
        config.put("vocab_size", shape.vocabulary());
        config.put("hidden_size", shape.hidden());
        config.put("intermediate_size", shape.feedForward());
        config.put("num_hidden_layers", shape.layers());
        config.put("num_attention_heads", shape.heads());
        config.put("num_key_value_heads", shape.heads());
        config.put("head_dim", shape.headSize());
        config.put("max_position_embeddings", shape.context());
        config.put("rope_theta", ModelShape.ROPE_BASE);
        config.put("rms_norm_eps", ModelShape.EPSILON);
        config.put("hidden_act", "silu");
        config.put("attention_bias", false);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "float32");
        config.put("bos_token_id", learnt.control(LearntTokens.END_OF_TEXT));
        config.put("eos_token_id", learnt.control(LearntTokens.TURN_END));
        return config;
    }

    private static Map<String, Object> tokenizerConfig(ModelShape shape) {
        var config = new LinkedHashMap<String, Object>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("eos_token", LearntTokens.TURN_END);
        config.put("pad_token", LearntTokens.END_OF_TEXT);
        config.put("add_bos_token", false);
        config.put("model_max_length", shape.context());
        config.put("chat_template", ChatFormat.TEMPLATE);
        return config;
    }

    private static void write(Path file, Map<String, Object> json) throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
