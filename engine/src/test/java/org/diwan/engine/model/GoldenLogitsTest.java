package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracle: llama.cpp's log probabilities on the same files (`golden/HOW.md`), and for quantised types
/// also [ReferenceModel], which computes with the same weights in double precision.
class GoldenLogitsTest {
    @TempDir
    Path folder;

    /// `peer` bounds every single difference to llama.cpp, `exact` the root mean square of those to
    /// exact arithmetic on the same weights, where what remains is the rounding of activations: it grows
    /// with the layers (7 in gemma3, 64 in exaone4-32b) and with the scale of logits (1.5 in cohere2).
    @ParameterizedTest
    @CsvSource({
        "llama, F32,  1e-4, 1e-5",
        "qwen3, F32,  1e-4, 1e-5",
        "llama, F16,  5e-3, 1e-5",
        "qwen3, F16,  5e-3, 1e-5",
        "llama, BF16, 0.03, 1e-5",
        "qwen3, BF16, 0.03, 1e-5",
        "llama, Q8_0, 0.10, 0.025",
        "qwen3, Q8_0, 0.10, 0.025",
        "llama, Q4_0, 0.10, 0.025",
        "qwen3, Q4_0, 0.10, 0.025",
        "llama, Q4_K, 0.18, 0.025",
        "qwen3, Q4_K, 0.18, 0.025",
        "llama, Q5_K, 0.18, 0.025",
        "qwen3, Q5_K, 0.18, 0.025",
        "llama, Q6_K, 0.18, 0.025",
        "qwen3, Q6_K, 0.18, 0.025",
        "llama-biased, F32, 1e-4, 1e-5",
        "qwen2,    F32, 1e-4, 1e-5",
        "gemma2,   F32, 2e-3, 1e-5",
        "gemma3,   F32, 3e-3, 1e-5",
        "cohere2,  F32, 1e-4, 1e-5",
        "exaone4,  F32, 1e-4, 1e-5",
        "exaone4-32b, F32, 1e-4, 1e-5",
        "apertus,  F32, 1e-4, 1e-5",
        "qwen3moe, F32, 1e-4, 1e-5",
        "llama-biased, Q8_0, 0.10, 0.025",
        "qwen2,    Q8_0, 0.10, 0.025",
        "gemma2,   Q8_0, 0.10, 0.025",
        "gemma3,   Q8_0, 0.18, 0.04",
        "cohere2,  Q8_0, 0.18, 0.04",
        "exaone4,  Q8_0, 0.10, 0.025",
        "exaone4-32b, Q8_0, 0.25, 0.06",
        "apertus,  Q8_0, 0.10, 0.025",
        "qwen3moe, Q8_0, 0.10, 0.025",
    })
    void logitsAreThoseOfThePeer(String name, TensorType type, double peer, double exact) throws IOException {
        JsonNode golden = golden(name + "-" + type);
        int[] tokens = new ObjectMapper().convertValue(golden.get("tokens"), int[].class);
        double[][] expected = new ObjectMapper().convertValue(golden.get("logProbabilities"), double[][].class);
        Path file = GoldenModels.write(folder, name, type);
        try (var workers = new Workers(2);
                var model = Model.load(file, workers)) {
            assertEquals(
                    golden.get("sha256").asText(),
                    HexFormat.of().formatHex(model.digest()),
                    "the random model is no longer the one that the golden numbers belong to");
            double[][] actual = logSoftmax(lastRows(doubles(model.logits(tokens)), expected.length));
            double[][] reference = logSoftmax(lastRows(ReferenceModel.of(file).logits(tokens), expected.length));
            double toPeer = largest(actual, expected);
            double toExact = rootMeanSquare(actual, reference);
            String found = "%s %s: to llama.cpp at most %.2e, to exact arithmetic %.2e rms"
                    .formatted(name, type, toPeer, toExact);
            System.out.println(found);
            assertTrue(toPeer <= peer && toExact <= exact, found);
        }
    }

    /// llama.cpp looks gelu up in a table of half-precision numbers, which hides whatever else may
    /// differ by less than 2e-3. The twin that does the same comes closer; what is left are inputs that
    /// lie so near the middle of two half-precision numbers that floats round them another way.
    @ParameterizedTest
    @CsvSource({"gemma2, 6e-4", "gemma3, 9e-4"})
    void withThePeersGeluNothingElseDiffers(String name, double tolerance) throws IOException {
        JsonNode golden = golden(name + "-F32");
        int[] tokens = new ObjectMapper().convertValue(golden.get("tokens"), int[].class);
        double[][] expected = new ObjectMapper().convertValue(golden.get("logProbabilities"), double[][].class);
        Path file = GoldenModels.write(folder, name, TensorType.F32);
        double[][] twin = ReferenceModel.of(file, true).logits(tokens);
        double found = largest(logSoftmax(lastRows(twin, expected.length)), expected);
        System.out.println("%s with half-precision gelu: to llama.cpp at most %.2e".formatted(name, found));
        assertTrue(found <= tolerance, name + " differs by " + found);
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = GoldenLogitsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }

    /// What goldens are for: the same weights under a rule that is a little different would show.
    @Test
    void otherRulesWouldShow() throws IOException {
        var g2 = (Family.Gemma2) Shape.tiny("gemma2").family();
        var g3 = (Family.Gemma3) Shape.tiny("gemma3").family();
        var c2 = (Family.Cohere2) Shape.tiny("cohere2").family();
        differs(
                "gemma2",
                new Family.Gemma2(g2.attentionScale(), wider(g2.windows()), g2.attentionCap(), g2.logitCap()));
        differs("gemma2", new Family.Gemma2(g2.attentionScale(), g2.windows(), 2.1f, g2.logitCap()));
        differs("gemma2", new Family.Gemma2(g2.attentionScale(), g2.windows(), g2.attentionCap(), 3.1f));
        differs("gemma3", new Family.Gemma3(g3.attentionScale(), wider(g3.windows()), g3.localRopeBase()));
        differs("cohere2", new Family.Cohere2(wider(c2.windows()), c2.logitScale()));
        differs("cohere2", new Family.Cohere2(c2.windows(), 1.55f));
        differs("qwen3moe", new Family.Qwen3Moe(8, 3));
    }

    private static Family.Windows wider(Family.Windows windows) {
        return new Family.Windows(windows.size() + 1, windows.slides());
    }

    private void differs(String name, Family family) throws IOException {
        JsonNode golden = golden(name + "-F32");
        int[] tokens = new ObjectMapper().convertValue(golden.get("tokens"), int[].class);
        double[][] expected = new ObjectMapper().convertValue(golden.get("logProbabilities"), double[][].class);
        Path file = folder.resolve("other.gguf");
        RandomModel.write(file, Shape.tiny(name).with(family), TensorType.F32, GoldenModels.SEED);
        try (var workers = new Workers(2);
                var model = Model.load(file, workers)) {
            double[][] actual = logSoftmax(lastRows(doubles(model.logits(tokens)), expected.length));
            double found = largest(actual, expected);
            assertTrue(found > 0.01, family + " differs by " + found + " only");
        }
    }

    private static double[][] lastRows(double[][] rows, int count) {
        return Arrays.copyOfRange(rows, rows.length - count, rows.length);
    }

    private static double[][] doubles(float[][] logits) {
        var rows = new double[logits.length][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new double[logits[t].length];
            for (int i = 0; i < rows[t].length; i++) rows[t][i] = logits[t][i];
        }
        return rows;
    }

    private static double[][] logSoftmax(double[][] logits) {
        for (double[] row : logits) {
            double sum = 0;
            for (double logit : row) sum += Math.exp(logit);
            for (int i = 0; i < row.length; i++) row[i] -= Math.log(sum);
        }
        return logits;
    }

    private static double largest(double[][] a, double[][] b) {
        double largest = 0;
        for (int t = 0; t < a.length; t++) {
            assertEquals(a[t].length, b[t].length);
            for (int i = 0; i < a[t].length; i++) largest = Math.max(largest, Math.abs(a[t][i] - b[t][i]));
        }
        return largest;
    }

    private static double rootMeanSquare(double[][] a, double[][] b) {
        double sum = 0;
        for (int t = 0; t < a.length; t++) {
            for (int i = 0; i < a[t].length; i++) sum += (a[t][i] - b[t][i]) * (a[t][i] - b[t][i]);
        }
        return Math.sqrt(sum / (a.length * a[0].length));
    }
}
