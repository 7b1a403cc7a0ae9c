package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;
import org.diwan.engine.tensor.Matrix;

/// The Qwen3 architecture with a mixture of experts (Yang et al. 2025, "Qwen3 Technical Report", §2):
/// attention as in [Qwen3Forward]; in place of one feed-forward layer a router chooses a few of many
/// for every token, and the sum is weighted by its probabilities ([Mixture]).
final class Qwen3MoeForward implements Forward {
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
            Matrix router,
            List<Weights.Gated> experts) {}

    Qwen3MoeForward(ModelConfig config, Family.Qwen3Moe family, Tensors tensors) throws GgufException {
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        tensors.vector(prefix + "attn_norm.weight", config.hidden()),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.HeadNorms.of(tensors, prefix, config),
                        tensors.vector(prefix + "ffn_norm.weight", config.hidden()),
                        tensors.matrix(prefix + "ffn_gate_inp.weight", family.experts(), config.hidden()),
                        Weights.Gated.experts(tensors, prefix, config, family.experts())));
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
            b.addMixture(layer.router(), layer.experts());
        }
        b.normalizeOutputs(ends.norm());
        b.logits(ends.output());
    }
}
