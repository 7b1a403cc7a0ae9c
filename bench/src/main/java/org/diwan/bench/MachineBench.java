package org.diwan.bench;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.diwan.base.CanonicalJson;
import org.diwan.engine.kernel.MachineLimits;
import org.diwan.engine.kernel.Workers;
import org.jspecify.annotations.Nullable;

/// `bench machine`: what the engine's figures can be at most here. Decoding one sequence reads every
/// weight once a token; a prompt multiplies every weight once a token.
final class MachineBench {
    private static final int ROUNDS = 9;

    private MachineBench() {}

    static int run(Options options, PrintStream out) {
        int threads = options.number("threads", 2, 1, 256);
        var report = new LinkedHashMap<String, @Nullable Object>();
        try (var workers = new Workers(threads)) {
            report.put("readGBPerSecond", best(MachineLimits.reading(workers)));
            report.put("byteGMACPerSecond", best(MachineLimits.multiplying(workers)));
        }
        report.put("threads", threads);
        report.put("machine", Machine.name());
        report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(report));
        else report.forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }

    /// 10⁹ a second in the fastest round: a limit, not a habit. Null where it cannot be measured.
    private static @Nullable Double best(Optional<MachineLimits.Work> work) {
        if (work.isEmpty()) return null;
        double best = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            work.get().run().run();
            best = Math.max(best, work.get().amount() / (System.nanoTime() - start));
        }
        return EngineBench.rounded(best);
    }
}
