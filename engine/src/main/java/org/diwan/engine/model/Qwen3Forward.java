package org.diwan.engine.model;

import java.util.Objects;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Rope;

/// The dense Qwen3 architecture (Yang et al. 2025, "Qwen3 Technical Report", §2): as Llama, but every
/// head of query and key is normalised before it is turned (QK-Norm, Dehghani et al. 2023, §2), and
/// rotary pairs are an element of the first half of a head with its counterpart in the second.
final class Qwen3Forward implements Forward {
    private final ModelConfig config;
    private final Weights weights;
    private final Rope rope;
    private final AttentionRule attention;

    Qwen3Forward(ModelConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
        this.rope =
                new Rope(Rope.Pairing.HALVES, config.ropeDimensions(), config.ropeBase(), null, config.contextLength());
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
            b.normalizeHeads(b.query, config.heads(), Objects.requireNonNull(layer.queryNorm()));
            b.normalizeHeads(b.key, config.kvHeads(), Objects.requireNonNull(layer.keyNorm()));
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
