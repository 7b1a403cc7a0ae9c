package org.diwan.datacenter.reassign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.datacenter.reassign.Instance.Balance;

/// What a plan costs and which constraints it breaks, computed from the plan alone, as the problem
/// statement words it. Slow and plain on purpose: it is the judge of [Solver], which shares nothing with
/// it but the [Instance].
public final class Evaluator {
    /// Violations that are told; there may be one for each process.
    private static final int MAX_TOLD = 100;

    private final Instance instance;
    private final int[] plan;
    private final List<String> violations = new ArrayList<>();

    /// What [#check] found.
    ///
    /// @param violations empty if and only if the plan is feasible; at most the first hundred
    public record Verdict(
            long load, long balance, long processMove, long serviceMove, long machineMove, List<String> violations) {
        public Verdict {
            violations = List.copyOf(violations);
        }

        /// The objective, weighted.
        public long cost() {
            return load + balance + processMove + serviceMove + machineMove;
        }

        public boolean isFeasible() {
            return violations.isEmpty();
        }
    }

    private Evaluator(Instance instance, int[] plan) {
        this.instance = instance;
        this.plan = plan;
    }

    /// The verdict on `plan`, a machine for each process.
    ///
    /// @throws IllegalArgumentException when it has another length or names a machine that there is not
    public static Verdict check(Instance instance, int[] plan) {
        if (plan.length != instance.processCount)
            throw new IllegalArgumentException(
                    "a plan for " + plan.length + " processes, must be for " + instance.processCount);
        for (int p = 0; p < plan.length; p++)
            if (plan[p] < 0 || plan[p] >= instance.machineCount)
                throw new IllegalArgumentException(
                        "process " + p + " on machine " + plan[p] + ", must be below " + instance.machineCount);
        return new Evaluator(instance, plan).verdict();
    }

    private Verdict verdict() {
        checkCapacity();
        checkConflict();
        checkSpread();
        checkDependency();
        return new Verdict(load(), balance(), processMove(), serviceMove(), machineMove(), violations);
    }

    private void violated(String what) {
        if (violations.size() < MAX_TOLD) violations.add(what);
    }

    // --- constraints ---------------------------------------------------------------------------------

    /// A process that moved still holds what is transient where it was.
    private void checkCapacity() {
        for (int r = 0; r < instance.resourceCount; r++) {
            long[] held = usage(r);
            String kind = "capacity";
            if (instance.isTransient[r]) {
                kind = "transient capacity";
                for (int p = 0; p < plan.length; p++)
                    if (plan[p] != instance.home[p]) held[instance.home[p]] += requirement(p, r);
            }
            for (int m = 0; m < held.length; m++) {
                long most = instance.capacity[m * instance.resourceCount + r];
                if (held[m] > most)
                    violated(kind + ": machine " + m + " holds " + held[m] + " of resource " + r + ", has " + most);
            }
        }
    }

    private void checkConflict() {
        var seen = new HashMap<List<Integer>, Integer>();
        for (int p = 0; p < plan.length; p++) {
            Integer other = seen.put(List.of(instance.service[p], plan[p]), p);
            if (other != null)
                violated("conflict: processes " + other + " and " + p + " of service " + instance.service[p]
                        + " both run on machine " + plan[p]);
        }
    }

    private void checkSpread() {
        var locations = places(instance.location);
        for (int s = 0; s < instance.serviceCount; s++) {
            int count = locations.getOrDefault(s, Set.of()).size();
            if (count < instance.spread[s])
                violated("spread: service " + s + " runs in " + count + " locations, must in " + instance.spread[s]);
        }
    }

    private void checkDependency() {
        var neighbourhoods = places(instance.neighbourhood);
        for (int s = 0; s < instance.serviceCount; s++)
            for (int other : instance.dependsOn[s])
                for (int place : neighbourhoods.getOrDefault(s, Set.of()))
                    if (!neighbourhoods.getOrDefault(other, Set.of()).contains(place))
                        violated("dependency: service " + s + " runs in neighbourhood " + place + ", where service "
                                + other + " does not");
    }

    /// For each service that has processes, the places of the machines they run on.
    private Map<Integer, Set<Integer>> places(int[] placeOfMachine) {
        var places = new HashMap<Integer, Set<Integer>>();
        for (int p = 0; p < plan.length; p++)
            places.computeIfAbsent(instance.service[p], s -> new HashSet<>()).add(placeOfMachine[plan[p]]);
        return places;
    }

    // --- costs ---------------------------------------------------------------------------------------

    private long load() {
        long cost = 0;
        for (int r = 0; r < instance.resourceCount; r++) {
            long[] used = usage(r);
            for (int m = 0; m < used.length; m++) {
                long over = Math.max(0, used[m] - instance.safety[m * instance.resourceCount + r]);
                cost = Math.addExact(cost, Math.multiplyExact(instance.loadWeight[r], over));
            }
        }
        return cost;
    }

    /// What is left of the second resource should be at least `target` times what is left of the first.
    private long balance() {
        long cost = 0;
        for (Balance balance : instance.balances) {
            long[] first = usage(balance.first());
            long[] second = usage(balance.second());
            for (int m = 0; m < first.length; m++) {
                long leftOfFirst = instance.capacity[m * instance.resourceCount + balance.first()] - first[m];
                long leftOfSecond = instance.capacity[m * instance.resourceCount + balance.second()] - second[m];
                long lacking = Math.max(0, Math.multiplyExact(leftOfFirst, balance.target()) - leftOfSecond);
                cost = Math.addExact(cost, Math.multiplyExact(balance.weight(), lacking));
            }
        }
        return cost;
    }

    private long processMove() {
        long cost = 0;
        for (int p = 0; p < plan.length; p++) if (plan[p] != instance.home[p]) cost += instance.processMoveCost[p];
        return Math.multiplyExact(instance.processMoveWeight, cost);
    }

    /// The most processes that moved of any one service.
    private long serviceMove() {
        long[] moved = new long[instance.serviceCount];
        long most = 0;
        for (int p = 0; p < plan.length; p++) {
            if (plan[p] != instance.home[p]) moved[instance.service[p]]++;
            most = Math.max(most, moved[instance.service[p]]);
        }
        return Math.multiplyExact(instance.serviceMoveWeight, most);
    }

    private long machineMove() {
        long cost = 0;
        for (int p = 0; p < plan.length; p++)
            cost += instance.machineMoveCost[instance.home[p] * instance.machineCount + plan[p]];
        return Math.multiplyExact(instance.machineMoveWeight, cost);
    }

    /// For each machine, what runs on it takes of resource `r`.
    private long[] usage(int r) {
        long[] used = new long[instance.machineCount];
        for (int p = 0; p < plan.length; p++) used[plan[p]] += requirement(p, r);
        return used;
    }

    private int requirement(int p, int r) {
        return instance.requirement[p * instance.resourceCount + r];
    }
}
