package org.diwan.engine.kernel;

/// How a layer attends, apart from the numbers it learned.
///
/// @param scale multiplies every score q·k; the usual one is [#scale(int)]
/// @param window positions that a query sees, its own included: those after `position - window`;
///     [#EVERYTHING] for all before it (sliding windows: Beltagy et al. 2020, "Longformer", §3.1)
/// @param softCap scaled scores s become softCap · tanh(s / softCap), so that none exceeds it; 0 for
///     scores as they are (Gemma Team 2024, "Gemma 2", §2)
public record AttentionRule(float scale, int window, float softCap) {
    /// The window of a layer without one.
    public static final int EVERYTHING = Integer.MAX_VALUE;

    public AttentionRule {
        if (!(Math.abs(scale) <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("illegal scale: " + scale + ", must be finite");
        }
        if (window < 1) throw new IllegalArgumentException("illegal window: " + window + ", must be at least 1");
        if (!(softCap >= 0 && softCap <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("illegal soft cap: " + softCap + ", must be finite, 0 for none");
        }
    }

    /// Attention to every position before, scores times 1/√headSize, no cap.
    public static AttentionRule full(int headSize) {
        return new AttentionRule(scale(headSize), EVERYTHING, 0);
    }

    /// 1/√headSize (Vaswani et al. 2017, §3.2.1).
    public static float scale(int headSize) {
        return (float) (1 / Math.sqrt(headSize));
    }

    /// The first position that a query at `position` sees.
    public int first(int position) {
        return position < window ? 0 : position - window + 1;
    }
}
