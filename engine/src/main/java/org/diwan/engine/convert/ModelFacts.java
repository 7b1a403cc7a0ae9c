package org.diwan.engine.convert;

import java.util.Set;
import org.diwan.engine.gguf.GgufWriter;
import org.jspecify.annotations.Nullable;

/// What `config.json` says of a model, as GGUF metadata.
///
/// @param heads query heads
/// @param kvHeads key-value heads
/// @param headSize elements of a head
/// @param tied whether the embedding is the output matrix
record ModelFacts(
        Architecture architecture,
        Config config,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        float ropeBase,
        Config ropeScaling,
        boolean tied)
        implements Facts {
    private static final Set<String> UNSCALED = Set.of("default", "none");

    static ModelFacts of(Config config) throws ConversionException {
        Architecture architecture = Architecture.of(config);
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        // Newer configurations keep everything rotary in one object.
        Config rope = config.inner(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        if (rope.has("full_attention")) rope = rope.inner("full_attention");
        Config base = rope.has("rope_theta") ? rope : config;
        var facts = new ModelFacts(
                architecture,
                config,
                config.integer("num_hidden_layers"),
                hidden,
                heads,
                config.integer("num_key_value_heads", heads),
                config.integer("head_dim", Math.max(1, hidden / heads)),
                base.real("rope_theta", 10_000f),
                rope,
                config.flag("tie_word_embeddings", architecture.gemma() || architecture == Architecture.COHERE2));
        facts.refuseWhatIsNotComputed();
        return facts;
    }

    private void refuseWhatIsNotComputed() throws ConversionException {
        if (config.json().path("mlp_only_layers").size() > 0) {
            throw config.wrong("mlp_only_layers", "some layers are dense, all must have experts");
        }
        if (config.integer("decoder_sparse_step", 1) != 1) {
            throw config.wrong("decoder_sparse_step", "some layers are dense, all must have experts");
        }
        if (architecture == Architecture.QWEN3_MOE && !config.flag("norm_topk_prob", false)) {
            throw config.wrong("norm_topk_prob", "false, only normalised weights of experts are computed");
        }
        if (config.flag("use_sliding_window", false)) {
            throw config.wrong("use_sliding_window", "true, this architecture is computed without windows");
        }
        if (architecture == Architecture.MISTRAL && config.has("sliding_window")) {
            throw config.wrong("sliding_window", "is set, this architecture is computed without windows");
        }
        switch (scaling()) {
            case "none", "linear", "llama3" -> {}
            default -> throw config.wrong("rope_scaling", scaling() + ", must be none, linear or llama3");
        }
    }

    /// `none`, or how positions are stretched.
    String scaling() throws ConversionException {
        String field = ropeScaling.has("rope_type") ? "rope_type" : "type";
        if (!ropeScaling.has(field)) return "none";
        String type = ropeScaling.text(field);
        return UNSCALED.contains(type) ? "none" : type;
    }

    @Override
    public String gguf() {
        return architecture.gguf;
    }

    @Override
    public Naming.@Nullable Place place(String name) {
        return Naming.place(architecture, name, tied);
    }

    @Override
    public int experts() throws ConversionException {
        return config.integer("num_experts");
    }

    @Override
    public boolean shifts(String name) {
        return architecture.gemma() && name.endsWith("norm.weight");
    }

    @Override
    public int pairs(String name) {
        if (!architecture.pairsRows()) return 0;
        if (name.contains(".attn_q.")) return heads;
        return name.contains(".attn_k.") ? kvHeads : 0;
    }

    /// The router of experts is always F32, so that the choice of experts is not a matter of rounding.
    @Override
    public boolean widens(String name) {
        return name.endsWith("ffn_gate_inp.weight");
    }

    @Override
    public void describe(GgufWriter writer) throws ConversionException {
        String prefix = architecture.gguf + ".";
        boolean layerNorm = architecture == Architecture.COHERE2;
        writer.uint32(prefix + "block_count", layers)
                .uint32(prefix + "context_length", config.integer("max_position_embeddings"))
                .uint32(prefix + "embedding_length", hidden)
                .uint32(prefix + "feed_forward_length", config.integer("intermediate_size"))
                .uint32(prefix + "attention.head_count", heads)
                .uint32(prefix + "attention.head_count_kv", kvHeads)
                .uint32(prefix + "attention.key_length", headSize)
                .uint32(prefix + "attention.value_length", headSize)
                .uint32(prefix + "rope.dimension_count", headSize)
                .float32(prefix + "rope.freq_base", ropeBase)
                .uint32(prefix + "vocab_size", config.integer("vocab_size"));
        if (layerNorm) {
            writer.float32(prefix + "attention.layer_norm_epsilon", config.real("layer_norm_eps"));
        } else {
            writer.float32(prefix + "attention.layer_norm_rms_epsilon", config.real("rms_norm_eps"));
        }
        if (scaling().equals("linear")) {
            writer.string(prefix + "rope.scaling.type", "linear")
                    .float32(prefix + "rope.scaling.factor", ropeScaling.real("factor"));
        }
        switch (architecture) {
            case LLAMA, MISTRAL, QWEN2, QWEN3, APERTUS -> {}
            case QWEN3_MOE ->
                writer.uint32(prefix + "expert_count", config.integer("num_experts"))
                        .uint32(prefix + "expert_used_count", config.integer("num_experts_per_tok"))
                        .uint32(prefix + "expert_feed_forward_length", config.integer("moe_intermediate_size"));
            case GEMMA2 ->
                writer.uint32(prefix + "attention.sliding_window", config.integer("sliding_window"))
                        .float32(prefix + "attn_logit_softcapping", config.real("attn_logit_softcapping"))
                        .float32(prefix + "final_logit_softcapping", config.real("final_logit_softcapping"));
            case GEMMA3 -> writer.uint32(prefix + "attention.sliding_window", config.integer("sliding_window"));
            case COHERE2 ->
                writer.uint32(prefix + "attention.sliding_window", config.integer("sliding_window"))
                        .float32(prefix + "logit_scale", config.real("logit_scale"));
        }
    }

    /// The divisors of Llama 3.1's rotary pairs (Meta's `llama-models`, `apply_scaling`): long waves are
    /// stretched by `factor`, short ones not, those between partly. Empty for models without.
    @Override
    public float[] ropeFactors() throws ConversionException {
        if (!scaling().equals("llama3")) return new float[0];
        float factor = ropeScaling.real("factor");
        float low = ropeScaling.real("low_freq_factor");
        float high = ropeScaling.real("high_freq_factor");
        int context = ropeScaling.integer("original_max_position_embeddings");
        float[] factors = new float[headSize / 2];
        for (int i = 0; i < factors.length; i++) {
            double wave = 2 * Math.PI * Math.pow(ropeBase, 2.0 * i / headSize);
            double smooth = Math.clamp((context / wave - low) / (high - low), 0, 1);
            factors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
        }
        return factors;
    }
}
