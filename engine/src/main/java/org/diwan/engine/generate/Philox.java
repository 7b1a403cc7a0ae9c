package org.diwan.engine.generate;

/// Philox4x32-10, a counter-based generator: a pure function from key and counter to 128 random
/// bits, so that the draw for a position needs no state and does not depend on other draws (Salmon
/// et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", §3.3 and table 2).
final class Philox {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xd2511f53L;
    private static final long MULTIPLIER_1 = 0xcd9e8d57L;
    /// What is added to the key each round: the golden ratio and √3 - 1.
    private static final int WEYL_0 = 0x9e3779b9;

    private static final int WEYL_1 = 0xbb67ae85;

    private Philox() {}

    /// Uniform in [0, 1), 53 bits: the words of counter (position, 0) under `seed`.
    static double uniform(long seed, long position) {
        int[] words = words((int) position, (int) (position >>> 32), 0, 0, (int) seed, (int) (seed >>> 32));
        long bits = (words[0] & 0xffff_ffffL) | (long) words[1] << 32;
        return (bits >>> 11) * 0x1p-53;
    }

    static int[] words(int c0, int c1, int c2, int c3, int k0, int k1) {
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = MULTIPLIER_0 * (c0 & 0xffff_ffffL);
            long p1 = MULTIPLIER_1 * (c2 & 0xffff_ffffL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }
}
