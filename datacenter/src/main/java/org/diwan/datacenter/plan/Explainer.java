package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.sovereignty.policy.Policy;

/// Answers "why is this replica not there?" for a plan that there is: everything else stays where it is,
/// the replica is taken out, and each server at the place is asked what it would break.
///
/// One thread owns an explainer.
public final class Explainer {
    private final Estate estate;

    /// Explains the plan in `file`.
    ///
    /// @throws IllegalArgumentException when it does not fit the other three
    public Explainer(Inventory inventory, Demand demand, Policy policy, PlanFile file) {
        estate = Planner.estate(inventory, demand, policy);
        Planner.load(estate, file);
    }

    /// One reason at a place.
    ///
    /// @param servers how many servers at the place it keeps the replica from
    /// @param closest the one that misses by least
    public record Reason(int servers, Obstacle closest) {}

    /// Why a replica is not at a place.
    ///
    /// @param here whether a part of it is
    /// @param servers at the place
    /// @param possible on how many of them nothing is in the way: it could be there
    /// @param reasons in the order of [Constraint]
    public record Answer(String replica, String place, boolean here, int servers, int possible, List<Reason> reasons) {
        public Answer {
            reasons = List.copyOf(reasons);
        }

        /// The answer in the language `tag`, a line for each reason; English where there are no words for it.
        public List<String> lines(String tag) {
            var words = Words.in(tag);
            var lines = new ArrayList<String>();
            String key = here ? "here" : possible > 0 ? "possible" : "impossible";
            lines.add(words.say(key, "replica", replica, "place", place, "servers", servers, "possible", possible));
            if (here) return lines;
            for (var reason : reasons) {
                String why = words.reason(reason.closest, replica);
                lines.add(
                        servers == 1
                                ? why
                                : words.say("servers", "count", reason.servers, "servers", servers, "why", why));
            }
            return lines;
        }
    }

    /// Why the replica is not there, or that it is, or could be.
    ///
    /// @param replica `workload#number`, or a workload for its first replica
    /// @param place a server's path, or what begins one: `riyadh-1`, `riyadh-1/h1`
    /// @throws IllegalArgumentException when there is no such replica or no server at the place
    public Answer why(String replica, String place) {
        int number = Planner.replica(estate, replica);
        var servers = IntStream.range(0, estate.floor.servers.size())
                .filter(server -> (estate.floor.path(server) + "/").startsWith(place + "/"))
                .boxed()
                .toList();
        if (servers.isEmpty())
            throw new IllegalArgumentException("there is no server at '" + place + "'; places are named like "
                    + (estate.floor.servers.isEmpty() ? "site" : estate.floor.path(0)));
        boolean here = IntStream.of(estate.base.servers[number]).anyMatch(servers::contains);
        var trial = estate.copy();
        trial.evict(number);
        int possible = 0;
        Map<Constraint, Reason> reasons = new EnumMap<>(Constraint.class);
        for (int server : servers) {
            var obstacles = Obstacles.at(trial, number, server);
            if (obstacles.isEmpty()) possible++;
            // One server may break a constraint twice, as two feeds: it counts once.
            Map<Constraint, Reason> own = new EnumMap<>(Constraint.class);
            for (var obstacle : obstacles)
                own.merge(obstacle.claim().constraint(), new Reason(1, obstacle), Explainer::either);
            own.forEach((constraint, reason) -> reasons.merge(constraint, reason, Explainer::both));
        }
        return new Answer(
                estate.wants.name(number), place, here, servers.size(), possible, List.copyOf(reasons.values()));
    }

    private static Reason both(Reason one, Reason other) {
        return new Reason(one.servers + other.servers, either(one, other).closest);
    }

    private static Reason either(Reason one, Reason other) {
        return Comparator.comparingLong(Explainer::excess).compare(other, one) < 0 ? other : one;
    }

    private static long excess(Reason reason) {
        return reason.closest.claim().used() - reason.closest.claim().limit();
    }
}
