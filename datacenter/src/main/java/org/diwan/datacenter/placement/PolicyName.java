package org.diwan.datacenter.placement;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// The policies there are, by the names that a command line gives them.
public enum PolicyName {
    RANDOM,
    BEST_FIT,
    DOT_PRODUCT,
    GPU_PACKING,
    GPU_CLUSTERING,
    /// Fragmentation gradient descent, USENIX ATC'23.
    FGD,
    /// Our own: see [ShadowPrices].
    SHADOW_PRICES;

    /// As in `best-fit`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The policy called `name`.
    ///
    /// @throws IllegalArgumentException listing those there are
    public static PolicyName of(String name) {
        return Arrays.stream(values())
                .filter(policy -> policy.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no policy '" + name + "'; there are "
                        + Arrays.stream(values()).map(PolicyName::toString).collect(Collectors.joining(", "))));
    }

    Policy policy(TypicalPods typical, Cluster cluster, long seed) {
        return switch (this) {
            case RANDOM -> new RandomFit(new SplittableRandom(seed));
            case BEST_FIT -> new BestFit();
            case DOT_PRODUCT -> new DotProduct();
            case GPU_PACKING -> new GpuPacking();
            case GPU_CLUSTERING -> new GpuClustering();
            case FGD -> new FragmentationGradient(typical);
            case SHADOW_PRICES -> new ShadowPrices(typical, cluster);
        };
    }
}
