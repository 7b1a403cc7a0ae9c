package org.diwan.engine.model;

/// The shape of a random model; the names are those of [ModelConfig].
///
/// @param tiedOutput whether the embedding serves as output matrix too
/// @param ropeFactors whether to write `rope_freqs.weight` (`llama` only)
public record Shape(
        String architecture,
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int kvHeads,
        int headSize,
        int vocabulary,
        int contextLength,
        float ropeBase,
        float epsilon,
        boolean tiedOutput,
        boolean ropeFactors) {
    /// Llama-3.2-1B: 1,236M weights. For speed; the weights are random.
    public static final Shape LLAMA_1B =
            new Shape("llama", 16, 2048, 8192, 32, 8, 64, 128_256, 131_072, 500_000f, 1e-5f, true, true);

    public Shape {
        if (!architecture.equals("llama") && !architecture.equals("qwen3")) {
            throw new IllegalArgumentException("architecture " + architecture + ", must be llama or qwen3");
        }
        if (vocabulary < ByteVocabulary.LEAST_SIZE) {
            throw new IllegalArgumentException(
                    "vocabulary " + vocabulary + ", must be at least " + ByteVocabulary.LEAST_SIZE);
        }
        if (heads % kvHeads != 0) throw new IllegalArgumentException(kvHeads + " must divide " + heads + " heads");
        if (ropeFactors && !architecture.equals("llama")) {
            throw new IllegalArgumentException("rope factors belong to llama");
        }
    }

    /// Small enough for a test (600,000 weights), large enough for every type of block: two layers,
    /// four heads that share two keys and values, 320 tokens, 512 positions. `llama` has rotary
    /// factors and its own output matrix; `qwen3` has heads that are wider than its hidden size and
    /// a tied output.
    public static Shape tiny(String architecture) {
        boolean llama = architecture.equals("llama");
        return new Shape(architecture, 2, 256, 256, 4, 2, llama ? 64 : 128, 320, 512, 10_000f, 1e-5f, !llama, llama);
    }
}
