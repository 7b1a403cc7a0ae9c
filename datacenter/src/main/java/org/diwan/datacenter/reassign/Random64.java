package org.diwan.datacenter.reassign;

/// Steele, Lea, Flood, *Fast splittable pseudorandom number generators* (OOPSLA 2014), figure 16: SplitMix64,
/// here for its speed in the innermost loop, without the division that [java.util.SplittableRandom]
/// spends on a bound.
final class Random64 {
    private long state;

    Random64(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// A number in `[0, bound)`, each as likely as another but for one in 2³² / `bound`.
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }
}
