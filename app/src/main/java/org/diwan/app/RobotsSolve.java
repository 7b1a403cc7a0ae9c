package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.diwan.app.Main.Refused;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.league.Checker.Verdict;
import org.diwan.robots.league.Instance;
import org.diwan.robots.league.LeaguePlanner;
import org.diwan.robots.league.Simulation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan robots solve`: plays a game and checks its own record of it.
@Command(
        name = "solve",
        description = "Play an instance of the League of Robot Runners (2023 or 2024), as well as the time allows.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan robots solve RANDOM-01.json --seconds-per-step 1 --out game.json"})
final class RobotsSolve extends Verb {
    private static final double MAX_SECONDS = 60;

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "The problem; it names map, agents and tasks.")
    private Path problem = Path.of("");

    @Option(
            names = "--seconds-per-step",
            paramLabel = "S",
            description = "How long to think in each step (default: 1, as in the League).")
    private double seconds = 1;

    @Option(names = "--steps", paramLabel = "N", description = "How many steps to play (default: 1000).")
    private int steps = 1000;

    @Option(names = "--seed", paramLabel = "N", description = "Of the random choices (default: 1).")
    private long seed = 1;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write the game, in the League's format.")
    private @Nullable Path out;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Refused {
        if (!(seconds > 0 && seconds <= MAX_SECONDS))
            throw new IllegalArgumentException(
                    "--seconds-per-step " + seconds + ", must be above 0 and at most " + MAX_SECONDS);
        var limit = Duration.ofNanos((long) (1e9 * seconds));
        var instance = Instance.read(problem);
        var budget = LeaguePlanner.within(limit);
        LeaguePlanner.rehearse(instance, budget, LeaguePlanner.TABLE_BYTES);
        var game = Simulation.play(
                instance, world -> new LeaguePlanner(world, budget, LeaguePlanner.TABLE_BYTES, seed), steps);
        if (game.verdict() instanceof Verdict.Refused refused)
            throw new Refused("the record is not what was played: step " + refused.step() + ": " + refused.reason());
        if (out != null) game.write(out);
        double slowest = game.slowest().toNanos() / 1e9;
        if (json)
            out().println(CanonicalJson.text(Map.of(
                    "agents",
                    instance.agents(),
                    "finished",
                    game.finished(),
                    "late",
                    game.late(limit),
                    "seed",
                    seed,
                    "slowestSeconds",
                    Math.round(1e3 * slowest) / 1e3,
                    "steps",
                    steps)));
        else
            out().printf(
                            "%,d tasks finished by %,d agents in %,d steps; every move checked%n"
                                    + "slowest step %.3f s; %d of them took longer than %s s%n",
                            game.finished(), instance.agents(), steps, slowest, game.late(limit), seconds);
        return 0;
    }
}
