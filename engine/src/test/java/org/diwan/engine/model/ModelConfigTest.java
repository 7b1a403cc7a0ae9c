package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.AttentionRule;
import org.diwan.engine.model.Family.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What metadata say is what the configuration holds; what nobody computes is refused by name. Oracle:
/// the shapes that random models were written from, and llama.cpp's defaults.
class ModelConfigTest {
    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsRead() throws IOException {
        for (String architecture : FamilyKeys.ARCHITECTURES) {
            Shape shape = Shape.tiny(architecture);
            ModelConfig config = config(metadata(architecture));
            assertEquals(shape.family(), config.family());
            assertEquals(shape.ropeStretch(), config.ropeStretch(), architecture);
            assertEquals(shape.ropeBase(), config.ropeBase(), architecture);
            assertEquals(shape.epsilon(), config.epsilon(), architecture);
        }
    }

    /// google/gemma_pytorch `config.py`: 144 for Gemma 2 27B, 168 for Gemma 3 27B, head sizes elsewhere.
    @Test
    void theLargestGemmasScaleQueriesByTheirWidth() throws IOException {
        Map<String, Object> two = metadata("gemma2");
        two.putAll(Map.of("gemma2.block_count", 46L, "gemma2.embedding_length", 4608L));
        two.putAll(Map.of("gemma2.attention.head_count", 32L, "gemma2.attention.head_count_kv", 16L));
        assertEquals(AttentionRule.scale(144), ((Family.Gemma2) config(two).family()).attentionScale());
        Map<String, Object> three = metadata("gemma3");
        three.putAll(Map.of("gemma3.block_count", 62L, "gemma3.embedding_length", 5376L));
        three.putAll(Map.of("gemma3.attention.head_count", 32L, "gemma3.attention.head_count_kv", 16L));
        assertEquals(AttentionRule.scale(168), ((Family.Gemma3) config(three).family()).attentionScale());
    }

    @Test
    void patternsAreAPeriodOrAFlagForEveryLayer() throws IOException {
        Map<String, Object> metadata = metadata("cohere2");
        metadata.put("cohere2.attention.sliding_window_pattern", 2L);
        assertEquals(List.of(true, false, true, false, true), slides(metadata));
        metadata.put("cohere2.attention.sliding_window_pattern", new boolean[] {false, false, true, true, false});
        assertEquals(List.of(false, false, true, true, false), slides(metadata));
        metadata.put("cohere2.attention.sliding_window_pattern", new boolean[] {true});
        refusedKey("cohere2.attention.sliding_window_pattern", metadata);
    }

    private static List<Boolean> slides(Map<String, Object> metadata) throws GgufException {
        return ((Family.Cohere2) config(metadata).family()).windows().slides();
    }

    @Test
    void stretchesAreLinearUnlessNoneIsSaid() throws IOException {
        Map<String, Object> metadata = metadata("llama");
        metadata.put("llama.rope.scale_linear", 2f);
        assertEquals(2f, config(metadata).ropeStretch());
        metadata.put("llama.rope.scaling.factor", 4f);
        assertEquals(4f, config(metadata).ropeStretch());
        metadata.put("llama.rope.scaling.type", "none");
        assertEquals(1f, config(metadata).ropeStretch());
        metadata.put("llama.rope.scaling.type", "longrope");
        refusedKey("llama.rope.scaling.type", metadata);
    }

    @Test
    void keysThatNobodyComputesAreRefusedByName() throws IOException {
        refused(
                "llama",
                Map.of("attention.scale", 0.1f, "logit_scale", 2f, "expert_count", 8L, "attention.causal", false));
        refused("llama", Map.of("attention.sliding_window", 4096L, "attention.layer_norm_epsilon", 1e-5f));
        refused("qwen2", Map.of("rope.scaling.attn_factor", 2f, "attention.head_count", new int[] {4, 4}));
        refused("gemma3", Map.of("final_logit_softcapping", 30f, "rope.global.freq_base", 1e6f));
        refused("qwen3moe", Map.of("expert_shared_count", 1L, "expert_used_count", 9L, "expert_weights_scale", 2f));
        refused("cohere2", Map.of("attention.layer_norm_rms_epsilon", 1e-5f, "logit_scale", Float.NaN));
        Map<String, Object> apertus = metadata("apertus");
        apertus.put("xielu.beta", new float[] {1});
        refusedKey("xielu.beta", apertus);
    }

    @Test
    void keysThatOnlyDescribeAreRead() throws IOException {
        Map<String, Object> metadata = metadata("llama");
        metadata.put("llama.tensor_data_layout", "Meta AI original pth");
        metadata.put("llama.rope.scaling.original_context_length", 8192L);
        metadata.put("llama.rope.scaling.finetuned", true);
        metadata.put("llama.expert_count", 0L);
        metadata.put("llama.attention.causal", true);
        assertEquals(config(metadata("llama")), config(metadata));
    }

    @Test
    void theLargeExaoneHasWindowsWhetherItsFileSaysSoOrNot() throws IOException {
        Map<String, Object> metadata = metadata("exaone4");
        metadata.put("exaone4.block_count", 64L);
        assertEquals(
                new Family.Exaone4(Windows.periodic(4_096, 64, 4)),
                config(metadata).family());
        metadata.put("exaone4.attention.sliding_window", 128L);
        assertEquals(
                new Family.Exaone4(Windows.periodic(128, 64, 4)),
                config(metadata).family());
    }

    /// Older files state the width of all experts that a token goes through together.
    @Test
    void expertsShareTheWidthWhereNoneIsStated() throws IOException {
        Map<String, Object> metadata = metadata("qwen3moe");
        metadata.remove("qwen3moe.expert_feed_forward_length");
        assertEquals(128, config(metadata).feedForward());
    }

    private void refused(String architecture, Map<String, Object> keys) throws IOException {
        for (var entry : keys.entrySet()) {
            Map<String, Object> metadata = metadata(architecture);
            metadata.put(architecture + "." + entry.getKey(), entry.getValue());
            refusedKey(architecture + "." + entry.getKey(), metadata);
        }
    }

    private static void refusedKey(String key, Map<String, Object> metadata) {
        var e = assertThrows(GgufException.class, () -> config(metadata), key);
        assertTrue(e.toString().contains(key + ": "), e.toString());
    }

    private static ModelConfig config(Map<String, Object> metadata) throws GgufException {
        return ModelConfig.from(Path.of("some.gguf"), metadata, 320);
    }

    private Map<String, Object> metadata(String architecture) throws IOException {
        Path file = folder.resolve(architecture + ".gguf");
        RandomModel.write(file, Shape.tiny(architecture), TensorType.Q8_0, 1);
        try (var gguf = GgufFile.open(file)) {
            return new HashMap<>(gguf.metadata());
        }
    }
}
