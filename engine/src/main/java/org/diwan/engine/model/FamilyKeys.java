package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.kernel.Xielu;
import org.diwan.engine.model.Family.Windows;
import org.jspecify.annotations.Nullable;

/// Reads what only one family has from the metadata of a file; which keys those are is listed beside.
///
/// @param keys of the file
/// @param layers transformer blocks
/// @param hidden width of the residual stream
/// @param heads query heads
/// @param headSize elements of a head
record FamilyKeys(Keys keys, int layers, int hidden, int heads, int headSize) {
    static final List<String> ARCHITECTURES =
            List.of("llama", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "cohere2", "exaone4", "apertus");

    /// Gemma's largest models divide q·k by √(hidden / heads), all others by √headSize
    /// (google/gemma_pytorch, `config.py`, `query_pre_attn_scalar`). Files do not say which: the number
    /// of layers does, here as in llama.cpp.
    private static final int GEMMA2_27B_LAYERS = 46;

    private static final int GEMMA3_27B_LAYERS = 62;

    /// EXAONE 4 of this size has windows of 4,096 even where its file does not say so, as in llama.cpp.
    private static final int EXAONE4_32B_LAYERS = 64;

    /// The keys that [#read()] reads for `architecture`.
    static Set<String> known(String architecture) {
        return switch (architecture) {
            case "qwen3moe" -> Set.of("expert_count", "expert_used_count", "expert_feed_forward_length");
            case "gemma2" ->
                Set.of(
                        "attention.sliding_window",
                        "attention.sliding_window_pattern",
                        "attn_logit_softcapping",
                        "final_logit_softcapping");
            case "gemma3" ->
                Set.of("attention.sliding_window", "attention.sliding_window_pattern", "rope.freq_base_swa");
            case "cohere2" -> Set.of("attention.sliding_window", "attention.sliding_window_pattern", "logit_scale");
            case "exaone4" -> Set.of("attention.sliding_window", "attention.sliding_window_pattern");
            default -> Set.of();
        };
    }

    Family read() throws GgufException {
        return switch (keys.architecture()) {
            case "llama" -> new Family.Llama();
            case "qwen2" -> new Family.Qwen2();
            case "qwen3" -> new Family.Qwen3();
            case "qwen3moe" -> experts();
            case "gemma2" ->
                new Family.Gemma2(
                        gemmaScale(GEMMA2_27B_LAYERS),
                        windows(4_096, 2),
                        keys.real("attn_logit_softcapping", 50f, 1e-3f, 1e6f),
                        keys.real("final_logit_softcapping", 30f, 1e-3f, 1e6f));
            case "gemma3" ->
                new Family.Gemma3(
                        gemmaScale(GEMMA3_27B_LAYERS),
                        windows(null, 6),
                        keys.real("rope.freq_base_swa", 10_000f, 1f, 1e12f));
            case "cohere2" -> new Family.Cohere2(windows(null, 4), keys.real("logit_scale", null, 1e-6f, 1e6f));
            case "exaone4" -> new Family.Exaone4(exaoneWindows());
            case "apertus" -> new Family.Apertus(activations());
            default -> throw new AssertionError(keys.architecture() + " was checked when it was read");
        };
    }

    private Family experts() throws GgufException {
        int experts = keys.integer("expert_count", 1, ModelConfig.MAX_EXPERTS);
        return new Family.Qwen3Moe(experts, keys.integer("expert_used_count", 1, experts));
    }

    private float gemmaScale(int layersOf27B) {
        return AttentionRule.scale(layers == layersOf27B ? Math.max(1, hidden / heads) : headSize);
    }

    /// The pattern is a period or a flag for every layer, true where it slides.
    private Windows windows(@Nullable Integer absent, int period) throws GgufException {
        int size = absent == null
                ? keys.integer("attention.sliding_window", 1, Integer.MAX_VALUE)
                : keys.integer("attention.sliding_window", absent, 1, Integer.MAX_VALUE);
        String pattern = "attention.sliding_window_pattern";
        if (!(keys.value(pattern) instanceof boolean[] slides)) {
            return Windows.periodic(size, layers, keys.integer(pattern, period, 1, ModelConfig.MAX_LAYERS));
        }
        if (slides.length != layers) throw keys.wrong(pattern, slides.length + " flags for " + layers + " layers");
        var list = new ArrayList<Boolean>(layers);
        for (boolean one : slides) list.add(one);
        return new Windows(size, list);
    }

    private Windows exaoneWindows() throws GgufException {
        boolean windows = layers == EXAONE4_32B_LAYERS || keys.has("attention.sliding_window");
        return windows ? windows(4_096, 4) : Windows.open(layers);
    }

    private List<Xielu> activations() throws GgufException {
        List<Float> alphaP = perLayer("xielu.alpha_p");
        List<Float> alphaN = perLayer("xielu.alpha_n");
        List<Float> beta = perLayer("xielu.beta");
        List<Float> epsilon = perLayer("xielu.eps");
        var activations = new ArrayList<Xielu>(layers);
        for (int i = 0; i < layers; i++) {
            activations.add(new Xielu(alphaP.get(i), alphaN.get(i), beta.get(i), epsilon.get(i)));
        }
        return activations;
    }

    /// One number for all layers or one for each; this key has no architecture before it.
    private List<Float> perLayer(String key) throws GgufException {
        @Nullable Object value = keys.metadata().get(key);
        List<Float> numbers =
                switch (value) {
                    case Float one -> Collections.nCopies(layers, one);
                    case float[] each when each.length == layers -> list(each);
                    case null, default ->
                        throw new GgufException(
                                keys.path(), key, "must be a float32, or one for each of the " + layers + " layers");
                };
        for (float number : numbers) {
            if (!Float.isFinite(number)) throw new GgufException(keys.path(), key, number + ", must be finite");
        }
        return numbers;
    }

    private static List<Float> list(float[] values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return List.of(boxed);
    }
}
