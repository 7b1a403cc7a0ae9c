package org.diwan.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.diwan.app.DatacenterOptions.Opened;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.GatewayConfig;
import org.diwan.cloud.Premises;
import org.diwan.cloud.upstream.UpstreamAddress;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.kernel.KvType;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan up`: serves until it is told to stop (SIGTERM, SIGINT).
@Command(
        name = "up",
        description = "Start the server: API, console and ledger in one process.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan up --port 8420 --upstream partner=https://llm.example/v1@de",
            "An upstream's key is read from the environment: DIWAN_UPSTREAM_PARTNER_KEY."
        })
final class Up extends Verb {
    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8420",
            description = "TCP port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Option(names = "--model", paramLabel = "FILE", description = "GGUF file (default: the one in models/).")
    private @Nullable Path model;

    @Option(
            names = "--encoder",
            paramLabel = "FILE",
            description = "GGUF file of a model that embeds or ranks texts (architecture bert). Repeatable.")
    private final List<Path> encoders = new ArrayList<>();

    @Option(
            names = "--home",
            paramLabel = "CODE",
            defaultValue = "sa",
            description = "Jurisdiction in which this machine stands (default: ${DEFAULT-VALUE}).")
    private String home = "";

    @Option(
            names = "--sector",
            paramLabel = "NAME",
            defaultValue = "general",
            description =
                    "Who answers for the data: general, government, bank, health, social (default: ${DEFAULT-VALUE}).")
    private String sector = "";

    @Option(
            names = "--upstream",
            paramLabel = "NAME=URL@CODE",
            description = "An OpenAI-compatible server and its jurisdiction; its models are NAME/model. Repeatable.")
    private final List<String> upstreams = new ArrayList<>();

    @Option(
            names = "--purpose",
            paramLabel = "WORD",
            description = "A purpose that clients may state in the header diwan-purpose, besides chat. Repeatable.")
    private final List<String> purposes = new ArrayList<>();

    @Option(
            names = "--kv",
            paramLabel = "TYPE",
            defaultValue = "f16",
            description = "How keys and values are kept: f32, f16 or q8_0 (default: ${DEFAULT-VALUE}).")
    private String kv = "";

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute (default: one for each core).")
    private @Nullable Integer threads;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}; put TLS in front of any other).")
    private String host = "";

    @Mixin
    private final LedgerOptions ledger = new LedgerOptions();

    @Mixin
    private final VaultOptions vault = new VaultOptions();

    @Mixin
    private final DatacenterOptions datacenter = new DatacenterOptions();

    @Mixin
    private final RobotsOptions robots = new RobotsOptions();

    private final RobotsAnnex annex = new RobotsAnnex();

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        var config = ledger.config(null);
        var machines = datacenter.open(Home.packs());
        var gateway = start(
                new GatewayConfig(
                        host,
                        port,
                        data.folder(),
                        model != null ? model : Home.onlyModel(),
                        encoders,
                        Home.packs(),
                        new Jurisdiction(home),
                        Sector.of(sector),
                        addresses(),
                        Set.copyOf(purposes),
                        threads != null ? threads : Runtime.getRuntime().availableProcessors(),
                        EngineLimits.DEFAULT.withCacheType(KvType.of(kv)),
                        config,
                        vault.config(config),
                        GatewayConfig.DEFAULT_OPEN_PER_KEY,
                        GatewayConfig.DEFAULT_GRACE_SECONDS),
                machines);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            annex.close();
                            gateway.close();
                        },
                        "diwan-shutdown"));
        String key = gateway.operatorKey().text();
        out().println("console: " + gateway.address() + "/#key=" + key);
        out().println("api key: " + key);
        err().printf(
                        "%s at home in %s, data in %s, ready after %.1f s; Ctrl-C stops%n",
                        gateway.model().name(),
                        home,
                        data.folder(),
                        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        new CountDownLatch(1).await(); // the shutdown hook does the rest
        return 0;
    }

    private Gateway start(GatewayConfig config, Optional<Opened> machines) throws IOException {
        var premises = machines.map(Opened::premises).orElse(Premises.UNKNOWN);
        if (robots.isAsked()) premises = premises.with(annex);
        var gateway = Gateway.start(config, premises);
        machines.ifPresent(opened -> opened.rehearse(gateway.entries()::append));
        if (robots.isAsked()) {
            try {
                annex.open(gateway, robots, data);
            } catch (IOException | RuntimeException e) {
                gateway.close();
                throw e;
            }
        }
        return gateway;
    }

    private List<UpstreamAddress> addresses() {
        return upstreams.stream()
                .map(text -> UpstreamAddress.parse(
                        text, System.getenv(UpstreamAddress.keyVariable(UpstreamAddress.name(text)))))
                .toList();
    }
}
