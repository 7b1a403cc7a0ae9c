package org.diwan.datacenter.placement;

import java.util.Arrays;

/// GPUs in use first, then free GPUs of nodes in use, idle nodes last. Source: MLaaS in the wild, NSDI'22,
/// as the FGD paper's simulator has it.
record GpuPacking() implements Policy {
    @Override
    public int score(Cluster cluster, int node, Pod pod) {
        if (pod.gpus() == 0) return 0;
        int[] free = cluster.gpuMilli(node).clone();
        Arrays.sort(free);
        int whole = 0;
        for (int milli : free) if (milli == Pod.WHOLE) whole++;
        if (whole == free.length) return Math.max(100 / 3 - whole, whole);

        int left = pod.gpus();
        int opened = 0;
        int percent = 0;
        for (int i = 0; left > 0; i++) {
            if (free[i] < pod.gpuMilli()) continue;
            left--;
            percent += free[i] * 100 / Pod.WHOLE;
            if (free[i] == Pod.WHOLE) opened++;
        }
        return opened > 0 ? Math.max(100 / 2 - opened, 100 / 3) : Math.max(100 - percent / 10, 100 / 2);
    }
}
