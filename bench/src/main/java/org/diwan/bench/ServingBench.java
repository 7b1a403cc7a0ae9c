package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.base.CanonicalJson;
import org.diwan.engine.generate.Engine;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.GenerateRequest;
import org.diwan.engine.generate.Generation;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.Sequence;
import org.jspecify.annotations.Nullable;

/// `bench serving`: what many clients and long texts get, beside llama.cpp on the same file with as
/// many threads and an F16 cache as well.
///
/// - *streams*: N different prompts at once, answered in full; tokens of prompts and answers per second.
///   Diwan's engine schedules, samples and traces; nothing is guessed or found in the cache. The peer
///   evaluates the prompts one after the other and then all answers as one batch, without sampling.
/// - *prefix*: time to the first token of a prompt half as long as `depth`, cold and found in the
///   cache. Diwan alone.
/// - *decode*: single-token steps with logits after nothing and after `depth` tokens.
///
/// Rounds alternate, Diwan then peer; figures are medians. One round before is not counted.
final class ServingBench {
    private static final int STEPS = 16;
    private static final int CHUNK = 256;
    private static final int WARM_UP = 1;

    private final int streams;
    private final int prompt;
    private final int answer;
    private final int depth;
    private final Model model;
    private final Peer peer;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    private ServingBench(int streams, int prompt, int answer, int depth, Model model, Peer peer) {
        this.streams = streams;
        this.prompt = prompt;
        this.answer = answer;
        this.depth = depth;
        this.model = model;
        this.peer = peer;
    }

    static int run(Options options, PrintStream out) throws Exception {
        Path file = Path.of(options.text("model")).toAbsolutePath();
        int threads = options.number("threads", 2, 1, 256);
        int rounds = options.number("rounds", 3, 1, 1000);
        int streams = options.number("streams", 16, 1, EngineLimits.MAX_SLOTS);
        int prompt = options.number("prompt", 256, 1, 1 << 20);
        int answer = options.number("answer", 128, 1, 1 << 20);
        int depth = options.number("depth", 8192, 64, 1 << 20);
        int context = Math.max(streams * (prompt + answer), depth + STEPS);
        try (Peer peer = Peer.start(
                        "serving.mjs",
                        file,
                        threads,
                        Integer.toString(streams),
                        Integer.toString(perSequence(context)));
                var workers = new Workers(threads)) {
            long start = System.nanoTime();
            try (var model = Model.load(file, workers)) {
                double loadSeconds = (System.nanoTime() - start) / 1e9;
                if (depth + STEPS > model.contextLength() || prompt + answer > model.contextLength()) {
                    throw new IllegalArgumentException("the model's context is " + model.contextLength()
                            + " tokens; lower --depth, --prompt or --answer");
                }
                var bench = new ServingBench(streams, prompt, answer, depth, model, peer);
                bench.measure(rounds);
                var report = bench.report();
                report.put("loadSeconds", loadSeconds);
                report.put("peerLoadSeconds", peer.seconds("load"));
                report.put("residentBytes", Machine.residentBytes("self"));
                report.put("peerResidentBytes", peer.residentBytes());
                report.put("streams", streams);
                report.put("prompt", prompt);
                report.put("answer", answer);
                report.put("depth", depth);
                report.put("model", file.getFileName().toString());
                report.put("modelBytes", Files.size(file));
                report.put("threads", threads);
                report.put("rounds", rounds);
                report.put("machine", Machine.name());
                report.put("java", Runtime.version().toString());
                report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
                report.put("peer", peer.description());
                if (options.named().containsKey("json")) out.println(CanonicalJson.text(report));
                else report.forEach((name, value) -> out.println(name + ": " + value));
            }
        }
        return 0;
    }

    /// llama.cpp rounds the context of all sequences up to whole blocks of 256.
    private static int perSequence(int context) {
        return Math.ceilDiv(context, 256) * 256;
    }

    private void measure(int rounds) throws IOException, InterruptedException {
        Batch batch = model.batch(CHUNK, 1);
        Sequence deep = model.pool(KvType.F16, Math.ceilDiv(depth + STEPS, Page.POSITIONS))
                .sequence();
        for (int round = -WARM_UP; round < rounds; round++) {
            streams(round);
            prefix(round);
        }
        double fill = seconds(() -> evaluate(batch, deep, depth));
        add("fill.diwan", 0, depth / fill);
        add("fill.peer", 0, rate(depth, peer.seconds("fill " + depth)));
        for (int round = -WARM_UP; round < rounds; round++) {
            add("decodeDeep.diwan", round, STEPS / seconds(() -> decode(batch, deep, depth)));
            add("decodeDeep.peer", round, rate(STEPS, peer.seconds("decode " + depth + " " + STEPS)));
        }
        for (int round = -WARM_UP; round < rounds; round++) {
            var fresh = model.pool(KvType.F16, 1 + STEPS / Page.POSITIONS).sequence();
            add("decode.diwan", round, STEPS / seconds(() -> decode(batch, fresh, 0)));
            add("decode.peer", round, rate(STEPS, peer.seconds("decode 0 " + STEPS)));
        }
    }

    private void streams(int round) throws IOException, InterruptedException {
        int tokens = streams * (prompt + answer);
        var limits = new EngineLimits(streams, streams, CHUNK).withDrafts(0);
        double seconds;
        try (var engine = new Engine(model, limits)) {
            long start = System.nanoTime();
            List<Generation> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                running.add(engine.submit(
                        new GenerateRequest(tokens(1000 * i, prompt), Sampling.greedy(), answer, Set.of())));
            }
            for (Generation generation : running) while (generation.next() != null) {}
            seconds = (System.nanoTime() - start) / 1e9;
        }
        add("streams.diwan", round, tokens / seconds);
        add("streams.peer", round, rate(tokens, peer.seconds("streams " + streams + " " + prompt + " " + answer)));
    }

    private void prefix(int round) throws InterruptedException {
        try (var engine = new Engine(model, new EngineLimits(1, 1, CHUNK).withDrafts(0))) {
            var request = new GenerateRequest(tokens(round, depth / 2), Sampling.greedy(), 1, Set.of());
            double cold = firstToken(engine, request);
            double warm = firstToken(engine, request);
            add("prefixColdSeconds.diwan", round, cold);
            add("prefixWarmSeconds.diwan", round, warm);
            add("prefixWarmShare.diwan", round, warm / cold);
        }
    }

    private static double firstToken(Engine engine, GenerateRequest request) throws InterruptedException {
        long start = System.nanoTime();
        try (var generation = engine.submit(request)) {
            generation.next();
            double seconds = (System.nanoTime() - start) / 1e9;
            while (generation.next() != null) {}
            return seconds;
        }
    }

    private void decode(Batch batch, Sequence sequence, int before) {
        sequence.truncate(before);
        for (int i = before; i < before + STEPS; i++) evaluate(batch, sequence, i + 1);
    }

    /// Brings `sequence` to `length` tokens.
    private void evaluate(Batch batch, Sequence sequence, int length) {
        while (sequence.length() < length) {
            batch.clear();
            int end = Math.min(length, sequence.length() + CHUNK);
            for (int i = sequence.length(); i < end; i++) batch.add(sequence, token(i), i == end - 1);
            model.forward(batch);
        }
    }

    private static int[] tokens(int first, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) tokens[i] = token(first + i);
        return tokens;
    }

    private static int token(int i) {
        return 1 + Math.floorMod(i * 7919, 250);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static @Nullable Double rate(int tokens, @Nullable Double seconds) {
        return seconds == null ? null : tokens / seconds;
    }

    private void add(String figure, int round, @Nullable Double value) {
        if (value == null) return;
        System.err.printf("bench: round %d: %s %.3f%n", round, figure, value);
        if (round >= 0)
            figures.computeIfAbsent(figure, name -> new ArrayList<>()).add(value);
    }

    private Map<String, @Nullable Object> report() {
        var report = new LinkedHashMap<String, @Nullable Object>();
        figures.forEach((name, values) -> {
            report.put(name, median(values));
            report.put(name + ".rounds", values);
        });
        for (String side : List.of("diwan", "peer")) {
            List<Double> deep = figures.get("decodeDeep." + side);
            List<Double> shallow = figures.get("decode." + side);
            if (deep != null && shallow != null) report.put("decodeKept." + side, median(deep) / median(shallow));
        }
        report.put("unit", "tokens/s where the name does not say seconds, share or kept");
        return report;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
