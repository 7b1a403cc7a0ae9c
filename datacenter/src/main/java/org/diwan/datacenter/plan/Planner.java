package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.sovereignty.policy.Policy;

/// Plans a whole demand at once and improves a plan that there is; [Fleet] follows one event at a time.
public final class Planner {
    /// What came of it.
    public sealed interface Outcome {
        /// A plan for all of the demand, with its certificate.
        record Planned(PlanFile file) implements Outcome {}

        /// No plan was found; at least one reason.
        record Refused(List<Refusal> refusals) implements Outcome {
            public Refused {
                refusals = List.copyOf(refusals);
            }
        }
    }

    /// Why a replica has no place: what is in the way where least is in the way.
    ///
    /// @param replica its name; empty if the inventory breaks its own limits with all servers idle
    /// @param alone whether it has no place even if it is all there is
    public record Refusal(String replica, boolean alone, Obstacle obstacle) {
        /// One sentence in the language `tag`, English where there are no words for it.
        public String text(String tag) {
            var words = Words.in(tag);
            String why = words.reason(obstacle, replica);
            if (replica.isEmpty()) return words.say("refused-idle", "why", why);
            return words.say(alone ? "refused-alone" : "refused", "replica", replica, "why", why);
        }
    }

    private Planner() {}

    /// Places everything. The same arguments give the same plan.
    ///
    /// @throws IllegalArgumentException when the demand names a site that the inventory lacks
    public static Outcome plan(Inventory inventory, Demand demand, Policy policy, long seed) {
        var start = estate(inventory, demand, policy);
        var broken = idle(start);
        if (broken.isPresent()) return new Outcome.Refused(List.of(broken.get()));
        var replicas = IntStream.range(0, start.wants.replicas()).boxed().toList();
        var estate = new Search(seed).seatAll(start.copy(), replicas);
        var left = replicas.stream()
                .filter(replica -> !estate.base.placed(replica))
                .toList();
        if (left.isEmpty()) return new Outcome.Planned(file(estate, inventory, demand));
        return new Outcome.Refused(
                left.stream().map(replica -> refusal(start, estate, replica)).toList());
    }

    /// The plan in `file` with at most `moves` replicas moved to better places: nearer to their data, on
    /// fewer servers.
    ///
    /// @throws IllegalArgumentException when the plan is not one for these three; say
    ///     [CertificateChecker#refusals] first to learn why
    public static PlanFile improve(
            Inventory inventory, Demand demand, Policy policy, PlanFile file, int moves, long seed) {
        var estate = estate(inventory, demand, policy);
        load(estate, file);
        return file(new Search(seed).improve(estate, moves), inventory, demand);
    }

    /// A certificate for replicas that stand, none of tier 1.
    ///
    /// @throws IllegalArgumentException when they do not fit
    static PlanFile certify(Inventory inventory, Demand demand, Policy policy, List<Plan.Assignment> assignments) {
        var estate = estate(inventory, demand, policy);
        load(estate, new PlanFile(new Plan("", "", "", "", assignments), new Certificate("", List.of())));
        return file(estate, inventory, demand);
    }

    static Estate estate(Inventory inventory, Demand demand, Policy policy) {
        var floor = new Floor(inventory);
        var wants = new Wants(demand, floor);
        return new Estate(floor, wants, new Residency(wants, floor, policy));
    }

    /// Puts everything where `file` says, replacements too.
    static void load(Estate estate, PlanFile file) {
        for (var one : file.plan().assignments()) {
            int replica = replica(estate, one.name());
            var at = seats(estate, one);
            if (!estate.putAt(replica, at.servers, at.gpus, estate.base))
                throw new IllegalArgumentException(one.name() + " does not fit where the plan has it");
            for (var loss : estate.losses)
                if (loss != null && loss.lost != estate.base.site(replica) && !estate.putAsInBase(replica, loss))
                    throw new IllegalArgumentException(one.name() + " does not fit where the plan has it, without "
                            + estate.floor.sites.get(loss.lost).name());
        }
        for (var oneCase : file.certificate().cases())
            for (var one : oneCase.replacements()) {
                var site = estate.floor.siteIndex.get(oneCase.lostSite());
                var loss = site == null ? null : estate.losses[site];
                var at = seats(estate, one);
                if (loss == null || !estate.putAt(replica(estate, one.name()), at.servers, at.gpus, loss))
                    throw new IllegalArgumentException(one.name() + " does not fit where the certificate replaces it");
            }
    }

    /// The number of the replica called `name`.
    ///
    /// @throws IllegalArgumentException when the demand has none of that name
    static int replica(Estate estate, String name) {
        int hash = name.lastIndexOf('#');
        var w = estate.wants.workloadIndex.get(hash < 0 ? name : name.substring(0, hash));
        if (w != null && hash < 0) return estate.wants.first[w];
        if (w != null && name.substring(hash + 1).matches("[0-9]{1,6}")) {
            int replica = estate.wants.first[w] + Integer.parseInt(name.substring(hash + 1));
            if (replica < estate.wants.first[w + 1]) return replica;
        }
        throw new IllegalArgumentException(
                "the demand has no replica '" + name + "'; it is named by its workload and number, such as "
                        + (estate.wants.replicas() == 0 ? "chat#0" : estate.wants.name(0)));
    }

    /// An assignment in numbers of the floor.
    private static final class Seats {
        private final int[] servers;
        private final int[][] gpus;

        private Seats(int count) {
            servers = new int[count];
            gpus = new int[count][];
        }
    }

    private static Seats seats(Estate estate, Plan.Assignment one) {
        int count = one.parts().size();
        var seats = new Seats(count);
        for (int part = 0; part < count; part++) {
            var server = estate.floor.serverIndex.get(one.parts().get(part).server());
            if (server == null)
                throw new IllegalArgumentException(
                        one.name() + " is on " + one.parts().get(part).server() + ", which is no server");
            seats.servers[part] = server;
            seats.gpus[part] = one.parts().get(part).gpus().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        return seats;
    }

    private static PlanFile file(Estate estate, Inventory inventory, Demand demand) {
        var certifier = new Certifier(estate);
        var plan = certifier.plan(inventory, demand);
        return new PlanFile(plan, certifier.certificate(plan));
    }

    private static Optional<Refusal> idle(Estate empty) {
        var certifier = new Certifier(empty);
        return certifier.certificate(new Plan("", "", "", "", List.of())).cases().getFirst().claims().stream()
                .filter(claim -> !claim.holds())
                .findFirst()
                .map(claim -> new Refusal("", true, new Obstacle(claim, List.of())));
    }

    private static Refusal refusal(Estate empty, Estate full, int replica) {
        var alone = least(empty, replica);
        String name = empty.wants.name(replica);
        if (alone.isPresent()) return new Refusal(name, true, alone.get());
        var crowded =
                least(full, replica).orElse(new Obstacle(new Claim(Constraint.SITE_LOSS, name, "", 1, 0), List.of()));
        return new Refusal(name, false, crowded);
    }

    /// What is in the way at the server where the fewest things are, of several the last by [Constraint]:
    /// the one that would have to give. Empty if there is a place where nothing is.
    private static Optional<Obstacle> least(Estate estate, int replica) {
        var byServer = new ArrayList<List<Obstacle>>();
        for (int server = 0; server < estate.floor.servers.size(); server++)
            byServer.add(Obstacles.at(estate, replica, server));
        return byServer.stream()
                .min(Comparator.comparingInt((List<Obstacle> list) -> list.size())
                        .thenComparing(
                                list -> list.isEmpty()
                                        ? Constraint.RESIDENCY
                                        : list.getFirst().claim().constraint(),
                                Comparator.reverseOrder()))
                .filter(list -> !list.isEmpty())
                .map(List::getFirst);
    }
}
