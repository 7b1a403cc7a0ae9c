package org.diwan.engine.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.engine.kernel.Exp;
import org.diwan.engine.kernel.Softmax;
import org.jspecify.annotations.Nullable;

/// Chooses the tokens of one sequence as its [Sampling] says. Owned by the engine's thread.
///
/// Every filter comes down to one number, the cutoff: the key of the last token (in the order of
/// [Ranking]) that may still be drawn. The draw then walks the survivors by id, so that how they
/// were found cannot matter.
final class Sampler {
    private final Sampling sampling;
    private final int vocabulary;
    private final Map<Integer, Integer> seen = new LinkedHashMap<>();
    private final float[] adjusted;
    private final float[] weights;
    private final @Nullable Ranking ranking;
    private final @Nullable TokenConstraint constraint;
    private final long[] allowed;

    Sampler(Sampling sampling, int vocabulary, int[] prompt, @Nullable TokenConstraint constraint) {
        this.sampling = sampling;
        this.vocabulary = vocabulary;
        this.constraint = constraint;
        this.allowed = new long[constraint == null ? 0 : (vocabulary + 63) >> 6];
        boolean draws = sampling.temperature() > 0;
        boolean ranks = sampling.topLogprobs() > 0 || (draws && (sampling.topK() > 0 || sampling.topP() < 1));
        this.adjusted = new float[sampling.adjusts() || constraint != null ? vocabulary : 0];
        this.weights = new float[draws ? vocabulary : 0];
        this.ranking = ranks ? new Ranking(vocabulary) : null;
        if (sampling.repetitionPenalty() != 1) for (int id : prompt) seen.put(id, 0);
    }

    /// The token for `position` (its place in the sequence) given the logits that lie from
    /// `logits[offset]`, which stay unchanged.
    ///
    /// @throws EngineFailure when the logits are not all numbers, or the constraint allows no token
    SampledToken next(float[] logits, int offset, long position, TraceChain trace) {
        float logSumExp = Softmax.logSumExp(logits, offset, vocabulary);
        if (!Float.isFinite(logSumExp)) {
            throw new EngineFailure("the model computed logits that are no numbers at position " + position
                    + "; its weights are damaged");
        }
        var alternatives = alternatives(logits, offset);
        int id = constraint == null
                ? choose(logits, offset, position)
                : chooseAllowed(constraint, logits, offset, position);
        if (sampling.adjusts()) seen.merge(id, 1, Integer::sum);
        float logit = logits[offset + id];
        return new SampledToken(id, logit, logSumExp, trace.append(id, logit, logSumExp), alternatives);
    }

    private List<Alternative> alternatives(float[] logits, int offset) {
        if (sampling.topLogprobs() == 0 || ranking == null) return List.of();
        ranking.rank(logits, offset);
        var alternatives = new ArrayList<Alternative>(sampling.topLogprobs());
        for (long key : ranking.leading(Math.min(sampling.topLogprobs(), vocabulary))) {
            int id = Ranking.id(key);
            alternatives.add(new Alternative(id, logits[offset + id]));
        }
        return alternatives;
    }

    private int choose(float[] logits, int offset, long position) {
        if (!sampling.adjusts()) return chooseFrom(logits, offset, position);
        System.arraycopy(logits, offset, adjusted, 0, vocabulary);
        adjust();
        return chooseFrom(adjusted, 0, position);
    }

    /// As `choose`, after every token that the constraint forbids has lost its logit: top-k, top-p and
    /// min-p see the allowed ones only. The numbers told and traced stay the model's own.
    private int chooseAllowed(TokenConstraint constraint, float[] logits, int offset, long position) {
        try {
            constraint.mask(allowed);
            System.arraycopy(logits, offset, adjusted, 0, vocabulary);
            adjust();
            for (int id = 0; id < vocabulary; id++) if (!allows(id)) adjusted[id] = Float.NEGATIVE_INFINITY;
            int id = chooseFrom(adjusted, 0, position);
            // With no finite logit left, the first of all tokens would be taken.
            if (!allows(id)) throw new EngineFailure("the constraint allows no token at position " + position);
            constraint.accept(id);
            return id;
        } catch (IllegalStateException e) {
            throw new EngineFailure("the constraint failed at position " + position + ": " + e.getMessage(), e);
        }
    }

    private boolean allows(int id) {
        return (allowed[id >> 6] >> (id & 63) & 1) != 0;
    }

    private void adjust() {
        sampling.logitBias().forEach((id, bias) -> adjusted[id] += bias);
        float repetition = sampling.repetitionPenalty();
        seen.forEach((id, count) -> {
            float logit = adjusted[id];
            logit = logit > 0 ? logit / repetition : logit * repetition;
            if (count > 0) logit -= count * sampling.frequencyPenalty() + sampling.presencePenalty();
            adjusted[id] = logit;
        });
    }

    private int chooseFrom(float[] logits, int offset, long position) {
        int first = Ranking.first(logits, offset, vocabulary);
        if (sampling.temperature() == 0) return first;
        float max = logits[offset + first];
        float least = max + (float) StrictMath.log(sampling.minP());
        long cutoff = cutoff(logits, offset, max);
        double total = 0;
        for (int id = 0; id < vocabulary; id++) {
            float logit = logits[offset + id];
            boolean stays = logit >= least && Ranking.key(logit, id) >= cutoff;
            weights[id] = stays ? Exp.exp((logit - max) / sampling.temperature()) : 0;
            total += weights[id];
        }
        return draw(first, total * Philox.uniform(sampling.seed(), position));
    }

    /// The token in whose share of the total weight `target` falls.
    private int draw(int first, double target) {
        int last = first;
        double sum = 0;
        for (int id = 0; id < vocabulary; id++) {
            if (weights[id] == 0) continue;
            sum += weights[id];
            last = id;
            if (sum > target) break;
        }
        return last;
    }

    /// The key of the last token that top-k and top-p leave; overwrites `weights`.
    private long cutoff(float[] logits, int offset, float max) {
        boolean limited = sampling.topK() > 0 && sampling.topK() < vocabulary;
        if (ranking == null || (!limited && sampling.topP() == 1)) return Long.MIN_VALUE;
        ranking.rank(logits, offset);
        long cutoff = limited ? ranking.kth(sampling.topK()) : Long.MIN_VALUE;
        if (sampling.topP() == 1) return cutoff;
        double total = 0;
        for (int id = 0; id < vocabulary; id++) {
            float logit = logits[offset + id];
            weights[id] = Ranking.key(logit, id) >= cutoff ? Exp.exp(logit - max) : 0;
            total += weights[id];
        }
        return ranking.reaching(weights, sampling.topP() * total);
    }
}
