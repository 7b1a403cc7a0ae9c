package org.diwan.datacenter.reassign;

import java.util.ArrayList;
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
/// Rounds of annealing, a thread each ([Annealer]). A short one tries both ways to treat moves while it is
/// hot; the better one does the rest: one long round from today's assignment, then shorter and colder ones
/// from the cheapest plan of all threads, which repair what the long one left. The plan is judged by
/// [Evaluator] before it is handed out.
public final class Solver {
    public static final int MAX_THREADS = 64;

    /// Where in the budget the trials end, and each of the rounds after.
    private static final double TRIAL_END = 0.2;

    private static final double[] ENDS = {0.76, 0.84, 0.92, 1.0};

    /// The heat of a long round where moves have a price and where they have none, as a part of what the
    /// mean process would cost if it were all above safety capacity.
    private static final double HOT_PRICED = 0.05;

    private static final double HOT = 0.5;

    /// The heat of the shorter rounds as a part of the long one's.
    private static final double WARM = 0.02;

    /// Below a weight of 1 there is nothing to choose.
    private static final double COLD = 1;

    /// The temperature below which moves have their true price, as a part of the mean move's.
    private static final double MOVE = 0.14;

    private final Instance instance;
    private final double meanLoad;
    private final double moveTemperature;
    private final Random64 seeds;
    private int[] plan;
    private long cost;
    private long steps;

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

    private Solver(Instance instance, long seed) {
        this.instance = instance;
        meanLoad = meanLoad(instance);
        moveTemperature = Math.max(1, MOVE * meanMove(instance));
        seeds = new Random64(seed);
        plan = instance.home();
        var today = Evaluator.check(instance, plan);
        if (!today.isFeasible())
            throw new IllegalArgumentException("the assignment of today is not feasible: "
                    + today.violations().getFirst());
        cost = today.cost();
    }

    /// The cheapest plan found.
    ///
    /// @param threads from 1 to [#MAX_THREADS]
    /// @throws IllegalArgumentException when today's assignment is not feasible, naming why
    public static Solution solve(Instance instance, Budget budget, int threads, long seed) throws InterruptedException {
        if (threads < 1 || threads > MAX_THREADS)
            throw new IllegalArgumentException(threads + " threads, must be from 1 to " + MAX_THREADS);
        return new Solver(instance, seed).search(budget, threads);
    }

    private Solution search(Budget budget, int threads) throws InterruptedException {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            long priced = round(pool, threads, instance.home(), true, 1, budget.part(0, TRIAL_END / 2));
            long plain = round(pool, threads, instance.home(), false, 1, budget.part(TRIAL_END / 2, TRIAL_END));
            boolean pricesMoves = priced <= plain;
            double begin = TRIAL_END;
            for (double end : ENDS) {
                boolean isLong = begin == TRIAL_END;
                int[] start = isLong ? instance.home() : plan;
                round(pool, threads, start, pricesMoves, isLong ? 1 : WARM, budget.part(begin, end));
                begin = end;
            }
        }
        var verdict = Evaluator.check(instance, plan);
        if (!verdict.isFeasible() || verdict.cost() != cost)
            throw new AssertionError("search and judge differ: " + cost + " and " + verdict);
        return new Solution(plan, verdict, steps);
    }

    /// Anneals `start` on every thread and keeps the cheapest plan; returns what the cheapest of this
    /// round costs.
    private long round(
            ExecutorService pool, int threads, int[] start, boolean pricesMoves, double warmth, Budget budget)
            throws InterruptedException {
        double hot = Math.max(10 * COLD, warmth * meanLoad * (pricesMoves ? HOT_PRICED : HOT));
        var tasks = new ArrayList<Callable<Annealer>>();
        for (int i = 0; i < threads; i++) {
            long seed = seeds.next();
            tasks.add(() -> {
                var annealer = new Annealer(instance, start, moveTemperature, pricesMoves, seed);
                annealer.run(hot, COLD, budget);
                return annealer;
            });
        }
        long cheapest = Long.MAX_VALUE;
        for (var task : pool.invokeAll(tasks)) {
            Annealer done;
            try {
                done = task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a search failed: " + e.getCause(), e.getCause());
            }
            steps += done.steps();
            cheapest = Math.min(cheapest, done.bestCost());
            if (done.bestCost() < cost) {
                cost = done.bestCost();
                plan = done.best();
            }
        }
        return cheapest;
    }

    /// What the mean process adds to load above safety capacity.
    private static double meanLoad(Instance instance) {
        double sum = 0;
        for (int i = 0; i < instance.requirement.length; i++)
            sum += (double) instance.loadWeight[i % instance.resourceCount] * instance.requirement[i];
        return sum / instance.processCount;
    }

    private static double meanMove(Instance instance) {
        double processes = 0;
        for (int cost : instance.processMoveCost) processes += cost;
        double machines = 0;
        for (int cost : instance.machineMoveCost) machines += cost;
        return instance.processMoveWeight * processes / instance.processCount
                + instance.machineMoveWeight * machines / instance.machineMoveCost.length;
    }
}
