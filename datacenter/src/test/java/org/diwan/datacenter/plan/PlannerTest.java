package org.diwan.datacenter.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.diwan.base.Seeded;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Demand.Gravity;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.datacenter.plan.Planner.Outcome.Refused;
import org.junit.jupiter.api.Test;

/// Oracles: an exhaustive search says what is feasible; the checker, which shares no code with the
/// planner, says what a plan is worth; counting from nothing says what fits.
class PlannerTest {
    /// Of the worlds that can be hosted, the search may miss five in a hundred; of those that cannot, it
    /// may claim none.
    @Test
    void findsWhatExhaustionFinds() {
        var feasible = new AtomicInteger();
        var missed = new AtomicInteger();
        var impossible = new AtomicInteger();
        Seeded.forAll(100, random -> {
            var worlds = new Worlds(random);
            var inventory = worlds.inventory(3, 2, 2);
            var demand = worlds.demand(2, 2);
            boolean possible;
            try {
                possible = new BruteForce(inventory, demand, Worlds.LAW).feasible();
            } catch (BruteForce.TooLarge unknown) {
                return;
            }
            switch (Planner.plan(inventory, demand, Worlds.LAW, 1)) {
                case Planned(var file) -> {
                    assertTrue(possible, "a plan where exhaustion finds none");
                    assertEquals(List.of(), CertificateChecker.refusals(inventory, demand, Worlds.LAW, file));
                }
                case Refused(var refusals) -> {
                    if (possible) missed.incrementAndGet();
                    assertFalse(refusals.isEmpty());
                    for (var refusal : refusals)
                        assertFalse(refusal.obstacle().claim().holds(), refusal.text("en"));
                }
            }
            (possible ? feasible : impossible).incrementAndGet();
        });
        if (Long.getLong("seed") != null) return;
        assertTrue(missed.get() <= feasible.get() / 20, missed + " of " + feasible + " missed");
        assertTrue(feasible.get() > 5 && impossible.get() > 5, feasible + " feasible, " + impossible + " not");
    }

    /// The fast test of a place, its slow twin with reasons, and the sum of everything agree.
    @Test
    void whatFitsIsWhatCountsUp() {
        Seeded.forAll(200, random -> {
            var worlds = new Worlds(random);
            var inventory = worlds.inventory(3, 3, 3);
            var demand = withoutTierOne(worlds.demand(6, 3));
            var estate = Planner.estate(inventory, demand, Worlds.LAW);
            for (int replica = 0; replica < estate.wants.replicas(); replica++)
                if (random.nextInt(4) > 0) estate.seat(replica);
            int replica = random.nextInt(estate.wants.replicas());
            if (estate.wants.of(replica).gang().parts() > 1) return;
            estate.evict(replica);
            var seats = new Certifier(estate).plan(inventory, demand).assignments();
            boolean sound = holds(inventory, demand, seats);
            for (int server = 0; server < estate.floor.servers.size(); server++) {
                var obstacles = Obstacles.at(estate, replica, server);
                boolean adds = false;
                for (var gpus : BruteForce.choices(
                        estate.floor.server(server).gpus().size(),
                        estate.wants.of(replica).gang().gpusPerPart())) {
                    var more = new ArrayList<>(seats);
                    more.add(new Assignment(
                            estate.wants.of(replica).name(),
                            replica - estate.wants.first[estate.wants.workload[replica]],
                            List.of(new Part(estate.floor.path(server), gpus))));
                    adds |= holds(inventory, demand, more);
                }
                boolean lawful = estate.law.allows(estate.wants.workload[replica], estate.floor.site(server));
                // An inventory that breaks its limits when idle breaks them with any replica as well.
                if (sound) assertEquals(adds && lawful, obstacles.isEmpty(), obstacles::toString);
            }
        });
    }

    private static boolean holds(Inventory inventory, Demand demand, List<Assignment> seats) {
        var workloads = demand.workloads().stream().collect(Collectors.toMap(Workload::name, one -> one));
        return new Recount(inventory, workloads, seats, "").claims().stream().allMatch(Claim::holds);
    }

    private static Demand withoutTierOne(Demand demand) {
        return new Demand(
                demand.name(),
                demand.workloads().stream()
                        .map(one -> with(one, 2, one.gravity()))
                        .toList());
    }

    private static Workload with(Workload one, int tier, List<Gravity> gravity) {
        return new Workload(
                one.name(),
                one.kind(),
                one.model(),
                tier,
                one.data(),
                one.tenant(),
                one.isolation(),
                one.replicas(),
                one.gang(),
                one.need(),
                one.spread(),
                gravity);
    }

    /// Merit rises, no more replicas move than may, and the improved plan still proves itself.
    @Test
    void improvementKeepsTheProofAndTheBudget() {
        var improved = new AtomicInteger();
        Seeded.forAll(300, random -> {
            var worlds = new Worlds(random);
            var inventory = worlds.inventory(3, 3, 3);
            var demand = worlds.demand(3, 2);
            // A plan that pays no heed to where the data lies, to be improved by one that does.
            var heedless = new Demand(
                    "heedless",
                    demand.workloads().stream()
                            .map(one -> with(one, one.tier(), List.of()))
                            .toList());
            if (!(Planner.plan(inventory, heedless, Worlds.LAW, 1) instanceof Planned(var file))) return;
            int budget = random.nextInt(4);
            var better = Planner.improve(inventory, demand, Worlds.LAW, file, budget, 2);
            assertEquals(List.of(), CertificateChecker.refusals(inventory, demand, Worlds.LAW, better));
            var before = new HashSet<>(file.plan().assignments());
            long moved = better.plan().assignments().stream()
                    .filter(one -> !before.contains(one))
                    .count();
            assertTrue(moved <= budget, moved + " moved, " + budget + " allowed");
            long gain = merit(inventory, demand, better) - merit(inventory, demand, file);
            assertTrue(moved == 0 ? gain == 0 : gain > 0, "gain " + gain + " for " + moved + " moves");
            if (moved > 0) improved.incrementAndGet();
        });
        if (Long.getLong("seed") == null) assertTrue(improved.get() > 0, "improved " + improved);
    }

    private static long merit(Inventory inventory, Demand demand, PlanFile file) {
        var estate = Planner.estate(inventory, demand, Worlds.LAW);
        Planner.load(estate, file);
        return estate.merit();
    }
}
