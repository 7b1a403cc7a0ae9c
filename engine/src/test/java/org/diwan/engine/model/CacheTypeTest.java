package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What rounding keys and values costs. Oracle: llama.cpp's log probabilities on the same F32 files
/// with an F32 cache (`golden/HOW.md`), from which an F32 cache here differs by less than 1e-5.
class CacheTypeTest {
    @TempDir
    Path folder;

    /// For comparison: rounding the weights to F16 costs up to 3.5e-3, to Q8_0 up to 7e-2.
    @ParameterizedTest
    @CsvSource({
        "llama, F32,  1e-4",
        "qwen3, F32,  1e-4",
        "llama, F16,  2e-3",
        "qwen3, F16,  2e-3",
        "llama, Q8_0, 5e-2",
        "qwen3, Q8_0, 5e-2"
    })
    void logProbabilitiesAreCloseToThePeers(String architecture, KvType cache, double most) throws IOException {
        JsonNode golden = golden(architecture + "-F32");
        int[] tokens = new ObjectMapper().convertValue(golden.get("tokens"), int[].class);
        double[][] expected = new ObjectMapper().convertValue(golden.get("logProbabilities"), double[][].class);
        try (var workers = new Workers(2);
                var model = Model.load(GoldenModels.write(folder, architecture, TensorType.F32), workers)) {
            var batch = model.batch(tokens.length, tokens.length);
            var sequence = model.pool(cache, 1 + tokens.length / Page.POSITIONS).sequence();
            for (int token : tokens) batch.add(sequence, token, true);
            model.forward(batch);
            double worst = 0;
            for (int row = 0; row < tokens.length; row++) {
                int from = row * model.vocabularySize();
                float[] logits = Arrays.copyOfRange(batch.logits(), from, from + model.vocabularySize());
                double sum = 0;
                for (float logit : logits) sum += Math.exp(logit);
                for (int i = 0; i < logits.length; i++) {
                    worst = Math.max(worst, Math.abs(logits[i] - Math.log(sum) - expected[row][i]));
                }
            }
            String found = "%s, %s cache: to llama.cpp at most %.2e".formatted(architecture, cache, worst);
            System.out.println(found);
            assertTrue(worst <= most, found);
        }
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = CacheTypeTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        }
    }
}
