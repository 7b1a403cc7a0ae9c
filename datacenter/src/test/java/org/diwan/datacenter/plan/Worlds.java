package org.diwan.datacenter.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.CoolingZone;
import org.diwan.datacenter.inventory.Inventory.Fabric;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Gpu;
import org.diwan.datacenter.inventory.Inventory.Hall;
import org.diwan.datacenter.inventory.Inventory.Pdu;
import org.diwan.datacenter.inventory.Inventory.PowerPanel;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Region;
import org.diwan.datacenter.inventory.Inventory.Row;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Demand.Data;
import org.diwan.datacenter.plan.Demand.Gang;
import org.diwan.datacenter.plan.Demand.Gravity;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Kind;
import org.diwan.datacenter.plan.Demand.Need;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;

/// Small worlds drawn by lot, tight in every dimension, under the real packs: so that each constraint
/// decides now and then.
final class Worlds {
    static final Policy LAW = law();

    private static final List<String> COUNTRIES = List.of("sa", "sa", "de", "fr", "kr");
    private static final List<String> MODELS = List.of("H100", "L40S");

    private final SplittableRandom random;

    Worlds(SplittableRandom random) {
        this.random = random;
    }

    private static Policy law() {
        try {
            var packs = new ArrayList<Pack>();
            for (String country : List.of("de", "eu", "kr", "ph", "sa"))
                packs.add(Pack.load(Path.of(System.getProperty("diwan.home"), "packs", country)));
            return Policy.of(packs, LocalDate.of(2026, 11, 28));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Inventory inventory(int maxSites, int maxRacks, int maxServers) {
        var sites = new ArrayList<Site>();
        int count = random.nextInt(1, maxSites + 1);
        for (int i = 0; i < count; i++) sites.add(site("s" + i, maxRacks, maxServers));
        return new Inventory("small", List.of(new Region("all", sites)));
    }

    private Site site(String name, int maxRacks, int maxServers) {
        // A chain: both sides may hang on one feed of the grid, and then its loss is the end of all.
        var from = random.nextInt(3) == 0 ? Optional.of("grid/main") : Optional.<String>empty();
        var panels = List.of(
                new PowerPanel("grid", List.of(new Feed("main", random.nextInt(800, 6000), Optional.empty()))),
                new PowerPanel(
                        "p",
                        List.of(
                                new Feed("a", random.nextInt(600, 4000), Optional.of("grid/main")),
                                new Feed("b", random.nextInt(600, 4000), from))));
        var racks = new ArrayList<Rack>();
        for (int r = random.nextInt(1, maxRacks + 1); r > 0; r--) racks.add(rack("r" + r, maxServers));
        return new Site(
                name,
                new Jurisdiction(one(COUNTRIES)),
                0,
                0,
                1.3,
                400,
                panels,
                List.of(new CoolingZone("c0", random.nextInt(800, 5000)), new CoolingZone("c1", 5000)),
                List.of(new Fabric("f0", "ethernet", 100), new Fabric("f1", "ethernet", 100)),
                List.of(new Hall("h", List.of(new Row("w", racks)))));
    }

    private Rack rack(String name, int maxServers) {
        var pdus = new ArrayList<Pdu>();
        pdus.add(new Pdu("a", "p/a", random.nextInt(500, 3000)));
        if (random.nextInt(4) > 0) pdus.add(new Pdu("b", "p/b", random.nextInt(500, 3000)));
        var servers = new ArrayList<Server>();
        int count = random.nextInt(1, maxServers + 1);
        for (int i = 0; i < count; i++) {
            int gpus = random.nextInt(0, 4);
            var gpu = new Gpu(one(MODELS), 1000 * random.nextInt(20, 81));
            servers.add(new Server(
                    "x" + i,
                    i + 1,
                    1,
                    "box",
                    Optional.empty(),
                    Optional.empty(),
                    random.nextInt(4) == 0 ? "f1" : "f0",
                    50,
                    random.nextInt(300, 1500),
                    1000 * random.nextInt(4, 33),
                    1024 * random.nextInt(16, 129),
                    Collections.nCopies(gpus, gpu)));
        }
        return new Rack(name, 10, random.nextInt(500, 3000), one(List.of("c0", "c1")), pdus, servers);
    }

    Demand demand(int maxWorkloads, int maxReplicas) {
        var workloads = new ArrayList<Workload>();
        int count = random.nextInt(1, maxWorkloads + 1);
        for (int i = 0; i < count; i++) workloads.add(workload("w" + i, maxReplicas));
        return new Demand("drawn", workloads);
    }

    private Workload workload(String name, int maxReplicas) {
        int gpus = random.nextInt(0, 3);
        int parts = random.nextInt(4) == 0 ? 2 : 1;
        boolean share = gpus == 1 && parts == 1 && random.nextBoolean();
        int thousandths = gpus == 0 ? 0 : share ? random.nextInt(200, 800) : 1000;
        var spread = EnumSet.noneOf(Spread.class);
        for (var one : Spread.values()) if (random.nextInt(6) == 0) spread.add(one);
        var kind = random.nextInt(5) == 0 ? Kind.JOB : Kind.REPLICA;
        return new Workload(
                name,
                kind,
                "m",
                kind == Kind.JOB || random.nextBoolean() ? 2 : 1,
                data(),
                "t" + random.nextInt(2),
                random.nextInt(3) > 0 ? Isolation.SHARED : one(List.of(Isolation.values())),
                random.nextInt(1, maxReplicas + 1),
                new Gang(parts, gpus, thousandths),
                new Need(
                        gpus == 0 ? Set.of() : random.nextBoolean() ? Set.copyOf(MODELS) : Set.of(one(MODELS)),
                        gpus == 0 ? 0 : 1000 * random.nextInt(5, 50),
                        1000 * random.nextInt(1, 12),
                        1024 * random.nextInt(1, 50),
                        random.nextInt(20, 500)),
                spread,
                random.nextBoolean() ? List.of() : List.of(new Gravity("s0", random.nextInt(-3, 10))));
    }

    private Data data() {
        var traits = EnumSet.noneOf(Trait.class);
        if (random.nextInt(3) == 0) traits.add(Trait.PERSONAL);
        return new Data(
                one(List.of(DataClass.PUBLIC, DataClass.PUBLIC, DataClass.INTERNAL, DataClass.SECRET)),
                Sector.GENERAL,
                traits,
                random.nextInt(8) == 0
                        ? List.of(new Jurisdiction("sa"), new Jurisdiction("de"))
                        : List.of(new Jurisdiction(one(List.of("sa", "sa", "de", "kr")))),
                "chat");
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
