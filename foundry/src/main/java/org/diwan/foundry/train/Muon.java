package org.diwan.foundry.train;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Muon (Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"): momentum whose
/// step is made orthogonal, matrix by matrix, so that all directions of a matrix learn at one speed
/// and not only the few that dominate its gradient. It needs fewer tokens than AdamW, which counts
/// where tokens are what one lacks; its state is one vector.
///
/// Orthogonal means: for the step U S Vᵀ (singular value decomposition), U Vᵀ is walked instead,
/// nearly, by five Newton–Schulz iterations X ← aX + (bA + cA²)X with A = X Xᵀ, whose coefficients
/// are chosen to bring all singular values quickly into about [0.7, 1.2].
final class Muon {
    private static final double MOMENTUM = 0.95;
    private static final double RATE = 0.02; // a step of 1 is a whole orthogonal matrix
    private static final double DECAY = 0.01;
    private static final double A = 3.4445;
    private static final double B = -4.7750;
    private static final double C = 2.0315;
    private static final int ITERATIONS = 5;

    private final Parameters.Flat flat;
    private final List<Parameters.Slot> slots;
    private final Tensor momentum;

    /// Trains the block matrices of `parameters`.
    Muon(Parameters parameters) {
        flat = parameters.blocks();
        slots = parameters.slots().stream().filter(Parameters.Slot::inBlocks).toList();
        momentum = torch.zeros(flat.weights().numel());
    }

    /// One step at `scale`, in [0, 1], of the full rate.
    void step(double scale) {
        double rate = RATE * scale;
        momentum.lerp_(flat.gradient(), new Scalar(1 - MOMENTUM));
        Tensor ahead = flat.gradient().lerp(momentum, new Scalar(MOMENTUM)); // Nesterov
        flat.weights().mul_(new Scalar(1 - rate * DECAY));
        for (var slot : slots) {
            double stretch = Math.sqrt(Math.max(1.0, (double) slot.rows() / slot.columns()));
            Tensor step = orthogonal(Parameters.slice(ahead, slot));
            Parameters.slice(flat.weights(), slot).add_(step, new Scalar(-rate * stretch));
        }
    }

    /// Nearly the closest matrix to `x` with orthogonal rows or columns.
    static Tensor orthogonal(Tensor x) {
        boolean tall = x.size(0) > x.size(1);
        if (tall) x = x.t(); // the products below are of the shorter side
        x = x.div(x.norm().add(new Scalar(1e-7)));
        for (int i = 0; i < ITERATIONS; i++) {
            Tensor a = torch.mm(x, x.t());
            Tensor b = a.mul(new Scalar(B)).add(torch.mm(a, a), new Scalar(C));
            x = x.mul(new Scalar(A)).add(torch.mm(b, x));
        }
        return tall ? x.t() : x;
    }

    Tensor momentum() {
        return momentum;
    }
}
