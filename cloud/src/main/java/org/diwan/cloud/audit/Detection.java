package org.diwan.cloud.audit;

/// What a clean sample proves about the answers that were not drawn: the hypergeometric distribution.
final class Detection {
    private Detection() {}

    /// The probability that a sample of `drawn` of `answers` holds at least one of `forged`:
    /// 1 - C(answers - forged, drawn) / C(answers, drawn).
    static double probability(long answers, long forged, long drawn) {
        if (drawn > answers || forged > answers) throw new IllegalArgumentException("more than all");
        double missed = 1;
        // The product over whichever is shorter: drawing and forging play the same part.
        long steps = Math.min(drawn, forged);
        long other = Math.max(drawn, forged);
        for (long i = 0; i < steps && missed > 0; i++) {
            missed *= (double) Math.max(0, answers - other - i) / (answers - i);
        }
        return 1 - missed;
    }

    /// The most answers that can be forged if a sample without a finding had at least the probability
    /// `confidence` to have found one: an upper confidence bound.
    static long bound(long answers, long drawn, double confidence) {
        long low = 0;
        long high = answers;
        while (low < high) {
            long middle = (low + high) / 2;
            if (probability(answers, middle, drawn) >= confidence) high = middle;
            else low = middle + 1;
        }
        // `low` is the least number that would have been caught; one fewer might not have been.
        return probability(answers, low, drawn) >= confidence ? Math.max(0, low - 1) : answers;
    }
}
