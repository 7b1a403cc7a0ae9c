package org.diwan.datacenter.simulate;

/// Random numbers by name instead of by order: the draw for (stream, index) is the same whoever asks, and
/// whatever was drawn before, so that one more server does not change every other server's week.
///
/// Mixing is SplitMix64's finaliser (Steele, Lea, Flood 2014) over seed, stream and index.
///
/// @param seed of the whole simulation
record Draws(long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    long bits(long stream, long index) {
        return mix(mix(seed + GOLDEN * stream) + GOLDEN * (index + 1));
    }

    /// Uniform in `(0, 1)`.
    double uniform(long stream, long index) {
        return ((bits(stream, index) >>> 12) + 0.5) * 0x1p-52;
    }

    /// Exponential with the given mean.
    double exponential(long stream, long index, double mean) {
        return -mean * StrictMath.log(uniform(stream, index));
    }

    /// Poisson with the given mean: by multiplication below 16 (Knuth), above by the normal approximation,
    /// rounded.
    int poisson(long stream, long index, double mean) {
        if (mean <= 0) return 0;
        if (mean > 16) return (int) Math.max(0, Math.rint(mean + Math.sqrt(mean) * normal(stream, index)));
        double limit = StrictMath.exp(-mean);
        double product = uniform(stream, index << 8);
        int count = 0;
        while (product > limit) product *= uniform(stream, (index << 8) + ++count);
        return count;
    }

    /// Standard normal (Box and Muller 1958).
    double normal(long stream, long index) {
        double radius = Math.sqrt(-2 * StrictMath.log(uniform(stream, 2 * index)));
        return radius * StrictMath.cos(2 * Math.PI * uniform(stream, 2 * index + 1));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
