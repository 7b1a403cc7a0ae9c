package org.diwan.datacenter.placement;

/// Pods that take as many GPUs as each other (or share one) come together; the fuller node of two alike first.
/// Source: Gandiva, OSDI'18, as the FGD paper's simulator has it.
record GpuClustering() implements Policy {
    @Override
    public int score(Cluster cluster, int node, Pod pod) {
        if (pod.gpus() == 0) return 0;
        int[] pods = cluster.podsByGpus(node);
        int kinds = 0;
        for (int count : pods) if (count > 0) kinds++;
        boolean alike = pods[pod.shares() ? 0 : pod.gpus()] > 0;
        int base = alike ? (kinds == 1 ? 75 : 50) : kinds == 0 ? 25 : 0;
        return base + 25 * (8_000 - cluster.freeGpuMilli(node)) / 8_000;
    }
}
