package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The EXAONE 4 architecture (LG AI Research 2025, "EXAONE 4.0", §2.1): attention with normalised heads
/// and SwiGLU read the residual stream as it is, and their results are normalised before they are
/// added. In the large model three layers of four slide and turn queries and keys by their positions,
/// every fourth sees everything and knows no positions; in the small one all turn and see everything.
final class Exaone4Forward implements Forward {
    private final Family.Exaone4 family;
    private final Weights.Ends ends;
    private final List<Layer> layers;
    private final Rope rope;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(
            AttentionRule rule,
            Weights.Attention attention,
            Weights.HeadNorms headNorms,
            float[] afterAttentionNorm,
            Weights.Gated feedForward,
            float[] afterFeedForwardNorm) {}

    Exaone4Forward(ModelConfig config, Family.Exaone4 family, Tensors tensors) throws GgufException {
        float scale = AttentionRule.scale(config.headSize());
        this.family = family;
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        new AttentionRule(scale, family.windows().window(i), 0),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.HeadNorms.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_attention_norm.weight", config.hidden()),
                        Weights.Gated.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_ffw_norm.weight", config.hidden())));
        this.rope = config.rope(Rope.Pairing.HALVES, Weights.ropeFactors(tensors, config));
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.copyResidual();
            b.project(layer.attention());
            b.normalizeHeads(layer.headNorms());
            if (family.windows().slides().get(i)) b.rotate(rope);
            b.attend(i, layer.rule());
            b.multiply(layer.attention().output(), b.attended, b.normed);
            b.normalizeAgain(layer.afterAttentionNorm());
            b.add(b.normed);

            b.copyResidual();
            b.multiply(layer.feedForward().gate(), b.normed, b.gate);
            b.multiply(layer.feedForward().up(), b.normed, b.up);
            b.swiglu();
            b.multiply(layer.feedForward().down(), b.gate, b.normed);
            b.normalizeAgain(layer.afterFeedForwardNorm());
            b.add(b.normed);
        }
        b.normalizeOutputs(ends.norm());
        b.logits(ends.output());
    }
}
