package org.diwan.foundry.train;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Says how surprised a trained model is by a text.
public final class Scorer {
    private static final int WINDOWS_AT_ONCE = 2;

    private final ModelShape shape;
    private final Network network;

    public Scorer(Checkpoint checkpoint) {
        torch.set_num_threads(1); // for the same reason as the trainer's workers
        shape = checkpoint.shape();
        var parameters = Parameters.random(shape, 0, 0);
        parameters.set(checkpoint.weights());
        network = new Network(shape, parameters);
    }

    /// The sum of −ln p over `tokens`, in nats: the first given `start`, each other given up to a
    /// context, and at least half a context, of what comes before it. Windows half a context apart
    /// give it that.
    public double nats(int start, int[] tokens) {
        int context = shape.context();
        int stride = context / 2;
        double nats = 0;
        int from = 0;
        int scored = 0;
        while (scored < tokens.length) {
            long[] inputs = new long[WINDOWS_AT_ONCE * context];
            long[] targets = new long[WINDOWS_AT_ONCE * context];
            boolean[] counts = new boolean[WINDOWS_AT_ONCE * context];
            for (int w = 0; w < WINDOWS_AT_ONCE; w++, from += stride) {
                for (int i = 0; i < context && from + i < tokens.length; i++) {
                    inputs[w * context + i] = from + i == 0 ? start : tokens[from + i - 1];
                    targets[w * context + i] = tokens[from + i];
                    counts[w * context + i] = from + i >= scored;
                }
                scored = Math.max(scored, Math.min(tokens.length, from + context));
            }
            float[] each = each(inputs, targets);
            for (int i = 0; i < each.length; i++) if (counts[i]) nats += each[i];
        }
        return nats;
    }

    private float[] each(long[] inputs, long[] targets) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor tokens = Tensors.of(inputs, WINDOWS_AT_ONCE, shape.context());
            Tensor index = Tensors.of(targets, targets.length, 1);
            Tensor logs = torch.log_softmax(network.logits(tokens), 1);
            return Tensors.floats(logs.gather(1, index).neg());
        }
    }

    /// Raw logits `[tokens.length, vocabulary]` after each of `tokens`, at most a context of them.
    public float[] logits(int[] tokens) {
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return Tensors.floats(network.logits(Tensors.of(ids, 1, ids.length)));
        }
    }
}
