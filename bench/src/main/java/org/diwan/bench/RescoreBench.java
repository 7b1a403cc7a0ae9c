package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.audit.Plausibility;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Work;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.GgufWriter;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Mix;
import org.diwan.engine.model.QuantizedCopy;
import org.diwan.language.ChatMessage;

/// `bench rescore`: how often an upstream's answer is found implausible under the weights that it
/// claims, when in truth it runs them in another arithmetic (honest), in fewer bits, without its last
/// layer, or hotter than asked. Answers begin with words of the model's own first answer.
final class RescoreBench {
    private static final List<Integer> LENGTHS = List.of(50, 150, 450);
    private static final EngineLimits LIMITS = new EngineLimits(1, 1, 256).withCacheType(KvType.F32);

    /// What the upstream does instead of what it says.
    private record Truth(String name, Path file, float heat) {}

    private RescoreBench() {}

    /// Measures, prints, returns the exit code 0.
    static int run(Options options, PrintStream out) throws IOException, InterruptedException {
        Path claimed = Path.of(options.text("model"));
        int answers = options.number("answers", 20, 1, 10_000);
        int threads = options.number("threads", 2, 1, 256);
        Path folder = Files.createTempDirectory("diwan-rescore");
        var result = new LinkedHashMap<String, Object>();
        result.put("answers", answers);
        try (var judge = LocalModel.load(claimed, threads, LIMITS)) {
            for (var truth : truths(claimed, folder)) {
                try (var upstream = LocalModel.load(truth.file(), threads, LIMITS)) {
                    for (boolean greedy : new boolean[] {false, true}) {
                        if (greedy && truth.heat() != 1) continue;
                        String name = truth.name() + (greedy ? ", greedy" : ", sampled");
                        var found = measure(judge, upstream, truth.heat(), greedy, answers);
                        result.put(name, found);
                        if (!options.named().containsKey("json")) out.println(name + ": suspected " + found);
                    }
                }
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        return 0;
    }

    private static List<Truth> truths(Path claimed, Path folder) throws IOException {
        Path halves = folder.resolve("f16.gguf");
        QuantizedCopy.write(claimed, halves, Mix.F16, tensor -> {});
        Path fewer = folder.resolve("q4_0.gguf");
        QuantizedCopy.write(halves, fewer, Mix.Q4_0, tensor -> {});
        Path shorter = folder.resolve("shorter.gguf");
        dropLastLayer(claimed, shorter);
        return List.of(
                new Truth("same weights, other arithmetic", halves, 1),
                new Truth("re-quantised to Q4_0", fewer, 1),
                new Truth("without its last layer", shorter, 1),
                new Truth("temperature 1.2 for 1", claimed, 1.2f));
    }

    private static void dropLastLayer(Path in, Path out) throws IOException {
        try (var file = GgufFile.open(in)) {
            String key = file.metadata().get("general.architecture") + ".block_count";
            if (!(file.metadata().get(key) instanceof Number count)) throw new IOException(in + ": no " + key);
            int layers = count.intValue();
            var writer = new GgufWriter();
            for (String name : file.metadata().keySet()) if (!name.equals(key)) writer.copyMetadata(file, name);
            writer.uint32(key, layers - 1);
            for (TensorInfo tensor : file.tensors()) {
                if (tensor.name().startsWith("blk." + (layers - 1) + ".")) continue;
                writer.tensor(
                        tensor.name(), tensor.type(), tensor.shape(), target -> target.copyFrom(file.data(tensor)));
            }
            writer.write(out);
        }
    }

    private static Map<String, Object> measure(
            LocalModel judge, LocalModel upstream, float heat, boolean greedy, int answers)
            throws InterruptedException {
        var found = new LinkedHashMap<String, Object>();
        for (int length : LENGTHS) {
            int suspected = 0;
            double sum = 0;
            for (int i = 0; i < answers; i++) {
                var prompt = upstream.prompt(List.of(new ChatMessage("user", opening(judge, i))), List.of());
                var sampling = greedy ? Sampling.greedy() : hot(heat, i);
                var answer =
                        upstream.answer(new Work(prompt.tokens(), sampling, length, List.of()), (text, tokens) -> true);
                boolean ended = !answer.finish().label().equals("length");
                var scores = judge.rescore(prompt, answer.text(), ended, 1);
                var judged = Plausibility.of(scores, greedy, false);
                if (!judged.isPlausible()) suspected++;
                sum += greedy ? (double) judged.misses() / Math.max(1, judged.tokens()) : judged.z();
            }
            found.put("upTo" + length, (double) suspected / answers);
            found.put(greedy ? "missesUpTo" + length : "zUpTo" + length, Math.round(1e4 * sum / answers) / 1e4);
        }
        return found;
    }

    /// Some words to go on from, other ones for each answer.
    private static String opening(LocalModel model, int seed) throws InterruptedException {
        var prompt = model.prompt(List.of(new ChatMessage("user", ".")), List.of());
        var words =
                model.answer(new Work(prompt.tokens(), hot(1, 1_000 + seed), 12, List.of()), (text, tokens) -> true);
        return words.text().isBlank() ? "." : words.text();
    }

    private static Sampling hot(float temperature, long seed) {
        return new Sampling(temperature, 0, 1, 0, 1, 0, 0, Map.of(), seed, 0);
    }
}
