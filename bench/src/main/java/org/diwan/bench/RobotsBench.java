package org.diwan.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.simulation.TowerReport;
import org.diwan.robots.simulation.TowerSimulation;

/// `bench robots PART`: a tower at work, how soon a fleet stands still, what is understood.
final class RobotsBench {
    private RobotsBench() {}

    /// Measures one part; returns the exit code 0.
    ///
    /// @throws IllegalArgumentException naming a part that there is not
    static int run(Options options, PrintStream out) throws Exception {
        return switch (String.join(" ", options.plain())) {
            case "tower" -> tower(options, out);
            case "stop" -> stop(options, out);
            case "bus" -> BusBench.run(options, out);
            case "league" -> LeagueBench.run(options, out);
            case "missions" -> MissionBench.run(options, out);
            case "roads" -> RoadsBench.run(options, out);
            default ->
                throw new IllegalArgumentException("robots what? There are: tower, stop, bus, league, missions, roads");
        };
    }

    /// A day of random deliveries, hour by hour, over a bus as bad as it is told to be: of a hundred messages `--loss`
    /// are lost and `--twice` come twice, and each is up to `--late` milliseconds under way, so that they overtake.
    private static int tower(Options options, PrintStream out) {
        int floors = options.number("floors", 36, 2, 99);
        int lifts = options.number("lifts", 8, 1, TowerPlan.MAX_LIFTS);
        int robots = options.number("robots", 110, 1, 2_000);
        int wishes = options.number("wishes", 1_000, 0, 100_000);
        int hours = options.number("hours", 24, 1, 48);
        int seed = options.number("seed", 1, 0, Integer.MAX_VALUE);
        int loss = options.number("loss", 0, 0, 90);
        int twice = options.number("twice", 0, 0, 100);
        int late = options.number("late", 1, 1, 60_000);
        boolean json = options.named().containsKey("json");
        var quality = new LocalBus.Quality(loss / 100.0, twice / 100.0, Duration.ofMillis(1), Duration.ofMillis(late));
        var building = TowerPlan.of(floors, lifts);
        long start = System.nanoTime();
        var simulation = new TowerSimulation(new TowerSimulation.Plan(building, robots, wishes, quality, seed));
        var progress = json ? System.err : out;
        progress.println("hour  wishes    done  failed  delivery p50  p95 s"
                + "  rides  lift wait p50  p95 s  nearest m  faults");
        for (int hour = 1; hour <= hours; hour++) {
            simulation.run(Duration.ofHours(1));
            progress.println(line(hour, simulation.report()));
        }
        var figures = figures(simulation.report());
        figures.put("machine", Machine.name());
        figures.put("floors", floors);
        figures.put("lifts", lifts);
        figures.put("robots", robots);
        figures.put("hours", hours);
        figures.put("seed", seed);
        figures.put("lossPercent", loss);
        figures.put("twicePercent", twice);
        figures.put("lateMs", late);
        figures.put("wallSeconds", Math.round((System.nanoTime() - start) / 1e9));
        out.println(json ? CanonicalJson.text(figures) : figures.toString());
        return 0;
    }

    private static String line(int hour, TowerReport report) {
        return "%4d %7d %7d %7d %13d %6d %6d %14d %6d %10.2f %7d"
                .formatted(
                        hour,
                        report.wishes(),
                        report.done(),
                        report.failed(),
                        report.deliveryP50().toSeconds(),
                        report.deliveryP95().toSeconds(),
                        report.rides(),
                        report.liftWaitP50().toSeconds(),
                        report.liftWaitP95().toSeconds(),
                        report.nearest(),
                        report.faults());
    }

    private static Map<String, Object> figures(TowerReport report) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("wishes", report.wishes());
        figures.put("done", report.done());
        figures.put("failed", report.failed());
        figures.put("open", report.open());
        figures.put("deliveryP50Seconds", report.deliveryP50().toSeconds());
        figures.put("deliveryP95Seconds", report.deliveryP95().toSeconds());
        figures.put("rides", report.rides());
        figures.put("liftWaitP50Seconds", report.liftWaitP50().toMillis() / 1e3);
        figures.put("liftWaitP95Seconds", report.liftWaitP95().toMillis() / 1e3);
        figures.put("leases", report.leases());
        figures.put("lentTwice", report.lentTwice());
        figures.put("nearestMetres", Math.round(1e3 * report.nearest()) / 1e3);
        figures.put("lowestChargePercent", Math.round(1e3 * report.lowestCharge()) / 10.0);
        figures.put("faults", report.faults());
        figures.put("told", report.told());
        figures.put("messages", report.messages());
        figures.put("digest", report.digest());
        return figures;
    }

    /// From the call until the last message is published, with the fleet under way; the first rounds warm up.
    private static int stop(Options options, PrintStream out) {
        int robots = options.number("robots", 110, 1, 2_000);
        int rounds = options.number("rounds", 200, 20, 10_000);
        var building = TowerPlan.of(36, 8);
        var simulation =
                new TowerSimulation(new TowerSimulation.Plan(building, robots, 0, LocalBus.Quality.PERFECT, 1));
        simulation.run(Duration.ofMinutes(1));
        var micros = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            int told = simulation.fleet().stop().size();
            micros[i] = (System.nanoTime() - start) / 1_000;
            if (told != robots) throw new IllegalStateException(told + " of " + robots + " were told");
            simulation.run(Duration.ofSeconds(2));
            simulation.fleet().resume("everything");
            simulation.run(Duration.ofSeconds(2));
        }
        var sorted = Arrays.stream(micros).sorted().toArray();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("machine", Machine.name());
        figures.put("robots", robots);
        figures.put("rounds", rounds);
        figures.put("firstMs", micros[0] / 1e3);
        figures.put("p50Ms", sorted[rounds / 2] / 1e3);
        figures.put("p99Ms", sorted[rounds * 99 / 100] / 1e3);
        figures.put("worstMs", sorted[rounds - 1] / 1e3);
        out.println(options.named().containsKey("json") ? CanonicalJson.text(figures) : figures.toString());
        return 0;
    }
}
