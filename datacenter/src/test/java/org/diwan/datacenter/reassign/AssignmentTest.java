package org.diwan.datacenter.reassign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: the evaluator, which computes from nothing what the assignment keeps up to date.
class AssignmentTest {
    private static final long ANY = Long.MAX_VALUE / 8;

    @TempDir
    Path folder;

    /// A rotation is refused if and only if its outcome is infeasible or costs too much; what it then
    /// costs is what the evaluator says.
    @Test
    void aRotationIsTakenExactlyWhenTheEvaluatorAllowsIt() {
        int[] count = new int[2];
        Seeded.forAll(300, random -> {
            var instance = RandomInstance.in(folder, random.nextInt(2, 6), random.nextInt(2, 12), random);
            var at = new Assignment(instance, instance.home());
            int[] plan = instance.home();
            for (int i = 0; i < 200; i++) {
                int[] machines = distinct(
                        random.nextInt(2, Math.min(Assignment.MAX_LENGTH, at.machineCount()) + 1),
                        at.machineCount(),
                        random);
                int[] processes = who(at, machines, random);
                int[] after = rotated(plan, processes, machines, at.nobody);
                var verdict = Evaluator.check(instance, after);
                long rise = verdict.cost() - at.cost();
                long limit = random.nextInt(4) == 0 ? rise - random.nextInt(2) : ANY;
                boolean expected = verdict.isFeasible() && rise <= limit;
                assertEquals(expected, at.rotate(machines.length, processes, machines, 1, limit), verdict.toString());
                count[expected ? 1 : 0]++;
                if (expected) plan = after;
                assertEquals(Evaluator.check(instance, plan).cost(), at.cost());
                assertSame(plan, at);
            }
            assertSame(plan, new Assignment(instance, plan));
        });
        if (Long.getLong("seed") == null) assertTrue(count[0] > 1_000 && count[1] > 1_000, Arrays.toString(count));
    }

    /// With a price on moves the limit is on load plus price times moves.
    @Test
    void movesCountAsOftenAsTheirPriceSays() {
        Seeded.forAll(300, random -> {
            var instance = RandomInstance.in(folder, random.nextInt(2, 6), random.nextInt(2, 12), random);
            var at = new Assignment(instance, instance.home());
            int[] plan = instance.home();
            for (int i = 0; i < 50; i++) {
                int[] machines = distinct(2, at.machineCount(), random);
                int[] processes = who(at, machines, random);
                int[] after = rotated(plan, processes, machines, at.nobody);
                int price = random.nextInt(1, 100);
                long limit = priced(instance, after, price) - priced(instance, plan, price) - random.nextInt(2);
                boolean dear = limit < priced(instance, after, price) - priced(instance, plan, price);
                boolean feasible = Evaluator.check(instance, after).isFeasible();
                assertEquals(feasible && !dear, at.rotate(2, processes, machines, price, limit));
                if (feasible && !dear) plan = after;
            }
        });
    }

    private static long priced(Instance instance, int[] plan, int price) {
        var verdict = Evaluator.check(instance, plan);
        return verdict.load()
                + verdict.balance()
                + price * (verdict.processMove() + verdict.serviceMove() + verdict.machineMove());
    }

    private static void assertSame(int[] plan, Assignment at) {
        int[] copy = new int[plan.length];
        at.copyTo(copy);
        assertArrayEquals(plan, copy);
        int moved = 0;
        for (int p = 0; p < plan.length; p++) if (plan[p] != at.homeOf(p)) moved++;
        assertEquals(moved, at.movedCount());
        for (int i = 0; i < moved; i++) assertTrue(plan[at.moved(i)] != at.homeOf(at.moved(i)));
        for (int m = 0; m < at.machineCount(); m++)
            for (int i = 0; i < at.memberCount(m); i++) assertEquals(m, plan[at.member(m, i)]);
    }

    private static int[] distinct(int count, int below, SplittableRandom random) {
        int[] all = new int[below];
        for (int i = 0; i < below; i++) {
            int j = random.nextInt(i + 1);
            all[i] = all[j];
            all[j] = i;
        }
        return Arrays.copyOf(all, count);
    }

    /// A process of each machine; nobody where there is none, and elsewhere now and then.
    private static int[] who(Assignment at, int[] machines, SplittableRandom random) {
        int[] who = new int[machines.length];
        for (int i = 0; i < who.length; i++) {
            int count = at.memberCount(machines[i]);
            who[i] = count == 0 || random.nextInt(3) == 0 ? at.nobody : at.member(machines[i], random.nextInt(count));
        }
        return who;
    }

    private static int[] rotated(int[] plan, int[] processes, int[] machines, int nobody) {
        int[] after = plan.clone();
        for (int i = 0; i < processes.length; i++)
            if (processes[i] != nobody) after[processes[i]] = machines[(i + 1) % machines.length];
        return after;
    }
}
