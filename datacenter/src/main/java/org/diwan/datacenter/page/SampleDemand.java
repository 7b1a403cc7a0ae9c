package org.diwan.datacenter.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.Demand.Data;
import org.diwan.datacenter.plan.Demand.Gang;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Kind;
import org.diwan.datacenter.plan.Demand.Need;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// What the sample operator's customers want, for each of its countries: a ministry with secret data and a bank
/// whose models must survive the loss of any site, a public assistant that may shrink, and batch work that goes
/// first. Sized to the machines that there are: about two thirds of them are in use.
final class SampleDemand {
    private static final int GPU_MEMORY_MIB = 70_000;

    /// At full load beyond the idle server: an eighth of 8 kW.
    private static final int GPU_WATTS = 1_000;

    private SampleDemand() {}

    /// The demand on `inventory`, whose servers have eight GPUs of one model.
    static Demand of(Inventory inventory) {
        Map<Jurisdiction, List<Integer>> countries = new LinkedHashMap<>();
        String model = "";
        for (var site : inventory.sites()) {
            var servers = site.servers();
            countries
                    .computeIfAbsent(site.jurisdiction(), unseen -> new ArrayList<>())
                    .add(servers.size());
            model = servers.getFirst().thing().gpus().getFirst().model();
        }
        var workloads = new ArrayList<Workload>();
        for (var country : countries.entrySet()) add(workloads, country.getKey(), country.getValue(), model);
        return new Demand("sample-demand", workloads);
    }

    private static void add(List<Workload> workloads, Jurisdiction country, List<Integer> sites, String model) {
        int all = sites.stream().mapToInt(Integer::intValue).sum();
        // In servers. What must survive fits into what is left when the largest site is lost, and as much is kept
        // free for it to move to.
        int surviving = all - Collections.max(sites);
        int vital = Math.max(1, Math.min(all / 3, surviving * 2 / 3));
        int ministry = Math.max(1, vital / 2);
        int rest = Math.max(0, all - 2 * vital);
        int assistant = rest / 2;
        var secret = data(DataClass.SECRET, Sector.GOVERNMENT, Set.of(Trait.PERSONAL), country);
        var bank = data(DataClass.CONFIDENTIAL, Sector.BANK, Set.of(Trait.PERSONAL), country);
        var open = data(DataClass.PUBLIC, Sector.GENERAL, Set.of(), country);
        var wanted = List.of(
                workload("ministry-70b", country, 1, secret, Isolation.SERVER, ministry, 8, model),
                workload("bank-32b", country, 1, bank, Isolation.SHARED, 2 * (vital - ministry), 4, model),
                workload("assistant-70b", country, 2, open, Isolation.SHARED, assistant, 8, model),
                workload("batch-8b", country, 4, open, Isolation.SHARED, 4 * (rest - assistant), 1, model));
        for (var workload : wanted) workload.ifPresent(workloads::add);
    }

    private static Data data(DataClass dataClass, Sector sector, Set<Trait> traits, Jurisdiction origin) {
        return new Data(dataClass, sector, traits, List.of(origin), "chat");
    }

    /// Nothing where the country is too small for one replica. Tier 4 is a job.
    private static Optional<Workload> workload(
            String name,
            Jurisdiction country,
            int tier,
            Data data,
            Isolation isolation,
            int replicas,
            int gpus,
            String model) {
        if (replicas == 0) return Optional.empty();
        int dash = name.indexOf('-');
        return Optional.of(new Workload(
                name + "-" + country.code(),
                tier == 4 ? Kind.JOB : Kind.REPLICA,
                "model-" + name.substring(dash + 1),
                tier,
                data,
                name.substring(0, dash) + "-" + country.code(),
                isolation,
                replicas,
                new Gang(1, gpus, 1000),
                new Need(Set.of(model), GPU_MEMORY_MIB, 4_000 * gpus, 65_536 * gpus, GPU_WATTS * gpus),
                Set.of(),
                List.of()));
    }
}
