package org.diwan.datacenter.reassign;

import java.time.Duration;

/// How long a search may go on: so much time, or so many steps of each thread. With steps the same seed
/// gives the same plan; with time it does not, because machines are not equally fast.
public final class Budget {
    private final boolean isTime;
    private final long begin;
    private final long length;

    private Budget(boolean isTime, long begin, long length) {
        if (length <= 0) throw new IllegalArgumentException("nothing can be found in " + length + ", must be positive");
        this.isTime = isTime;
        this.begin = begin;
        this.length = length;
    }

    /// From now on so long.
    public static Budget time(Duration duration) {
        return new Budget(true, System.nanoTime(), duration.toNanos());
    }

    public static Budget steps(long count) {
        return new Budget(false, 0, count);
    }

    /// The part of this budget from `from` to `to`, both in [0, 1].
    Budget part(double from, double to) {
        return new Budget(isTime, begin + (long) (from * length), Math.max(1, (long) ((to - from) * length)));
    }

    /// The part that is spent; 1 and more when nothing is left.
    ///
    /// @param steps how many there were
    double spent(long steps) {
        return (isTime ? System.nanoTime() - begin : steps) / (double) length;
    }
}
