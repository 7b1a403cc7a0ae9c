package org.diwan.engine.model;

/// The shape of a random encoder; the names are those of [EncoderConfig].
///
/// @param unigram whether its vocabulary is XLM-RoBERTa's kind, else BERT's
public record EncoderShape(
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int contextLength,
        int tokenTypes,
        Pooling pooling,
        boolean unigram) {
    /// BGE-M3 and other encoders of XLM-RoBERTa large's size, but for the vocabulary: 303M weights.
    /// For speed; the weights are random.
    public static final EncoderShape LARGE = new EncoderShape(24, 1024, 4096, 16, 8_192, 1, Pooling.CLS, true);

    /// BGE-small: 21M weights.
    public static final EncoderShape SMALL = new EncoderShape(12, 384, 1536, 12, 512, 2, Pooling.CLS, false);

    public EncoderShape {
        if (hidden % heads != 0) throw new IllegalArgumentException(heads + " must divide the width " + hidden);
    }

    /// Small enough for a test, large enough for every type of block: two layers, four heads. With a
    /// BERT vocabulary for embeddings, XLM-RoBERTa's for [Pooling#RANK].
    public static EncoderShape tiny(Pooling pooling) {
        boolean unigram = pooling == Pooling.RANK;
        return new EncoderShape(2, 256, 512, 4, 256, unigram ? 1 : 2, pooling, unigram);
    }
}
