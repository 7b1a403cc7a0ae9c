package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Whether a demand can be hosted, by trying every placement there is: for worlds of a few servers. All
/// limits are upper bounds of sums that only grow, so a partial placement that breaks one is given up.
final class BruteForce {
    private final Inventory inventory;
    private final Policy policy;
    private final Map<String, Workload> workloads = new LinkedHashMap<>();
    private final List<Assignment> wanted = new ArrayList<>();

    /// Placements that may still be tried; beyond, [#feasible] throws [TooLarge].
    private int allowance = 200_000;

    static final class TooLarge extends RuntimeException {}

    BruteForce(Inventory inventory, Demand demand, Policy policy) {
        this.inventory = inventory;
        this.policy = policy;
        for (var workload : demand.workloads()) {
            workloads.put(workload.name(), workload);
            for (int i = 0; i < workload.replicas(); i++) wanted.add(new Assignment(workload.name(), i, List.of()));
        }
    }

    boolean feasible() {
        return seat(List.of(), wanted, "", Map.of(), this::survivesEachSite);
    }

    private boolean survivesEachSite(List<Assignment> seats) {
        for (var site : inventory.sites()) {
            var left = new ArrayList<Assignment>();
            var out = new ArrayList<Assignment>();
            var from = new LinkedHashMap<String, String>();
            for (var seat : seats) {
                if (!seat.parts().getFirst().site().equals(site.name())) left.add(seat);
                else if (Recount.known(workloads, seat.workload()).tier() == 1) {
                    out.add(new Assignment(seat.workload(), seat.replica(), List.of()));
                    from.put(seat.name(), site.name());
                }
            }
            if (!out.isEmpty() && !seat(left, out, site.name(), from, whole -> true)) return false;
        }
        return true;
    }

    /// Whether all of `out` can be added to `seats` so that `then` holds of the whole.
    private boolean seat(
            List<Assignment> seats,
            List<Assignment> out,
            String lost,
            Map<String, String> from,
            Predicate<List<Assignment>> then) {
        if (out.isEmpty()) return then.test(seats);
        var next = out.getFirst();
        return part(seats, next, out.subList(1, out.size()), lost, from, then);
    }

    private boolean part(
            List<Assignment> seats,
            Assignment next,
            List<Assignment> rest,
            String lost,
            Map<String, String> from,
            Predicate<List<Assignment>> then) {
        var workload = Recount.known(workloads, next.workload());
        if (next.parts().size() == workload.gang().parts()) {
            var more = new ArrayList<>(seats);
            more.add(next);
            return seat(more, rest, lost, from, then);
        }
        for (var site : inventory.sites()) {
            if (site.name().equals(lost) || !lawful(workload, site.name(), from.get(next.name()))) continue;
            for (var server : site.servers())
                for (var gpus :
                        choices(server.thing().gpus().size(), workload.gang().gpusPerPart())) {
                    if (allowance-- == 0) throw new TooLarge();
                    var parts = new ArrayList<>(next.parts());
                    parts.add(new Part(server.path(), gpus));
                    var grown = new Assignment(next.workload(), next.replica(), parts);
                    var all = new ArrayList<>(seats);
                    all.add(grown);
                    boolean holds = new Recount(inventory, workloads, all, lost)
                            .claims().stream().allMatch(Claim::holds);
                    if (holds && part(seats, grown, rest, lost, from, then)) return true;
                }
        }
        return false;
    }

    private boolean lawful(Workload workload, String to, @Nullable String from) {
        for (var origin : workload.data().origins()) {
            var there = policy.decide(workload.data().request(origin, site(to).jurisdiction()));
            if (there instanceof Decision.Deny) return false;
            if (from == null || site(from).jurisdiction().equals(site(to).jurisdiction())) continue;
            var here = policy.decide(workload.data().request(origin, site(from).jurisdiction()));
            for (var rule : here.rules())
                if (rule.obligations().contains(Obligation.IN_COUNTRY)
                        && !there.rules().contains(rule)) return false;
        }
        return true;
    }

    private Inventory.Site site(String name) {
        return inventory.sites().stream()
                .filter(site -> site.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// All ways to choose `count` of `of`, in rising order.
    static List<List<Integer>> choices(int of, int count) {
        var all = new ArrayList<List<Integer>>();
        for (int bits = 0; bits < 1 << of; bits++) {
            if (Integer.bitCount(bits) != count) continue;
            var chosen = new ArrayList<Integer>();
            for (int i = 0; i < of; i++) if ((bits >> i & 1) == 1) chosen.add(i);
            all.add(chosen);
        }
        return all;
    }
}
