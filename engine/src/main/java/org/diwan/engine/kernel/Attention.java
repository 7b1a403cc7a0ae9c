package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of one query over the positions before it.
///
/// Order: a score is a sequential chain over the head's elements, times the scale, then capped if the
/// layer caps; the softmax sums as [Softmax], counted from the first position seen; an output element
/// is a sequential chain over positions. So the result for a position is the same whether it was
/// computed alone or in a prompt of a thousand.
public final class Attention {
    private Attention() {}

    /// out = softmax(scale · q·K)·V for every query head of one key-value head, over the positions
    /// `rule.first(position)` … `position`.
    ///
    /// @param query [heads, headSize] from `queryOffset`
    /// @param heads query heads, a multiple of the key-value heads; head h reads
    ///     key-value head h / (heads / kvHeads)
    /// @param kvHead the key-value head whose query heads are computed
    /// @param position of the query; its own key and value are in `cache`
    /// @param out [heads, headSize] from `outOffset`
    public static void attend(
            float[] query,
            int queryOffset,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule,
            float[] out,
            int outOffset) {
        int group = heads / cache.kvHeads;
        int first = rule.first(position);
        int count = position + 1 - first;
        int firstPage = first / KeyValues.PAGE;
        int skipped = first % KeyValues.PAGE;
        float[] scores = new float[(position / KeyValues.PAGE - firstPage + 1) * KeyValues.PAGE];
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            int at = head * cache.headSize;
            scores(query, queryOffset + at, cache, kvHead, firstPage, rule.scale(), scores);
            if (rule.softCap() > 0) SoftCap.apply(scores, skipped, count, rule.softCap());
            Softmax.inPlace(scores, skipped, count);
            weigh(scores, skipped, count, cache, kvHead, firstPage, out, outOffset + at);
        }
    }

    /// Scores of whole pages from `firstPage`; those outside the window are never read. A lane is a
    /// position.
    ///
    /// Four pages at a time are four independent chains.
    static void scores(
            float[] query, int offset, KeyValues cache, int kvHead, int firstPage, float scale, float[] scores) {
        int pages = scores.length / KeyValues.PAGE;
        int at = kvHead * cache.headSize * KeyValues.PAGE;
        for (int lane = 0; lane < KeyValues.PAGE; lane += Lanes.COUNT) {
            int page = 0;
            for (; page + 3 < pages; page += 4) {
                fourPages(
                        query, offset, cache, firstPage + page, at + lane, scale, scores, page * KeyValues.PAGE + lane);
            }
            for (; page < pages; page++) {
                onePage(query, offset, cache, firstPage + page, at + lane, scale, scores, page * KeyValues.PAGE + lane);
            }
        }
    }

    private static void fourPages(
            float[] query, int offset, KeyValues cache, int page, int at, float scale, float[] scores, int to) {
        float[] k0 = cache.keys[page];
        float[] k1 = cache.keys[page + 1];
        float[] k2 = cache.keys[page + 2];
        float[] k3 = cache.keys[page + 3];
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < cache.headSize; i++) {
            FloatVector q = FloatVector.broadcast(Lanes.FLOATS, query[offset + i]);
            int k = at + i * KeyValues.PAGE;
            s0 = q.fma(FloatVector.fromArray(Lanes.FLOATS, k0, k), s0);
            s1 = q.fma(FloatVector.fromArray(Lanes.FLOATS, k1, k), s1);
            s2 = q.fma(FloatVector.fromArray(Lanes.FLOATS, k2, k), s2);
            s3 = q.fma(FloatVector.fromArray(Lanes.FLOATS, k3, k), s3);
        }
        s0.mul(scale).intoArray(scores, to);
        s1.mul(scale).intoArray(scores, to + KeyValues.PAGE);
        s2.mul(scale).intoArray(scores, to + 2 * KeyValues.PAGE);
        s3.mul(scale).intoArray(scores, to + 3 * KeyValues.PAGE);
    }

    private static void onePage(
            float[] query, int offset, KeyValues cache, int page, int at, float scale, float[] scores, int to) {
        float[] keys = cache.keys[page];
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < cache.headSize; i++) {
            FloatVector q = FloatVector.broadcast(Lanes.FLOATS, query[offset + i]);
            sum = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, at + i * KeyValues.PAGE), sum);
        }
        sum.mul(scale).intoArray(scores, to);
    }

    /// The sum of values times weights[skipped … skipped + count), which start with `firstPage`. A
    /// lane is an element of the head; four vectors are four chains.
    static void weigh(
            float[] weights,
            int skipped,
            int count,
            KeyValues cache,
            int kvHead,
            int firstPage,
            float[] out,
            int outOffset) {
        int size = cache.headSize;
        int at = kvHead * KeyValues.PAGE * size;
        int i = 0;
        for (; i + 4 * Lanes.COUNT <= size; i += 4 * Lanes.COUNT) {
            fourVectors(weights, skipped, skipped + count, cache, firstPage, at + i, out, outOffset + i);
        }
        for (; i < size; i++) {
            out[outOffset + i] = element(weights, skipped, skipped + count, cache, firstPage, at + i);
        }
    }

    private static void fourVectors(
            float[] weights, int from, int end, KeyValues cache, int firstPage, int at, float[] out, int outOffset) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int first = 0; first < end; first += KeyValues.PAGE) {
            float[] values = cache.values[firstPage + first / KeyValues.PAGE];
            int last = Math.min(KeyValues.PAGE, end - first);
            for (int p = Math.max(0, from - first); p < last; p++) {
                FloatVector w = FloatVector.broadcast(Lanes.FLOATS, weights[first + p]);
                int v = at + p * cache.headSize;
                s0 = w.fma(FloatVector.fromArray(Lanes.FLOATS, values, v), s0);
                s1 = w.fma(FloatVector.fromArray(Lanes.FLOATS, values, v + Lanes.COUNT), s1);
                s2 = w.fma(FloatVector.fromArray(Lanes.FLOATS, values, v + 2 * Lanes.COUNT), s2);
                s3 = w.fma(FloatVector.fromArray(Lanes.FLOATS, values, v + 3 * Lanes.COUNT), s3);
            }
        }
        s0.intoArray(out, outOffset);
        s1.intoArray(out, outOffset + Lanes.COUNT);
        s2.intoArray(out, outOffset + 2 * Lanes.COUNT);
        s3.intoArray(out, outOffset + 3 * Lanes.COUNT);
    }

    private static float element(float[] weights, int from, int end, KeyValues cache, int firstPage, int at) {
        float sum = 0;
        for (int p = from; p < end; p++) {
            float[] values = cache.values[firstPage + p / KeyValues.PAGE];
            sum = Math.fma(weights[p], values[at + p % KeyValues.PAGE * cache.headSize], sum);
        }
        return sum;
    }

    /// The scalar twin of [#scores].
    static void scoresScalar(
            float[] query, int offset, KeyValues cache, int kvHead, int firstPage, float scale, float[] scores) {
        int size = cache.headSize;
        for (int p = 0; p < scores.length; p++) {
            float[] keys = cache.keys[firstPage + p / KeyValues.PAGE];
            int at = kvHead * size * KeyValues.PAGE + p % KeyValues.PAGE;
            float sum = 0;
            for (int i = 0; i < size; i++) {
                sum = Math.fma(query[offset + i], keys[at + i * KeyValues.PAGE], sum);
            }
            scores[p] = sum * scale;
        }
    }

    /// The scalar twin of [#weigh].
    static void weighScalar(
            float[] weights,
            int skipped,
            int count,
            KeyValues cache,
            int kvHead,
            int firstPage,
            float[] out,
            int outOffset) {
        for (int i = 0; i < cache.headSize; i++) {
            int at = kvHead * KeyValues.PAGE * cache.headSize + i;
            out[outOffset + i] = element(weights, skipped, skipped + count, cache, firstPage, at);
        }
    }
}
