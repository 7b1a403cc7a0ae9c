package org.diwan.datacenter.placement;

import java.util.Arrays;

/// What is free on each node. Owned by one thread.
public final class Cluster {
    private final Fleet fleet;
    private final int[] model;
    private final int[] cpuMilli;
    private final int[] memoryMib;
    private final int[][] gpuMilli;
    private final int[][] pods;
    private final int[] version;
    private long usedGpuMilli;

    /// Nothing is placed yet.
    public Cluster(Fleet fleet) {
        this.fleet = fleet;
        var nodes = fleet.nodes();
        model = nodes.stream().mapToInt(Fleet.Node::model).toArray();
        cpuMilli = nodes.stream().mapToInt(Fleet.Node::cpuMilli).toArray();
        memoryMib = nodes.stream().mapToInt(Fleet.Node::memoryMib).toArray();
        gpuMilli = nodes.stream().map(node -> whole(node.gpus())).toArray(int[][]::new);
        pods = new int[nodes.size()][Pod.MAX_GPUS + 1];
        version = new int[nodes.size()];
    }

    private static int[] whole(int gpus) {
        int[] free = new int[gpus];
        Arrays.fill(free, Pod.WHOLE);
        return free;
    }

    public Fleet fleet() {
        return fleet;
    }

    int size() {
        return cpuMilli.length;
    }

    int model(int node) {
        return model[node];
    }

    /// Free thousandths of a core.
    public int cpuMilli(int node) {
        return cpuMilli[node];
    }

    public int memoryMib(int node) {
        return memoryMib[node];
    }

    /// Free thousandths of each GPU of a node; to be read only.
    int[] gpuMilli(int node) {
        return gpuMilli[node];
    }

    /// Free thousandths of all GPUs of a node.
    public int freeGpuMilli(int node) {
        int sum = 0;
        for (int free : gpuMilli[node]) sum += free;
        return sum;
    }

    /// Pods on a node by GPUs taken; those that share one are counted under 0.
    int[] podsByGpus(int node) {
        return pods[node];
    }

    /// Changes whenever the node does.
    int version(int node) {
        return version[node];
    }

    /// Thousandths of all GPUs that pods have taken.
    public long usedGpuMilli() {
        return usedGpuMilli;
    }

    /// True if `pod` could be placed on `node` now.
    public boolean fits(int node, Pod pod) {
        if (cpuMilli[node] < pod.cpuMilli() || memoryMib[node] < pod.memoryMib()) return false;
        if (pod.gpus() == 0) return true;
        if (!pod.accepts(model[node])) return false;
        int enough = 0;
        for (int free : gpuMilli[node]) if (free >= pod.gpuMilli()) enough++;
        return enough >= pod.gpus();
    }

    /// The GPU with the least that is enough for a pod that shares one; the first of equals.
    int tightestGpu(int node, Pod pod) {
        int[] free = gpuMilli[node];
        int best = -1;
        for (int gpu = 0; gpu < free.length; gpu++)
            if (free[gpu] >= pod.gpuMilli() && (best < 0 || free[gpu] < free[best])) best = gpu;
        return best;
    }

    /// Free thousandths of each GPU once `pod` is there, which must fit: on `gpu` if it shares one, else on
    /// the first whole ones.
    int[] gpusWith(int node, Pod pod, int gpu) {
        int[] free = gpuMilli[node].clone();
        if (pod.shares()) free[gpu] -= pod.gpuMilli();
        else
            for (int i = 0, left = pod.gpus(); left > 0; i++)
                if (free[i] == Pod.WHOLE) {
                    free[i] = 0;
                    left--;
                }
        return free;
    }

    /// Takes what `pod` asks for; `gpu` says which GPU it shares and means nothing if it shares none.
    ///
    /// @throws IllegalArgumentException if it does not fit there
    public void place(int node, Pod pod, int gpu) {
        if (!fits(node, pod) || (pod.shares() && gpuMilli[node][gpu] < pod.gpuMilli()))
            throw new IllegalArgumentException(pod + " does not fit on node " + node + ", GPU " + gpu);
        cpuMilli[node] -= pod.cpuMilli();
        memoryMib[node] -= pod.memoryMib();
        version[node]++;
        if (pod.gpus() == 0) return;
        gpuMilli[node] = gpusWith(node, pod, gpu);
        usedGpuMilli += pod.totalGpuMilli();
        pods[node][pod.shares() ? 0 : pod.gpus()]++;
    }
}
