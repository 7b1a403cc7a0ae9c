package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The dense Qwen3 architecture (Yang et al. 2025, "Qwen3 Technical Report", §2): as Llama, but every
/// head of query and key is normalised before it is turned (QK-Norm, Dehghani et al. 2023, §2), and
/// rotary pairs are an element of the first half of a head with its counterpart in the second.
final class Qwen3Forward implements Forward {
    private final Weights.Ends ends;
    private final List<Layer> layers;
    private final Rope rope;
    private final AttentionRule rule;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(
            float[] attentionNorm,
            Weights.Attention attention,
            Weights.HeadNorms headNorms,
            float[] feedForwardNorm,
            Weights.Gated feedForward) {}

    Qwen3Forward(ModelConfig config, Tensors tensors) throws GgufException {
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        tensors.vector(prefix + "attn_norm.weight", config.hidden()),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.HeadNorms.of(tensors, prefix, config),
                        tensors.vector(prefix + "ffn_norm.weight", config.hidden()),
                        Weights.Gated.of(tensors, prefix, config)));
        this.rope = config.rope(Rope.Pairing.HALVES, null);
        this.rule = AttentionRule.full(config.headSize());
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.normalize(layer.attentionNorm());
            b.project(layer.attention());
            b.normalizeHeads(layer.headNorms());
            b.rotate(rope);
            b.attend(i, rule);
            b.multiply(layer.attention().output(), b.attended, b.normed);
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
