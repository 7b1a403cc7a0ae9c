package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.model.Family.Windows;

/// The shape of a random model; the names are those of [ModelConfig].
///
/// @param biases whether to write biases of attention (`llama` only; `qwen2` always has its own)
/// @param tiedOutput whether the embedding serves as output matrix too
/// @param ropeFactors whether to write `rope_freqs.weight` (`llama`, `exaone4` and `apertus` only)
public record Shape(
        Family family,
        int layers,
        int hidden,
        int feedForward,
        int heads,
        int kvHeads,
        int headSize,
        int vocabulary,
        int contextLength,
        float ropeBase,
        float ropeStretch,
        float epsilon,
        boolean biases,
        boolean tiedOutput,
        boolean ropeFactors) {
    /// Llama-3.2-1B: 1,236M weights. For speed; the weights are random.
    public static final Shape LLAMA_1B = new Shape(
            new Family.Llama(), 16, 2048, 8192, 32, 8, 64, 128_256, 131_072, 500_000f, 1, 1e-5f, false, true, true);

    public Shape {
        if (vocabulary < ByteVocabulary.LEAST_SIZE) {
            throw new IllegalArgumentException(
                    "vocabulary " + vocabulary + ", must be at least " + ByteVocabulary.LEAST_SIZE);
        }
        if (heads % kvHeads != 0) throw new IllegalArgumentException(kvHeads + " must divide " + heads + " heads");
        if (biases && !(family instanceof Family.Llama)) throw new IllegalArgumentException("biases belong to llama");
        if (ropeFactors
                && !(family instanceof Family.Llama
                        || family instanceof Family.Exaone4
                        || family instanceof Family.Apertus)) {
            throw new IllegalArgumentException("rope factors belong to llama, exaone4 and apertus");
        }
    }

    /// As `general.architecture` calls it.
    public String architecture() {
        return family.architecture();
    }

    /// This shape with other rules of its family.
    Shape with(Family other) {
        return new Shape(
                other,
                layers,
                hidden,
                feedForward,
                heads,
                kvHeads,
                headSize,
                vocabulary,
                contextLength,
                ropeBase,
                ropeStretch,
                epsilon,
                biases,
                tiedOutput,
                ropeFactors);
    }

    /// Small enough for a test (below 5 million weights), large enough for every type of block and
    /// for every kind of layer: hidden size 256, four heads that share two keys and values, 320
    /// tokens, 512 positions, windows of 12. Some have heads that are wider than the hidden size,
    /// some an output matrix of their own.
    public static Shape tiny(String architecture) {
        return switch (architecture) {
            case "llama" -> tiny(new Family.Llama(), 2, 64, 10_000f, 1, false, true);
            case "qwen2" -> tiny(new Family.Qwen2(), 2, 64, 1e6f, 1, false, false);
            case "qwen3" -> tiny(new Family.Qwen3(), 2, 128, 10_000f, 1, true, false);
            case "qwen3moe" -> tiny(new Family.Qwen3Moe(8, 2), 2, 64, 1e6f, 1, false, false);
            case "gemma2" -> {
                var family = new Family.Gemma2(AttentionRule.scale(128), Windows.periodic(12, 3, 2), 2, 3);
                yield tiny(family, 3, 128, 10_000f, 1, true, false);
            }
            case "gemma3" -> {
                var family = new Family.Gemma3(AttentionRule.scale(128), Windows.periodic(12, 7, 6), 10_000f);
                yield tiny(family, 7, 128, 1e6f, 8, true, false);
            }
            case "cohere2" ->
                tiny(new Family.Cohere2(Windows.periodic(12, 5, 4), 1.5f), 5, 64, 50_000f, 1, true, false);
            case "exaone4" -> tiny(new Family.Exaone4(Windows.open(2)), 2, 64, 1e6f, 1, true, true);
            case "apertus" -> tiny(new Family.Apertus(activations(2)), 2, 64, 12e6f, 1, false, true);
            default ->
                throw new IllegalArgumentException(
                        "architecture " + architecture + ", must be " + String.join(" or ", FamilyKeys.ARCHITECTURES));
        };
    }

    /// A tiny `llama` as some models vary it: biases in attention, stretched positions, no factors.
    public static Shape tinyBiased() {
        return new Shape(new Family.Llama(), 2, 256, 256, 4, 2, 64, 320, 512, 10_000f, 4, 1e-5f, true, false, false);
    }

    /// A narrow `exaone4` of 64 layers, because llama.cpp knows by that number that it has windows.
    public static Shape tinyExaone32B() {
        var family = new Family.Exaone4(Windows.periodic(12, 64, 4));
        return new Shape(family, 64, 64, 64, 2, 1, 32, 320, 512, 1e6f, 1, 1e-5f, false, false, true);
    }

    private static Shape tiny(
            Family family, int layers, int headSize, float base, float stretch, boolean tied, boolean factors) {
        return new Shape(
                family, layers, 256, 256, 4, 2, headSize, 320, 512, base, stretch, 1e-5f, false, tied, factors);
    }

    /// Each layer curves its own way.
    private static List<Xielu> activations(int layers) {
        var list = new ArrayList<Xielu>(layers);
        for (int i = 0; i < layers; i++) list.add(new Xielu(0.3f + 0.4f * i, 0.9f - 0.5f * i, 0.5f, -1e-6f));
        return list;
    }
}
