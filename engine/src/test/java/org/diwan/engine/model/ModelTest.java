package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    @TempDir
    Path folder;

    @Test
    void randomModelsAreTheSameBytesForASeed() throws IOException {
        byte[] first = Files.readAllBytes(random("llama", TensorType.Q4_0, 1));
        assertArrayEquals(first, Files.readAllBytes(random("llama", TensorType.Q4_0, 1)));
        assertFalse(Arrays.equals(first, Files.readAllBytes(random("llama", TensorType.Q4_0, 2))));
    }

    @Test
    void randomVocabularyHoldsEveryByteOnce() throws IOException {
        try (var file = GgufFile.open(random("qwen3", TensorType.F32, 1))) {
            var tokens = assertInstanceOf(String[].class, file.metadata().get("tokenizer.ggml.tokens"));
            assertEquals(320, Arrays.stream(tokens).distinct().count());
            assertEquals("A", tokens['A']);
            assertEquals("Ġ", tokens[' ']);
            assertEquals("Ċ", tokens['\n']);
            assertEquals("Ń", tokens[0xad], "the soft hyphen is the last byte that does not print");
        }
    }

    @Test
    void descriptionCountsWeightsAndMemory() throws IOException {
        Path file = random("llama", TensorType.Q8_0, 1);
        ModelDescription description = Model.describe(file);
        long matrices = 2 * 320 * 256 + 2 * (2 * 256 * 256 + 2 * 128 * 256 + 3 * 256 * 256);
        long vectors = 5 * 256 + 32;
        assertEquals(matrices + vectors, description.weights());
        assertEquals(matrices / 32 * 34, description.weightBytesByType().get(TensorType.Q8_0));
        assertEquals(vectors * 4, description.weightBytesByType().get(TensorType.F32));
        assertEquals(2 * 2 * 128 * 4, description.cacheBytesPerToken());
        assertEquals(Files.size(file), description.fileSize());
    }

    @Test
    void whatTheForwardPassDoesNotComputeIsRefusedByName() throws IOException {
        refused("llama.expert_count", copy(w -> w.uint32("llama.expert_count", 8), info -> info));
        refused("llama.rope.scaling.type", copy(w -> w.string("llama.rope.scaling.type", "yarn"), info -> info));
        refused("blk.0.ffn_up.bias", copy(w -> vector(w, "blk.0.ffn_up.bias", 256), info -> info));
        refused("blk.2.attn_norm.weight", copy(w -> vector(w, "blk.2.attn_norm.weight", 256), info -> info));
    }

    @Test
    void missingAndMisshapenTensorsAreNamed() throws IOException {
        for (String name : List.of("token_embd.weight", "output_norm.weight", "blk.1.ffn_up.weight")) {
            refused(name, copy(w -> w, info -> info.name().equals(name) ? null : info));
            refused(
                    name,
                    copy(
                            w -> w,
                            info -> info.name().equals(name)
                                    ? new TensorInfo(name, info.type(), new long[] {128}, 0, 128 * 4)
                                    : info));
        }
    }

    @Test
    void headersAreHeldToTheWeights() throws IOException {
        refused("tokenizer.ggml.tokens", copy(w -> w.strings("tokenizer.ggml.tokens", List.of("a")), info -> info));
        refused("llama.vocab_size", copy(w -> w.uint32("llama.vocab_size", 7), info -> info));
        refused("llama.attention.value_length", copy(w -> w.uint32("llama.attention.value_length", 32), info -> info));
        refused("llama.rope.dimension_count", copy(w -> w.uint32("llama.rope.dimension_count", 63), info -> info));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gemma2", "gemma3", "cohere2", "exaone4", "apertus", "qwen3moe"})
    void damagedModelsAreRefusedOrRun(String architecture) throws IOException {
        byte[] whole = Files.readAllBytes(random(architecture, TensorType.Q8_0, 3));
        int header = 16_000;
        Path path = folder.resolve("damaged.gguf");
        try (var workers = new Workers(1)) {
            Seeded.forAll(50, random -> {
                byte[] bytes = whole.clone();
                for (int i = 0; i < 3; i++) {
                    int at = random.nextInt(random.nextBoolean() ? 1_000 : header);
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(path, bytes);
                try (var model = Model.load(path, workers)) {
                    assertEquals(320, model.logits(new int[] {5})[0].length);
                } catch (GgufException e) {
                    assertTrue(e.toString().contains("damaged.gguf: "), e.toString());
                }
            });
        }
    }

    @Test
    void tokensOutsideTheVocabularyAreRefused() throws IOException {
        try (var workers = new Workers(1);
                var model = Model.load(random("llama", TensorType.F16, 1), workers)) {
            for (int token : new int[] {-1, 320}) {
                assertThrows(IllegalArgumentException.class, () -> model.logits(new int[] {token}));
            }
            assertThrows(IllegalArgumentException.class, () -> model.logits(new int[0]));
            assertThrows(IllegalArgumentException.class, () -> model.logits(new int[513]));
            assertEquals(512, model.logits(new int[512]).length, "the whole context can be used");
        }
    }

    private void refused(String field, Path file) {
        try (var workers = new Workers(1)) {
            var e = assertThrows(
                    GgufException.class, () -> Model.load(file, workers).close(), field);
            assertTrue(e.toString().contains(field), e.toString());
        }
    }

    private Path random(String architecture, TensorType type, long seed) throws IOException {
        Path file = folder.resolve("random.gguf");
        RandomModel.write(file, Shape.tiny(architecture), type, seed);
        return file;
    }

    private static GgufWriter vector(GgufWriter writer, String name, int count) {
        return writer.tensor(name, TensorType.F32, new long[] {count}, out -> {});
    }

    /// A tiny llama with something added, its tensors changed or (null) left out.
    private Path copy(UnaryOperator<GgufWriter> add, Function<TensorInfo, @Nullable TensorInfo> change)
            throws IOException {
        Path changed = folder.resolve("changed.gguf");
        try (var file = GgufFile.open(random("llama", TensorType.F32, 1))) {
            var writer = add.apply(new GgufWriter())
                    .string("general.architecture", "llama")
                    .uint32("llama.block_count", 2)
                    .uint32("llama.context_length", 512)
                    .uint32("llama.embedding_length", 256)
                    .uint32("llama.feed_forward_length", 256)
                    .uint32("llama.attention.head_count", 4)
                    .uint32("llama.attention.head_count_kv", 2)
                    .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
            for (TensorInfo info : file.tensors()) {
                TensorInfo wanted = change.apply(info);
                if (wanted == null) continue;
                MemorySegment data = file.data(info);
                writer.tensor(
                        wanted.name(),
                        wanted.type(),
                        wanted.shape(),
                        out -> out.copyFrom(data.asSlice(0, out.byteSize())));
            }
            writer.write(changed);
        }
        return changed;
    }
}
