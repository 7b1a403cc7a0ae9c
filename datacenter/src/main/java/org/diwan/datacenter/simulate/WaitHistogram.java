package org.diwan.datacenter.simulate;

import java.util.Arrays;

/// How long requests waited, counted in steps of 10 ms up to two and a half minutes.
final class WaitHistogram {
    private static final double STEP = 0.01;

    private final long[] counts = new long[15_000];
    private long total;

    void add(double seconds, long count) {
        counts[(int) Math.min(counts.length - 1, seconds / STEP)] += count;
        total += count;
    }

    /// Seconds that `share` of the requests did not exceed, rounded up to a step; 0 without requests.
    double quantile(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && counts[i] > 0) return i * STEP;
        }
        return 0;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }
}
