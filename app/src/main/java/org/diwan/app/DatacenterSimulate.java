package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.app.Main.Refused;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.page.SimulationPage;
import org.diwan.datacenter.simulate.EngineProfile;
import org.diwan.datacenter.simulate.FleetSimulation;
import org.diwan.datacenter.simulate.FleetSimulation.Hour;
import org.diwan.datacenter.simulate.FleetSimulation.Result;
import org.diwan.datacenter.simulate.Scenario;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter simulate`: days of a fleet in seconds.
@Command(
        name = "simulate",
        description = {
            "Play a scenario on an inventory, minute by minute: load, queues, power, heat, carbon; sites and feeds",
            "that are lost. The same seed gives the same hash on every machine. Every server with GPUs is one",
            "replica of a dense model of 70 billion weights on eight H100s."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "A scenario: {scenario: name, seed: 7, days: 7, origins: [{jurisdiction: sa, peakRequestsPerSecond: 400,",
            "utcOffset: 3, allowed: [sa]}], incidents: [{kind: site-lost, site: riyadh-1, hour: 30, hours: 6}]}; kinds",
            "are site-lost, feed-lost (feed: h1/a), heat-wave (amount: °C), power-cap (amount: share that is left).",
            "",
            "Example: ./diwan datacenter simulate scenario.yaml --gpus 1000 --html week.html"
        })
final class DatacenterSimulate extends Verb {
    /// A scenario names incidents, not servers: a thousand lines are a long one.
    private static final int MAX_SIZE = 1 << 20;

    @Parameters(paramLabel = "FILE", description = "The scenario, YAML or JSON.")
    private Path file = Path.of("");

    /// On what it is played.
    static final class Where {
        @Option(names = "--inventory", paramLabel = "FILE", description = "The inventory; YAML or JSON.")
        private @Nullable Path inventory;

        @Option(
                names = "--gpus",
                paramLabel = "N",
                description = "The sample operator in three countries, with so many GPUs (default: 1000).")
        private int gpus = 1_000;

        Inventory inventory() throws IOException, Refused {
            return inventory == null ? SampleOperator.of(gpus) : DatacenterImport.read(inventory);
        }
    }

    @ArgGroup
    private final Where where = new Where();

    @Option(names = "--html", paramLabel = "OUT", description = "Write a page with a plot of each measure and site.")
    private @Nullable Path html;

    @Option(
            names = "--json",
            description =
                    "As JSON: {\"hash\",\"answered\",\"refused\",\"hours\":[{\"hour\",\"site\",\"answered\",…}]}.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Refused {
        if (Files.size(file) > MAX_SIZE)
            throw new IllegalArgumentException(file + " has more than " + MAX_SIZE + " bytes");
        var scenario = scenario();
        var result = FleetSimulation.run(where.inventory(), scenario, EngineProfile.DGX_70B);
        if (html != null)
            AtomicFile.write(html, SimulationPage.html(scenario, result).getBytes(StandardCharsets.UTF_8));
        if (json)
            out().println(CanonicalJson.text(Map.of(
                    "hash",
                    result.hash(),
                    "answered",
                    result.answered(),
                    "refused",
                    result.refused(),
                    "hours",
                    result.hours().stream().map(DatacenterSimulate::tree).toList())));
        else print(scenario, result);
        return 0;
    }

    private Scenario scenario() throws IOException {
        try {
            return Scenario.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void print(Scenario scenario, Result result) {
        out().printf(
                        "%s: %d days, %d answered, %d refused, hash %s%n",
                        scenario.name(), scenario.days(), result.answered(), result.refused(), result.hash());
        out().printf(
                        "%-16s %12s %10s %9s %9s %6s %9s %7s %10s%n",
                        "site", "answered", "refused", "wait p99", "MWh", "PUE", "t CO2", "feed", "over, min");
        for (String site : result.hours().stream().map(Hour::site).distinct().toList())
            line(
                    site,
                    result.hours().stream()
                            .filter(hour -> hour.site().equals(site))
                            .toList());
    }

    private void line(String site, List<Hour> hours) {
        double kilowattHours = hours.stream().mapToDouble(Hour::kilowatts).sum();
        double facility = hours.stream()
                .mapToDouble(hour -> hour.kilowatts() * hour.pue())
                .sum();
        out().printf(
                        "%-16s %12d %10d %7.1f s %9.2f %6.2f %9.2f %5.0f %% %10d%n",
                        site,
                        hours.stream().mapToLong(Hour::answered).sum(),
                        hours.stream().mapToLong(Hour::refused).sum(),
                        hours.stream().mapToDouble(Hour::waitP99).max().orElse(0),
                        kilowattHours / 1000,
                        kilowattHours == 0 ? 0 : facility / kilowattHours,
                        hours.stream().mapToDouble(Hour::kilogramsCo2).sum() / 1000,
                        100 * hours.stream().mapToDouble(Hour::feedShare).max().orElse(0),
                        hours.stream().mapToInt(Hour::overMinutes).sum());
    }

    private static Map<String, Object> tree(Hour hour) {
        return Map.ofEntries(
                Map.entry("hour", hour.hour()),
                Map.entry("site", hour.site()),
                Map.entry("answered", hour.answered()),
                Map.entry("refused", hour.refused()),
                Map.entry("waitP99", hour.waitP99()),
                Map.entry("kilowatts", hour.kilowatts()),
                Map.entry("pue", hour.pue()),
                Map.entry("kilogramsCo2", hour.kilogramsCo2()),
                Map.entry("serversUp", hour.serversUp()),
                Map.entry("feedShare", hour.feedShare()),
                Map.entry("overMinutes", hour.overMinutes()),
                Map.entry("slowedShare", hour.slowedShare()));
    }
}
