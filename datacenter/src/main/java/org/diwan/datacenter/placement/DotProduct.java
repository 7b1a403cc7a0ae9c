package org.diwan.datacenter.placement;

/// The node whose free resources point least in the pod's direction.
/// Source: Tetris, SIGCOMM'14, as the FGD paper's simulator has it.
record DotProduct() implements Policy {
    @Override
    public int score(Cluster cluster, int node, Pod pod) {
        double cpu = cluster.cpuMilli(node) / BestFit.MAX_CPU_MILLI * (pod.cpuMilli() / BestFit.MAX_CPU_MILLI);
        double gpu = cluster.freeGpuMilli(node) / BestFit.MAX_GPU_MILLI * (pod.totalGpuMilli() / BestFit.MAX_GPU_MILLI);
        return (int) (100 * (1 - (cpu + gpu) / 2));
    }
}
