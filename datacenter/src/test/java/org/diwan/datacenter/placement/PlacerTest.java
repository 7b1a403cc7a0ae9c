package org.diwan.datacenter.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.diwan.base.Seeded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Oracles: books kept beside the cluster; a twin that keeps no score and computes all anew.
class PlacerTest {
    /// Long enough for prices to be learnt twice.
    private static final int PODS = 600;

    @ParameterizedTest
    @EnumSource(PolicyName.class)
    void whatFitsIsPlacedAndNothingIsGivenTwice(PolicyName name) {
        Seeded.forAll(4, random -> {
            var trace = RandomTrace.of(random, 6, PODS);
            var cluster = new Cluster(trace.fleet());
            var placer = new Placer(cluster, name.policy(TypicalPods.of(trace.pods()), cluster, 1));
            long[] cpu = new long[cluster.size()];
            long[] memory = new long[cluster.size()];
            long[] gpu = new long[cluster.size()];
            for (var pod : trace.pods()) {
                boolean room = false;
                for (int node = 0; node < cluster.size(); node++) room |= cluster.fits(node, pod);
                int node = placer.place(pod);
                assertEquals(room, node != Placer.NOWHERE);
                if (!room) continue;
                cpu[node] += pod.cpuMilli();
                memory[node] += pod.memoryMib();
                gpu[node] += pod.totalGpuMilli();
                var machine = trace.fleet().nodes().get(node);
                assertEquals(machine.cpuMilli() - cpu[node], cluster.cpuMilli(node));
                assertEquals(machine.memoryMib() - memory[node], cluster.memoryMib(node));
                assertEquals(machine.gpus() * 1_000L - gpu[node], cluster.freeGpuMilli(node));
                assertTrue(cluster.cpuMilli(node) >= 0 && cluster.memoryMib(node) >= 0);
                for (int free : cluster.gpuMilli(node)) assertTrue(free >= 0 && free <= Pod.WHOLE);
                assertTrue(pod.gpus() == 0 || pod.accepts(machine.model()));
            }
            assertEquals(Arrays.stream(gpu).sum(), cluster.usedGpuMilli());
        });
    }

    @ParameterizedTest
    @EnumSource(value = PolicyName.class, names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
    void keptScoresChooseWhatFreshOnesWould(PolicyName name) {
        Seeded.forAll(4, random -> {
            var trace = RandomTrace.of(random, 6, PODS);
            var cluster = new Cluster(trace.fleet());
            var placer = new Placer(cluster, name.policy(TypicalPods.of(trace.pods()), cluster, 1));
            var twin = new Cluster(trace.fleet());
            var policy = name.policy(TypicalPods.of(trace.pods()), twin, 1);
            for (var pod : trace.pods()) {
                int best = Placer.NOWHERE;
                int highest = 0;
                for (int node = 0; node < twin.size(); node++) {
                    if (policy instanceof Potential potential) potential.forget();
                    if (!twin.fits(node, pod)) continue;
                    int score = policy.score(twin, node, pod);
                    if (best != Placer.NOWHERE && score <= highest) continue;
                    best = node;
                    highest = score;
                }
                assertEquals(best, placer.place(pod));
                if (best != Placer.NOWHERE) twin.place(best, pod, pod.shares() ? policy.gpu(twin, best, pod) : -1);
                policy.learn(twin);
                for (int node = 0; node < twin.size(); node++)
                    assertFalse(Arrays.mismatch(twin.gpuMilli(node), cluster.gpuMilli(node)) >= 0);
            }
        });
    }
}
