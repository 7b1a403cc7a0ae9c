package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.diwan.app.Main.Refused;
import org.diwan.base.AtomicFile;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.inventory.InventoryFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter import`: is this inventory sound, and what does it hold?
@Command(
        name = "import",
        description = {
            "Check an inventory, YAML or JSON: names, references, feeds, rack units. What is wrong is refused by",
            "name (exit code 1); what is sound is summed up by site, and with --out written: JSON to a name that",
            "ends in .json, else YAML."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan datacenter import inventory.yaml --out inventory.json"})
final class DatacenterImport extends Verb {
    @Parameters(paramLabel = "FILE", description = "The inventory.")
    private Path file = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it.")
    private @Nullable Path destination;

    @Override
    public Integer call() throws IOException, Refused {
        var inventory = read(file);
        if (destination != null) {
            String text = destination.toString().endsWith(".json")
                    ? InventoryFile.json(inventory)
                    : InventoryFile.yaml(inventory);
            AtomicFile.write(destination, text.getBytes(StandardCharsets.UTF_8));
        }
        out().printf("%s, digest %s%n", inventory.name(), InventoryFile.digest(inventory));
        out().printf(
                        "%-16s %-4s %6s %8s %7s %11s %10s %5s %6s  %s%n",
                        "site", "law", "racks", "servers", "GPUs", "servers kW", "grid kW", "PUE", "g/kWh", "models");
        for (var site : inventory.sites()) line(site);
        return 0;
    }

    /// The inventory in `file`.
    ///
    /// @throws Refused naming the place that contradicts itself
    static Inventory read(Path file) throws IOException, Refused {
        try {
            return InventoryFile.read(file);
        } catch (IllegalArgumentException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private void line(Site site) {
        var servers = site.servers();
        Map<String, Integer> models = new TreeMap<>();
        for (var server : servers) for (var gpu : server.thing().gpus()) models.merge(gpu.model(), 1, Integer::sum);
        out().printf(
                        "%-16s %-4s %6d %8d %7d %11.0f %10.0f %5.2f %6d  %s%n",
                        site.name(),
                        site.jurisdiction().code(),
                        site.racks().size(),
                        servers.size(),
                        models.values().stream().mapToInt(Integer::intValue).sum(),
                        servers.stream()
                                        .mapToDouble(server -> server.thing().maxWatts())
                                        .sum()
                                / 1000,
                        site.feeds().values().stream()
                                        .filter(feed -> feed.from().isEmpty())
                                        .mapToDouble(Feed::capacityWatts)
                                        .sum()
                                / 1000,
                        site.pue(),
                        site.gramsPerKwh(),
                        models.entrySet().stream()
                                .map(model -> model.getValue() + " × " + model.getKey())
                                .collect(Collectors.joining(", ")));
    }
}
