package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderTest {
    @TempDir
    Path folder;

    /// Any texts in any order, in one step or several, on one thread or three: the bits of each are
    /// those that it has alone.
    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F32", "F16", "Q8_0", "Q4_0", "Q6_K"})
    void companyDoesNotChangeABit(TensorType type) throws IOException {
        for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS, Pooling.RANK)) {
            Path file = encoder(pooling, type);
            try (var one = new Workers(1);
                    var three = new Workers(3);
                    var alone = Encoder.load(file, one);
                    var together = Encoder.load(file, three)) {
                Seeded.forAll(3, random -> {
                    var texts = texts(random, random.nextInt(2, 24));
                    var vectors = together.encode(texts);
                    for (int i = 0; i < texts.size(); i++) {
                        assertArrayEquals(alone.encode(List.of(texts.get(i))).getFirst(), vectors.get(i), "text " + i);
                    }
                });
            }
        }
    }

    /// An auditor's machine has other vectors.
    @Test
    void vectorsDoNotDependOnTheMachine() throws Exception {
        Path file = encoder(Pooling.MEAN, TensorType.Q8_0);
        Set<String> digests = new LinkedHashSet<>();
        for (int bits : new int[] {128, 256, 512}) digests.add(runElsewhere(file, bits, bits == 256 ? 3 : 1));
        assertEquals(1, digests.size(), "digests " + digests);
        assertEquals(64, digests.iterator().next().length());
    }

    private static String runElsewhere(Path file, int bits, int threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Ddiwan.vectorBits=" + bits,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EncoderTest.class.getName(),
                        file.toString(),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String digest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process ends");
        return digest.strip();
    }

    /// Prints a digest of the bits of some vectors.
    public static void main(String[] args) throws IOException {
        try (var workers = new Workers(Integer.parseInt(args[1]));
                var encoder = Encoder.load(Path.of(args[0]), workers)) {
            var bits = new StringBuilder();
            for (float[] vector : encoder.encode(texts(new SplittableRandom(5), 9))) {
                for (float x : vector)
                    bits.append(Integer.toHexString(Float.floatToRawIntBits(x))).append(' ');
            }
            System.out.println(
                    HexFormat.of().formatHex(Digest.sha256(bits.toString().getBytes(StandardCharsets.US_ASCII))));
        }
    }

    private static List<int[]> texts(SplittableRandom random, int count) {
        var texts = new ArrayList<int[]>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(random.nextInt(1, 257), 0, 100).toArray());
        }
        return texts;
    }

    /// BERT's rerankers know query from document by token types.
    @Test
    void theSecondTextOfAPairIsOfTheSecondType() throws IOException {
        Path file = folder.resolve("pairs.gguf");
        RandomEncoder.write(file, new EncoderShape(2, 256, 512, 4, 256, 2, Pooling.RANK, false), TensorType.F32, 3);
        int separator = 3;
        try (var workers = new Workers(2);
                var encoder = Encoder.load(file, workers)) {
            var reference = ReferenceEncoder.of(file, ReferenceEncoder::exactGelu);
            Seeded.forAll(6, random -> {
                var texts = texts(random, 5);
                for (int[] text : texts) {
                    for (int i = 0; i < text.length; i++) if (text[i] == separator) text[i]++;
                    text[random.nextInt(text.length)] = separator;
                    text[text.length - 1] = separator;
                }
                var scores = encoder.encode(texts);
                for (int i = 0; i < texts.size(); i++) {
                    assertEquals(reference.encode(texts.get(i))[0], scores.get(i)[0], 1e-5);
                }
            });
            float[] pair = encoder.encode(List.of(new int[] {2, 9, 3, 9, 3})).getFirst();
            float[] words = encoder.encode(List.of(new int[] {2, 9, 4, 9, 3})).getFirst();
            assertTrue(Math.abs(pair[0] - words[0]) > 1e-4, "the type of the second text shows");
        }
        try (var source = GgufFile.open(file);
                var workers = new Workers(1)) {
            Path without = folder.resolve("without.gguf");
            var writer = new GgufWriter();
            for (String key : source.metadata().keySet()) {
                if (!key.equals("tokenizer.ggml.seperator_token_id")) writer.copyMetadata(source, key);
            }
            for (var info : source.tensors()) {
                writer.tensor(info.name(), info.type(), info.shape(), out -> out.copyFrom(source.data(info)));
            }
            writer.write(without);
            var refused = assertThrows(
                    GgufException.class, () -> Encoder.load(without, workers).close());
            assertTrue(refused.toString().contains("seperator_token_id: must be a token"), refused.toString());
        }
    }

    @Test
    void textsThatDoNotFitAreRefused() throws IOException {
        try (var workers = new Workers(1);
                var encoder = Encoder.load(encoder(Pooling.CLS, TensorType.F32), workers)) {
            assertEquals(256, encoder.encode(List.of(new int[256])).getFirst().length, "the whole context can be used");
            assertEquals(List.of(), encoder.encode(List.of()));
            for (int[] tokens :
                    List.of(new int[0], new int[257], new int[] {-1}, new int[] {encoder.vocabularySize()})) {
                var e = assertThrows(
                        IllegalArgumentException.class, () -> encoder.encode(List.of(new int[] {1}, tokens)));
                assertTrue(e.toString().contains("text 1"), e.toString());
            }
        }
    }

    @Test
    void whatIsNotComputedIsRefusedByName() throws IOException {
        refused("general.architecture", metadata -> metadata.put("general.architecture", "nomic-bert"));
        refused("bert.attention.causal", metadata -> metadata.put("bert.attention.causal", true));
        refused("bert.rope.freq_base", metadata -> metadata.put("bert.rope.freq_base", 10_000f));
        refused("bert.pooling_type", metadata -> metadata.put("bert.pooling_type", 3L));
        refused("bert.pooling_type", metadata -> metadata.put("bert.pooling_type", 5L));
        refused("bert.attention.head_count", metadata -> metadata.put("bert.attention.head_count", 3L));
        refused("bert.attention.head_count_kv", metadata -> metadata.put("bert.attention.head_count_kv", 2L));
        refused("bert.attention.layer_norm_epsilon", metadata -> metadata.remove("bert.attention.layer_norm_epsilon"));
        refused("tokenizer.ggml.token_type_count", metadata -> metadata.put("tokenizer.ggml.token_type_count", 99L));
        refused("token_types.weight", metadata -> metadata.put("tokenizer.ggml.token_type_count", 1L));
        refused("token_types.weight", metadata -> metadata.remove("tokenizer.ggml.token_type_count"));
        refused("position_embd.weight", metadata -> metadata.put("bert.context_length", 64L));
        refused("blk.1.attn_q.weight", metadata -> metadata.put("bert.block_count", 1L));
        refused("blk.2.attn_q.weight", metadata -> metadata.put("bert.block_count", 3L));
        refused("cls.output.weight", metadata -> metadata.put("bert.pooling_type", 4L));
        refused(
                "bert.classifier.output_labels",
                metadata -> metadata.put("bert.classifier.output_labels", new String[] {"good", "bad"}));
    }

    /// The tiny CLS encoder with its metadata changed.
    private void refused(String field, Consumer<Map<String, Object>> change) throws IOException {
        Path changed = folder.resolve("changed.gguf");
        try (var file = GgufFile.open(encoder(Pooling.CLS, TensorType.F32))) {
            var metadata = new TreeMap<>(file.metadata());
            change.accept(metadata);
            var writer = new GgufWriter();
            metadata.forEach((key, value) -> put(writer, key, value));
            for (var info : file.tensors()) {
                writer.tensor(info.name(), info.type(), info.shape(), out -> out.copyFrom(file.data(info)));
            }
            writer.write(changed);
        }
        try (var workers = new Workers(1)) {
            var e = assertThrows(
                    GgufException.class, () -> Encoder.load(changed, workers).close(), field);
            assertTrue(e.toString().contains(field), e.toString());
        }
    }

    private static void put(GgufWriter writer, String key, Object value) {
        switch (value) {
            case String text -> writer.string(key, text);
            case Long number -> writer.uint32(key, number);
            case Float number -> writer.float32(key, number);
            case Boolean flag -> writer.bool(key, flag);
            case String[] texts -> writer.strings(key, List.of(texts));
            case int[] numbers -> writer.int32s(key, numbers);
            default -> throw new AssertionError(key + " is a " + value.getClass());
        }
    }

    private Path encoder(Pooling pooling, TensorType type) throws IOException {
        Path file = folder.resolve(pooling + ".gguf");
        RandomEncoder.write(file, EncoderShape.tiny(pooling), type, 3);
        return file;
    }
}
