package org.diwan.datacenter.placement;

import java.util.SplittableRandom;

/// Any node, any GPU: every node that fits scores the same, and [Placer] draws among them.
record RandomFit(SplittableRandom random) implements Policy {
    @Override
    public int score(Cluster cluster, int node, Pod pod) {
        return 0;
    }

    @Override
    public int gpu(Cluster cluster, int node, Pod pod) {
        int[] free = cluster.gpuMilli(node);
        int chosen = -1;
        int seen = 0;
        for (int gpu = 0; gpu < free.length; gpu++)
            if (free[gpu] >= pod.gpuMilli() && random.nextInt(++seen) == 0) chosen = gpu;
        return chosen;
    }
}
