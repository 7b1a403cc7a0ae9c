package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.app.Main.Refused;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.reassign.Budget;
import org.diwan.datacenter.reassign.Evaluator;
import org.diwan.datacenter.reassign.Evaluator.Verdict;
import org.diwan.datacenter.reassign.Instance;
import org.diwan.datacenter.reassign.Solver;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter solve`: improves a whole assignment.
@Command(
        name = "solve",
        description = "Make a whole assignment cheaper: Google's machine reassignment, in the files of ROADEF 2012.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan datacenter solve model.txt assignment.sol --seconds 300 --out better.sol"})
final class DatacenterSolve extends Verb {
    private static final int MAX_SECONDS = 24 * 3600;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Machines, services, processes, weights.")
    private Path model = Path.of("");

    @Parameters(index = "1", paramLabel = "ASSIGNMENT", description = "The machine of each process today.")
    private Path assignment = Path.of("");

    @Option(names = "--seconds", paramLabel = "N", description = "How long to search (default: 300).")
    private int seconds = 300;

    @Option(names = "--threads", paramLabel = "N", description = "On how many threads (default: 2).")
    private int threads = 2;

    @Option(names = "--seed", paramLabel = "N", description = "Of the random choices (default: 1).")
    private long seed = 1;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write the new assignment.")
    private @Nullable Path out;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        if (seconds < 1 || seconds > MAX_SECONDS)
            throw new IllegalArgumentException("--seconds " + seconds + ", must be from 1 to " + MAX_SECONDS);
        var instance = Instance.read(model, assignment);
        var today = Evaluator.check(instance, instance.home());
        if (!today.isFeasible())
            throw new Refused(
                    assignment + " is not feasible: " + today.violations().getFirst());
        var solution = Solver.solve(instance, Budget.time(Duration.ofSeconds(seconds)), threads, seed);
        var found = Evaluator.check(instance, solution.plan());
        if (out != null) Instance.write(solution.plan(), out);
        if (json) {
            out().println(CanonicalJson.text(Map.of(
                    "today", today.cost(),
                    "found", found.cost(),
                    "feasible", found.isFeasible(),
                    "parts", parts(found),
                    "seconds", seconds,
                    "threads", threads,
                    "seed", seed,
                    "steps", solution.steps())));
        } else {
            out().printf("today %,19d%nfound %,19d  feasible%n", today.cost(), found.cost());
            parts(found).forEach((name, cost) -> out().printf("  %-14s %,18d%n", name, cost));
            out().printf("%,d steps in %d s on %d threads, seed %d%n", solution.steps(), seconds, threads, seed);
        }
        return 0;
    }

    private static Map<String, Long> parts(Verdict verdict) {
        var parts = new TreeMap<String, Long>();
        parts.put("load", verdict.load());
        parts.put("balance", verdict.balance());
        parts.put("process moves", verdict.processMove());
        parts.put("service moves", verdict.serviceMove());
        parts.put("machine moves", verdict.machineMove());
        return parts;
    }
}
