package org.diwan.foundry.evaluate;

/// An n-gram model with interpolated Kneser–Ney smoothing (Chen and Goodman 1998, §2.7): the best
/// that counting did before neural networks, here the baseline that a trained network must beat.
///
/// The highest order counts how often an n-gram came; every lower order counts after how many
/// different words its n-gram came. With h′ = h without its first word, c the count of the order,
/// and `·` summing over words:
///
/// p(w | h) = max(c(h w) − D, 0) / c(h ·) + D · N(h ·) / c(h ·) · p(w | h′)
///
/// where N(h ·) is the number of different words after h, D = n₁ / (n₁ + 2 n₂) from the n-grams of
/// this order counted once and twice, and p of no history at all is 1 / vocabulary.
final class KneserNey {
    private final int order;
    private final int vocabulary;
    private final CountTable[] grams;
    private final CountTable[] totals;
    private final CountTable[] distinct;
    private double[] discounts = {};

    /// An empty model of n-grams up to `order` words over tokens `[0, vocabulary)`.
    KneserNey(int order, int vocabulary) {
        this.order = order;
        this.vocabulary = vocabulary;
        grams = tables(order);
        totals = tables(order);
        distinct = tables(order);
    }

    private static CountTable[] tables(int count) {
        var tables = new CountTable[count];
        for (int i = 0; i < count; i++) tables[i] = new CountTable();
        return tables;
    }

    /// Learns all n-grams that lie whole within `tokens`.
    void learn(int[] tokens) {
        for (int end = order; end <= tokens.length; end++) {
            for (int n = order; n >= 1; n--) {
                long history = hash(tokens, end - n, end - 1);
                int before = grams[n - 1].increment(hash(tokens, end - n, end));
                totals[n - 1].increment(history);
                if (before == 0) distinct[n - 1].increment(history);
                // A lower order counts different words before it: only a new n-gram brings one.
                if (before > 0) break;
            }
        }
        discounts = new double[0];
    }

    /// The probability of `tokens[at]` after what comes before it in `tokens`.
    double probability(int[] tokens, int at) {
        if (discounts.length == 0) discounts = discounts();
        double p = 1.0 / vocabulary;
        for (int n = 1; n <= Math.min(order, at + 1); n++) {
            long history = hash(tokens, at - n + 1, at);
            double total = totals[n - 1].get(history);
            if (total == 0) break; // a longer history is as unknown
            double discount = discounts[n - 1];
            double count = grams[n - 1].get(hash(tokens, at - n + 1, at + 1));
            p = Math.max(count - discount, 0) / total + discount * distinct[n - 1].get(history) / total * p;
        }
        return p;
    }

    private double[] discounts() {
        var result = new double[order];
        for (int n = 0; n < order; n++) {
            double once = grams[n].having(1);
            double twice = grams[n].having(2);
            // Without n-grams of count 1 or 2 the estimate is 0/0 or 0: half a count, then.
            result[n] = once > 0 ? once / (once + 2 * twice) : 0.5;
        }
        return result;
    }

    private static long hash(int[] tokens, int from, int to) {
        long hash = (long) to - from;
        for (int i = from; i < to; i++) {
            // SplitMix64's finaliser (Steele et al. 2014), token by token.
            hash = (hash ^ tokens[i]) * 0xBF58476D1CE4E5B9L + 0x9E3779B97F4A7C15L;
            hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
            hash ^= hash >>> 31;
        }
        return hash;
    }
}
