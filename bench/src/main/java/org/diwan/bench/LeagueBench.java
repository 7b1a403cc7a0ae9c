package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.league.Checker.Verdict;
import org.diwan.robots.league.Instance;
import org.diwan.robots.league.LeaguePlanner;
import org.diwan.robots.league.Planner;
import org.diwan.robots.league.Simulation;

/// `bench robots league`: games of the League of Robot Runners, one after the other, beside the best that were
/// published.
final class LeagueBench {
    /// A game, how long the League plays it, and the most tasks that any published solution finishes: the tables of
    /// github.com/MAPF-Competition/Benchmark-Archive, main rounds of 2023 and 2024.
    private record Game(String name, String file, int steps, int best) {}

    private static final List<Game> GAMES = List.of(
            new Game("RANDOM-01", "2024/random.domain/RANDOM-01.json", 600, 696),
            new Game("RANDOM-02", "2024/random.domain/RANDOM-02.json", 600, 1_260),
            new Game("RANDOM-03", "2024/random.domain/RANDOM-03.json", 800, 2_368),
            new Game("RANDOM-04", "2024/random.domain/RANDOM-04.json", 1_000, 2_585),
            new Game("RANDOM-05", "2024/random.domain/RANDOM-05.json", 2_000, 3_050),
            new Game("WAREHOUSE", "2024/warehouse.domain/WAREHOUSE.json", 5_000, 154_834),
            new Game("SORTATION", "2024/warehouse.domain/SORTATION.json", 5_000, 152_714),
            new Game("I-04", "2023/random.domain/MR23-I-04.json", 500, 1_741),
            new Game("I-03", "2023/random.domain/MR23-I-03.json", 500, 3_042),
            new Game("I-05", "2023/random.domain/MR23-I-05.json", 1_000, 7_432),
            new Game("I-07", "2023/random.domain/MR23-I-07.json", 1_000, 5_914),
            new Game("I-08", "2023/random.domain/MR23-I-08.json", 2_000, 6_059));

    private LeagueBench() {}

    /// Plays each game, has its record checked, and says how it compares; returns the exit code 0. A game that is
    /// cut short by `--steps` is not compared.
    ///
    /// @throws IllegalArgumentException when it is not told where the instances are
    static int run(Options options, PrintStream out) throws IOException {
        boolean json = options.named().containsKey("json");
        var progress = json ? System.err : out;
        Path folder = folder(options);
        var limit = Duration.ofSeconds(options.number("seconds", 1, 1, 60));
        int most = options.number("steps", 25_000, 1, 25_000);
        int seed = options.number("seed", 1, 0, Integer.MAX_VALUE);
        var rows = new ArrayList<Object>();
        progress.printf(
                "%-10s %7s %6s %9s %9s %6s %10s %5s %9s%n",
                "", "agents", "steps", "finished", "best", "%", "slowest s", "late", "heap MiB");
        for (var game : games(options)) {
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            var heap = new long[1];
            var instance = Instance.read(folder.resolve(game.file));
            int steps = Math.min(most, game.steps);
            var budget = LeaguePlanner.within(limit);
            LeaguePlanner.rehearse(instance, budget, LeaguePlanner.TABLE_BYTES);
            var played = Simulation.play(
                    instance,
                    world -> watched(new LeaguePlanner(world, budget, LeaguePlanner.TABLE_BYTES, seed), heap),
                    steps);
            if (played.verdict() instanceof Verdict.Refused refused)
                throw new IllegalStateException(
                        game.name + ": step " + refused.step() + " of its record: " + refused.reason());
            var row = new LinkedHashMap<String, Object>();
            row.put("instance", game.name);
            row.put("agents", instance.agents());
            row.put("steps", steps);
            row.put("finished", played.finished());
            row.put("best", game.best);
            if (steps == game.steps) row.put("percent", Math.round(1e3 * played.finished() / game.best) / 10.0);
            row.put("slowestSeconds", Math.round(played.slowest().toNanos() / 1e6) / 1e3);
            row.put("late", played.late(limit));
            row.put("heapPeakMib", heap[0] >> 20);
            row.put("loadBefore", Math.round(10 * load) / 10.0);
            rows.add(row);
            progress.printf(
                    "%-10s %,7d %,6d %,9d %,9d %6s %10.3f %5d %9d%n",
                    game.name,
                    instance.agents(),
                    steps,
                    played.finished(),
                    game.best,
                    row.getOrDefault("percent", ""),
                    played.slowest().toNanos() / 1e9,
                    played.late(limit),
                    heap[0] >> 20);
        }
        if (json)
            out.println(CanonicalJson.text(Map.of(
                    "machine", Machine.name(), "secondsPerStep", limit.toSeconds(), "seed", seed, "games", rows)));
        return 0;
    }

    /// Notes the most of the heap that is in use after a step, garbage and all.
    private static Planner watched(Planner planner, long[] most) {
        var memory = ManagementFactory.getMemoryMXBean();
        return (world, schedule, moves) -> {
            planner.plan(world, schedule, moves);
            most[0] = Math.max(most[0], memory.getHeapMemoryUsage().getUsed());
        };
    }

    private static Path folder(Options options) {
        String folder = options.named().get("folder");
        if (folder != null) return Path.of(folder);
        String data = System.getenv("DIWAN_DATA");
        if (data == null) throw new IllegalArgumentException("--folder DIR, or DIWAN_DATA, must say where they are");
        return Path.of(data, "robots", "lorr");
    }

    /// Those that `--instances` names, in its order; all otherwise.
    private static List<Game> games(Options options) {
        String wanted = options.named().get("instances");
        if (wanted == null) return GAMES;
        var some = new ArrayList<Game>();
        for (String name : wanted.split(",", -1)) {
            some.add(GAMES.stream()
                    .filter(game -> game.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no instance '" + name + "'; there are "
                            + GAMES.stream().map(Game::name).toList())));
        }
        return some;
    }
}
