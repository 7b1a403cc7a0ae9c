package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An auditor's machine has other vectors: the trace of an answer is the same in processes that
/// compute with 128, 256 and 512 bits, on one thread and three.
class TraceWidthTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gemma2", "cohere2", "apertus", "qwen3moe"})
    void traceDoesNotDependOnTheMachine(String architecture) throws Exception {
        Path model = folder.resolve("model.gguf");
        RandomModel.write(model, Shape.tiny(architecture), TensorType.Q8_0, 9);
        Set<String> traces = new LinkedHashSet<>();
        for (int bits : new int[] {128, 256, 512}) traces.add(runElsewhere(model, bits, bits == 256 ? 3 : 1));
        assertEquals(1, traces.size(), "traces " + traces);
        assertEquals(64, traces.iterator().next().length());
    }

    private static String runElsewhere(Path model, int bits, int threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Ddiwan.vectorBits=" + bits,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TraceWidthTest.class.getName(),
                        model.toString(),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String trace = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process ends");
        return trace.strip();
    }

    /// Prints the last trace value of one generation.
    public static void main(String[] args) throws IOException, InterruptedException {
        try (var workers = new Workers(Integer.parseInt(args[1]));
                var model = Model.load(Path.of(args[0]), workers);
                var engine = new Engine(model, EngineLimits.DEFAULT)) {
            var sampling = new Sampling(0.9f, 100, 0.9f, 0.01f, 1.1f, 0, 0, Map.of(), 77, 0);
            var generation = engine.submit(new GenerateRequest(new int[] {10, 20, 30, 40}, sampling, 16, Set.of()));
            byte[] trace = {};
            for (var token = generation.next(); token != null; token = generation.next()) trace = token.trace();
            System.out.println(HexFormat.of().formatHex(trace));
        }
    }
}
