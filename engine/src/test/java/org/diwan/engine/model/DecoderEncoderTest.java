package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.SoftCap;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Oracles: the logits of the same file as a model, which are the output matrix times the vector of
/// the last token; the mean of vectors of all beginnings of a text; llama.cpp's vectors.
class DecoderEncoderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gemma2", "gemma3", "cohere2"})
    void outputMatrixTimesTheLastVectorIsTheLogits(String architecture) throws IOException {
        Path file = embedder(architecture, TensorType.F32, Pooling.LAST);
        try (var workers = new Workers(2);
                var encoder = Encoder.load(file, workers, KvType.F32);
                var model = Model.load(file, workers);
                var gguf = GgufFile.open(file)) {
            assertEquals(Pooling.LAST, encoder.pooling());
            var random = new SplittableRandom(3);
            int[] text = random.ints(37, 0, 320).toArray();
            float[] vector = encoder.encode(List.of(text)).getFirst();
            var output = new Tensors(gguf).matrix("token_embd.weight", 320, 256);
            float[] logits = new float[320];
            output.multiply(vector, 1, logits, workers);
            finish(model.config().family(), logits);
            assertArrayEquals(model.logits(text)[36], logits);
        }
    }

    /// What families do to logits after the output matrix.
    private static void finish(Family family, float[] logits) {
        if (family instanceof Family.Gemma2 gemma) SoftCap.apply(logits, 0, logits.length, gemma.logitCap());
        if (family instanceof Family.Cohere2 cohere) {
            for (int i = 0; i < logits.length; i++) logits[i] *= cohere.logitScale();
        }
    }

    /// Any texts in any order, shorter and longer than a step: the bits of each are those that it has
    /// alone, and a mean is that of the vectors of all its beginnings.
    @Test
    void companyDoesNotChangeABitAndMeansAreMeans() throws IOException {
        Path last = embedder("llama", TensorType.Q8_0, Pooling.LAST);
        Path mean = embedder("llama", TensorType.Q8_0, Pooling.MEAN);
        try (var one = new Workers(1);
                var three = new Workers(3);
                var alone = Encoder.load(last, one);
                var lasts = Encoder.load(last, three);
                var means = Encoder.load(mean, three)) {
            Seeded.forAll(3, random -> {
                var texts = new ArrayList<int[]>();
                for (int i = 0; i < 6; i++) {
                    texts.add(random.ints(random.nextInt(1, i == 0 ? 513 : 40), 0, 320)
                            .toArray());
                }
                var together = lasts.encode(texts);
                for (int i = 0; i < texts.size(); i++) {
                    assertArrayEquals(alone.encode(List.of(texts.get(i))).getFirst(), together.get(i), "text " + i);
                }
                int[] text = texts.getLast();
                var beginnings = new ArrayList<int[]>();
                for (int end = 1; end <= text.length; end++) beginnings.add(Arrays.copyOf(text, end));
                float[] expected = new float[256];
                for (float[] vector : lasts.encode(beginnings)) {
                    for (int k = 0; k < expected.length; k++) expected[k] += vector[k];
                }
                for (int k = 0; k < expected.length; k++) expected[k] /= text.length;
                assertArrayEquals(expected, means.encode(texts).getLast());
            });
        }
    }

    /// Largest differences to llama.cpp (`golden/encoder/HOW.md`), which keeps keys and values in half
    /// precision, as we do.
    @ParameterizedTest
    @CsvSource({"LAST, F32, 5e-3", "MEAN, F32, 2e-3", "LAST, Q8_0, 0.1", "MEAN, Q8_0, 0.1"})
    void vectorsAreThoseOfThePeer(Pooling pooling, TensorType type, double tolerance) throws IOException {
        Path file = GoldenEncoders.writeDecoder(folder, pooling, type);
        var mapper = new ObjectMapper();
        String name = "/golden/encoder/decoder-" + pooling + "-" + type + ".json";
        try (var in = DecoderEncoderTest.class.getResourceAsStream(name);
                var workers = new Workers(2);
                var encoder = Encoder.load(file, workers)) {
            var golden = mapper.readTree(Objects.requireNonNull(in, name));
            assertEquals(golden.get("sha256").asText(), HexFormat.of().formatHex(encoder.digest()));
            var ours = encoder.encode(List.of(mapper.convertValue(golden.get("texts"), int[][].class)));
            double[][] theirs = mapper.convertValue(golden.get("results"), double[][].class);
            double largest = 0;
            for (int i = 0; i < theirs.length; i++) {
                for (int k = 0; k < theirs[i].length; k++) {
                    largest = Math.max(largest, Math.abs(ours.get(i)[k] - theirs[i][k]));
                }
            }
            String found = "decoder %s %s: to llama.cpp %.1e".formatted(pooling, type, largest);
            System.out.println(found);
            assertTrue(largest <= tolerance, found);
        }
    }

    @Test
    void decodersThatDoNotSayHowAreRefused() throws IOException {
        Path file = folder.resolve("chat.gguf");
        RandomModel.write(file, Shape.tiny("qwen3"), TensorType.F32, 1);
        try (var workers = new Workers(1)) {
            var e = assertThrows(GgufException.class, () -> Encoder.load(file, workers));
            assertTrue(String.valueOf(e.getMessage()).contains("qwen3.pooling_type"), e.getMessage());
        }
    }

    private Path embedder(String architecture, TensorType type, Pooling pooling) throws IOException {
        Path file = folder.resolve(architecture + pooling + ".gguf");
        RandomModel.writeEmbedder(file, Shape.tiny(architecture), type, pooling, 4);
        return file;
    }
}
