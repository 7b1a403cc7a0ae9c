package org.diwan.datacenter.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// How much of a fleet's GPUs a policy fills, by the protocol of the FGD paper (USENIX ATC'23, section 6; its
/// simulator, github.com/hkust-adsl/kubernetes-scheduler-simulator, settled what the paper leaves open).
///
/// A pod list in random order, and then copies of pods drawn from it, until all ask for 1.3 times the GPUs
/// that there are (of a longer list, pods are drawn and left out); one is placed after another and nothing
/// leaves. A pod that fits nowhere is skipped. What counts is the share of GPUs taken once the pods that
/// have come, placed or not, asked for 100 % and for 130 % of the GPUs.
public final class Experiment {
    /// Pods of one seed, a list of references: 80 MB. The published traces take some 11,000.
    public static final int MAX_ARRIVALS = 10_000_000;

    /// Seeds of one experiment.
    public static final int MAX_SEEDS = 1_000;

    private static final double LOAD = 1.3;

    private final Fleet fleet;
    private final List<Pod> pods;
    private final TypicalPods typical;
    private final long capacity;

    /// Percent of the fleet's GPUs that were taken at a load of 100 % and of 130 %.
    public record Run(long seed, double at100, double at130) {}

    /// What came of several seeds, with the time that decisions took: it includes learning, and the first
    /// decisions of a process, before its code is compiled.
    public record Outcome(PolicyName policy, List<Run> perSeed, double decisionP99Micros, double decisionMaxMicros) {
        public Outcome {
            perSeed = List.copyOf(perSeed);
        }

        public double mean100() {
            return perSeed.stream().mapToDouble(Run::at100).average().orElseThrow();
        }

        public double mean130() {
            return perSeed.stream().mapToDouble(Run::at130).average().orElseThrow();
        }
    }

    /// Of pods drawn from `pods`, which also say what is typical.
    ///
    /// @throws IllegalArgumentException if no node has or no pod asks for a GPU, or if it takes more than
    ///     [#MAX_ARRIVALS] pods to fill them
    public Experiment(Fleet fleet, List<Pod> pods) {
        this.fleet = fleet;
        this.pods = List.copyOf(pods);
        typical = TypicalPods.of(pods);
        capacity = fleet.gpuMilli();
        double mean = pods.stream().mapToInt(Pod::totalGpuMilli).average().orElse(0);
        if (capacity == 0 || mean == 0) throw new IllegalArgumentException("there must be nodes and pods with GPUs");
        if (LOAD * capacity / mean > MAX_ARRIVALS)
            throw new IllegalArgumentException("it takes more than " + MAX_ARRIVALS
                    + " of these pods to fill the fleet: a smaller fleet, or pods with more GPUs");
    }

    /// Places the pods of seeds `first`, `first + 1`, …, each into an empty cluster.
    public Outcome run(PolicyName name, long first, int seeds) {
        if (seeds < 1 || seeds > MAX_SEEDS)
            throw new IllegalArgumentException(seeds + " seeds, must be 1 to " + MAX_SEEDS);
        var runs = new ArrayList<Run>();
        var times = new Times();
        for (long seed = first; seed < first + seeds; seed++) {
            var cluster = new Cluster(fleet);
            var placer = new Placer(cluster, name.policy(typical, cluster, seed));
            var at100 = new Reading(100);
            var at130 = new Reading(130);
            long arrived = 0;
            for (var pod : arrivals(seed)) {
                arrived += pod.totalGpuMilli();
                long start = System.nanoTime();
                placer.place(pod);
                times.note(System.nanoTime() - start);
                at100.note(percent(arrived), percent(cluster.usedGpuMilli()));
                at130.note(percent(arrived), percent(cluster.usedGpuMilli()));
            }
            runs.add(new Run(seed, at100.mean(), at130.mean()));
        }
        return new Outcome(name, runs, times.p99Micros(), times.maxNanos / 1e3);
    }

    /// Percent of the GPUs that can be taken, at most, by pods that come in the typical proportions as long as
    /// none is turned away: what is above needs luck, or refusals.
    public double boundPercent() {
        var cluster = new Cluster(fleet);
        double pods = new ShadowPrices(typical, cluster).bound(cluster);
        return pods * typical.meanGpuMilli() * 100 / capacity;
    }

    private double percent(long gpuMilli) {
        return gpuMilli * 100.0 / capacity;
    }

    /// The pods of a seed, in order.
    List<Pod> arrivals(long seed) {
        var random = new Random(seed);
        var arrivals = new ArrayList<>(pods);
        Collections.shuffle(arrivals, random);
        long asked = arrivals.stream().mapToLong(Pod::totalGpuMilli).sum();
        while (asked > LOAD * capacity)
            asked -= arrivals.remove(random.nextInt(arrivals.size())).totalGpuMilli();
        if (arrivals.size() < pods.size()) return arrivals;
        while (true) {
            var copy = pods.get(random.nextInt(pods.size()));
            if (asked + copy.totalGpuMilli() > LOAD * capacity) return arrivals;
            asked += copy.totalGpuMilli();
            arrivals.add(copy);
        }
    }

    /// The mean over all moments at which the load rounds to a whole number of percent; where single pods are
    /// so large that there is none, the last one before.
    private static final class Reading {
        private final int load;
        private double sum;
        private int count;
        private double before;

        Reading(int load) {
            this.load = load;
        }

        void note(double arrivedPercent, double usedPercent) {
            long rounded = Math.round(arrivedPercent);
            if (rounded < load) before = usedPercent;
            if (rounded != load) return;
            sum += usedPercent;
            count++;
        }

        double mean() {
            return count == 0 ? before : sum / count;
        }
    }

    /// How long decisions took, counted by whole microseconds up to a tenth of a second.
    private static final class Times {
        private final long[] counts = new long[100_001];
        private long count;
        private long maxNanos;

        void note(long nanos) {
            counts[(int) Math.min(counts.length - 1, (nanos + 999) / 1_000)]++;
            count++;
            maxNanos = Math.max(maxNanos, nanos);
        }

        int p99Micros() {
            int micros = 0;
            for (long within = counts[0]; within < 0.99 * count; within += counts[micros]) micros++;
            return micros;
        }
    }
}
