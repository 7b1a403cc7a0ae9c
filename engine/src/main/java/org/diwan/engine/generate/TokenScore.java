package org.diwan.engine.generate;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;

/// How a token that somebody else sampled stands in a model's own distribution: for answers whose maker
/// computes in another order, so that bits cannot be compared.
///
/// @param logProbability of the token, in nats
/// @param entropy of the distribution: minus the mean of the log probability, were the token drawn from it
/// @param variance of the log probability, were the token drawn from it
/// @param gap by which the token's logit is below the largest, 0 for the most likely token
public record TokenScore(double logProbability, double entropy, double variance, double gap) {
    /// Rows of a step.
    private static final int STEP_ROWS = 128;

    /// Scores every token of `answer`, each after the true ones before it (teacher forcing).
    ///
    /// @param temperature that logits are divided by; above 0
    /// @throws IllegalArgumentException when the two do not fit the context, or the prompt is empty
    public static List<TokenScore> of(Model model, KvType cache, int[] prompt, int[] answer, float temperature) {
        int length = prompt.length + answer.length;
        if (prompt.length == 0 || length > model.contextLength())
            throw new IllegalArgumentException(prompt.length + " tokens and an answer of " + answer.length
                    + ", must be 1 to " + model.contextLength() + " together");
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature " + temperature + ", must be above 0");
        var sequence = model.pool(cache, Math.ceilDiv(length, Page.POSITIONS)).sequence();
        var batch = model.batch(STEP_ROWS, STEP_ROWS);
        var scores = new ArrayList<TokenScore>(answer.length);
        for (int from = 0; from < length - 1; from += STEP_ROWS) {
            batch.clear();
            int outputs = 0;
            for (int i = from; i < Math.min(length - 1, from + STEP_ROWS); i++) {
                boolean wanted = i >= prompt.length - 1;
                batch.add(sequence, i < prompt.length ? prompt[i] : answer[i - prompt.length], wanted);
                if (wanted) outputs++;
            }
            model.forward(batch);
            for (int i = 0; i < outputs; i++) {
                int token = answer[scores.size()];
                scores.add(of(batch.logits(), i * model.vocabularySize(), model.vocabularySize(), token, temperature));
            }
        }
        return scores;
    }

    /// In double precision and with StrictMath: the same number everywhere.
    static TokenScore of(float[] logits, int offset, int count, int token, float temperature) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + count; i++) max = Math.max(max, logits[i]);
        double sum = 0;
        double first = 0;
        double second = 0;
        for (int i = offset; i < offset + count; i++) {
            double x = (logits[i] - max) / temperature;
            double e = StrictMath.exp(x);
            if (e == 0) continue;
            sum += e;
            first += e * x;
            second += e * x * x;
        }
        double mean = first / sum;
        double logSum = StrictMath.log(sum);
        double gap = max - logits[offset + token];
        return new TokenScore(-gap / temperature - logSum, logSum - mean, Math.max(0, second / sum - mean * mean), gap);
    }
}
