package org.diwan.datacenter.placement;

/// The node with the least left over, CPU and GPU weighed alike.
record BestFit() implements Policy {
    /// What the largest node of the published experiments has; it makes CPU and GPU comparable.
    static final double MAX_CPU_MILLI = 128_000;

    static final double MAX_GPU_MILLI = 8_000;

    @Override
    public int score(Cluster cluster, int node, Pod pod) {
        double cpu = (cluster.cpuMilli(node) - pod.cpuMilli()) / MAX_CPU_MILLI;
        double gpu = (cluster.freeGpuMilli(node) - pod.totalGpuMilli()) / MAX_GPU_MILLI;
        return (int) ((1 - cpu * 0.5 - gpu * 0.5) * 100);
    }
}
