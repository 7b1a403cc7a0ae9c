package org.diwan.engine.generate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Model;

/// How a token that somebody else sampled stands in a model's own distribution: for answers whose maker
/// computes in another order, so that bits cannot be compared.
///
/// @param logProbability of the token, in nats
/// @param entropy of the distribution: minus the mean of the log probability, were the token drawn from it
/// @param variance of the log probability, were the token drawn from it
/// @param gap by which the token's logit is below the largest, 0 for the most likely token
/// @param best the most likely token
/// @param rounded log probability that the token is the most likely one once noise is on every logit, for noise
///     as wide as each of [#WIDTHS] times [#rounding]
public record TokenScore(
        double logProbability, double entropy, double variance, double gap, int best, List<Double> rounded) {
    /// Widths of noise that a token is scored under.
    public static final List<Integer> WIDTHS = List.of(1, 2, 4, 8);

    /// Noise of honest arithmetic, in logits: twice what was measured where answers of F16 weights, of other
    /// kernels and of llama.cpp were scored under Q8_0 weights (docs/PERFORMANCE.md).
    private static final double ROUNDING = 0.02;

    /// The same, as a share of the largest logit: twice what computing in bfloat16 throughout was measured to do.
    private static final double RELATIVE_ROUNDING = 0.003;

    /// Below so many widths of noise under the largest, a logit adds nothing.
    private static final double NEGLIGIBLE = 30;

    public TokenScore {
        rounded = List.copyOf(rounded);
    }

    /// Scores every token of `answer`, each after the true ones before it (teacher forcing).
    ///
    /// @param temperature that logits are divided by; above 0
    /// @throws IllegalArgumentException when the two do not fit the context, or the prompt is empty
    public static List<TokenScore> of(Model model, KvType cache, int[] prompt, int[] answer, float temperature) {
        return new ForcedReading(model, cache, prompt, answer.length).scores(answer, 0, temperature);
    }

    /// The width of the noise that honest arithmetic leaves on logits of which the largest is `max`.
    ///
    /// The noise is Gumbel's, under which the largest logit is drawn from a softmax of that temperature
    /// (Maddison et al. 2014, A* Sampling, §2): its tails are heavier than those of a sum of roundings.
    static double rounding(double max) {
        return Math.max(ROUNDING, RELATIVE_ROUNDING * Math.abs(max));
    }

    /// In double precision and with StrictMath: the same number everywhere.
    static TokenScore of(float[] logits, int offset, int count, int token, float temperature) {
        int best = 0;
        for (int i = 1; i < count; i++) if (logits[offset + i] > logits[offset + best]) best = i;
        double max = logits[offset + best];
        double rounding = rounding(max);
        double sum = 0;
        double first = 0;
        double second = 0;
        double[] sums = new double[WIDTHS.size()];
        for (int i = offset; i < offset + count; i++) {
            double below = max - logits[i];
            double x = -below / temperature;
            double e = StrictMath.exp(x);
            for (int k = 0; k < sums.length; k++) {
                double widths = below / (rounding * WIDTHS.get(k));
                if (widths < NEGLIGIBLE) sums[k] += StrictMath.exp(-widths);
            }
            if (e == 0) continue;
            sum += e;
            first += e * x;
            second += e * x * x;
        }
        double mean = first / sum;
        double logSum = StrictMath.log(sum);
        double gap = max - logits[offset + token];
        Arrays.setAll(sums, k -> -gap / (rounding * WIDTHS.get(k)) - StrictMath.log(sums[k]));
        return new TokenScore(
                -gap / temperature - logSum,
                logSum - mean,
                Math.max(0, second / sum - mean * mean),
                gap,
                best,
                DoubleStream.of(sums).boxed().toList());
    }
}
