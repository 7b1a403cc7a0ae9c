package org.diwan.datacenter.placement;

/// The node whose fragmentation grows least: how much of its free GPUs a typical pod could not use, on
/// average over typical pods. Scores are whole numbers from 0 to 100 as in the paper's simulator: with the
/// ties this leaves to the order of nodes its figures are met, with finer scores they are missed by 3 %.
///
/// Source: Weng et al., Beware of Fragmentation, USENIX ATC'23, section 4.
final class FragmentationGradient extends Potential {
    private final Pod[] kinds;
    private final double[] shares;

    FragmentationGradient(TypicalPods typical) {
        kinds = typical.kinds().toArray(Pod[]::new);
        shares = typical.shares().stream().mapToDouble(share -> share).toArray();
    }

    /// Thousandths of GPUs that a typical pod cannot use, negated: the more, the better.
    @Override
    double of(int cpuMilli, int[] gpuMilli, int model) {
        int free = 0;
        for (int milli : gpuMilli) free += milli;
        if (free == 0) return 0;
        double lost = 0;
        for (int k = 0; k < kinds.length; k++) lost += shares[k] * lost(kinds[k], cpuMilli, gpuMilli, model, free);
        return -lost;
    }

    private static int lost(Pod pod, int cpuMilli, int[] gpuMilli, int model, int free) {
        if (pod.gpus() == 0 || cpuMilli < pod.cpuMilli() || !pod.accepts(model)) return free;
        int enough = 0;
        int small = 0;
        for (int milli : gpuMilli) {
            if (milli >= pod.gpuMilli()) enough++;
            else small += milli;
        }
        return enough >= pod.gpus() ? small : free;
    }

    @Override
    int grade(double change) {
        return (int) (100 / (1 + StrictMath.exp(-change / Pod.WHOLE)));
    }
}
