package org.diwan.app;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.Law;
import org.diwan.cloud.Meter;
import org.diwan.cloud.Premises;
import org.diwan.cloud.Replicas.Replica;
import org.diwan.datacenter.api.Controllers;
import org.diwan.datacenter.api.DatacenterApi;
import org.diwan.datacenter.api.NightlyRehearsal;
import org.diwan.datacenter.api.Planned;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Placed;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.DemandFile;
import org.diwan.datacenter.plan.Plan.Part;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.datacenter.redfish.PowerDesk;
import org.diwan.datacenter.redfish.PowerRules;
import org.diwan.datacenter.redfish.RedfishClient.Credentials;
import org.diwan.datacenter.telemetry.Metric;
import org.diwan.datacenter.telemetry.Readings;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a server that also looks after a data centre.
final class DatacenterOptions {
    /// Forbids everything: what no rule permits is denied.
    private static final String NO_RULES = "rules: []";

    /// Rules for power are written by people.
    private static final int MAX_RULES_SIZE = 1 << 20;

    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            description = "The machines: serves /v1/datacenter/ and polls the controllers that it names.")
    private @Nullable Path inventoryFile;

    @Option(
            names = "--power-rules",
            paramLabel = "FILE",
            description = "Who may change whose power (YAML); without it nobody may.")
    private @Nullable Path rulesFile;

    @Option(names = "--plan", paramLabel = "FILE", description = "The plan and its certificate; needs --demand.")
    private @Nullable Path planFile;

    @Option(names = "--demand", paramLabel = "FILE", description = "What the plan is for; YAML or JSON.")
    private @Nullable Path demandFile;

    @Option(
            names = "--rehearse-at",
            paramLabel = "HOUR",
            defaultValue = "2",
            description =
                    "Hour of the day (UTC) at which the loss of each site is rehearsed (default: ${DEFAULT-VALUE}).")
    private int hour;

    @Option(
            names = "--here",
            paramLabel = "PLACE",
            description =
                    "Where this process runs, a server of the inventory or a replica of the plan (chat#0): answers"
                            + " are charged the energy of its whole servers.")
    private @Nullable String here;

    @Option(names = "--bmc-user", paramLabel = "NAME", description = "User of the controllers.")
    private @Nullable String user;

    @Option(names = "--bmc-password-file", paramLabel = "FILE", description = "The password is its first line.")
    private @Nullable Path passwordFile;

    /// A data centre that is looked after.
    ///
    /// @param meter what this machine draws; empty where nobody says which one it is
    record Opened(DatacenterApi api, Inventory inventory, Optional<Planned> planned, Optional<Meter> meter, int hour) {
        /// What the gateway is told.
        Premises premises() {
            return new Premises(List.of(new DatacenterAnnex(api)), meter.orElse(null), this::replicas);
        }

        /// The plan's replicas of `model`, in the order of the demand.
        private List<Replica> replicas(String model) {
            if (planned.isEmpty()) return List.of();
            var workloads = planned.get().demand().workloads().stream()
                    .filter(workload -> workload.model().equals(model))
                    .map(Workload::name)
                    .collect(Collectors.toSet());
            return planned.get().file().plan().assignments().stream()
                    .filter(assignment -> workloads.contains(assignment.workload()))
                    .map(assignment -> replica(
                            assignment.name(), assignment.parts().getFirst().server()))
                    .toList();
        }

        private Replica replica(String name, String server) {
            String place = server.substring(0, server.indexOf('/'));
            var site = inventory.sites().stream()
                    .filter(one -> one.name().equals(place))
                    .findFirst();
            return new Replica(name, place, site.orElseThrow().jurisdiction());
        }

        /// Begins to rehearse, if there is a plan.
        void rehearse(PowerDesk.Entries entries) {
            planned.ifPresent(
                    plan -> new NightlyRehearsal(inventory, plan, hour, entries, InstantSource.system()).start());
        }
    }

    /// What the options name; empty without an inventory.
    ///
    /// @throws Refused when the inventory contradicts itself
    /// @throws IllegalArgumentException when an option lacks another, or a file is wrong
    Optional<Opened> open(Path packs) throws IOException, Refused {
        if (inventoryFile == null) {
            if (rulesFile != null || planFile != null || here != null)
                throw new IllegalArgumentException("--power-rules, --plan and --here need an --inventory");
            return Optional.empty();
        }
        if ((planFile == null) != (demandFile == null))
            throw new IllegalArgumentException("--plan and --demand go together");
        if (hour < 0 || hour > 23) throw new IllegalArgumentException("--rehearse-at " + hour + " must be 0 to 23");
        var inventory = DatacenterImport.read(inventoryFile);
        var clock = InstantSource.system();
        var readings = new Readings(clock);
        // Everything that can be wrong is read before anything is asked of a controller.
        var planned = planned(packs);
        var rules = rules();
        var meter = meter(inventory, planned, readings);
        var controllers = new Controllers(inventory, HttpClient.newHttpClient(), credentials(), readings, clock);
        return Optional.of(new Opened(
                new DatacenterApi(inventory, planned, rules, readings, controllers, clock),
                inventory,
                planned,
                meter,
                hour));
    }

    private PowerRules rules() throws IOException {
        if (rulesFile == null) return PowerRules.parse(NO_RULES);
        if (Files.size(rulesFile) > MAX_RULES_SIZE)
            throw new IllegalArgumentException(rulesFile + " has more than " + MAX_RULES_SIZE + " bytes");
        try {
            return PowerRules.parse(Files.readString(rulesFile));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rulesFile + ": " + e.getMessage(), e);
        }
    }

    /// A plan is held to the law of the day that it was made for.
    private Optional<Planned> planned(Path packs) throws IOException {
        if (planFile == null || demandFile == null) return Optional.empty();
        var file = PlanFile.read(planFile);
        var law = Policy.of(Law.packs(packs), LocalDate.parse(file.plan().day()));
        return Optional.of(new Planned(DemandFile.read(demandFile), law, file));
    }

    private Optional<Credentials> credentials() throws IOException {
        if ((user == null) != (passwordFile == null))
            throw new IllegalArgumentException("--bmc-user and --bmc-password-file go together");
        if (user == null || passwordFile == null) return Optional.empty();
        return Optional.of(new Credentials(
                user, Files.readString(passwordFile).lines().findFirst().orElse("")));
    }

    /// Where this process runs, as the inventory names it or the plan places it; a replica of several parts
    /// draws on all their servers.
    private Optional<Meter> meter(Inventory inventory, Optional<Planned> planned, Readings readings) {
        if (here == null) return Optional.empty();
        var paths = planned.stream()
                .flatMap(plan -> plan.file().plan().assignments().stream())
                .filter(one -> one.name().equals(here))
                .flatMap(one -> one.parts().stream().map(Part::server))
                .collect(Collectors.toSet());
        if (paths.isEmpty()) paths.add(here);
        for (var site : inventory.sites()) {
            var servers = site.servers().stream()
                    .filter(server -> paths.contains(server.path()))
                    .toList();
            if (!servers.isEmpty()) return Optional.of(meter(site, servers, readings));
        }
        throw new IllegalArgumentException(
                "--here " + here + ": neither a server of the inventory nor a replica of the plan");
    }

    /// A silent machine is charged all that it can draw: its nameplate.
    private static Meter meter(Site site, List<Placed<Server>> servers, Readings readings) {
        return () -> new Meter.Draw(
                servers.stream()
                        .mapToDouble(server -> readings.powerWatts(
                                server.path(), server.thing().maxWatts()))
                        .sum(),
                servers.stream()
                        .mapToDouble(server -> server.thing().idleWatts())
                        .sum(),
                site.pue(),
                site.gramsPerKwh(),
                servers.stream().allMatch(server -> readings.fresh(server.path(), Metric.POWER_WATTS)
                        .isPresent()));
    }
}
