package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The Gemma 2 architecture (Gemma Team 2024, "Gemma 2", §2): every second layer sees a sliding window;
/// attention and GeGLU are normalised before and after; embeddings are multiplied by √hidden; soft caps
/// bound the scores of attention and the logits.
final class Gemma2Forward implements Forward {
    private final ModelConfig config;
    private final Family.Gemma2 family;
    private final Weights.Ends ends;
    private final List<Layer> layers;
    private final Rope rope;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(
            AttentionRule rule,
            float[] attentionNorm,
            Weights.Attention attention,
            float[] afterAttentionNorm,
            float[] feedForwardNorm,
            Weights.Gated feedForward,
            float[] afterFeedForwardNorm) {}

    Gemma2Forward(ModelConfig config, Family.Gemma2 family, Tensors tensors) throws GgufException {
        int hidden = config.hidden();
        this.config = config;
        this.family = family;
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        new AttentionRule(
                                family.attentionScale(), family.windows().window(i), family.attentionCap()),
                        tensors.vector(prefix + "attn_norm.weight", hidden),
                        Weights.Attention.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_attention_norm.weight", hidden),
                        tensors.vector(prefix + "ffn_norm.weight", hidden),
                        Weights.Gated.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_ffw_norm.weight", hidden)));
        this.rope = config.rope(Rope.Pairing.HALVES, null);
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        b.scaleResidual((float) Math.sqrt(config.hidden()));
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.normalize(layer.attentionNorm());
            b.project(layer.attention());
            b.rotate(rope);
            b.attend(i, layer.rule());
            b.multiply(layer.attention().output(), b.attended, b.normed);
            b.normalizeAgain(layer.afterAttentionNorm());
            b.add(b.normed);

            b.normalize(layer.feedForwardNorm());
            b.multiply(layer.feedForward().gate(), b.normed, b.gate);
            b.multiply(layer.feedForward().up(), b.normed, b.up);
            b.geglu();
            b.multiply(layer.feedForward().down(), b.gate, b.normed);
            b.normalizeAgain(layer.afterFeedForwardNorm());
            b.add(b.normed);
        }
        b.normalizeOutputs(ends.norm());
        b.logits(ends.output());
        b.capLogits(family.logitCap());
    }
}
