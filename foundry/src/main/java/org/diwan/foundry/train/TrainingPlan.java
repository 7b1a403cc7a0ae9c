package org.diwan.foundry.train;

/// How a model is trained: derived from its shape and the tokens to spend.
///
/// The learning rate rises over the first steps, stays, and falls in a straight line to nothing over
/// the last [#COOL_DOWN] of the run (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395, §4).
/// Until the fall begins, nothing depends on where the run will end: one that is stopped may go on
/// with a larger or smaller budget.
///
/// @param tokens to train on in all
/// @param batchTokens of one step, a multiple of `workers × microBatch × context`
/// @param microBatch sequences that one worker carries through the network at once
/// @param workers threads, each with a part of every batch
/// @param rate highest learning rate of the embedding and the norms; [Muon] has its own
public record TrainingPlan(long tokens, int batchTokens, int microBatch, int workers, double rate, long seed) {
    /// Share of the run in which the rate falls.
    public static final double COOL_DOWN = 0.45;

    /// Steps in which the rate rises.
    public static final int WARM_UP_STEPS = 40;

    /// Longest gradient of a step (Pascanu et al. 2013, arXiv:1211.5063).
    public static final double MAX_GRADIENT_NORM = 1.0;

    /// Tokens of one pass through the network: with more, the activations leave the cache (measured:
    /// 3,300 tokens/s at 1,024 and 1,340 at 2,048 with a busy second core; depth 6, one thread).
    private static final int PASS_TOKENS = 1024;

    private static final int WORKERS = 2;

    public TrainingPlan {
        if (tokens < 1 || microBatch < 1 || workers < 1 || batchTokens < 1 || !(rate > 0))
            throw new IllegalArgumentException("a training plan needs positive numbers");
    }

    /// A plan for `shape`: batches of about 4,096 tokens, the rate falling with the width as in
    /// maximal-update practice (3e-3 at width 192).
    public static TrainingPlan of(ModelShape shape, long tokens, long seed) {
        int microBatch = Math.max(1, PASS_TOKENS / shape.context());
        int unit = microBatch * shape.context() * WORKERS;
        int batchTokens = Math.max(1, 4096 / unit) * unit;
        return new TrainingPlan(tokens, batchTokens, microBatch, WORKERS, 3e-3 * 192 / shape.hidden(), seed);
    }

    /// Steps in all, at least one.
    public long steps() {
        return Math.max(1, tokens / batchTokens);
    }

    /// The share of the highest learning rate at `step`, which counts from 1; in [0, 1].
    public double scale(long step) {
        double warm = Math.min(1, (double) step / WARM_UP_STEPS);
        double left = (double) (steps() - step + 1) / Math.max(1, steps() * COOL_DOWN);
        return Math.min(warm, Math.min(1, left));
    }
}
