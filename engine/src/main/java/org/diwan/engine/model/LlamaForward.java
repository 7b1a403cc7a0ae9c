package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;
import org.jspecify.annotations.Nullable;

/// The Llama architecture (Touvron et al. 2023, "LLaMA", §2.2; grouped queries: Ainslie et al. 2023,
/// "GQA"): pre-normalised attention and SwiGLU, both added to the residual stream.
///
/// Rotary pairs are adjacent elements, because GGUF files of this architecture hold the rows of
/// query and key permuted for it. Llama 3.1's frequency scaling comes as `rope_freqs.weight`. Some
/// models of this form add biases in attention.
final class LlamaForward implements Forward {
    private final Weights.Ends ends;
    private final List<Layer> layers;
    private final Rope rope;
    private final AttentionRule rule;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(
            float[] attentionNorm,
            Weights.Attention attention,
            float @Nullable [] queryBias,
            float @Nullable [] keyBias,
            float @Nullable [] valueBias,
            float @Nullable [] outputBias,
            float[] feedForwardNorm,
            Weights.Gated feedForward) {}

    LlamaForward(ModelConfig config, Tensors tensors) throws GgufException {
        int hidden = config.hidden();
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        tensors.vector(prefix + "attn_norm.weight", hidden),
                        Weights.Attention.of(tensors, prefix, config),
                        tensors.vectorIfThere(prefix + "attn_q.bias", config.queryWidth()),
                        tensors.vectorIfThere(prefix + "attn_k.bias", config.keyWidth()),
                        tensors.vectorIfThere(prefix + "attn_v.bias", config.keyWidth()),
                        tensors.vectorIfThere(prefix + "attn_output.bias", hidden),
                        tensors.vector(prefix + "ffn_norm.weight", hidden),
                        Weights.Gated.of(tensors, prefix, config)));
        this.rope = config.rope(Rope.Pairing.ADJACENT, Weights.ropeFactors(tensors, config));
        this.rule = AttentionRule.full(config.headSize());
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.normalize(layer.attentionNorm());
            b.project(layer.attention());
            b.addBias(b.query, layer.queryBias());
            b.addBias(b.key, layer.keyBias());
            b.addBias(b.value, layer.valueBias());
            b.rotate(rope);
            b.attend(i, rule);
            b.multiply(layer.attention().output(), b.attended, b.normed);
            b.addBias(b.normed, layer.outputBias());
            b.add(b.normed);

            b.normalize(layer.feedForwardNorm());
            b.multiply(layer.feedForward().gate(), b.normed, b.gate);
            b.multiply(layer.feedForward().up(), b.normed, b.up);
            b.swiglu();
            b.multiply(layer.feedForward().down(), b.gate, b.normed);
            b.add(b.normed);
        }
        b.normalizeOutputs(ends.norm());
        b.logits(ends.output());
    }
}
