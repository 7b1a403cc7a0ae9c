package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.diwan.app.Main.Refused;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.redfish.Discovered;
import org.diwan.datacenter.redfish.Discovered.Gpu;
import org.diwan.datacenter.redfish.Discovered.Machine;
import org.diwan.datacenter.redfish.Drift;
import org.diwan.datacenter.redfish.Problem;
import org.diwan.datacenter.redfish.RedfishClient.Credentials;
import org.diwan.datacenter.redfish.Survey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan datacenter discover`: what machines say they are, and where that is not what the inventory says.
@Command(
        name = "discover",
        description = {
            "Ask baseboard controllers over Redfish for machines, GPUs and sensors. With --inventory, say where",
            "they are not what it says (exit code 1); without a URL, every controller that it names is asked."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan datacenter discover https://10.0.0.1 --user audit --password-file bmc.txt",
            "         ./diwan datacenter discover --inventory inventory.yaml --user audit --password-file bmc.txt",
            "Certificates are checked against the JDK's trust store (JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=…)."
        })
final class DatacenterDiscover extends Verb {
    @Parameters(arity = "0..*", paramLabel = "URL", description = "Redfish services, such as https://10.0.0.1.")
    private final List<URI> services = new ArrayList<>();

    @Option(names = "--user", paramLabel = "NAME", description = "User of the controllers; needs --password-file.")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "File with the password on its first line.")
    private @Nullable Path passwordFile;

    @Option(names = "--inventory", paramLabel = "FILE", description = "What there should be; YAML or JSON.")
    private @Nullable Path inventoryFile;

    @Option(names = "--json", description = "As JSON: {\"services\":[…],\"drift\":[{\"place\",\"what\",…}]}.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        if (services.isEmpty() && inventoryFile == null)
            throw new IllegalArgumentException(
                    "discover what? Name a URL, or an --inventory whose servers name theirs");
        Inventory inventory = inventoryFile == null ? null : DatacenterImport.read(inventoryFile);
        Collection<URI> asked = inventory != null && services.isEmpty() ? Survey.controllers(inventory) : services;
        var found = ask(asked, credentials());
        var drifts = inventory == null ? List.<Drift>of() : drifts(inventory, found, !services.isEmpty());
        if (json)
            out().println(CanonicalJson.text(Map.of(
                    "services",
                    found.stream().map(DatacenterDiscover::tree).toList(),
                    "drift",
                    drifts.stream().map(DatacenterDiscover::tree).toList())));
        else {
            found.forEach(this::print);
            drifts.forEach(drift -> out().printf(
                            "✗ %s: %s is '%s', the inventory says '%s'%n",
                            drift.place(), drift.what(), drift.found(), drift.intended()));
            if (inventory != null && drifts.isEmpty()) out().println("✓ as the inventory says");
        }
        return drifts.isEmpty() ? 0 : Main.CHECK_FAILED;
    }

    private Optional<Credentials> credentials() throws IOException {
        if ((user == null) != (passwordFile == null))
            throw new IllegalArgumentException("--user and --password-file go together");
        if (user == null || passwordFile == null) return Optional.empty();
        String password = Files.readString(passwordFile).lines().findFirst().orElse("");
        return Optional.of(new Credentials(user, password));
    }

    private List<Discovered> ask(Collection<URI> asked, Optional<Credentials> credentials)
            throws IOException, InterruptedException {
        List<Discovered> found;
        try (var http = HttpClient.newHttpClient()) {
            found = Survey.of(http, asked, credentials);
        }
        // Where an inventory names it, a silent controller is a drift; where only the caller does, a mistake.
        if (inventoryFile == null)
            for (var one : found)
                if (one.resourceCount() == 0)
                    throw new IOException(one.service() + " is no Redfish service: "
                            + one.problems().stream().map(Problem::toString).collect(Collectors.joining(", ")));
        return found;
    }

    /// @param some whether only some of the inventory's controllers were asked: the others' silence says nothing
    private static List<Drift> drifts(Inventory inventory, List<Discovered> found, boolean some) {
        var asked = found.stream().map(Discovered::service).collect(Collectors.toSet());
        return Drift.between(inventory, found).stream()
                .filter(drift -> !some || !drift.what().equals("bmc") || isOneOf(asked, drift.intended()))
                .toList();
    }

    private static boolean isOneOf(Set<URI> asked, String controller) {
        return asked.stream().anyMatch(service -> (controller + "/").startsWith(service + "/"));
    }

    // --- for people ------------------------------------------------------------------------------------

    private void print(Discovered found) {
        out().printf(
                        "%s: %s, Redfish %s, %d resources%n",
                        found.service(), orUnknown(found.vendor()), orUnknown(found.version()), found.resourceCount());
        for (var machine : found.machines()) {
            out().printf(
                            "  %s: %s, serial %s, %s, %d processors, %d MiB%n",
                            machine.path(),
                            named(machine.manufacturer(), machine.model()),
                            orUnknown(machine.serial()),
                            orUnknown(machine.power()),
                            machine.processors(),
                            machine.memoryMib());
            models(machine).forEach((model, count) -> out().printf("    %d × %s%n", count, model));
        }
        var types = new TreeMap<String, Integer>();
        for (var sensor : found.sensors()) types.merge(orUnknown(sensor.type()), 1, Integer::sum);
        out().printf("  %d sensors%s%n", found.sensors().size(), listed(types));
        found.powerWatts().ifPresent(watts -> out().printf("  draws %.0f W%n", watts));
        var problems = problems(found);
        if (!problems.isEmpty())
            out().printf("  %d problems%s%n", found.problems().size(), listed(problems));
    }

    private static Map<String, Integer> models(Machine machine) {
        var models = new TreeMap<String, Integer>();
        for (var gpu : machine.gpus()) models.merge(named(gpu.manufacturer(), gpu.model()), 1, Integer::sum);
        return models;
    }

    private static Map<String, Integer> problems(Discovered found) {
        var kinds = new EnumMap<Problem.Kind, Integer>(Problem.Kind.class);
        for (var problem : found.problems()) kinds.merge(problem.kind(), 1, Integer::sum);
        var problems = new TreeMap<String, Integer>();
        kinds.forEach((kind, count) -> problems.put(kind.name().toLowerCase(Locale.ROOT), count));
        return problems;
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? ""
                : counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    /// Some makers put their name into the model's.
    private static String named(String maker, String model) {
        return orUnknown(model.startsWith(maker) ? model : (maker + " " + model).strip());
    }

    private static String orUnknown(String said) {
        return said.isEmpty() ? "unknown" : said;
    }

    // --- for programs ----------------------------------------------------------------------------------

    private static Map<String, Object> tree(Discovered found) {
        var tree = new HashMap<String, Object>(Map.of(
                "service", found.service().toString(),
                "vendor", found.vendor(),
                "version", found.version(),
                "resources", found.resources(),
                "machines",
                        found.machines().stream().map(DatacenterDiscover::tree).toList(),
                "sensors",
                        found.sensors().stream().map(DatacenterDiscover::tree).toList(),
                "problems", problems(found)));
        found.powerWatts().ifPresent(watts -> tree.put("powerWatts", watts));
        return tree;
    }

    private static Map<String, Object> tree(Machine machine) {
        return Map.of(
                "path", machine.path(),
                "manufacturer", machine.manufacturer(),
                "model", machine.model(),
                "serial", machine.serial(),
                "power", machine.power(),
                "memoryMib", machine.memoryMib(),
                "processors", machine.processors(),
                "resetTypes", machine.resetTypes(),
                "gpus", machine.gpus().stream().map(DatacenterDiscover::tree).toList());
    }

    private static Map<String, Object> tree(Gpu gpu) {
        return Map.of(
                "path", gpu.path(),
                "manufacturer", gpu.manufacturer(),
                "model", gpu.model(),
                "serial", gpu.serial());
    }

    /// `reading` is missing where there is none, or an impossible one.
    private static Map<String, Object> tree(Discovered.Sensor sensor) {
        var tree = new HashMap<String, Object>(Map.of(
                "path", sensor.path(),
                "name", sensor.name(),
                "type", sensor.type(),
                "units", sensor.units(),
                "context", sensor.context()));
        sensor.reading().ifPresent(reading -> tree.put("reading", reading));
        return tree;
    }

    static Map<String, Object> tree(Drift drift) {
        return Map.of(
                "place", drift.place(),
                "what", drift.what(),
                "intended", drift.intended(),
                "found", drift.found());
    }
}
