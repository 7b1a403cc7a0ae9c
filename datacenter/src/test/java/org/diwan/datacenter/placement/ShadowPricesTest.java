package org.diwan.datacenter.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// Oracles: weak duality, which holds for every state and any prices; sets of pods tried one by one.
class ShadowPricesTest {
    /// V pays at least its price for every pod, so no packing beats the bound.
    @Test
    void placingAPodCostsAtLeastItsPrice() {
        Seeded.forAll(5, random -> {
            var trace = RandomTrace.of(random, 6, 200);
            var typical = TypicalPods.of(trace.pods());
            var cluster = new Cluster(trace.fleet());
            var prices = new ShadowPrices(typical, cluster);
            for (int i = 0; i < 500; i++) {
                int kind = random.nextInt(typical.kinds().size());
                int node = random.nextInt(cluster.size());
                var pod = typical.kinds().get(kind);
                if (!cluster.fits(node, pod)) continue;
                double before = of(prices, cluster, node);
                cluster.place(node, pod, pod.shares() ? cluster.tightestGpu(node, pod) : -1);
                double lost = before - of(prices, cluster, node);
                assertTrue(lost >= prices.price(kind) - 1e-6 * before, lost + " < " + prices.price(kind));
            }
        });
    }

    private static double of(ShadowPrices prices, Cluster cluster, int node) {
        return prices.of(cluster.cpuMilli(node), cluster.gpuMilli(node), cluster.model(node));
    }

    /// Pods of one kind, halves of a GPU with a core each: the bound is what fits, GPU or CPU.
    @Test
    void theBoundIsExactWhereOneKindComes() {
        var pods = List.of(new Pod(1_000, 0, 1, 500, Pod.ANY_MODEL));
        for (int cores = 1; cores < 12; cores++) {
            var node = new Fleet.Node("n", cores * 1_000, 0, 4, 0);
            var cluster = new Cluster(new Fleet(List.of("A"), List.of(node)));
            var prices = new ShadowPrices(TypicalPods.of(pods), cluster);
            double bound = prices.bound(cluster);
            assertTrue(bound >= Math.min(cores, 8) - 1e-6, bound + " for " + cores);
            if (cores >= 8) assertEquals(8, bound, 1e-6);
        }
    }

    @Test
    void patternsAreTheBestSets() {
        Seeded.forAll(50, random -> {
            var kinds = new Pod[random.nextInt(1, 5)];
            double[] worth = new double[kinds.length];
            for (int k = 0; k < kinds.length; k++) {
                kinds[k] = new Pod(random.nextInt(9) * 500, 0, 1, random.nextInt(15, 101) * 10, random.nextInt(1, 4));
                worth[k] = random.nextInt(1, 1_000);
            }
            double cpuPrice = random.nextInt(3) * 0.05;
            var patterns = new GpuPatterns(kinds, 0, 1);
            patterns.price(0, worth, cpuPrice);
            int free = random.nextInt(101) * 10;
            double best = best(kinds, worth, cpuPrice, free);
            assertEquals(best, worth(patterns, free), 1e-6);
            assertEquals(2 * best, worth(patterns, free, free), 1e-6);
            checkCount(patterns, kinds, worth, cpuPrice, free, random);
        });
    }

    private static double worth(GpuPatterns patterns, int... gpuMilli) {
        int[] steps = Arrays.stream(gpuMilli)
                .filter(milli -> milli < Pod.WHOLE)
                .map(milli -> milli / GpuPatterns.STEP)
                .toArray();
        return patterns.worth(0, gpuMilli.length - steps.length, steps, steps.length);
    }

    /// The set that is counted has the CPU and the worth that are said, and fits.
    private static void checkCount(
            GpuPatterns patterns, Pod[] kinds, double[] worth, double cpuPrice, int free, SplittableRandom random) {
        double[] counts = new double[kinds.length];
        int times = random.nextInt(1, 4);
        patterns.count(0, new int[] {free}, times, counts);
        double cpu = 0;
        double sum = 0;
        double milli = 0;
        for (int k = 0; k < kinds.length; k++) {
            cpu += counts[k] / times * kinds[k].cpuMilli();
            sum += counts[k] / times * worth[k];
            milli += counts[k] / times * kinds[k].gpuMilli();
        }
        assertEquals(cpu, patterns.cpu(0, new int[] {free}), 1e-6);
        assertEquals(sum - cpuPrice * cpu, worth(patterns, free), 1e-6);
        assertTrue(milli <= free);
    }

    private static double best(Pod[] kinds, double[] worth, double cpuPrice, int free) {
        double best = 0;
        for (int k = 0; k < kinds.length; k++)
            if (kinds[k].accepts(0) && kinds[k].gpuMilli() <= free)
                best = Math.max(
                        best,
                        worth[k]
                                - cpuPrice * kinds[k].cpuMilli()
                                + best(kinds, worth, cpuPrice, free - kinds[k].gpuMilli()));
        return best;
    }
}
