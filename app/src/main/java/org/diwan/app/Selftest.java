package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Digest;
import org.diwan.engine.generate.Engine;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.GenerateRequest;
import org.diwan.engine.generate.Generation;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan model selftest FILE`: whether this machine keeps the engine's promise with this model.
///
/// The reference of a type of cache: every request alone, one token a step, on one thread, nothing
/// guessed or cached. Then, until the time is up, draws: the same requests in random order among
/// others, with random chunks, slots, threads, guesses and little or much memory, each twice so that
/// the second finds its prefix cached. And restarts: other processes with other vectors and with the
/// scalar twins. An answer is compared by the last value of its trace, a hash chain over tokens and
/// the bits of their logits.
@Command(
        name = "selftest",
        description = "Check that answers do not depend on neighbours, threads, vectors, cache or guessing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan model selftest model.gguf --seconds 60"})
final class Selftest extends Verb {
    private static final List<KvType> CACHES = List.of(KvType.values());
    private static final int REQUESTS = 8;
    private static final int MAX_MATES = 64 - 2 * REQUESTS;
    private static final int MAX_PROMPT = 120;
    private static final int MAX_ANSWER = 24;

    /// A model of a billion weights takes a minute or two for a restart with scalar kernels.
    private static final List<List<String>> RESTARTS = List.of(
            List.of("-Ddiwan.kernels=machine"),
            List.of("-Ddiwan.kernels=avx2"),
            List.of("-Ddiwan.kernels=vector", "-Ddiwan.vectorBits=128"),
            List.of("-Ddiwan.kernels=vector", "-Ddiwan.vectorBits=256"),
            List.of("-Ddiwan.kernels=vector", "-Ddiwan.vectorBits=512"),
            List.of("-Ddiwan.kernels=scalar"));

    @Parameters(paramLabel = "FILE", description = "GGUF file.")
    private Path file = Path.of("");

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long to draw (default: ${DEFAULT-VALUE}); references and restarts come on top.")
    private int seconds;

    @Option(names = "--seed", paramLabel = "S", description = "Of requests and draws (default: another each time).")
    private @Nullable Long seed;

    @Option(names = "--reference", hidden = true, description = "Print the traces of one type of cache, and end.")
    private @Nullable KvType reference;

    private int failures;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 0) throw new IllegalArgumentException("--seconds " + seconds + ", must be 0 or more");
        long from = seed != null ? seed : System.nanoTime();
        if (reference != null) {
            alone(reference, requests(from)).forEach(out()::println);
            return 0;
        }
        out().printf("selftest of %s, --seed %d%n", file.getFileName(), from);
        var random = new SplittableRandom(from);
        var requests = requests(from);
        Map<KvType, List<String>> expected = new EnumMap<>(KvType.class);
        for (KvType type : KvType.values()) {
            expected.put(type, alone(type, requests));
            row("reference", type, "1 thread, 1 token a step, nothing cached or guessed", REQUESTS, 0);
        }
        restarts(from, expected);
        draws(random, requests, expected);
        out().println(failures == 0 ? "every answer is the same to the bit" : failures + " answers differ");
        return failures == 0 ? 0 : 1;
    }

    private void restarts(long from, Map<KvType, List<String>> expected) throws IOException, InterruptedException {
        int turn = 0;
        for (List<String> flags : RESTARTS) {
            KvType type = CACHES.get(turn++ % CACHES.size());
            row("restart", type, String.join(" ", flags), expected.get(type), restart(flags, from, type));
        }
    }

    private void draws(SplittableRandom random, List<GenerateRequest> requests, Map<KvType, List<String>> expected)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int count = 0;
        while (count == 0 || System.nanoTime() < end) {
            KvType type = CACHES.get(count++ % CACHES.size());
            draw(random, type, requests, expected.get(type));
        }
    }

    private void draw(
            SplittableRandom random, KvType type, List<GenerateRequest> requests, @Nullable List<String> expected)
            throws IOException, InterruptedException {
        int threads = random.nextInt(1, 2 + Runtime.getRuntime().availableProcessors());
        int slots = random.nextInt(1, 65);
        int chunk = random.nextInt(1, 200);
        int guesses = random.nextBoolean() ? 0 : random.nextInt(1, 17);
        int mates = random.nextInt(MAX_MATES + 1);
        var limits = new EngineLimits(slots, 128, chunk).withDrafts(guesses).withCacheType(type);
        try (var workers = new Workers(threads);
                var model = Model.load(file, workers)) {
            // At least what one text needs, at most what all of them do.
            long pages = random.nextInt(8, 256);
            try (var engine = new Engine(model, limits.withCacheBytes(pages * model.pageBytes(type)))) {
                var order = new ArrayList<Integer>();
                for (int i = 0; i < 2 * REQUESTS; i++) order.add(random.nextInt(order.size() + 1), i % REQUESTS);
                List<Generation> running = new ArrayList<>();
                for (int i : order) {
                    running.add(engine.submit(requests.get(i).forTenant("t" + random.nextInt(3))));
                    for (int k = random.nextInt(1 + mates / REQUESTS); k > 0; k--) {
                        var mate = engine.submit(request(random, model.vocabularySize()));
                        if (random.nextBoolean()) mate.close();
                    }
                }
                List<String> found = new ArrayList<>();
                List<String> ordered = new ArrayList<>();
                for (int k = 0; k < order.size(); k++) {
                    found.add(trace(running.get(k)));
                    if (expected != null) ordered.add(expected.get(order.get(k)));
                }
                row(
                        "draw",
                        type,
                        "%d threads, %d slots, chunk %d, %d guesses, up to %d mates, %d pages"
                                .formatted(threads, slots, chunk, guesses, mates, pages),
                        ordered,
                        found);
            }
        }
    }

    /// The traces of all requests, each alone.
    private List<String> alone(KvType type, List<GenerateRequest> requests) throws IOException, InterruptedException {
        List<String> traces = new ArrayList<>();
        try (var workers = new Workers(1);
                var model = Model.load(file, workers)) {
            for (GenerateRequest request : requests) {
                var limits = new EngineLimits(1, 1, 1).withDrafts(0).withCacheType(type);
                try (var engine = new Engine(model, limits)) {
                    traces.add(trace(engine.submit(request)));
                }
            }
        }
        return traces;
    }

    private List<String> restart(List<String> flags, long from, KvType type) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-ea",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        words.addAll(flags);
        words.addAll(List.of(Main.class.getName(), "model", "selftest", file.toString()));
        words.addAll(List.of("--seed", Long.toString(from), "--reference", type.name()));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) return List.of("exit code " + process.exitValue());
        return printed.lines().toList();
    }

    private List<GenerateRequest> requests(long from) throws IOException {
        int vocabulary = Model.describe(file).config().vocabulary();
        var random = new SplittableRandom(from);
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) requests.add(request(random, vocabulary));
        return requests;
    }

    private static GenerateRequest request(SplittableRandom random, int vocabulary) {
        int[] prompt = random.ints(random.nextInt(1, MAX_PROMPT), 0, vocabulary).toArray();
        // Some repeat themselves, so that there is something to guess.
        if (random.nextBoolean()) for (int i = 8; i < prompt.length; i++) prompt[i] = prompt[i - 8];
        var sampling = new Sampling(
                random.nextBoolean() ? 0 : 0.8f,
                random.nextBoolean() ? 0 : 50,
                random.nextBoolean() ? 1 : 0.95f,
                0,
                random.nextBoolean() ? 1 : 1.1f,
                0,
                0,
                Map.of(),
                random.nextLong(),
                0);
        return new GenerateRequest(prompt, sampling, random.nextInt(1, MAX_ANSWER), Set.of());
    }

    private static String trace(Generation generation) throws InterruptedException {
        byte[] last = {};
        for (var token = generation.next(); token != null; token = generation.next()) last = token.trace();
        return Digest.hex(last);
    }

    private void row(String what, KvType type, String how, @Nullable List<String> expected, List<String> found) {
        int wrong = 0;
        int count = expected == null ? 0 : expected.size();
        for (int i = 0; i < count; i++) {
            if (i >= found.size() || expected == null || !expected.get(i).equals(found.get(i))) wrong++;
        }
        if (count == 0 || found.size() > count) wrong++;
        row(what, type, how, count, wrong);
    }

    private void row(String what, KvType type, String how, int answers, int wrong) {
        failures += wrong;
        out().printf(
                        "%-9s  %-4s  %3d answers  %s  %s%n",
                        what, type.label(), answers, wrong == 0 ? "same" : wrong + " DIFFER", how);
        out().flush();
    }
}
