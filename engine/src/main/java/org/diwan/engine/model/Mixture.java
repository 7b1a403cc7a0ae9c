package org.diwan.engine.model;

import java.util.List;
import org.diwan.engine.kernel.Silu;
import org.diwan.engine.kernel.Softmax;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.tensor.Matrix;

/// A feed-forward layer of many experts, of which a router chooses a few for each token (Shazeer et
/// al. 2017, "Outrageously Large Neural Networks", §2; probabilities over all experts, then those of
/// the chosen made to sum to 1, as in Qwen3).
///
/// One expert after the other computes all rows that chose it. So a row adds its experts in the order
/// of their index, whatever other rows there are; of equal probabilities the lower index wins.
/// Memory of one [Batch], used by its thread.
final class Mixture {
    private final int experts;
    private final int used;
    private final int hidden;
    private final int width;
    private final float[] shares;
    private final int[] members;
    private final float[] input;
    private final float[] output;

    Mixture(Family.Qwen3Moe family, int hidden, int width, int maxRows) {
        this.experts = family.experts();
        this.used = family.used();
        this.hidden = hidden;
        this.width = width;
        shares = new float[Math.multiplyExact(maxRows, experts)];
        members = new int[maxRows];
        input = new float[Math.multiplyExact(maxRows, hidden)];
        output = new float[input.length];
    }

    /// residual ← residual + Σ share · expert(normed), for every row of `b`, whose gate and up are
    /// overwritten.
    void add(Batch b, int rows, Matrix router, List<Weights.Gated> weights, Workers workers) {
        router.multiply(b.normed, rows, shares, workers);
        for (int row = 0; row < rows; row++) choose(row * experts);
        for (int expert = 0; expert < experts; expert++) {
            int count = gather(expert, rows, b.normed);
            if (count > 0) add(expert, count, weights.get(expert), b, workers);
        }
    }

    /// Turns the logits of one row into shares: those of the chosen sum to 1, the others are 0.
    private void choose(int first) {
        Softmax.inPlace(shares, first, experts);
        float[] kept = new float[experts];
        float sum = 0;
        for (int rank = 0; rank < used; rank++) {
            int best = 0;
            for (int i = 1; i < experts; i++) {
                if (shares[first + i] > shares[first + best]) best = i;
            }
            kept[best] = shares[first + best];
            sum += kept[best];
            shares[first + best] = Float.NEGATIVE_INFINITY;
        }
        for (int i = 0; i < experts; i++) shares[first + i] = kept[i] / sum;
    }

    /// Copies the rows that chose `expert` to the front of input; how many they are. A share that is not
    /// a number is no 0: what is damaged stays visible.
    private int gather(int expert, int rows, float[] normed) {
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if (shares[row * experts + expert] != 0) {
                System.arraycopy(normed, row * hidden, input, count * hidden, hidden);
                members[count++] = row;
            }
        }
        return count;
    }

    private void add(int expert, int count, Weights.Gated weights, Batch b, Workers workers) {
        weights.gate().multiply(input, count, b.gate, workers);
        weights.up().multiply(input, count, b.up, workers);
        workers.run(count, i -> Silu.gate(b.gate, b.up, i * width, width));
        weights.down().multiply(b.gate, count, output, workers);
        for (int i = 0; i < count; i++) {
            float share = shares[members[i] * experts + expert];
            int to = members[i] * hidden;
            for (int k = 0; k < hidden; k++) {
                b.residual[to + k] = Math.fma(share, output[i * hidden + k], b.residual[to + k]);
            }
        }
    }
}
