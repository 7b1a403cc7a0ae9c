package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.diwan.cloud.OperatorKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan robots serve`: fleet control of a building, until it is stopped.
@Command(
        name = "serve",
        description = {
            "Have the robots of a building under control, over MQTT. Serves a page and /v1/robots/ on the loopback",
            "interface; ./diwan up does the same beside models when it is given --map and --vehicles."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots serve --broker mqtt://127.0.0.1:1883 --map tower.yaml --vehicles fleet.txt"
        })
final class RobotsServe extends Verb {
    @Mixin
    private final RobotsOptions robots = new RobotsOptions();

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8420",
            description = "TCP port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Mixin
    private final LedgerOptions ledger = new LedgerOptions();

    @Mixin
    private final VaultOptions vault = new VaultOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(data.folder());
        var config = ledger.config(null);
        var log = new RobotsLedger(data.folder(), config, vault.config(config));
        var opened = robots.open(log, log.jobs(), log.traces());
        var site = new RobotsSite(
                port, OperatorKey.of(data.folder()), opened.api(), opened.map().building(), log.words());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            site.close();
                            opened.close();
                            close(log);
                        },
                        "diwan-shutdown"));
        out().println("page: " + site.address());
        err().println(opened.map().building().name() + " under control, on record in " + data.folder()
                + "; Ctrl-C stops");
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
