package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The Gemma 3 architecture (Gemma Team 2025, "Gemma 3 Technical Report", §2): as Gemma 2, with
/// normalised heads of query and key in place of soft caps, five layers that slide to one that sees
/// everything, and a rotary embedding for each kind: the global one has a larger base and stretched
/// positions.
final class Gemma3Forward implements Forward {
    private final ModelConfig config;
    private final Weights.Ends ends;
    private final List<Layer> layers;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared, never written
    private record Layer(
            AttentionRule rule,
            Rope rope,
            float[] attentionNorm,
            Weights.Attention attention,
            Weights.HeadNorms headNorms,
            float[] afterAttentionNorm,
            float[] feedForwardNorm,
            Weights.Gated feedForward,
            float[] afterFeedForwardNorm) {}

    Gemma3Forward(ModelConfig config, Family.Gemma3 family, Tensors tensors) throws GgufException {
        int hidden = config.hidden();
        var local = new Rope(
                Rope.Pairing.HALVES, config.ropeDimensions(), family.localRopeBase(), 1, null, config.contextLength());
        var global = config.rope(Rope.Pairing.HALVES, null);
        this.config = config;
        this.ends = Weights.Ends.of(tensors, config);
        this.layers = Weights.layers(
                config,
                (prefix, i) -> new Layer(
                        new AttentionRule(
                                family.attentionScale(), family.windows().window(i), 0),
                        family.windows().slides().get(i) ? local : global,
                        tensors.vector(prefix + "attn_norm.weight", hidden),
                        Weights.Attention.of(tensors, prefix, config),
                        Weights.HeadNorms.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_attention_norm.weight", hidden),
                        tensors.vector(prefix + "ffn_norm.weight", hidden),
                        Weights.Gated.of(tensors, prefix, config),
                        tensors.vector(prefix + "post_ffw_norm.weight", hidden)));
    }

    @Override
    public void run(Batch b) {
        b.embed(ends.embedding());
        b.scaleResidual((float) Math.sqrt(config.hidden()));
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);

            b.normalize(layer.attentionNorm());
            b.project(layer.attention());
            b.normalizeHeads(layer.headNorms());
            b.rotate(layer.rope());
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
    }
}
