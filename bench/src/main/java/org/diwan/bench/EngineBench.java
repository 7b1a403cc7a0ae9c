package org.diwan.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Sequence;
import org.jspecify.annotations.Nullable;

/// `bench engine`: tokens per second of forward passes, beside llama.cpp on the same file with as many
/// threads.
///
/// - *prefill*: a prompt of 512 tokens in one batch, logits of the last one.
/// - *decode*: 16 steps of one token each, logits every time, after 16 tokens that are not timed.
///
/// No sampling, tokenizing or network on either side. Rounds alternate, Diwan then peer, prefill then
/// decode; the figure is the median. Two rounds before are not counted: Java compiles, both load.
final class EngineBench {
    private static final int PROMPT = 512;
    private static final int STEPS = 16;
    private static final int BEFORE = 16;
    private static final int WARM_UP = 2;

    private EngineBench() {}

    static int run(Options options, PrintStream out) throws Exception {
        Path file = Path.of(options.text("model")).toAbsolutePath();
        int threads = options.number("threads", 2, 1, 256);
        int rounds = options.number("rounds", 5, 1, 1000);
        var prefill = new Series();
        var decode = new Series();
        double loadSeconds;
        try (Peer peer = Peer.start(file, threads);
                var workers = new Workers(threads)) {
            long start = System.nanoTime();
            try (var model = Model.load(file, workers)) {
                loadSeconds = (System.nanoTime() - start) / 1e9;
                Batch batch = model.batch(PROMPT, 1);
                for (int round = -WARM_UP; round < rounds; round++) {
                    prefill.add(round, PROMPT, prefill(model, batch), peer.seconds("prefill " + PROMPT));
                    decode.add(round, STEPS, decode(model, batch), peer.seconds("decode " + BEFORE + " " + STEPS));
                    System.err.println(
                            "bench: round " + round + ": decode " + decode.last() + ", prefill " + prefill.last());
                }
            }
            var report = new LinkedHashMap<String, @Nullable Object>();
            report.put("decode", decode.report());
            report.put("prefill", prefill.report());
            report.put("unit", "tokens/s");
            report.put("model", file.getFileName().toString());
            report.put("modelBytes", Files.size(file));
            report.put("loadSeconds", rounded(loadSeconds));
            report.put("threads", threads);
            report.put("rounds", rounds);
            report.put("machine", Machine.name());
            report.put("java", Runtime.version().toString());
            report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            report.put("peer", peer.description());
            print(report, options.named().containsKey("json"), out);
        }
        return 0;
    }

    private static double prefill(Model model, Batch batch) {
        return seconds(() -> evaluate(model, batch, sequence(model), 0, PROMPT));
    }

    private static double decode(Model model, Batch batch) {
        Sequence sequence = sequence(model);
        evaluate(model, batch, sequence, 0, BEFORE);
        return seconds(() -> {
            for (int i = BEFORE; i < BEFORE + STEPS; i++) {
                evaluate(model, batch, sequence, i, 1);
            }
        });
    }

    /// Keys and values are F16, as the peer keeps them.
    private static Sequence sequence(Model model) {
        return model.pool(KvType.F16, 64).sequence();
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void evaluate(Model model, Batch batch, Sequence sequence, int position, int count) {
        batch.clear();
        for (int i = position; i < position + count; i++) {
            batch.add(sequence, 1 + i * 7919 % 250, i == position + count - 1);
        }
        model.forward(batch);
    }

    private static void print(Map<String, @Nullable Object> report, boolean json, PrintStream out) {
        if (json) {
            out.println(CanonicalJson.text(report));
        } else {
            report.forEach((name, value) -> out.println(name + ": " + value));
        }
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /// Tokens per second of both, round by round.
    private static final class Series {
        private final List<Double> diwan = new ArrayList<>();
        private final List<Double> peer = new ArrayList<>();
        private String last = "";

        void add(int round, int tokens, double diwanSeconds, @Nullable Double peerSeconds) {
            last = "%.1f beside %s"
                    .formatted(
                            tokens / diwanSeconds,
                            peerSeconds == null ? "none" : "%.1f".formatted(tokens / peerSeconds));
            if (round < 0) {
                return;
            }
            diwan.add(tokens / diwanSeconds);
            if (peerSeconds != null) {
                peer.add(tokens / peerSeconds);
            }
        }

        /// Both figures of the latest round, for people who wait.
        String last() {
            return last;
        }

        Map<String, @Nullable Object> report() {
            var report = new LinkedHashMap<String, @Nullable Object>();
            report.put("diwan", rounded(median(diwan)));
            report.put("peer", peer.isEmpty() ? null : rounded(median(peer)));
            report.put("ratio", peer.isEmpty() ? null : rounded(median(diwan) / median(peer)));
            report.put("diwanRounds", diwan.stream().map(EngineBench::rounded).toList());
            report.put("peerRounds", peer.stream().map(EngineBench::rounded).toList());
            return report;
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }
}
