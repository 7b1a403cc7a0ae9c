package org.diwan.engine.generate;

import java.util.Arrays;

/// Orders the tokens of a row of logits: the larger logit first, among equals the smaller id. A
/// token's place is a `long` key, larger is earlier, no two tokens have the same; so any selection
/// by keys has one result, however it is found.
final class Ranking {
    private static final int DIGIT_BITS = 16;

    private final long[] keys;
    private final int[] histogram = new int[1 << DIGIT_BITS];
    private final double[] mass = new double[1 << DIGIT_BITS];

    Ranking(int vocabulary) {
        keys = new long[vocabulary];
    }

    /// The key of a token. Zeros of both signs are equal; NaN is last.
    static long key(float logit, int id) {
        int bits = Float.floatToIntBits(logit + 0f);
        int order = Float.isNaN(logit) ? Integer.MIN_VALUE : bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) order << 32 | (0xffff_ffffL - id);
    }

    static int id(long key) {
        return (int) (0xffff_ffffL - (key & 0xffff_ffffL));
    }

    /// The id of the first token.
    static int first(float[] logits, int offset, int vocabulary) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < vocabulary; id++) {
            if (logits[offset + id] > most) {
                most = logits[offset + id];
                best = id;
            }
        }
        return best;
    }

    /// Reads a row: afterwards [#kth(int)] and [#leading(int)] speak of it.
    void rank(float[] logits, int offset) {
        for (int id = 0; id < keys.length; id++) keys[id] = key(logits[offset + id], id);
    }

    /// The key of the token with `count - 1` tokens before it, `count` in [1, vocabulary].
    ///
    /// Radix selection, 16 bits a pass: at most four passes over the keys whatever the logits are,
    /// where quickselect has inputs that take it quadratic time.
    long kth(int count) {
        assert count >= 1 && count <= keys.length : "no " + count + "th of " + keys.length;
        long prefix = 0;
        int left = count;
        for (int shift = 64 - DIGIT_BITS; ; shift -= DIGIT_BITS) {
            long known = shift == 64 - DIGIT_BITS ? 0 : -1L << (shift + DIGIT_BITS);
            Arrays.fill(histogram, 0);
            for (long key : keys) {
                long unsigned = key ^ Long.MIN_VALUE;
                if ((unsigned & known) == prefix) histogram[(int) (unsigned >>> shift) & 0xffff]++;
            }
            int digit = histogram.length - 1;
            while (histogram[digit] < left) left -= histogram[digit--];
            prefix |= (long) digit << shift;
            if (shift == 0) return prefix ^ Long.MIN_VALUE;
        }
    }

    /// The key of the token with which the sum of `weights`, in the order of the ranking, reaches
    /// `target`; that of the last token with any weight where rounding keeps the sum below it.
    ///
    /// The same radix selection by weight instead of number. Sorting would take ten times as long on
    /// a flat distribution over 128,256 tokens; the sums per digit have one order, by id.
    long reaching(float[] weights, double target) {
        long prefix = 0;
        double before = 0;
        for (int shift = 64 - DIGIT_BITS; ; shift -= DIGIT_BITS) {
            long known = shift == 64 - DIGIT_BITS ? 0 : -1L << (shift + DIGIT_BITS);
            Arrays.fill(mass, 0);
            for (int id = 0; id < keys.length; id++) {
                long unsigned = keys[id] ^ Long.MIN_VALUE;
                if ((unsigned & known) == prefix) mass[(int) (unsigned >>> shift) & 0xffff] += weights[id];
            }
            int chosen = -1;
            for (int digit = mass.length - 1; digit >= 0; digit--) {
                if (mass[digit] == 0) continue;
                if (chosen >= 0) before += mass[chosen];
                chosen = digit;
                if (before + mass[digit] >= target) break;
            }
            prefix |= (long) chosen << shift;
            if (shift == 0) return prefix ^ Long.MIN_VALUE;
        }
    }

    /// The keys of the first `count` tokens, first one first.
    long[] leading(int count) {
        long least = kth(count);
        long[] leading = new long[count];
        int found = 0;
        for (long key : keys) if (key >= least) leading[found++] = key;
        Arrays.sort(leading);
        for (int i = 0; i < count / 2; i++) {
            long swapped = leading[i];
            leading[i] = leading[count - 1 - i];
            leading[count - 1 - i] = swapped;
        }
        return leading;
    }
}
