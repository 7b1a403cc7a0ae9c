package org.diwan.datacenter.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: the worked cases of the paper's simulator (`gpu_packing_score_test.go`), and sums by hand.
class PublishedPoliciesTest {
    /// One node with 96 cores and `gpus`, where shares of some are taken.
    private static Cluster node(int gpus, int... taken) {
        var cluster = new Cluster(new Fleet(List.of("A"), List.of(new Fleet.Node("n", 96_000, 1_000, gpus, 0))));
        for (int gpu = 0; gpu < taken.length; gpu++)
            if (taken[gpu] > 0) cluster.place(0, new Pod(0, 0, 1, taken[gpu], Pod.ANY_MODEL), gpu);
        return cluster;
    }

    @ParameterizedTest
    @CsvSource({"800, 500, 48", "0, 0, 29"})
    void packingOpensAsFewGpusAsItCan(int first, int last, int score) {
        var two = new Pod(100, 0, 2, 1_000, Pod.ANY_MODEL);
        assertEquals(score, new GpuPacking().score(node(4, first, 0, 0, last), 0, two));
    }

    @Test
    void packingPrefersGpusInUseAndIgnoresCpu() {
        var share = new Pod(100, 0, 1, 200, Pod.ANY_MODEL);
        assertEquals(98, new GpuPacking().score(node(4, 800, 0, 0, 500), 0, share));
        assertEquals(0, new GpuPacking().score(node(4), 0, new Pod(100, 0, 0, 0, Pod.ANY_MODEL)));
    }

    /// Half the typical pods want 600, the other half no GPU. Free are 500 and 1,000 of two GPUs: the first
    /// half cannot use the 500, the others none of the 1,500, so 1,000 are lost on average; once 500 of
    /// the second GPU are taken, all 1,000 are lost.
    @Test
    void fragmentsAreWhatTypicalPodsCannotUse() {
        var typical = TypicalPods.of(
                List.of(new Pod(1_000, 0, 1, 600, Pod.ANY_MODEL), new Pod(1_000, 0, 0, 0, Pod.ANY_MODEL)));
        var policy = new FragmentationGradient(typical);
        var cluster = node(2, 500);
        assertEquals(-1_000, policy.of(96_000, cluster.gpuMilli(0), 0), 1e-9);
        assertEquals(-1_500, policy.of(999, cluster.gpuMilli(0), 0), 1e-9);
        var half = new Pod(0, 0, 1, 500, Pod.ANY_MODEL);
        assertEquals(-1_000, policy.of(96_000, cluster.gpusWith(0, half, 1), 0), 1e-9);
        assertEquals(-500, policy.of(96_000, cluster.gpusWith(0, half, 0), 0), 1e-9);
        assertEquals(0, policy.gpu(cluster, 0, half));
        assertEquals(62, policy.score(cluster, 0, half)); // 100 / (1 + e^-0.5) = 62.2
    }

    @Test
    void clusteringKeepsLikeWithLike() {
        var share = new Pod(0, 0, 1, 500, Pod.ANY_MODEL);
        var whole = new Pod(0, 0, 1, 1_000, Pod.ANY_MODEL);
        assertEquals(25 + 12, new GpuClustering().score(node(4), 0, share));
        assertEquals(75 + 14, new GpuClustering().score(node(4, 500), 0, share)); // 25 × 4,500 / 8,000 = 14.06
        assertEquals(14, new GpuClustering().score(node(4, 500), 0, whole));
    }

    @Test
    void bestFitAndDotProductWeighCpuAndGpuAlike() {
        var pod = new Pod(32_000, 0, 2, 1_000, Pod.ANY_MODEL);
        assertEquals(62, new BestFit().score(node(4), 0, pod)); // 1 − 64/128/2 − 2/8/2 = 0.625
        assertEquals(84, new DotProduct().score(node(4), 0, pod)); // 1 − (0.75 × 0.25 + 0.5 × 0.25) / 2 = 0.84375
    }
}
