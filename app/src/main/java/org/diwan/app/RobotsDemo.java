package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.diwan.cloud.OperatorKey;
import org.diwan.robots.control.Missions;
import org.diwan.robots.control.RobotsApi;
import org.diwan.robots.control.Stage;
import org.diwan.robots.twin.VehicleType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan robots demo`: a page on this machine alone, until it is stopped.
@Command(
        name = "demo",
        description = {
            "Show a tower of 36 floors with 110 robots and 8 lifts that do not exist, under fleet control and on",
            "record as if they did. Prints the address of a page on the loopback interface, in which robots can be",
            "told what to do, in Arabic, Korean or English."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots demo, then in another terminal:",
            "         ./diwan robots mission \"خذ القهوة إلى غرفة ٣٠٥\" --port 8431 --data ~/.diwan-robots"
        })
final class RobotsDemo extends Verb {
    @Option(
            names = "--robots",
            paramLabel = "N",
            defaultValue = "110",
            description = "So many robots (default: ${DEFAULT-VALUE}).")
    private int robots;

    @Option(names = "--map", paramLabel = "FILE", description = "The building (default: the tower).")
    private @Nullable Path map;

    @Option(names = "--rules", paramLabel = "FILE", description = "Who may have what done (default: the sample's).")
    private @Nullable Path rules;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "4",
            description = "Seconds in the building for a second here (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--errands",
            paramLabel = "N",
            defaultValue = "120",
            description = "Deliveries in an hour of the building that nobody asked for (default: ${DEFAULT-VALUE}).")
    private int errands;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8431",
            description = "TCP port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of ledger, keys and the files of jobs (default: ~/.diwan-robots).")
    private @Nullable Path chosen;

    @Mixin
    private final LedgerOptions ledger = new LedgerOptions();

    @Mixin
    private final VaultOptions vault = new VaultOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(speed >= 0.1 && speed <= 100))
            throw new IllegalArgumentException("--speed " + speed + ", must be 0.1 to 100");
        if (errands < 0 || errands > 3_600)
            throw new IllegalArgumentException("--errands " + errands + ", must be 0 to 3600");
        Path data =
                chosen != null ? chosen.toAbsolutePath() : Path.of(System.getProperty("user.home"), ".diwan-robots");
        Files.createDirectories(data);
        var premises = RobotsFiles.premises(map, List.of("r-001"), VehicleType.PORTER.capacity());
        var roads = premises.map();
        var law = RobotsFiles.rules(rules);
        var config = ledger.config(null);
        var log = new RobotsLedger(data, config, vault.config(config));
        var stage = new Stage(roads, robots, speed, law, log, log.trust(), log.jobs());
        var missions = new Missions(stage.control(), premises, Optional.empty(), ZoneId.systemDefault());
        var api = new RobotsApi(stage.control(), missions, log.traces());
        var key = OperatorKey.of(data);
        var site = new RobotsSite(port, key, api, roads.building(), log.words());
        stage.bustle(errands, key.publicId());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            site.close();
                            stage.close();
                            close(log);
                        },
                        "diwan-shutdown"));
        out().println("page: " + site.address());
        err().println(robots + " robots in " + roads.building().name() + ", on record in " + data + "; Ctrl-C stops");
        new CountDownLatch(1).await(); // the shutdown hook does the rest
        return 0;
    }

    private void close(RobotsLedger log) {
        try {
            log.close();
        } catch (IOException e) {
            err().println("diwan: the ledger was not put away: " + e.getMessage());
        }
    }
}
