package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.tensor.Matrix;

/// The Apertus architecture (Apertus Team 2025, "Apertus", §2.1): as Qwen3 with normalised heads, and a
/// feed-forward layer without a gate whose activation is xIELU with constants of its own in every
/// layer. Frequency scaling comes as `rope_freqs.weight`.
final class ApertusForward implements Forward {
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
            Matrix up,
            Xielu activation,
            Matrix down) {}

    ApertusForward(ModelConfig config, Family.Apertus family, Tensors tensors) throws GgufException {
        int hidden = config.hidden();
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        tensors.vector(prefix + "attn_norm.weight", hidden),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.HeadNorms.of(tensors, prefix, config),
                        tensors.vector(prefix + "ffn_norm.weight", hidden),
                        tensors.matrix(prefix + "ffn_up.weight", config.feedForward(), hidden),
                        family.activations().get(i),
                        tensors.matrix(prefix + "ffn_down.weight", hidden, config.feedForward())));
        this.rope = config.rope(Rope.Pairing.HALVES, Weights.ropeFactors(tensors, config));
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
            b.multiply(layer.up(), b.normed, b.up);
            b.activate(layer.activation());
            b.multiply(layer.down(), b.up, b.normed);
            b.add(b.normed);
        }
        b.normalizeOutputs(ends.norm());
        b.logits(ends.output());
    }
}
