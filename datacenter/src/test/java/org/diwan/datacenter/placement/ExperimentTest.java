package org.diwan.datacenter.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// Oracles: the figures that the FGD paper's authors published for each policy.
class ExperimentTest {
    private static final Map<String, PolicyName> COLUMNS = Map.of(
            "01-Random", PolicyName.RANDOM,
            "02-DotProd", PolicyName.DOT_PRODUCT,
            "03-GpuClustering", PolicyName.GPU_CLUSTERING,
            "04-GpuPacking", PolicyName.GPU_PACKING,
            "05-BestFit", PolicyName.BEST_FIT,
            "06-FGD", PolicyName.FGD);

    /// Percentage points; the published standard deviations are 0.1 to 0.6, and two seeds are few.
    private static final double TOLERANCE = 1.2;

    /// A protocol that differs (order, load, memory, what is typical, ties) misses one of these.
    @Test
    void publishedFiguresAreMetAndExceeded() throws Exception {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no openb traces");
        var folder = Path.of(data, "datacenter/openb");
        var fleet = TraceFile.nodes(folder.resolve("openb_node_list_gpu_node.csv"));
        var experiment = new Experiment(fleet, TraceFile.pods(folder.resolve("openb_pod_list_default.csv"), fleet));
        assertEquals(6_212_000, fleet.gpuMilli());
        var published = published(folder.resolve("fgd_published.tsv"), "default");
        published.forEach((name, percent) ->
                assertEquals(percent, experiment.run(name, 42, 2).mean130(), TOLERANCE, name.toString()));
        var ours = experiment.run(PolicyName.SHADOW_PRICES, 42, 2);
        assertTrue(ours.mean130() >= published.getOrDefault(PolicyName.FGD, 100.0) + 0.5, "only " + ours.mean130());
        assertTrue(ours.mean130() <= 100, "" + ours.mean130());
    }

    /// The second table of the file: allocation at a load of 130 %.
    private static Map<PolicyName, Double> published(Path file, String workload) throws Exception {
        var lines = Files.readAllLines(file);
        int table = lines.indexOf("## analysis_allo_discrete.csv col 130");
        var columns = List.of(lines.get(table + 1).split("\t", -1));
        var row = lines.subList(table, lines.size()).stream()
                .filter(line -> line.startsWith(workload + "\t"))
                .findFirst()
                .orElseThrow();
        var fields = row.split("\t", -1);
        var published = new HashMap<PolicyName, Double>();
        COLUMNS.forEach((column, name) -> published.put(
                name, Double.parseDouble(fields[columns.indexOf(column)].split("±", -1)[0])));
        return published;
    }

    @Test
    void aSeedDecidesEverything() {
        var trace = RandomTrace.of(new SplittableRandom(5), 20, 100);
        var experiment = new Experiment(trace.fleet(), trace.pods());
        for (var name : PolicyName.values())
            assertEquals(
                    experiment.run(name, 7, 3).perSeed(),
                    new Experiment(trace.fleet(), trace.pods()).run(name, 7, 3).perSeed());
        assertNotEquals(experiment.arrivals(7), experiment.arrivals(8));
    }

    @Test
    void arrivalsAskForLittleLessThanTheLoad() {
        Seeded.forAll(50, random -> {
            var trace = RandomTrace.of(random, random.nextInt(1, 40), random.nextInt(1, 200));
            var arrivals = new Experiment(trace.fleet(), trace.pods()).arrivals(random.nextLong());
            long asked = arrivals.stream().mapToLong(Pod::totalGpuMilli).sum();
            double load = 1.3 * trace.fleet().gpuMilli();
            assertTrue(asked <= load && asked > load - 8_000, asked + " of " + load);
            long before = trace.pods().stream().mapToLong(Pod::totalGpuMilli).sum();
            var small = before <= load ? trace.pods() : arrivals;
            var large = before <= load ? arrivals : trace.pods();
            for (var pod : small)
                assertTrue(Collections.frequency(small, pod) <= Collections.frequency(large, pod), "a pod is missing");
        });
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        var fleet = new Fleet(List.of("A"), List.of(new Fleet.Node("n", 1_000, 1_000, 1, 0)));
        var cpuOnly = List.of(new Pod(1, 1, 0, 0, Pod.ANY_MODEL));
        assertThrows(IllegalArgumentException.class, () -> new Experiment(fleet, cpuOnly));
        assertThrows(IllegalArgumentException.class, () -> new Experiment(fleet, List.of()));
        assertThrows(IllegalArgumentException.class, () -> PolicyName.of("worst-fit"));
    }
}
