package org.diwan.datacenter.placement;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The commonest kinds of pods, their memory set aside, and how often each comes: what a policy may know
/// about pods that are still to come.
///
/// @param shares of each kind, summing to 1
record TypicalPods(List<Pod> kinds, List<Double> shares) {
    /// Kinds are taken from the commonest on until they make up this share of all pods. Source: FGD, ATC'23,
    /// section 5 (the simulator's `podPopularityThreshold`).
    private static final double COVERED = 0.95;

    TypicalPods {
        kinds = List.copyOf(kinds);
        shares = List.copyOf(shares);
    }

    static TypicalPods of(List<Pod> pods) {
        if (pods.isEmpty()) throw new IllegalArgumentException("no pods, so none is typical; give at least one");
        Map<Pod, Long> counts = pods.stream()
                .map(pod -> new Pod(pod.cpuMilli(), 0, pod.gpus(), pod.gpuMilli(), pod.models()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        var commonest = counts.entrySet().stream()
                .sorted(comparing(Map.Entry<Pod, Long>::getValue)
                        .thenComparing(
                                Map.Entry::getKey,
                                comparing(Pod::cpuMilli)
                                        .thenComparing(Pod::gpuMilli)
                                        .thenComparing(Pod::gpus)
                                        .thenComparing(Pod::models))
                        .reversed())
                .toList();
        long covered = 0;
        int kinds = 0;
        while (covered < COVERED * pods.size())
            covered += commonest.get(kinds++).getValue();
        double all = covered;
        var typical = commonest.subList(0, kinds);
        return new TypicalPods(
                typical.stream().map(Map.Entry::getKey).toList(),
                typical.stream().map(entry -> entry.getValue() / all).toList());
    }

    /// Thousandths of GPUs that a typical pod asks for on average.
    double meanGpuMilli() {
        double mean = 0;
        for (int k = 0; k < kinds.size(); k++)
            mean += shares.get(k) * kinds.get(k).totalGpuMilli();
        return mean;
    }
}
