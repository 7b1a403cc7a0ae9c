package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.diwan.robots.bus.LiveTimeline;
import org.diwan.robots.bus.MqttBus;
import org.diwan.robots.control.Extras;
import org.diwan.robots.record.Trust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan robots twin`: vehicles, lifts and doors that do not exist, on a broker.
@Command(
        name = "twin",
        description = {
            "Put simulated vehicles, lifts and doors of a building on a broker, for fleet control to command.",
            "Each vehicle has an adapter that trusts the log's key and refuses what was not decided."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots twin --broker mqtt://127.0.0.1:1883 --map tower.yaml --vehicles fleet.txt"
        })
final class RobotsTwin extends Verb {
    @Option(names = "--map", paramLabel = "FILE", required = true, description = "The building.")
    private Path map = Path.of("");

    @Mixin
    private final RobotsBus shared = new RobotsBus();

    @Option(
            names = "--key",
            paramLabel = "VKEY",
            description = "The log's verifier key, or a file (default: that of --data). Repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Which witnesses must have cosigned its checkpoints (default: as --data has it).")
    private @Nullable Path witnessPolicy;

    @Option(names = "--unguarded", description = "Without adapters: vehicles that obey whoever speaks.")
    private boolean unguarded;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var roads = RobotsFiles.map(map);
        var addresses = shared.vehicles();
        Optional<Trust> trust = unguarded
                ? Optional.empty()
                : Optional.of(new Trust(data.verifierKeys(keys), data.policy(witnessPolicy, keys.isEmpty())));
        var timeline = new LiveTimeline("twins");
        var bus = new MqttBus(timeline, shared.as("diwan-twins"));
        Extras.appear(roads, addresses, bus, timeline, trust);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            bus.close();
                            timeline.close();
                        },
                        "diwan-shutdown"));
        err().println(addresses.size() + " vehicles of " + roads.building().name() + " on " + shared.address()
                + "; Ctrl-C stops");
        new CountDownLatch(1).await(); // the shutdown hook does the rest
        return 0;
    }
}
