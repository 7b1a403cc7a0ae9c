package org.diwan.datacenter.reassign;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.diwan.datacenter.reassign.Evaluator.Verdict;

/// Makes an assignment cheaper, within its constraints, on several threads.
///
/// ```java
/// var instance = Instance.read(model, assignment);
/// var solution = Solver.solve(instance, Budget.time(Duration.ofMinutes(5)), 2, 1);
/// ```
///
/// Rounds of annealing, a thread each ([Annealer]); after every round all go on from the cheapest plan of
/// all. The first is the longest and the hottest; those after start colder, and repair what the first
/// left. The plan is judged by [Evaluator] before it is handed out.
public final class Solver {
    public static final int MAX_THREADS = 64;

    /// Where in the budget a round ends.
    private static final double[] ENDS = {0.6, 0.7, 0.8, 0.9, 1.0};

    /// The first round's heat as a part of what the mean process would cost if it were all above safety
    /// capacity; that of the rounds after as a part of the first's.
    private static final double HOT = 0.1;

    private static final double WARM = 0.03;

    /// Below a weight of 1 there is nothing to choose.
    private static final double COLD = 1;

    /// The temperature below which moves have their true price, as a part of the mean move's.
    private static final double MOVE = 0.14;

    private final Instance instance;
    private final double hot;
    private final double moveTemperature;

    /// A feasible plan, what it costs by [Evaluator], and the steps of all threads that it took.
    public static final class Solution {
        private final int[] plan;
        private final Verdict verdict;
        private final long steps;

        private Solution(int[] plan, Verdict verdict, long steps) {
            this.plan = plan;
            this.verdict = verdict;
            this.steps = steps;
        }

        /// The machine of each process; a copy.
        public int[] plan() {
            return plan.clone();
        }

        public Verdict verdict() {
            return verdict;
        }

        public long steps() {
            return steps;
        }
    }

    private Solver(Instance instance) {
        this.instance = instance;
        hot = Math.max(10, HOT * meanLoad());
        moveTemperature = Math.max(1, MOVE * meanMove());
    }

    /// The cheapest plan found.
    ///
    /// @param threads from 1 to [#MAX_THREADS]
    /// @throws IllegalArgumentException when today's assignment is not feasible, naming why
    public static Solution solve(Instance instance, Budget budget, int threads, long seed)
            throws InterruptedException {
        if (threads < 1 || threads > MAX_THREADS)
            throw new IllegalArgumentException(threads + " threads, must be from 1 to " + MAX_THREADS);
        return new Solver(instance).search(budget, threads, seed);
    }

    private Solution search(Budget budget, int threads, long seed) throws InterruptedException {
        int[] plan = instance.home();
        long cost = Evaluator.check(instance, plan).cost();
        long steps = 0;
        var seeds = new Random64(seed);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            double begin = 0;
            for (double end : ENDS) {
                var part = budget.part(begin, end);
                double heat = begin == 0 ? hot : WARM * hot;
                for (var annealer : round(pool, threads, plan, heat, part, seeds)) {
                    steps += annealer.steps();
                    if (annealer.bestCost() >= cost) continue;
                    cost = annealer.bestCost();
                    plan = annealer.best();
                }
                begin = end;
            }
        }
        var verdict = Evaluator.check(instance, plan);
        if (!verdict.isFeasible() || verdict.cost() != cost)
            throw new AssertionError("search and judge differ: " + cost + " and " + verdict);
        return new Solution(plan, verdict, steps);
    }

    private List<Annealer> round(ExecutorService pool, int threads, int[] plan, double heat, Budget budget, Random64 seeds)
            throws InterruptedException {
        var tasks = new ArrayList<Callable<Annealer>>();
        for (int i = 0; i < threads; i++) {
            long seed = seeds.next();
            tasks.add(() -> {
                var annealer = new Annealer(instance, plan, moveTemperature, seed);
                annealer.run(heat, COLD, budget);
                return annealer;
            });
        }
        var annealers = new ArrayList<Annealer>();
        for (var done : pool.invokeAll(tasks)) {
            try {
                annealers.add(done.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a search failed: " + e.getCause(), e.getCause());
            }
        }
        return annealers;
    }

    /// What the mean process adds to load above safety capacity.
    private double meanLoad() {
        double sum = 0;
        for (int i = 0; i < instance.requirement.length; i++)
            sum += (double) instance.loadWeight[i % instance.resourceCount] * instance.requirement[i];
        return sum / instance.processCount;
    }

    private double meanMove() {
        double processes = 0;
        for (int cost : instance.processMoveCost) processes += cost;
        double machines = 0;
        for (int cost : instance.machineMoveCost) machines += cost;
        return instance.processMoveWeight * processes / instance.processCount
                + instance.machineMoveWeight * machines / instance.machineMoveCost.length;
    }
}
