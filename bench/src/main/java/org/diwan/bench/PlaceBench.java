package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.placement.Experiment;
import org.diwan.datacenter.placement.PolicyName;
import org.diwan.datacenter.placement.TraceFile;

/// `bench datacenter place`: what share of an openb fleet's GPUs our policy fills, beside what the FGD paper's
/// authors published and what their policy reaches here on the same pods, for every trace in
/// `DIWAN_DATA/datacenter/openb`.
final class PlaceBench {
    private static final Pattern TRACE = Pattern.compile("openb_pod_list_(.+)\\.csv");
    private static final int FIRST_SEED = 42;

    private PlaceBench() {}

    /// @throws IllegalArgumentException if the traces are not there
    static int run(Options options, PrintStream out) throws IOException {
        int seeds = options.number("seeds", 10, 1, Experiment.MAX_SEEDS);
        String data = System.getenv("DIWAN_DATA");
        if (data == null)
            throw new IllegalArgumentException("DIWAN_DATA must name a folder with datacenter/openb in it");
        var folder = Path.of(data, "datacenter", "openb");
        boolean json = options.named().containsKey("json");
        var published = published(folder.resolve("fgd_published.tsv"));
        var fleet = TraceFile.nodes(folder.resolve("openb_node_list_gpu_node.csv"));
        var result = new LinkedHashMap<String, Object>();
        if (!json)
            out.printf(
                    "%-12s %9s %7s %7s %7s %7s %7s %8s%n",
                    "at 130 %", "published", "fgd", "ours", "±", "gain", "bound", "p99 µs");
        for (var trace : traces(folder).entrySet()) {
            var experiment = new Experiment(fleet, TraceFile.pods(trace.getValue(), fleet));
            var fgd = experiment.run(PolicyName.FGD, FIRST_SEED, seeds);
            var ours = experiment.run(PolicyName.SHADOW_PRICES, FIRST_SEED, seeds);
            var row = new LinkedHashMap<String, Object>();
            double theirs = published.getOrDefault(trace.getKey(), 0.0);
            row.put("publishedFgd130", theirs);
            row.put("boundWithoutRefusals", rounded(experiment.boundPercent()));
            row.put("fgd", figures(fgd));
            row.put("ours", figures(ours));
            result.put(trace.getKey(), row);
            if (!json)
                out.printf(
                        "%-12s %9.2f %7.2f %7.2f %7.2f %+7.2f %7.2f %8.0f%n",
                        trace.getKey(),
                        theirs,
                        fgd.mean130(),
                        ours.mean130(),
                        deviation(ours),
                        ours.mean130() - Math.max(theirs, fgd.mean130()),
                        experiment.boundPercent(),
                        ours.decisionP99Micros());
        }
        if (json) out.println(CanonicalJson.text(Map.of("machine", Machine.name(), "seeds", seeds, "place", result)));
        return 0;
    }

    private static Map<String, Path> traces(Path folder) throws IOException {
        var traces = new TreeMap<String, Path>();
        try (var files = Files.list(folder)) {
            files.forEach(file -> {
                var name = TRACE.matcher(file.getFileName().toString());
                if (name.matches()) traces.put(name.group(1), file);
            });
        }
        return traces;
    }

    /// FGD's mean allocation at a load of 130 %, by trace.
    private static Map<String, Double> published(Path file) throws IOException {
        var published = new TreeMap<String, Double>();
        var lines = Files.readAllLines(file);
        int table = lines.indexOf("## analysis_allo_discrete.csv col 130");
        if (table < 0) throw new IllegalArgumentException(file + ": no table of allocation at 130 %");
        int column = List.of(lines.get(table + 1).split("\t", -1)).indexOf("06-FGD");
        for (String line : lines.subList(table + 2, lines.size())) {
            if (line.startsWith("##")) break;
            var fields = line.split("\t", -1);
            published.put(fields[0], Double.parseDouble(fields[column].replaceFirst("±.*", "")));
        }
        return published;
    }

    private static Map<String, Object> figures(Experiment.Outcome outcome) {
        return Map.of(
                "mean100", rounded(outcome.mean100()),
                "mean130", rounded(outcome.mean130()),
                "perSeed130",
                        outcome.perSeed().stream()
                                .map(run -> rounded(run.at130()))
                                .toList(),
                "decisionP99Micros", rounded(outcome.decisionP99Micros()),
                "decisionMaxMicros", rounded(outcome.decisionMaxMicros()));
    }

    private static double deviation(Experiment.Outcome outcome) {
        double mean = outcome.mean130();
        return Math.sqrt(outcome.perSeed().stream()
                .mapToDouble(run -> (run.at130() - mean) * (run.at130() - mean))
                .average()
                .orElseThrow());
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
