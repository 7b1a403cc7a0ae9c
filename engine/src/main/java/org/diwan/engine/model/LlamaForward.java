package org.diwan.engine.model;

import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The Llama architecture (Touvron et al. 2023, "LLaMA", §2.2; grouped queries: Ainslie et al. 2023,
/// "GQA"): pre-normalised attention and SwiGLU, both added to the residual stream.
///
/// Rotary pairs are adjacent elements, because GGUF files of this architecture hold the rows of
/// query and key permuted for it. Llama 3.1's frequency scaling comes as `rope_freqs.weight`.
final class LlamaForward implements Forward {
    private final Weights weights;
    private final Rope rope;
    private final AttentionRule attention;

    LlamaForward(ModelConfig config, Weights weights) {
        this.weights = weights;
        this.rope = new Rope(
                Rope.Pairing.ADJACENT,
                config.ropeDimensions(),
                config.ropeBase(),
                weights.ropeFactors(),
                config.contextLength());
        this.attention = AttentionRule.full(config.headSize());
    }

    @Override
    public void run(Batch b) {
        b.embed(weights.embedding());
        for (int i = 0; i < weights.layers().size(); i++) {
            var layer = weights.layers().get(i);

            b.normalize(layer.attentionNorm());
            b.multiply(layer.query(), b.normed, b.query);
            b.multiply(layer.key(), b.normed, b.key);
            b.multiply(layer.value(), b.normed, b.value);
            b.rotate(rope);
            b.attend(i, attention);
            b.multiply(layer.attentionOutput(), b.attended, b.normed);
            b.add(b.normed);

            b.normalize(layer.feedForwardNorm());
            b.multiply(layer.gate(), b.normed, b.gate);
            b.multiply(layer.up(), b.normed, b.up);
            b.activate();
            b.multiply(layer.down(), b.gate, b.normed);
            b.add(b.normed);
        }
        b.project(weights.outputNorm(), weights.output());
    }
}
