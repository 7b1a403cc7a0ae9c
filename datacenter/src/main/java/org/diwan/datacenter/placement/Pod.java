package org.diwan.datacenter.placement;

/// What a pod asks for. Pods of one kind are equal, so a `Pod` also names a kind.
///
/// @param cpuMilli thousandths of a core, 0 to [#MAX_AMOUNT]
/// @param memoryMib mebibytes, 0 to [#MAX_AMOUNT]
/// @param gpus GPUs, 0 to [#MAX_GPUS], all on one node
/// @param gpuMilli thousandths of each GPU: 0 without GPUs, 1 to 1,000 for one, 1,000 for several
/// @param models bit `i` is set where model `i` of the [Fleet] will do
public record Pod(int cpuMilli, int memoryMib, int gpus, int gpuMilli, long models) {
    /// A whole GPU.
    public static final int WHOLE = 1_000;

    public static final int MAX_GPUS = 16;

    /// 10,000 cores or 10 TiB: sums over the largest fleet stay far below 2⁶³.
    public static final int MAX_AMOUNT = 10_000_000;

    /// Any model will do, even none.
    public static final long ANY_MODEL = -1L;

    public Pod {
        if (cpuMilli < 0 || cpuMilli > MAX_AMOUNT) throw new IllegalArgumentException(wrong("CPU", cpuMilli));
        if (memoryMib < 0 || memoryMib > MAX_AMOUNT) throw new IllegalArgumentException(wrong("memory", memoryMib));
        if (gpus < 0 || gpus > MAX_GPUS)
            throw new IllegalArgumentException(gpus + " GPUs, must be 0 to " + MAX_GPUS + " on one node");
        if (gpus == 0 && gpuMilli != 0)
            throw new IllegalArgumentException("no GPU, but " + gpuMilli + " thousandths of one: set one of them");
        if (gpus == 1 && (gpuMilli < 1 || gpuMilli > WHOLE))
            throw new IllegalArgumentException(gpuMilli + " thousandths of a GPU, must be 1 to " + WHOLE);
        if (gpus > 1 && gpuMilli != WHOLE)
            throw new IllegalArgumentException(
                    gpus + " GPUs of " + gpuMilli + " thousandths: several GPUs are taken whole, " + WHOLE);
    }

    private static String wrong(String what, int value) {
        return what + " of " + value + ", must be 0 to " + MAX_AMOUNT;
    }

    /// True if it takes a part of one GPU.
    boolean shares() {
        return gpus == 1 && gpuMilli < WHOLE;
    }

    boolean accepts(int model) {
        return ((models >>> model) & 1) != 0;
    }

    /// Thousandths of GPUs in all.
    int totalGpuMilli() {
        return gpus * gpuMilli;
    }
}
