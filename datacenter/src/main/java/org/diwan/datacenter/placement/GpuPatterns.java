package org.diwan.datacenter.placement;

import java.util.Arrays;

/// What is best put on GPUs of one model when each kind of pod has a worth and CPU has a price: for every free
/// part of a GPU the dearest set of pods, for every number of whole GPUs likewise, less the price of the CPU
/// that they take.
///
/// Two unbounded knapsacks for every CPU price. Parts are counted in steps of [#STEP] thousandths, free parts
/// rounded down and pods up, so no set is promised that does not fit.
final class GpuPatterns {
    /// Thousandths; all shares of the published traces are multiples of it.
    static final int STEP = 10;

    private static final int STEPS = Pod.WHOLE / STEP;
    private static final int NONE = -1;

    private final Pod[] kinds;
    private final int model;
    /// `[cpu price][free steps]`: worth and CPU of the best set, and a kind that is in it.
    private final double[][] worth;
    private final double[][] cpu;
    private final int[][] kind;
    /// `[cpu price][whole GPUs]`: likewise; no kind where one GPU more is filled for itself.
    private final double[][] wholeWorth;
    private final double[][] wholeCpu;
    private final int[][] wholeKind;

    GpuPatterns(Pod[] kinds, int model, int cpuPrices) {
        this.kinds = kinds;
        this.model = model;
        worth = new double[cpuPrices][STEPS + 1];
        cpu = new double[cpuPrices][STEPS + 1];
        kind = new int[cpuPrices][STEPS + 1];
        wholeWorth = new double[cpuPrices][Pod.MAX_GPUS + 1];
        wholeCpu = new double[cpuPrices][Pod.MAX_GPUS + 1];
        wholeKind = new int[cpuPrices][Pod.MAX_GPUS + 1];
    }

    /// Worth of the best set for `whole` GPUs and `parts` free parts, when CPU has the price of index `price`.
    ///
    /// @param steps the free parts, in steps of [#STEP]; what lies behind them means nothing
    double worth(int price, int whole, int[] steps, int parts) {
        double[] table = worth[price];
        double sum = wholeWorth[price][whole];
        for (int i = 0; i < parts; i++) sum += table[steps[i]];
        return sum;
    }

    /// Thousandths of cores that the best set for these free parts takes.
    double cpu(int price, int[] gpuMilli) {
        double sum = 0;
        int whole = 0;
        for (int milli : gpuMilli) {
            if (milli == Pod.WHOLE) whole++;
            else sum += cpu[price][milli / STEP];
        }
        return sum + wholeCpu[price][whole];
    }

    /// Adds `times` to the count of each pod in the best set.
    void count(int price, int[] gpuMilli, double times, double[] counts) {
        int free = 0;
        for (int milli : gpuMilli) {
            if (milli == Pod.WHOLE) free++;
            else countPart(price, milli / STEP, times, counts);
        }
        while (free > 0) {
            int several = wholeKind[price][free];
            if (several == NONE) countPart(price, STEPS, times, counts);
            else counts[several] += times;
            free -= several == NONE ? 1 : kinds[several].gpus();
        }
    }

    private void countPart(int price, int steps, double times, double[] counts) {
        for (int free = steps; free > 0; ) {
            int pod = kind[price][free];
            if (pod != NONE) counts[pod] += times;
            free -= pod == NONE ? 1 : steps(kinds[pod]);
        }
    }

    private static int steps(Pod pod) {
        return (pod.gpuMilli() + STEP - 1) / STEP;
    }

    /// Computes the table of one CPU price anew.
    ///
    /// @param worthOf of each kind of pod, its CPU included
    /// @param cpuPrice of a thousandth of a core
    void price(int price, double[] worthOf, double cpuPrice) {
        int[] bySteps = new int[STEPS + 1];
        int[] byGpus = new int[Pod.MAX_GPUS + 1];
        Arrays.fill(bySteps, NONE);
        Arrays.fill(byGpus, NONE);
        double[] net = new double[kinds.length];
        for (int k = 0; k < kinds.length; k++) {
            var pod = kinds[k];
            net[k] = worthOf[k] - cpuPrice * pod.cpuMilli();
            if (pod.gpus() == 0 || net[k] <= 0 || !pod.accepts(model)) continue;
            int[] best = pod.gpus() == 1 ? bySteps : byGpus;
            int size = pod.gpus() == 1 ? steps(pod) : pod.gpus();
            if (best[size] == NONE || net[k] > net[best[size]]) best[size] = k;
        }
        int[] one = Arrays.stream(bySteps).filter(k -> k != NONE).toArray();
        int[] several = Arrays.stream(byGpus).filter(k -> k != NONE).toArray();
        fillParts(price, net, one);
        fillWhole(price, net, several);
    }

    private void fillParts(int price, double[] net, int[] candidates) {
        for (int free = 1; free <= STEPS; free++) {
            double best = worth[price][free - 1];
            int chosen = NONE;
            for (int k : candidates) {
                int left = free - steps(kinds[k]);
                if (left < 0) break; // candidates grow
                if (worth[price][left] + net[k] <= best) continue;
                best = worth[price][left] + net[k];
                chosen = k;
            }
            worth[price][free] = best;
            kind[price][free] = chosen;
            cpu[price][free] = chosen == NONE
                    ? cpu[price][free - 1]
                    : cpu[price][free - steps(kinds[chosen])] + kinds[chosen].cpuMilli();
        }
    }

    private void fillWhole(int price, double[] net, int[] candidates) {
        for (int free = 1; free <= Pod.MAX_GPUS; free++) {
            double best = wholeWorth[price][free - 1] + worth[price][STEPS];
            int chosen = NONE;
            for (int k : candidates) {
                int left = free - kinds[k].gpus();
                if (left < 0) break;
                if (wholeWorth[price][left] + net[k] <= best) continue;
                best = wholeWorth[price][left] + net[k];
                chosen = k;
            }
            wholeWorth[price][free] = best;
            wholeKind[price][free] = chosen;
            wholeCpu[price][free] = chosen == NONE
                    ? wholeCpu[price][free - 1] + cpu[price][STEPS]
                    : wholeCpu[price][free - kinds[chosen].gpus()] + kinds[chosen].cpuMilli();
        }
    }
}
