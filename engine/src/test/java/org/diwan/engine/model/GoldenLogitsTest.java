package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracle: llama.cpp's log probabilities on the same files (`golden/HOW.md`), and for quantised types
/// also [ReferenceModel], which computes with the same weights in double precision.
class GoldenLogitsTest {
    @TempDir
    Path folder;

    /// `peer` bounds every single difference to llama.cpp, `exact` the root mean square of those to
    /// exact arithmetic on the same weights, where what remains is the rounding of activations.
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
        "llama, Q6_K, 0.18, 0.025",
        "qwen3, Q6_K, 0.18, 0.025",
    })
    void logitsAreThoseOfThePeer(String architecture, TensorType type, double peer, double exact) throws IOException {
        JsonNode golden = golden(architecture + "-" + type);
        int[] tokens = new ObjectMapper().convertValue(golden.get("tokens"), int[].class);
        double[][] expected = new ObjectMapper().convertValue(golden.get("logProbabilities"), double[][].class);
        Path file = GoldenModels.write(folder, architecture, type);
        try (var workers = new Workers(2);
                var model = Model.load(file, workers)) {
            assertEquals(
                    golden.get("sha256").asText(),
                    HexFormat.of().formatHex(model.digest()),
                    "the random model is no longer the one that the golden numbers belong to");
            double[][] actual = logSoftmax(model.logits(tokens));
            double[][] reference = logSoftmax(ReferenceModel.of(file).logits(tokens));
            double toPeer = largest(actual, expected);
            double toExact = rootMeanSquare(actual, reference);
            String found = "%s %s: to llama.cpp at most %.2e, to exact arithmetic %.2e rms"
                    .formatted(architecture, type, toPeer, toExact);
            System.out.println(found);
            assertTrue(toPeer <= peer && toExact <= exact, found);
        }
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = GoldenLogitsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }

    private static double[][] logSoftmax(float[][] logits) {
        var rows = new double[logits.length][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new double[logits[t].length];
            for (int i = 0; i < rows[t].length; i++) rows[t][i] = logits[t][i];
        }
        return logSoftmax(rows);
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
