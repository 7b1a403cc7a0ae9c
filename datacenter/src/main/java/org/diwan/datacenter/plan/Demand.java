package org.diwan.datacenter.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.DecisionRequest;

/// What shall run. A demand that exists does not contradict itself; whether an inventory can host it is
/// for the [Planner] to say.
public record Demand(String name, List<Workload> workloads) {
    /// Most replicas in one demand: ten times the largest fleet planned for.
    public static final int MAX_REPLICAS = 100_000;

    public Demand {
        Inventory.checkName(name, "demand");
        workloads = List.copyOf(workloads);
        var names = new HashSet<String>();
        int replicas = 0;
        for (var workload : workloads) {
            if (!names.add(workload.name))
                throw new IllegalArgumentException(name + ": has two workloads named " + workload.name);
            replicas += workload.replicas;
            Inventory.range(replicas, 0, MAX_REPLICAS, "number of replicas", name);
        }
    }

    /// Whether it answers for ever or computes until it is done.
    public enum Kind {
        REPLICA,
        JOB
    }

    /// With whom a tenant shares.
    public enum Isolation {
        /// Servers with other tenants that share.
        SHARED,
        /// No server with another tenant.
        SERVER,
        /// No rack with another tenant.
        RACK
    }

    /// What no two replicas of a workload may have in common.
    public enum Spread {
        RACK,
        /// A feed whose loss alone would leave both without power. Replacements keep to it as well.
        FEED,
        /// A site. When a site is lost, its replicas may join others elsewhere: running is better than spread.
        SITE
    }

    /// What decides where the law lets it run; see [DecisionRequest].
    ///
    /// @param origins whose law the data is under; every one of them must allow a place
    public record Data(
            DataClass dataClass, Sector sector, Set<Trait> traits, List<Jurisdiction> origins, String purpose) {
        public Data {
            traits = Set.copyOf(traits);
            origins = List.copyOf(origins);
            if (origins.isEmpty() || new HashSet<>(origins).size() < origins.size())
                throw new IllegalArgumentException("origins are " + origins + ", must be one or more, none twice");
        }

        /// May it be processed in `destination`, as `origin` sees it?
        public DecisionRequest request(Jurisdiction origin, Jurisdiction destination) {
            return new DecisionRequest(dataClass, sector, traits, origin, destination, purpose);
        }
    }

    /// How a replica is cut: parts talk to each other inside one fabric (pipeline), the GPUs of one part
    /// sit in one server (tensor parallel).
    ///
    /// @param gpuThousandths of each GPU; below 1000 only for one part on one GPU, 0 without GPUs
    public record Gang(int parts, int gpusPerPart, int gpuThousandths) {
        public Gang {
            Inventory.range(parts, 1, 64, "parts", "gang");
            Inventory.range(gpusPerPart, 0, 64, "gpusPerPart", "gang");
            int least = gpusPerPart == 0 ? 0 : 1;
            int most = gpusPerPart == 0 ? 0 : 1000;
            Inventory.range(gpuThousandths, least, most, "gpuThousandths", "gang");
            if (gpusPerPart > 0 && gpuThousandths < 1000 && (parts > 1 || gpusPerPart > 1))
                throw new IllegalArgumentException("gang: " + gpuThousandths + " thousandths of a GPU for " + parts
                        + " parts of " + gpusPerPart + " GPUs; a share of a GPU is for one part on one GPU");
        }
    }

    /// What one part needs.
    ///
    /// @param gpuModels any of these
    /// @param gpuMemoryMib on each of its GPUs
    /// @param watts what it draws at full load beyond what its server draws idle
    public record Need(Set<String> gpuModels, int gpuMemoryMib, int cpuMilli, int memoryMib, int watts) {
        public Need {
            gpuModels = Set.copyOf(gpuModels);
            gpuModels.forEach(model -> Inventory.checkName(model, "GPU model"));
            Inventory.range(gpuMemoryMib, 0, Integer.MAX_VALUE, "gpuMemoryMib", "need");
            Inventory.range(cpuMilli, 0, Integer.MAX_VALUE, "cpuMilli", "need");
            Inventory.range(memoryMib, 0, Integer.MAX_VALUE, "memoryMib", "need");
            Inventory.range(watts, 0, Inventory.MAX_WATTS, "watts", "need");
        }
    }

    /// The weight of being at `site`, where its data lies; a site that is not named weighs 0.
    public record Gravity(String site, int weight) {
        public Gravity {
            Inventory.checkName(site, "site");
            Inventory.range(weight, -1000, 1000, "weight", site);
        }
    }

    /// So many replicas of one model for one tenant, all alike.
    ///
    /// @param tier 1 must survive the loss of any one site; up to 4, which goes first
    public record Workload(
            String name,
            Kind kind,
            String model,
            int tier,
            Data data,
            String tenant,
            Isolation isolation,
            int replicas,
            Gang gang,
            Need need,
            Set<Spread> spread,
            List<Gravity> gravity) {
        public Workload {
            Inventory.checkName(name, "workload");
            Inventory.checkName(model, "model");
            Inventory.checkName(tenant, "tenant");
            Inventory.range(tier, 1, 4, "tier", name);
            Inventory.range(replicas, 1, MAX_REPLICAS, "replicas", name);
            spread = Set.copyOf(spread);
            gravity = List.copyOf(gravity);
            if (kind == Kind.JOB && tier == 1)
                throw new IllegalArgumentException(
                        name + ": a job of tier 1; a job that is lost starts again, tier 1 is for replicas");
            if (need.gpuModels.isEmpty() != (gang.gpusPerPart == 0))
                throw new IllegalArgumentException(name + ": gpusPerPart is " + gang.gpusPerPart
                        + ", and gpuModels are " + need.gpuModels + "; name models if and only if it needs GPUs");
            if (gang.gpusPerPart == 0 && need.gpuMemoryMib > 0)
                throw new IllegalArgumentException(
                        name + ": gpuMemoryMib is " + need.gpuMemoryMib + " without any GPU");
            if (gravity.stream().map(Gravity::site).distinct().count() < gravity.size())
                throw new IllegalArgumentException(name + ": gravity names a site twice");
        }
    }
}
