package org.diwan.engine.convert;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a tensor of Hugging Face is called in GGUF. Both follow their forward passes: the same words in
/// every family, except where a family has more norms than others.
final class Naming {
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.([0-9]{1,4})\\.(.+)\\.(weight|bias)");
    private static final Pattern EXPERT = Pattern.compile("mlp\\.experts\\.([0-9]{1,4})\\.(gate|up|down)_proj");
    private static final Pattern ACTIVATION =
            Pattern.compile("model\\.layers\\.([0-9]{1,4})\\.mlp\\.act_fn\\.(alpha_p|alpha_n|beta|eps)");

    /// Where a tensor goes.
    sealed interface Place {
        /// A tensor of its own.
        record Whole(String name) implements Place {}

        /// One of the experts that make a tensor.
        record Expert(String name, int index) implements Place {}

        /// A number of a layer, which becomes metadata.
        record Setting(String key, int layer) implements Place {}

        /// Nowhere: it can be computed, or repeats another.
        record Left() implements Place {}
    }

    private Naming() {}

    /// The place of the tensor `name`; null where the architecture has none for it.
    ///
    /// @param tied whether the embedding is the output matrix
    static @Nullable Place place(Architecture architecture, String name, boolean tied) {
        if (name.equals("model.embed_tokens.weight")) return new Place.Whole("token_embd.weight");
        if (name.equals("model.norm.weight")) return new Place.Whole("output_norm.weight");
        if (name.equals("lm_head.weight")) return tied ? new Place.Left() : new Place.Whole("output.weight");
        if (name.endsWith(".rotary_emb.inv_freq")) return new Place.Left();
        Matcher activation = ACTIVATION.matcher(name);
        if (architecture == Architecture.APERTUS && activation.matches()) {
            return new Place.Setting("xielu." + activation.group(2), Integer.parseInt(activation.group(1)));
        }
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) return null;
        String block = "blk." + Integer.parseInt(layer.group(1)) + ".";
        Matcher expert = EXPERT.matcher(layer.group(2));
        if (architecture == Architecture.QWEN3_MOE && expert.matches()) {
            return new Place.Expert(
                    block + "ffn_" + expert.group(2) + "_exps.weight", Integer.parseInt(expert.group(1)));
        }
        boolean bias = layer.group(3).equals("bias");
        @Nullable String inner = bias ? bias(architecture, layer.group(2)) : weight(architecture, layer.group(2));
        return inner == null ? null : new Place.Whole(block + inner + "." + layer.group(3));
    }

    private static @Nullable String bias(Architecture architecture, String inner) {
        return switch (architecture) {
            case QWEN2, LLAMA -> attention(inner);
            default -> null;
        };
    }

    private static @Nullable String weight(Architecture architecture, String inner) {
        @Nullable String attention = attention(inner);
        if (attention != null) return attention;
        boolean apertus = architecture == Architecture.APERTUS;
        boolean headNorms =
                switch (architecture) {
                    case QWEN3, QWEN3_MOE, GEMMA3, APERTUS -> true;
                    case LLAMA, MISTRAL, QWEN2, GEMMA2, COHERE2 -> false;
                };
        return switch (inner) {
            case "self_attn.q_norm" -> headNorms ? "attn_q_norm" : null;
            case "self_attn.k_norm" -> headNorms ? "attn_k_norm" : null;
            case "input_layernorm" -> apertus ? null : "attn_norm";
            case "attention_layernorm" -> apertus ? "attn_norm" : null;
            case "feedforward_layernorm" -> apertus ? "ffn_norm" : null;
            case "post_attention_layernorm" ->
                switch (architecture) {
                    case GEMMA2, GEMMA3 -> "post_attention_norm";
                    case COHERE2, APERTUS -> null;
                    case LLAMA, MISTRAL, QWEN2, QWEN3, QWEN3_MOE -> "ffn_norm";
                };
            case "pre_feedforward_layernorm" -> architecture.gemma() ? "ffn_norm" : null;
            case "post_feedforward_layernorm" -> architecture.gemma() ? "post_ffw_norm" : null;
            case "mlp.gate" -> architecture == Architecture.QWEN3_MOE ? "ffn_gate_inp" : null;
            case "mlp.gate_proj" -> apertus ? null : "ffn_gate";
            case "mlp.up_proj" -> "ffn_up";
            case "mlp.down_proj" -> "ffn_down";
            default -> null;
        };
    }

    private static @Nullable String attention(String inner) {
        return switch (inner) {
            case "self_attn.q_proj" -> "attn_q";
            case "self_attn.k_proj" -> "attn_k";
            case "self_attn.v_proj" -> "attn_v";
            case "self_attn.o_proj" -> "attn_output";
            default -> null;
        };
    }
}
