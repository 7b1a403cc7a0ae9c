package org.diwan.engine.kernel;

/// Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of one query over the positions before it.
///
/// Order: a score is a sequential chain over the head's elements, times 1/√headSize; the softmax sums
/// as [Softmax]; an output element is a sequential chain over positions. So the result for a position
/// is the same whether it was computed alone or in a prompt of a thousand.
public final class Attention {
    private Attention() {}

    /// out = softmax(q·K / √headSize)·V for every query head of one key-value head.
    ///
    /// @param query [heads, headSize] from `queryOffset`
    /// @param heads query heads, a multiple of the key-value heads; head h reads
    ///     key-value head h / (heads / kvHeads)
    /// @param kvHead the key-value head whose query heads are computed
    /// @param positions how many positions are attended to: 0 … positions - 1, at least one
    /// @param out [heads, headSize] from `outOffset`
    public static void attend(
            float[] query,
            int queryOffset,
            int heads,
            KeyValues cache,
            int kvHead,
            int positions,
            float[] out,
            int outOffset) {
        int group = heads / cache.kvHeads;
        float[] scores = new float[(positions + KeyValues.PAGE - 1) / KeyValues.PAGE * KeyValues.PAGE];
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            int at = head * cache.headSize;
            scoresScalar(query, queryOffset + at, cache, kvHead, scores);
            Softmax.inPlace(scores, 0, positions);
            weighScalar(scores, positions, cache, kvHead, out, outOffset + at);
        }
    }

    /// Scores of whole pages; those past the last position are never read.
    static void scoresScalar(float[] query, int offset, KeyValues cache, int kvHead, float[] scores) {
        int size = cache.headSize;
        float scale = (float) (1 / Math.sqrt(size));
        for (int position = 0; position < scores.length; position++) {
            float[] keys = cache.keys[position / KeyValues.PAGE];
            int at = kvHead * size * KeyValues.PAGE + position % KeyValues.PAGE;
            float sum = 0;
            for (int i = 0; i < size; i++) {
                sum = Math.fma(query[offset + i], keys[at + i * KeyValues.PAGE], sum);
            }
            scores[position] = sum * scale;
        }
    }

    static void weighScalar(float[] weights, int positions, KeyValues cache, int kvHead, float[] out, int outOffset) {
        int size = cache.headSize;
        for (int i = 0; i < size; i++) {
            float sum = 0;
            for (int position = 0; position < positions; position++) {
                float[] values = cache.values[position / KeyValues.PAGE];
                int at = (kvHead * KeyValues.PAGE + position % KeyValues.PAGE) * size + i;
                sum = Math.fma(weights[position], values[at], sum);
            }
            out[outOffset + i] = sum;
        }
    }
}
