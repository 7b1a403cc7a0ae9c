package org.diwan.datacenter.placement;

import java.util.Arrays;

/// A policy that gives every node state a number and looks at how a pod changes it. A sharing pod gets the
/// GPU where the grade is best, the first of equals.
abstract sealed class Potential implements Policy permits FragmentationGradient, ShadowPrices {
    private double[] before = new double[0];
    private int[] known = new int[0];

    /// The number of a node state: free thousandths of cores and of each GPU, and the GPUs' model.
    abstract double of(int cpuMilli, int[] gpuMilli, int model);

    /// The score for a change of potential, never less for a greater one.
    abstract int grade(double change);

    /// Forgets what is kept for each node.
    final void forget() {
        Arrays.fill(known, -1);
    }

    @Override
    public final int score(Cluster cluster, int node, Pod pod) {
        return grade(cluster, node, pod, pod.shares() ? gpu(cluster, node, pod) : -1);
    }

    @Override
    public final int gpu(Cluster cluster, int node, Pod pod) {
        int[] free = cluster.gpuMilli(node);
        int best = -1;
        int highest = 0;
        for (int gpu = 0; gpu < free.length && pod.shares(); gpu++) {
            if (free[gpu] < pod.gpuMilli() || seenBefore(free, gpu)) continue;
            int grade = grade(cluster, node, pod, gpu);
            if (best >= 0 && grade <= highest) continue;
            best = gpu;
            highest = grade;
        }
        return best;
    }

    private static boolean seenBefore(int[] free, int gpu) {
        for (int i = 0; i < gpu; i++) if (free[i] == free[gpu]) return true;
        return false;
    }

    private int grade(Cluster cluster, int node, Pod pod, int gpu) {
        double after =
                of(cluster.cpuMilli(node) - pod.cpuMilli(), cluster.gpusWith(node, pod, gpu), cluster.model(node));
        return grade(after - now(cluster, node));
    }

    private double now(Cluster cluster, int node) {
        if (known.length != cluster.size()) {
            before = new double[cluster.size()];
            known = new int[cluster.size()];
            forget();
        }
        if (known[node] != cluster.version(node)) {
            before[node] = of(cluster.cpuMilli(node), cluster.gpuMilli(node), cluster.model(node));
            known[node] = cluster.version(node);
        }
        return before[node];
    }
}
