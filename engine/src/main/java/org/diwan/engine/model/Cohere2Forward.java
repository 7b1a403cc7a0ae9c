package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The Command R7B architecture (Cohere 2025, "Command A", §2.1): attention and SwiGLU read the same
/// normalised input and are added side by side; layers that slide turn queries and keys by their
/// positions, every fourth sees everything and knows no positions; logits are scaled.
///
/// Rotary pairs are adjacent elements, as the model was trained. Normalisation subtracts the mean and
/// has no bias.
final class Cohere2Forward implements Forward {
    private final Family.Cohere2 family;
    private final Weights.Ends ends;
    private final List<Layer> layers;
    private final Rope rope;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(AttentionRule rule, float[] norm, Weights.Attention attention, Weights.Gated feedForward) {}

    Cohere2Forward(ModelConfig config, Family.Cohere2 family, Tensors tensors) throws GgufException {
        float scale = AttentionRule.scale(config.headSize());
        this.family = family;
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        new AttentionRule(scale, family.windows().window(i), 0),
                        tensors.vector(prefix + "attn_norm.weight", config.hidden()),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.Gated.of(tensors, prefix, config)));
        this.rope = config.rope(Rope.Pairing.ADJACENT, null);
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.normalizeMean(layer.norm());
            b.project(layer.attention());
            b.multiply(layer.feedForward().gate(), b.normed, b.gate);
            b.multiply(layer.feedForward().up(), b.normed, b.up);

            if (family.windows().slides().get(i)) b.rotate(rope);
            b.attend(i, layer.rule());
            b.multiply(layer.attention().output(), b.attended, b.normed);
            b.add(b.normed);

            b.swiglu();
            b.multiply(layer.feedForward().down(), b.gate, b.normed);
            b.add(b.normed);
        }
        b.normalizeOutputsMean(ends.norm());
        b.logits(ends.output());
        b.scaleLogits(family.logitScale());
    }
}
