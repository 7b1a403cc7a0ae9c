package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.reassign.Budget;
import org.diwan.datacenter.reassign.Evaluator;
import org.diwan.datacenter.reassign.Instance;
import org.diwan.datacenter.reassign.Solver;

/// `bench datacenter solve`: the published instances of ROADEF/EURO 2012, beside the results of team S41,
/// which won, and the lower bounds of team J12.
final class RoadefBench {
    /// A line of `roadef_published.tsv`; a bound of 0 bounds nothing.
    private record Published(String name, long original, long bound, long winner) {
        static Published of(String line) {
            String[] cells = line.split("\t", -1);
            return new Published(
                    cells[0].replace("b_0", "b_"),
                    Long.parseLong(cells[1]),
                    Long.parseLong(cells[2]),
                    Long.parseLong(cells[3]));
        }
    }

    private RoadefBench() {}

    /// Solves each instance, checks the plan, and says how it compares; returns the exit code 0.
    ///
    /// @throws IllegalArgumentException when it is not told where the instances are
    static int run(Options options, PrintStream out) throws Exception {
        boolean json = options.named().containsKey("json");
        var progress = json ? System.err : out;
        Path folder = folder(options);
        int seconds = options.number("seconds", 300, 1, 3_600);
        int threads = options.number("threads", 2, 1, Solver.MAX_THREADS);
        int seed = options.number("seed", 1, 0, Integer.MAX_VALUE);
        var instances = new ArrayList<Object>();
        int asGood = 0;
        progress.printf("%-6s %15s %15s %10s %10s %15s%n", "", "cost", "S41", "to S41 %", "to bound %", "steps");
        for (var published : published(folder, options)) {
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            var instance = Instance.read(
                    folder.resolve("model_" + published.name + ".txt"),
                    folder.resolve("assignment_" + published.name + ".sol"));
            var solution = Solver.solve(instance, Budget.time(Duration.ofSeconds(seconds)), threads, seed);
            var verdict = Evaluator.check(instance, solution.plan());
            if (verdict.cost() <= published.winner) asGood++;
            var row = new LinkedHashMap<String, Object>();
            row.put("instance", published.name);
            row.put("original", published.original);
            row.put("cost", verdict.cost());
            row.put("feasible", verdict.isFeasible());
            row.put("s41", published.winner);
            row.put("toS41Percent", percent(verdict.cost(), published.winner));
            if (published.bound > 0) row.put("toBoundPercent", percent(verdict.cost(), published.bound));
            row.put("steps", solution.steps());
            row.put("loadBefore", Math.round(10 * load) / 10.0);
            instances.add(row);
            progress.printf(
                    "%-6s %,15d %,15d %+10.4f %10s %,15d%n",
                    published.name,
                    verdict.cost(),
                    published.winner,
                    percent(verdict.cost(), published.winner),
                    row.getOrDefault("toBoundPercent", ""),
                    solution.steps());
        }
        progress.println(asGood + " of " + instances.size() + " cost at most what S41's do");
        if (json)
            out.println(CanonicalJson.text(Map.of(
                    "machine", Machine.name(),
                    "seconds", seconds,
                    "threads", threads,
                    "seed", seed,
                    "instances", instances)));
        return 0;
    }

    private static double percent(long cost, long reference) {
        return Math.round(1e6 * (cost - reference) / (double) reference) / 1e4;
    }

    private static Path folder(Options options) {
        String folder = options.named().get("folder");
        if (folder != null) return Path.of(folder);
        String data = System.getenv("DIWAN_DATA");
        if (data == null) throw new IllegalArgumentException("--folder DIR, or DIWAN_DATA, must say where they are");
        return Path.of(data, "datacenter", "roadef2012");
    }

    /// Those that `--instances` names, in its order; all of which there are files otherwise.
    private static List<Published> published(Path folder, Options options) throws IOException {
        var all = new LinkedHashMap<String, Published>();
        for (String line : Files.readAllLines(folder.resolve("roadef_published.tsv"))) {
            if (line.startsWith("instance")) continue;
            var published = Published.of(line);
            if (Files.exists(folder.resolve("model_" + published.name + ".txt"))) all.put(published.name, published);
        }
        String wanted = options.named().get("instances");
        if (wanted == null) return List.copyOf(all.values());
        var some = new ArrayList<Published>();
        for (String name : wanted.split(",", -1)) {
            var published = all.get(name);
            if (published == null)
                throw new IllegalArgumentException("no instance '" + name + "'; there are " + all.keySet());
            some.add(published);
        }
        return some;
    }
}
