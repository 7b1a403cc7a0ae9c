package org.diwan.datacenter.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One thing's readings of one metric: an hour as they came, two days in steps of five minutes, a month in
/// hours. A step keeps its least, mean and greatest value, so that a peak survives down-sampling. About
/// 24 kB when full; arrays grow as they fill.
///
/// Not thread-safe; its owner locks.
final class Series {
    private static final int RAW = 120;
    private static final int[] STEP_SECONDS = {300, 3600};
    private static final int[] STEPS = {576, 744};

    /// A stretch of time and what was read in it.
    ///
    /// @param second when it begins, Unix time
    record Step(long second, double min, double mean, double max, int count) {}

    private long[] seconds = new long[8];
    private double[] values = new double[8];
    private int written;

    private final Ring[] rings = {new Ring(STEP_SECONDS[0], STEPS[0]), new Ring(STEP_SECONDS[1], STEPS[1])};

    /// Takes a reading, unless it is not after the last one.
    boolean add(long second, double value) {
        if (written > 0 && second <= lastSecond()) return false;
        if (written == seconds.length && seconds.length < RAW) {
            int size = Math.min(RAW, 2 * seconds.length);
            seconds = Arrays.copyOf(seconds, size);
            values = Arrays.copyOf(values, size);
        }
        int at = written % seconds.length;
        seconds[at] = second;
        values[at] = value;
        written++;
        for (var ring : rings) ring.add(second, value);
        return true;
    }

    long lastSecond() {
        return written == 0 ? Long.MIN_VALUE : seconds[(written - 1) % seconds.length];
    }

    Optional<Double> last() {
        return written == 0 ? Optional.empty() : Optional.of(values[(written - 1) % values.length]);
    }

    /// What was read from `from` to before `to`, in the finest grain that reaches back to `from`, else the
    /// coarsest there is; in order of time.
    List<Step> between(long from, long to) {
        if (written > 0 && (written <= seconds.length || seconds[written % seconds.length] <= from))
            return raw(from, to);
        return (rings[0].reaches(from) ? rings[0] : rings[1]).between(from, to);
    }

    private List<Step> raw(long from, long to) {
        var steps = new ArrayList<Step>();
        for (int i = Math.max(0, written - seconds.length); i < written; i++) {
            long second = seconds[i % seconds.length];
            double value = values[i % seconds.length];
            if (second >= from && second < to) steps.add(new Step(second, value, value, value, 1));
        }
        return steps;
    }

    /// The last steps of one length.
    private static final class Ring {
        private final int length;
        private final int most;
        private long[] starts = new long[4];
        private float[] mins = new float[4];
        private float[] maxes = new float[4];
        private double[] sums = new double[4];
        private int[] counts = new int[4];
        private int written;

        Ring(int length, int most) {
            this.length = length;
            this.most = most;
        }

        void add(long second, double value) {
            long start = Math.floorDiv(second, length) * length;
            if (written == 0 || starts[(written - 1) % starts.length] != start) open(start, value);
            int at = (written - 1) % starts.length;
            mins[at] = (float) Math.min(mins[at], value);
            maxes[at] = (float) Math.max(maxes[at], value);
            sums[at] += value;
            counts[at]++;
        }

        private void open(long start, double value) {
            if (written == starts.length && written < most) {
                int size = Math.min(most, 2 * starts.length);
                starts = Arrays.copyOf(starts, size);
                mins = Arrays.copyOf(mins, size);
                maxes = Arrays.copyOf(maxes, size);
                sums = Arrays.copyOf(sums, size);
                counts = Arrays.copyOf(counts, size);
            }
            int at = written % starts.length;
            starts[at] = start;
            mins[at] = (float) value;
            maxes[at] = (float) value;
            sums[at] = 0;
            counts[at] = 0;
            written++;
        }

        boolean reaches(long from) {
            return written <= starts.length || starts[written % starts.length] <= from;
        }

        List<Step> between(long from, long to) {
            var steps = new ArrayList<Step>();
            for (int i = Math.max(0, written - starts.length); i < written; i++) {
                int at = i % starts.length;
                if (starts[at] + length > from && starts[at] < to)
                    steps.add(new Step(starts[at], mins[at], sums[at] / counts[at], maxes[at], counts[at]));
            }
            return steps;
        }
    }
}
