package org.diwan.foundry.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2) over one flat vector of weights,
/// without weight decay: what it trains here, the embedding and the norms, should not shrink. Its
/// whole state is two vectors and the count of steps, which is what a checkpoint keeps.
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.95; // 0.999 is slow to follow in a run of few thousand steps
    private static final double EPS = 1e-8;

    private final Parameters.Flat flat;
    private final Tensor mean;
    private final Tensor square;

    AdamW(Parameters.Flat flat) {
        this.flat = flat;
        this.mean = torch.zeros(flat.weights().numel());
        this.square = torch.zeros(flat.weights().numel());
    }

    /// One step down the gradient scaled by `clip`, at `rate`; `step` counts from 1.
    void step(long step, double rate, double clip) {
        Tensor weights = flat.weights();
        Tensor gradient = flat.gradient().mul_(new Scalar(clip));
        mean.mul_(new Scalar(BETA1)).add_(gradient, new Scalar(1 - BETA1));
        square.mul_(new Scalar(BETA2)).addcmul_(gradient, gradient, new Scalar(1 - BETA2));
        double correction1 = 1 - Math.pow(BETA1, (double) step);
        double correction2 = 1 - Math.pow(BETA2, (double) step);
        Tensor denominator =
                square.sqrt().mul_(new Scalar(1 / Math.sqrt(correction2))).add_(new Scalar(EPS));
        weights.addcdiv_(mean, denominator, new Scalar(-rate / correction1));
    }

    Tensor mean() {
        return mean;
    }

    Tensor square() {
        return square;
    }
}
