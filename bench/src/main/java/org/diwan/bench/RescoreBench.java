package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.audit.GreedyPlausibility;
import org.diwan.cloud.audit.Plausibility;
import org.diwan.cloud.audit.SampledPlausibility;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Rescoring.Said;
import org.diwan.cloud.serving.Work;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Mix;
import org.diwan.engine.model.QuantizedCopy;
import org.diwan.language.ChatMessage;
import org.jspecify.annotations.Nullable;

/// `bench rescore`: how often an upstream's answers, one by one and added up, are found implausible under the
/// weights that it claims, when in truth it runs them in another arithmetic or in llama.cpp (honest), in fewer
/// bits, without its last layer, or with another sampler. Answers begin with words of the model's own first
/// answer; other seeds than those that the honest maker's noise was measured with.
final class RescoreBench {
    private static final EngineLimits LIMITS = new EngineLimits(1, 1, 256).withCacheType(KvType.F32);
    private static final List<Integer> TOGETHER = List.of(1, 2, 5, 10, 25, 50);

    /// Groups of answers that are drawn for each size.
    private static final int GROUPS = 200;

    /// What the upstream does instead of what it says.
    ///
    /// @param claimed temperature that it was asked for; 0 for greedy answers
    /// @param peer whether llama.cpp runs it
    private record Truth(String name, Path file, float claimed, float temperature, boolean peer) {}

    private final LocalModel judge;
    private final int length;
    private final int threads;
    private final List<LocalModel.Prompt> prompts = new ArrayList<>();

    private RescoreBench(LocalModel judge, int answers, int seed, int length, int threads) throws InterruptedException {
        this.judge = judge;
        this.length = length;
        this.threads = threads;
        for (int i = 0; i < answers; i++)
            prompts.add(judge.prompt(List.of(new ChatMessage("user", opening(seed + i))), List.of()));
    }

    /// Measures, prints, returns the exit code 0.
    static int run(Options options, PrintStream out) throws IOException, InterruptedException {
        Path claimed = Path.of(options.text("model"));
        int answers = options.number("answers", 20, 1, 10_000);
        int seed = options.number("seed", 5_000, 0, 1_000_000_000);
        int length = options.number("tokens", 450, 1, 100_000);
        int threads = options.number("threads", 2, 1, 256);
        String only = options.named().getOrDefault("only", "");
        boolean json = options.named().containsKey("json");
        Path folder = Files.createTempDirectory("diwan-rescore");
        var result = new LinkedHashMap<String, Object>();
        result.put("answers", answers);
        result.put("seed", seed);
        try (var judge = LocalModel.load(claimed, threads, LIMITS)) {
            var bench = new RescoreBench(judge, answers, seed, length, threads);
            for (var truth : truths(claimed, folder)) {
                if (!truth.name().contains(only)) continue;
                var found = bench.measure(truth);
                if (found.isEmpty()) continue;
                result.put(truth.name(), found);
                if (!json) out.println(truth.name() + ": " + found);
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
        if (json) out.println(CanonicalJson.text(result));
        return 0;
    }

    private static List<Truth> truths(Path claimed, Path folder) throws IOException {
        Path halves = folder.resolve("f16.gguf");
        QuantizedCopy.write(claimed, halves, Mix.F16, tensor -> {});
        Path fewer = folder.resolve("q4_0.gguf");
        QuantizedCopy.write(halves, fewer, Mix.Q4_0, tensor -> {});
        Path mixed = folder.resolve("q4_k_m.gguf");
        AlteredCopy.rounded(halves, mixed, TensorType.Q4_K);
        Path five = folder.resolve("q5_k_m.gguf");
        AlteredCopy.rounded(halves, five, TensorType.Q5_K);
        Path shorter = folder.resolve("shorter.gguf");
        AlteredCopy.withoutLastLayer(claimed, shorter);
        return List.of(
                new Truth("greedy, honest: F16", halves, 0, 0, false),
                new Truth("greedy, honest: llama.cpp", claimed, 0, 0, true),
                new Truth("greedy, Q5_K_M", five, 0, 0, false),
                new Truth("greedy, Q4_K_M", mixed, 0, 0, false),
                new Truth("greedy, Q4_0", fewer, 0, 0, false),
                new Truth("greedy, Q4_0 in llama.cpp", fewer, 0, 0, true),
                new Truth("greedy, without last layer", shorter, 0, 0, false),
                new Truth("greedy, temperature 0.3 for 0", claimed, 0, 0.3f, false),
                new Truth("sampled, honest: F16", halves, 1, 1, false),
                new Truth("sampled, Q4_0", fewer, 1, 1, false),
                new Truth("sampled, without last layer", shorter, 1, 1, false),
                new Truth("sampled, temperature 1.1 for 1", claimed, 1, 1.1f, false));
    }

    /// Shares of answers, and of groups of them, that were found; none where the upstream cannot run.
    private Map<String, Object> measure(Truth truth) throws IOException, InterruptedException {
        var said = truth.peer() ? peer(truth) : own(truth);
        if (said.isEmpty()) return Map.of();
        var words = new ArrayList<Plausibility>();
        var told = new ArrayList<Plausibility>();
        boolean greedy = truth.claimed() == 0;
        for (int i = 0; i < said.size(); i++) {
            var tokens = said.get(i);
            var text = new Said(tokens.text(), List.of(), tokens.ended(), false);
            var rescoring = judge.rescoring();
            told.add(Plausibility.of(rescoring.score(prompts.get(i), tokens, truth.claimed()), greedy, false));
            words.add(Plausibility.of(rescoring.score(prompts.get(i), text, truth.claimed()), greedy, false));
        }
        var found = new LinkedHashMap<String, Object>();
        int tokens = told.stream().mapToInt(Plausibility::tokens).sum();
        found.put("tokensEach", tokens / told.size());
        if (greedy)
            found.put(
                    "misses",
                    told.stream()
                            .mapToInt(each -> ((GreedyPlausibility) each).misses())
                            .sum());
        found.put("one", share(told));
        found.put("oneByWords", share(words));
        found.put("together", together(told));
        if (greedy) found.put("togetherByWords", together(words));
        return found;
    }

    private static double share(List<Plausibility> answers) {
        long suspected = answers.stream().filter(each -> !each.isPlausible()).count();
        return (double) suspected / answers.size();
    }

    /// By the number of answers added up, the share of groups that are found.
    private static Map<String, Object> together(List<Plausibility> answers) {
        BinaryOperator<Plausibility> plus = (a, b) -> switch (a) {
            case GreedyPlausibility greedy -> greedy.plus((GreedyPlausibility) b);
            case SampledPlausibility sampled -> sampled.plus((SampledPlausibility) b);
        };
        var random = new Random(1);
        var shuffled = new ArrayList<>(answers);
        var found = new LinkedHashMap<String, Object>();
        for (int size : TOGETHER) {
            if (size > answers.size()) break;
            var groups = new ArrayList<Plausibility>();
            for (int group = 0; group < (size == answers.size() ? 1 : GROUPS); group++) {
                Collections.shuffle(shuffled, random);
                groups.add(shuffled.subList(0, size).stream().reduce(plus).orElseThrow());
            }
            found.put("of" + size, share(groups));
        }
        return found;
    }

    private List<Said> own(Truth truth) throws IOException, InterruptedException {
        var said = new ArrayList<Said>();
        try (var upstream = LocalModel.load(truth.file(), threads, LIMITS)) {
            for (int i = 0; i < prompts.size(); i++) {
                var sampling = truth.temperature() == 0 ? Sampling.greedy() : hot(truth.temperature(), i);
                var answer = upstream.answer(
                        new Work(prompts.get(i).tokens(), sampling, length, List.of()), (text, tokens) -> true);
                boolean ended = !answer.finish().label().equals("length");
                said.add(new Said(answer.text(), answer.tokens(), ended, false));
            }
        }
        return said;
    }

    private List<Said> peer(Truth truth) throws IOException {
        var said = new ArrayList<Said>();
        // llama.cpp's threads wait for each other spinning: with one, a busy machine does not stop it.
        try (var peer = Peer.start("greedy.mjs", truth.file(), 1)) {
            for (var prompt : prompts) {
                var request = new StringBuilder().append(length);
                for (int token : prompt.tokens()) request.append(' ').append(token);
                var tokens = ids(peer.answer(request.toString()));
                if (tokens.isEmpty()) return List.of();
                boolean ended = judge.tokenizer().vocabulary().endTokens().contains(tokens.getLast());
                int[] all = tokens.stream().mapToInt(Integer::intValue).toArray();
                said.add(new Said(judge.tokenizer().decode(all), tokens, ended, false));
            }
        }
        return said;
    }

    private static List<Integer> ids(@Nullable String line) {
        return line == null || line.isBlank()
                ? List.of()
                : Arrays.stream(line.strip().split(" ", -1))
                        .map(Integer::valueOf)
                        .toList();
    }

    /// Some words to go on from, other ones for each answer.
    private String opening(int seed) throws InterruptedException {
        var prompt = judge.prompt(List.of(new ChatMessage("user", ".")), List.of());
        var words = judge.answer(new Work(prompt.tokens(), hot(1, seed), 12, List.of()), (text, tokens) -> true);
        return words.text().isBlank() ? "." : words.text();
    }

    private static Sampling hot(float temperature, long seed) {
        return new Sampling(temperature, 0, 1, 0, 1, 0, 0, Map.of(), seed, 0);
    }
}
