package org.diwan.acceptance;

import java.util.ArrayList;
import java.util.Collections;
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
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.Demand.Data;
import org.diwan.datacenter.plan.Demand.Gang;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Kind;
import org.diwan.datacenter.plan.Demand.Need;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;

/// A world of a dozen servers, about as large as what it shall host: about as many are possible as not.
record PlanWorld(Inventory inventory, Demand demand) {
    static PlanWorld draw(SplittableRandom random) {
        var sites = new ArrayList<Site>();
        int count = random.nextInt(2, 4);
        for (int i = 0; i < count; i++) sites.add(site("s" + i, random));
        var workloads = new ArrayList<Workload>();
        int kinds = random.nextInt(1, 4);
        for (int i = 0; i < kinds; i++) workloads.add(workload("w" + i, random));
        return new PlanWorld(new Inventory("drawn", List.of(new Region("all", sites))), new Demand("drawn", workloads));
    }

    private static Site site(String name, SplittableRandom random) {
        var panels = List.of(
                new PowerPanel("grid", List.of(new Feed("main", random.nextInt(2500, 6000), Optional.empty()))),
                new PowerPanel(
                        "p",
                        List.of(
                                new Feed("a", random.nextInt(1500, 5000), Optional.of("grid/main")),
                                new Feed("b", random.nextInt(1500, 5000), Optional.empty()))));
        var racks = new ArrayList<Rack>();
        for (int r = random.nextInt(1, 3); r > 0; r--) {
            var servers = new ArrayList<Server>();
            for (int s = random.nextInt(2, 5); s > 0; s--)
                servers.add(new Server(
                        "x" + s,
                        s,
                        1,
                        "box",
                        Optional.empty(),
                        Optional.empty(),
                        "f",
                        50,
                        2000,
                        64_000,
                        131_072,
                        Collections.nCopies(random.nextInt(2, 5), new Gpu("H100", 80_000))));
            racks.add(new Rack(
                    "r" + r,
                    10,
                    random.nextInt(1200, 3000),
                    "z",
                    List.of(new Pdu("a", "p/a", 3000), new Pdu("b", "p/b", random.nextInt(1000, 3000))),
                    servers));
        }
        return new Site(
                name,
                new Jurisdiction(random.nextInt(4) == 0 ? "de" : "sa"),
                0,
                0,
                1.3,
                400,
                panels,
                List.of(new CoolingZone("z", random.nextInt(2000, 5000))),
                List.of(new Fabric("f", "ethernet", 100)),
                List.of(new Hall("h", List.of(new Row("w", racks)))));
    }

    private static Workload workload(String name, SplittableRandom random) {
        int parts = random.nextInt(4) == 0 ? 2 : 1;
        int gpus = random.nextInt(1, 4);
        boolean share = parts == 1 && gpus == 1 && random.nextBoolean();
        return new Workload(
                name,
                Kind.REPLICA,
                "m",
                random.nextInt(1, 3),
                new Data(
                        random.nextInt(3) == 0 ? DataClass.PUBLIC : DataClass.SECRET,
                        Sector.GENERAL,
                        Set.of(),
                        List.of(new Jurisdiction(random.nextInt(10) == 0 ? "de" : "sa")),
                        "chat"),
                "t" + random.nextInt(2),
                random.nextInt(4) == 0 ? Isolation.SERVER : Isolation.SHARED,
                random.nextInt(1, 3),
                new Gang(parts, gpus, share ? random.nextInt(200, 800) : 1000),
                new Need(Set.of("H100"), random.nextInt(20_000, 60_000), 8000, 16_384, random.nextInt(100, 700)),
                random.nextInt(4) == 0 ? Set.of(Spread.RACK) : Set.of(),
                List.of());
    }
}
