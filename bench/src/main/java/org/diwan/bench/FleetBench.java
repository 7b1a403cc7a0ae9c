package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.CertificateChecker;
import org.diwan.datacenter.plan.DemandFile;
import org.diwan.datacenter.plan.Fleet;
import org.diwan.datacenter.plan.Planner;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.datacenter.plan.Rehearsal;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;

/// `bench datacenter failover` and `events`: what a fleet does when a site is lost, and whether anything
/// breaks whatever happens. Four sites: two in Saudi Arabia, one in Germany, one in France.
final class FleetBench {
    private static final int GPUS_PER_SERVER = 8;

    private FleetBench() {}

    /// 10,000 replicas on 25,600 GPUs, 40 % of tier 1: planned and certified, checked, then one site lost
    /// after the other, from anew each time.
    static int failover(Options options, PrintStream out) throws IOException {
        var inventory = InventoryFile.parse(inventory(100, 8), false);
        var demand = DemandFile.parse(demand(10_000), false);
        var law = law(LocalDate.of(2026, 11, 28));
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());

        long start = System.nanoTime();
        if (!(Planner.plan(inventory, demand, law, 1) instanceof Planned(var file)))
            throw new IllegalStateException("the demand of the benchmark does not fit");
        result.put("planSeconds", seconds(start));
        start = System.nanoTime();
        var refusals = CertificateChecker.refusals(inventory, demand, law, file);
        result.put("checkSeconds", seconds(start));
        result.put("refusals", refusals.size());

        for (var site : inventory.sites()) {
            var fleet = new Fleet(inventory, demand, law);
            start = System.nanoTime();
            for (int replica = 0; replica < fleet.replicas(); replica++) fleet.arrive(replica);
            double arrivals = seconds(start);
            int lost = 0;
            for (int replica = 0; replica < fleet.replicas(); replica++)
                if (fleet.place(replica).orElseThrow().parts().getFirst().site().equals(site.name())) lost++;
            start = System.nanoTime();
            fleet.site(site.name(), false);
            result.put(
                    site.name() + " lost",
                    Map.of(
                            "arrivalsSeconds",
                            arrivals,
                            "replicasThere",
                            lost,
                            "decisionSeconds",
                            seconds(start),
                            "waiting",
                            fleet.waiting()));
        }
        print(result, options, out);
        return 0;
    }

    /// Random events on 1,024 GPUs; each is followed by a count of its own, each 10,000th by a certificate.
    static int events(Options options, PrintStream out) throws IOException {
        int count = options.number("events", 1_000_000, 1, 100_000_000);
        int seed = options.number("seed", 1, 0, Integer.MAX_VALUE);
        var inventory = InventoryFile.parse(inventory(8, 4), false);
        var demand = DemandFile.parse(demand(800), false);
        var laws = List.of(law(LocalDate.of(2026, 11, 28)), law(LocalDate.of(2023, 1, 1)));
        long start = System.nanoTime();
        var report = new Rehearsal(inventory, demand, laws, seed).play(count, Math.max(1, count / 100));
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());
        result.put("events", count);
        result.put("seconds", seconds(start));
        var kinds = new TreeMap<String, Object>();
        report.events().forEach((event, times) -> kinds.put(event.toString(), times));
        result.put("kinds", kinds);
        result.put("samples", report.samples());
        result.put("placedPerSample", report.placed() / Math.max(1, report.samples()));
        result.put("exposedPerSample", report.exposed() / Math.max(1, report.samples()));
        result.put("violations", report.violation().map(List::of).orElse(List.of()));
        print(result, options, out);
        return report.violation().isEmpty() ? 0 : 1;
    }

    private static double seconds(long startNanos) {
        return Math.round((System.nanoTime() - startNanos) / 1e6) / 1e3;
    }

    private static void print(Map<String, Object> result, Options options, PrintStream out) {
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.println(name + ": " + value));
    }

    private static Policy law(LocalDate day) throws IOException {
        var packs = new ArrayList<Pack>();
        try (var folders =
                Files.newDirectoryStream(Path.of(System.getProperty("diwan.home", ""), "packs"), Files::isDirectory)) {
            for (Path folder : folders) packs.add(Pack.load(folder));
        }
        packs.sort((one, other) -> one.jurisdiction().compareTo(other.jurisdiction()));
        return Policy.of(packs, day);
    }

    /// Four sites of so many racks; eight racks share an A and a B feed, and all A, all B hang on one more.
    private static String inventory(int racks, int serversPerRack) {
        var text = new StringBuilder("inventory: bench\nregions:\n  - name: all\n    sites:\n");
        site(text, "riyadh", "sa", racks, serversPerRack);
        site(text, "jeddah", "sa", racks, serversPerRack);
        site(text, "frankfurt", "de", racks, serversPerRack);
        site(text, "paris", "fr", racks, serversPerRack);
        return text.toString();
    }

    private static void site(StringBuilder text, String name, String country, int racks, int servers) {
        int groups = (racks + 7) / 8;
        int rackWatts = servers * 10_200;
        text.append("""
                      - {name: %s, jurisdiction: %s, latitude: 0, longitude: 0, pue: 1.3, gramsPerKwh: 400,
                         coolingZones: [{name: z, capacityWatts: %d}],
                         fabrics: [{name: ib, kind: infiniband, gbps: 400}],
                         panels: [{name: grid, feeds: [{name: a, capacityWatts: %d}, {name: b, capacityWatts: %d}]}
                """.formatted(
                name, country, racks * rackWatts / 10 * 8, racks * rackWatts / 10 * 8, racks * rackWatts / 10 * 8));
        for (int g = 0; g < groups; g++) text.append("""
                                  , {name: g%d, feeds: [{name: a, capacityWatts: %d, from: grid/a},
                                                        {name: b, capacityWatts: %d, from: grid/b}]}
                    """.formatted(g, 8 * rackWatts / 10 * 9, 8 * rackWatts / 10 * 9));
        text.append("         ], halls: [{name: h, rows: [{name: r, racks: [\n");
        for (int r = 0; r < racks; r++) {
            text.append("""
                             %s{name: k%d, units: 48, powerWatts: %d, coolingZone: z,
                              pdus: [{name: a, feed: g%d/a, capacityWatts: %d},
                                     {name: b, feed: g%d/b, capacityWatts: %d}],
                              servers: [
                    """.formatted(r == 0 ? "" : ", ", r, rackWatts, r / 8, rackWatts, r / 8, rackWatts));
            for (int s = 0; s < servers; s++)
                text.append("""
                                       %s{name: s%d, unit: %d, height: 5, model: dgx, fabric: ib, idleWatts: 1800,
                                        maxWatts: 10200, cpuMilli: 112000, memoryMib: 2097152,
                                        gpus: [{model: H100, memoryMib: 81559, count: %d}]}
                        """.formatted(s == 0 ? "" : ", ", s, 1 + 5 * s, GPUS_PER_SERVER));
            text.append("              ]}\n");
        }
        text.append("         ]}]}]}\n");
    }

    /// So many replicas of five kinds: who may go where, and how large, differs.
    private static String demand(int replicas) {
        return "demand: bench\nworkloads:\n"
                + workload("ministry", 1, "secret", "government", "[personal]", "sa", replicas * 15 / 100, 2, 1000)
                + workload("bank", 1, "internal", "bank", "[]", "sa", replicas * 15 / 100, 1, 500)
                + workload("union", 1, "internal", "general", "[personal]", "de", replicas * 10 / 100, 2, 1000)
                + workload("open", 2, "public", "general", "[]", "sa", replicas * 30 / 100, 1, 1000)
                + workload("small", 3, "public", "general", "[]", "de", replicas * 30 / 100, 1, 250);
    }

    private static String workload(
            String name,
            int tier,
            String dataClass,
            String sector,
            String traits,
            String origin,
            int replicas,
            int gpus,
            int thousandths) {
        return """
                  - {name: %s, kind: replica, model: %s, tier: %d, tenant: %s, isolation: shared, replicas: %d,
                     data: {class: %s, sector: %s, traits: %s, origins: [%s], purpose: chat},
                     parts: 1, gpusPerPart: %d, gpuThousandths: %d, gpuModels: [H100], gpuMemoryMib: %d,
                     cpuMilli: %d, memoryMib: %d, watts: %d}
                """.formatted(
                        name,
                        name,
                        tier,
                        name,
                        replicas,
                        dataClass,
                        sector,
                        traits,
                        origin,
                        gpus,
                        thousandths,
                        70 * thousandths,
                        8 * gpus * thousandths,
                        100 * gpus * thousandths,
                        gpus * thousandths);
    }
}
