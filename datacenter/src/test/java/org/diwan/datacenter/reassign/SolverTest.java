package org.diwan.datacenter.reassign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Oracles: every plan of small problems, tried; the evaluator on the published ones.
class SolverTest {
    private static final int TRIALS = 200;

    @TempDir
    Path folder;

    /// Where a plan cannot be reached by rotations through feasible plans it is not found; that is rare.
    @Test
    void smallProblemsAreSolved() throws Exception {
        var random = new SplittableRandom(20_120);
        int solved = 0;
        for (int i = 0; i < TRIALS; i++) {
            var instance = RandomInstance.in(folder, random.nextInt(2, 5), random.nextInt(2, 7), random);
            long cheapest = cheapest(instance, new int[instance.processCount()], 0);
            var solution = Solver.solve(instance, Budget.steps(20_000), 1, i);
            assertTrue(solution.verdict().isFeasible(), solution.verdict().toString());
            assertTrue(solution.verdict().cost() >= cheapest, "the oracle tried every plan");
            if (solution.verdict().cost() == cheapest) solved++;
        }
        assertTrue(solved >= 0.95 * TRIALS, solved + " of " + TRIALS + " solved");
    }

    private static long cheapest(Instance instance, int[] plan, int from) {
        if (from == plan.length) {
            var verdict = Evaluator.check(instance, plan);
            return verdict.isFeasible() ? verdict.cost() : Long.MAX_VALUE;
        }
        long cheapest = Long.MAX_VALUE;
        for (int m = 0; m < instance.machineCount(); m++) {
            plan[from] = m;
            cheapest = Math.min(cheapest, cheapest(instance, plan, from + 1));
        }
        return cheapest;
    }

    @Test
    void theSameSeedAndStepsGiveTheSamePlan() throws Exception {
        var instance = RandomInstance.in(folder, 8, 60, new SplittableRandom(3));
        var first = Solver.solve(instance, Budget.steps(10_000), 2, 7);
        var second = Solver.solve(instance, Budget.steps(10_000), 2, 7);
        assertArrayEquals(first.plan(), second.plan());
        assertEquals(first.steps(), second.steps());
    }

    @Test
    void aStartThatIsNotFeasibleIsRefusedByItsConstraint() throws Exception {
        Files.writeString(folder.resolve("model"), EvaluatorTest.MODEL);
        Files.writeString(folder.resolve("home"), "0 1 1 1 2");
        var instance = Instance.read(folder.resolve("model"), folder.resolve("home"));
        var refused = assertThrows(IllegalArgumentException.class, () -> Solver.solve(instance, Budget.steps(1), 1, 1));
        assertTrue(refused.toString().contains("conflict: processes 2 and 3"), refused.toString());
    }

    @ParameterizedTest
    @MethodSource("org.diwan.datacenter.reassign.Roadef#all")
    void publishedInstancesBecomeCheaper(Roadef published) throws Exception {
        var instance = published.read();
        var solution = Solver.solve(instance, Budget.steps(100_000), 2, 1);
        var verdict = Evaluator.check(instance, solution.plan());
        assertTrue(verdict.isFeasible(), verdict.toString());
        assertTrue(verdict.cost() < published.original(), verdict + " of " + published.original());
    }
}
