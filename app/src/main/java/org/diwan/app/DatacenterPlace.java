package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.placement.Experiment;
import org.diwan.datacenter.placement.PolicyName;
import org.diwan.datacenter.placement.TraceFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./diwan datacenter place`: how much of a fleet's GPUs a policy fills.
@Command(
        name = "place",
        description = {
            "Place pods on GPU nodes one by one until they ask for 1.3 times the GPUs that there are, and say"
                    + " what share of the GPUs is taken once they have asked for 100 %% and for 130 %%.",
            "Files as in the openb traces: sn,cpu_milli,memory_mib,gpu,model and"
                    + " name,cpu_milli,memory_mib,num_gpu,gpu_milli[,gpu_spec]."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Policies: shadow-prices, fgd, best-fit, gpu-packing, gpu-clustering, dot-product, random.",
            "",
            "Example: ./diwan datacenter place --nodes nodes.csv --pods pods.csv --policy fgd --seeds 10 --json"
        })
final class DatacenterPlace extends Verb {
    @Option(names = "--nodes", paramLabel = "CSV", required = true, description = "The nodes, in the order of ties.")
    private Path nodes = Path.of("");

    @Option(names = "--pods", paramLabel = "CSV", required = true, description = "The pods to draw from.")
    private Path pods = Path.of("");

    @Option(names = "--policy", paramLabel = "NAME", description = "Who decides (default: ${DEFAULT-VALUE}).")
    private String policy = PolicyName.SHADOW_PRICES.toString();

    @Option(names = "--seed", paramLabel = "N", description = "The first seed (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--seeds", paramLabel = "COUNT", description = "How many seeds (default: ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(
            names = "--json",
            description = "As JSON: {\"policy\",\"mean100\",\"mean130\",\"perSeed\":[{\"seed\",\"at100\",\"at130\"}],"
                    + "\"decisionP99Micros\",\"decisionMaxMicros\"}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var name = PolicyName.of(policy);
        var fleet = TraceFile.nodes(nodes);
        var outcome = new Experiment(fleet, TraceFile.pods(pods, fleet)).run(name, seed, seeds);
        if (json) {
            out().println(CanonicalJson.text(Map.of(
                    "policy", name.toString(),
                    "mean100", rounded(outcome.mean100()),
                    "mean130", rounded(outcome.mean130()),
                    "perSeed", perSeed(outcome.perSeed()),
                    "decisionP99Micros", rounded(outcome.decisionP99Micros()),
                    "decisionMaxMicros", rounded(outcome.decisionMaxMicros()))));
            return 0;
        }
        for (var run : outcome.perSeed())
            out().printf("seed %-6d %6.2f %% at 100 %%, %6.2f %% at 130 %%%n", run.seed(), run.at100(), run.at130());
        out().printf(
                        "%-11s %6.2f %% at 100 %%, %6.2f %% at 130 %%; 99 of 100 decisions within %.0f µs%n",
                        name, outcome.mean100(), outcome.mean130(), outcome.decisionP99Micros());
        return 0;
    }

    private static List<Map<String, Object>> perSeed(List<Experiment.Run> runs) {
        return runs.stream()
                .map(run -> Map.<String, Object>of(
                        "seed", run.seed(), "at100", rounded(run.at100()), "at130", rounded(run.at130())))
                .toList();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
