package org.diwan.foundry.train;

/// The sizes of a `qwen3`-shaped decoder. One dial, `depth`, gives the rest, as in nanochat's
/// `--depth`: width grows with depth, heads are 64 wide, the feed-forward is 8/3 of the width.
///
/// @param layers transformer blocks
/// @param hidden width of the residual stream; a multiple of 32, so that every row of every weight
///     is whole Q8_0 blocks
/// @param heads attention heads (keys and values have as many: at this size the cache is no burden)
/// @param headSize width of one head
/// @param feedForward inner width of SwiGLU; a multiple of 32
/// @param vocabulary tokens, special ones included
/// @param context longest sequence seen in training
public record ModelShape(
        int layers, int hidden, int heads, int headSize, int feedForward, int vocabulary, int context) {
    /// Base of the rotary angles; 10,000 as in RoFormer (arXiv:2104.09864, §3.3) suits short contexts.
    public static final float ROPE_BASE = 10_000f;

    /// Added to the mean square in every RMSNorm, as in Qwen3.
    public static final float EPSILON = 1e-6f;

    private static final int BLOCK = 32;

    public ModelShape {
        if (layers < 1 || heads < 1 || context < 2 || vocabulary < 1)
            throw new IllegalArgumentException("layers, heads, vocabulary ≥ 1 and context ≥ 2, not " + layers + ", "
                    + heads + ", " + vocabulary + ", " + context);
        if (hidden % BLOCK != 0 || feedForward % BLOCK != 0 || headSize % 2 != 0)
            throw new IllegalArgumentException("hidden " + hidden + " and feedForward " + feedForward
                    + " must be multiples of " + BLOCK + ", headSize " + headSize + " even");
    }

    /// The shape that `depth` stands for, 2 ≤ depth ≤ 32: depth 6 is 192 wide with 3 heads.
    public static ModelShape ofDepth(int depth, int vocabulary, int context) {
        if (depth < 2 || depth > 32) throw new IllegalArgumentException("depth " + depth + " is not in [2, 32]");
        int hidden = 32 * depth;
        int feedForward = (hidden * 8 / 3 + BLOCK - 1) / BLOCK * BLOCK;
        int heads = Math.max(1, hidden / 64);
        return new ModelShape(depth, hidden, heads, 64, feedForward, vocabulary, context);
    }

    /// Width of all heads together.
    public int attention() {
        return heads * headSize;
    }

    /// Weights in matrices of the blocks, without embedding and norms: what the arithmetic is spent on.
    public long matrixParameters() {
        return (long) layers * (4L * hidden * attention() + 3L * hidden * feedForward);
    }
}
