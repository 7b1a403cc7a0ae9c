package org.diwan.engine.model;

/// The BERT architecture (Devlin et al. 2019, "BERT", §3; blocks as in Vaswani et al. 2017, §3.1): learned
/// positions, attention over the whole text, and normalisation after each residual addition.
final class BertForward {
    private final EncoderWeights weights;

    BertForward(EncoderWeights weights) {
        this.weights = weights;
    }

    /// Afterwards the residual holds the vector of every token.
    void run(TextBatch b) {
        b.embed(weights);
        b.normalize(weights.embeddingNorm());
        for (var layer : weights.layers()) {
            b.apply(layer.query(), b.residual, b.query);
            b.apply(layer.key(), b.residual, b.key);
            b.apply(layer.value(), b.residual, b.value);
            b.attend();
            b.apply(layer.attentionOutput(), b.attended, b.query);
            b.addAndNormalize(b.query, layer.attentionNorm());

            b.apply(layer.up(), b.residual, b.up);
            b.activate();
            b.apply(layer.down(), b.up, b.query);
            b.addAndNormalize(b.query, layer.outputNorm());
        }
    }
}
