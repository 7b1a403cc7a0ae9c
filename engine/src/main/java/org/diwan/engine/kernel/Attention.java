package org.diwan.engine.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of queries over the positions before them,
/// in segments of [#SEGMENT] positions.
///
/// **Order.** A score is a sequential chain over the head's elements, times the scale, then capped if
/// the layer caps. Within a segment: the largest score m, the sum l of e^(score - m) as [Softmax] sums,
/// counted from the first position seen, and o = Σ e^(score - m) · value, a sequential chain over
/// positions. Two neighbours become one (Milakov and Gimelshein 2018, "Online normalizer calculation
/// for softmax", eq. 4; Dao et al. 2022, "FlashAttention", §3.1):
///
/// ```
/// m = max(m₁, m₂)    l = l₁·e^(m₁ - m) + l₂·e^(m₂ - m)    o = o₁·e^(m₁ - m) + o₂·e^(m₂ - m)
/// ```
///
/// in the order of positions, and at the end o / l. Where segments begin depends on the position alone,
/// so a result is the same whether it was computed alone, in a prompt of a thousand, or with a thread
/// for each segment.
///
/// **Speed.** A page of keys or values is widened to floats once, into a tile that stays in the nearest
/// cache, and meets all queries of the block: those of the heads that share it (Ainslie et al. 2023,
/// "GQA") times the rows of a prompt. Four queries by two vectors are eight independent chains.
public final class Attention {
    /// Positions of a segment, whole pages.
    public static final int SEGMENT = 512;

    /// Queries of a block at most, unless one row has more: their scores fill 128 KiB.
    private static final int QUERIES = 64;

    private static final int PAGE = KeyValues.PAGE;

    private final KeyValues cache;
    private final int kvHead;
    private final AttentionRule rule;
    private final int firstPosition;
    private final int group;

    /// [queries, headSize]: the heads of the first row, then those of the next.
    private final float[] query;

    private final int queries;
    private final float[] max;
    private final float[] sum;
    private final float[] weighted;

    private Attention(
            float[] query,
            int offset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule) {
        this.cache = cache;
        this.kvHead = kvHead;
        this.rule = rule;
        this.firstPosition = position;
        this.group = heads / cache.kvHeads;
        this.queries = rows * group;
        int width = group * cache.headSize;
        this.query = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            int from = offset + row * heads * cache.headSize + kvHead * width;
            System.arraycopy(query, from, this.query, row * width, width);
        }
        this.max = new float[queries];
        this.sum = new float[queries];
        this.weighted = new float[rows * width];
    }

    /// Rows that [#attend] is best given at a time.
    public static int rows(int heads, int kvHeads) {
        return Math.max(1, QUERIES / (heads / kvHeads));
    }

    /// out = softmax(scale · q·K)·V for every query head of one key-value head, for `rows` queries at
    /// `position` and the positions after it, each over `rule.first(p)` … `p`.
    ///
    /// @param query [rows, heads, headSize] from `queryOffset`
    /// @param heads query heads, a multiple of the key-value heads; head h reads
    ///     key-value head h / (heads / kvHeads)
    /// @param kvHead the key-value head whose query heads are computed
    /// @param position of the first query; keys and values of all of them are in `cache`
    /// @param out [rows, heads, headSize] from `outOffset`
    public static void attend(
            float[] query,
            int queryOffset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule,
            float[] out,
            int outOffset) {
        var all = new Attention(query, queryOffset, rows, heads, cache, kvHead, position, rule);
        int first = rule.first(position) / SEGMENT;
        int last = (position + rows - 1) / SEGMENT;
        all.segment(first);
        if (first < last) {
            var next = new Attention(query, queryOffset, rows, heads, cache, kvHead, position, rule);
            for (int segment = first + 1; segment <= last; segment++) {
                next.segment(segment);
                all.fold(next);
            }
        }
        all.finish(heads, out, outOffset);
    }

    /// As [#attend], with the segments split among `workers`: for few queries over many positions.
    public static void attendInParallel(
            float[] query,
            int queryOffset,
            int rows,
            int heads,
            KeyValues cache,
            int kvHead,
            int position,
            AttentionRule rule,
            float[] out,
            int outOffset,
            Workers workers) {
        int first = rule.first(position) / SEGMENT;
        var segments = new Attention[(position + rows - 1) / SEGMENT - first + 1];
        workers.run(segments.length, i -> {
            segments[i] = new Attention(query, queryOffset, rows, heads, cache, kvHead, position, rule);
            segments[i].segment(first + i);
        });
        for (int i = 1; i < segments.length; i++) segments[0].fold(segments[i]);
        segments[0].finish(heads, out, outOffset);
    }

    /// Attends to the positions of one segment; a query that sees none of them gets the sum 0.
    private void segment(int index) {
        int start = index * SEGMENT;
        int from = Math.max(start, rule.first(firstPosition));
        int end = Math.min(start + SEGMENT, firstPosition + queries / group);
        int firstPage = from / PAGE;
        int pages = Math.ceilDiv(end, PAGE) - firstPage;
        int width = pages * PAGE;
        float[] scores = new float[queries * width];
        float[] tile = new float[cache.headSize * PAGE];
        var scratch = new KeyValues.Scratch(cache);
        for (int page = 0; page < pages; page++) {
            cache.keys(firstPage + page, kvHead, tile, scratch);
            scores(query, queries, cache.headSize, tile, rule.scale(), scores, page * PAGE, width);
        }
        int[] lows = new int[queries];
        int[] highs = new int[queries];
        for (int j = 0; j < queries; j++) {
            int position = firstPosition + j / group;
            lows[j] = Math.max(from, rule.first(position)) - firstPage * PAGE;
            highs[j] = Math.min(end, position + 1) - firstPage * PAGE;
            exponentials(j, scores, j * width + lows[j], highs[j] - lows[j]);
        }
        Arrays.fill(weighted, 0);
        for (int page = 0; page < pages; page++) {
            cache.values(firstPage + page, kvHead, tile, scratch);
            weigh(scores, page * PAGE, width, lows, highs, tile, cache.headSize, weighted);
        }
    }

    /// Scores become e^(score - max).
    private void exponentials(int j, float[] scores, int at, int count) {
        if (count <= 0) {
            max[j] = Float.NEGATIVE_INFINITY;
            sum[j] = 0;
            return;
        }
        if (rule.softCap() > 0) SoftCap.apply(scores, at, count, rule.softCap());
        max[j] = Softmax.max(scores, at, count);
        sum[j] = Softmax.exponentials(scores, at, count, max[j], scores, at);
    }

    /// Takes in the segment that follows.
    private void fold(Attention next) {
        int size = cache.headSize;
        for (int j = 0; j < queries; j++) {
            if (next.sum[j] == 0) continue;
            if (sum[j] == 0) {
                max[j] = next.max[j];
                sum[j] = next.sum[j];
                System.arraycopy(next.weighted, j * size, weighted, j * size, size);
                continue;
            }
            float most = Math.max(max[j], next.max[j]);
            float a = Exp.exp(max[j] - most);
            float b = Exp.exp(next.max[j] - most);
            max[j] = most;
            sum[j] = sum[j] * a + next.sum[j] * b;
            for (int i = j * size; i < (j + 1) * size; i++) weighted[i] = weighted[i] * a + next.weighted[i] * b;
        }
    }

    private void finish(int heads, float[] out, int outOffset) {
        int size = cache.headSize;
        for (int j = 0; j < queries; j++) {
            int at = outOffset + (j / group * heads + kvHead * group + j % group) * size;
            for (int i = 0; i < size; i++) out[at + i] = weighted[j * size + i] / sum[j];
        }
    }

    /// scores[j · width + at + lane] ← scale · Σ query[j, i] · tile[i, lane], for a page of positions.
    static void scores(
            float[] query, int queries, int size, float[] tile, float scale, float[] scores, int at, int width) {
        if (Lanes.SCALAR) {
            scoresScalar(query, queries, size, tile, scale, scores, at, width);
            return;
        }
        int j = 0;
        for (; j + 3 < queries; j += 4) {
            for (int lane = 0; lane < PAGE; lane += 2 * Lanes.COUNT) {
                fourScores(query, j * size, size, tile, lane, scale, scores, j * width + at + lane, width);
            }
        }
        for (; j < queries; j++) {
            for (int lane = 0; lane < PAGE; lane += 2 * Lanes.COUNT) {
                oneScore(query, j * size, size, tile, lane, scale, scores, j * width + at + lane);
            }
        }
    }

    private static void fourScores(
            float[] query, int q, int size, float[] tile, int lane, float scale, float[] scores, int at, int width) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int i = 0; i < size; i++) {
            FloatVector k0 = FloatVector.fromArray(Lanes.FLOATS, tile, i * PAGE + lane);
            FloatVector k1 = FloatVector.fromArray(Lanes.FLOATS, tile, i * PAGE + lane + Lanes.COUNT);
            FloatVector x = FloatVector.broadcast(Lanes.FLOATS, query[q + i]);
            a0 = x.fma(k0, a0);
            a1 = x.fma(k1, a1);
            x = FloatVector.broadcast(Lanes.FLOATS, query[q + size + i]);
            b0 = x.fma(k0, b0);
            b1 = x.fma(k1, b1);
            x = FloatVector.broadcast(Lanes.FLOATS, query[q + 2 * size + i]);
            c0 = x.fma(k0, c0);
            c1 = x.fma(k1, c1);
            x = FloatVector.broadcast(Lanes.FLOATS, query[q + 3 * size + i]);
            d0 = x.fma(k0, d0);
            d1 = x.fma(k1, d1);
        }
        store(a0, a1, scale, scores, at);
        store(b0, b1, scale, scores, at + width);
        store(c0, c1, scale, scores, at + 2 * width);
        store(d0, d1, scale, scores, at + 3 * width);
    }

    private static void oneScore(
            float[] query, int q, int size, float[] tile, int lane, float scale, float[] scores, int at) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        for (int i = 0; i < size; i++) {
            FloatVector x = FloatVector.broadcast(Lanes.FLOATS, query[q + i]);
            s0 = x.fma(FloatVector.fromArray(Lanes.FLOATS, tile, i * PAGE + lane), s0);
            s1 = x.fma(FloatVector.fromArray(Lanes.FLOATS, tile, i * PAGE + lane + Lanes.COUNT), s1);
        }
        store(s0, s1, scale, scores, at);
    }

    private static void store(FloatVector s0, FloatVector s1, float scale, float[] scores, int at) {
        s0.mul(scale).intoArray(scores, at);
        s1.mul(scale).intoArray(scores, at + Lanes.COUNT);
    }

    /// weighted[j, i] ← weighted[j, i] + Σ scores[j · width + p] · tile[p - at, i], over the positions p of
    /// a page that begins at `at`, as far as they are in [lows[j], highs[j]).
    static void weigh(
            float[] scores, int at, int width, int[] lows, int[] highs, float[] tile, int size, float[] weighted) {
        if (Lanes.SCALAR) {
            weighScalar(scores, at, width, lows, highs, tile, size, weighted);
            return;
        }
        int queries = lows.length;
        int whole = size - size % (2 * Lanes.COUNT);
        int j = 0;
        for (; j + 3 < queries; j += 4) {
            // Rows come in order: the last query of four sees the last position, the first the first.
            boolean all = lows[j + 3] <= at && highs[j] >= at + PAGE;
            for (int i = 0; all && i < whole; i += 2 * Lanes.COUNT) {
                fourSums(scores, j * width + at, width, tile, i, size, weighted, j * size + i);
            }
            for (int one = j; one < j + 4; one++) {
                oneSum(scores, one * width, at, lows[one], highs[one], tile, all ? whole : 0, size, weighted, one);
            }
        }
        for (; j < queries; j++) oneSum(scores, j * width, at, lows[j], highs[j], tile, 0, size, weighted, j);
    }

    private static void fourSums(
            float[] scores, int s, int width, float[] tile, int i, int size, float[] weighted, int at) {
        FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, weighted, at);
        FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + Lanes.COUNT);
        FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + size);
        FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + size + Lanes.COUNT);
        FloatVector c0 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + 2 * size);
        FloatVector c1 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + 2 * size + Lanes.COUNT);
        FloatVector d0 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + 3 * size);
        FloatVector d1 = FloatVector.fromArray(Lanes.FLOATS, weighted, at + 3 * size + Lanes.COUNT);
        for (int p = 0; p < PAGE; p++) {
            FloatVector v0 = FloatVector.fromArray(Lanes.FLOATS, tile, p * size + i);
            FloatVector v1 = FloatVector.fromArray(Lanes.FLOATS, tile, p * size + i + Lanes.COUNT);
            FloatVector w = FloatVector.broadcast(Lanes.FLOATS, scores[s + p]);
            a0 = w.fma(v0, a0);
            a1 = w.fma(v1, a1);
            w = FloatVector.broadcast(Lanes.FLOATS, scores[s + width + p]);
            b0 = w.fma(v0, b0);
            b1 = w.fma(v1, b1);
            w = FloatVector.broadcast(Lanes.FLOATS, scores[s + 2 * width + p]);
            c0 = w.fma(v0, c0);
            c1 = w.fma(v1, c1);
            w = FloatVector.broadcast(Lanes.FLOATS, scores[s + 3 * width + p]);
            d0 = w.fma(v0, d0);
            d1 = w.fma(v1, d1);
        }
        a0.intoArray(weighted, at);
        a1.intoArray(weighted, at + Lanes.COUNT);
        b0.intoArray(weighted, at + size);
        b1.intoArray(weighted, at + size + Lanes.COUNT);
        c0.intoArray(weighted, at + 2 * size);
        c1.intoArray(weighted, at + 2 * size + Lanes.COUNT);
        d0.intoArray(weighted, at + 3 * size);
        d1.intoArray(weighted, at + 3 * size + Lanes.COUNT);
    }

    /// The elements from `i` on of query `j`, whose scores begin at `scores[s]`.
    private static void oneSum(
            float[] scores, int s, int at, int low, int high, float[] tile, int i, int size, float[] weighted, int j) {
        int from = Math.max(0, low - at);
        int end = Math.min(PAGE, high - at);
        for (; i + Lanes.COUNT <= size; i += Lanes.COUNT) {
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, weighted, j * size + i);
            for (int p = from; p < end; p++) {
                FloatVector w = FloatVector.broadcast(Lanes.FLOATS, scores[s + at + p]);
                sum = w.fma(FloatVector.fromArray(Lanes.FLOATS, tile, p * size + i), sum);
            }
            sum.intoArray(weighted, j * size + i);
        }
        for (; i < size; i++) {
            float sum = weighted[j * size + i];
            for (int p = from; p < end; p++) sum = Math.fma(scores[s + at + p], tile[p * size + i], sum);
            weighted[j * size + i] = sum;
        }
    }

    /// The scalar twin of [#scores].
    static void scoresScalar(
            float[] query, int queries, int size, float[] tile, float scale, float[] scores, int at, int width) {
        for (int j = 0; j < queries; j++) {
            for (int lane = 0; lane < PAGE; lane++) {
                float sum = 0;
                for (int i = 0; i < size; i++) sum = Math.fma(query[j * size + i], tile[i * PAGE + lane], sum);
                scores[j * width + at + lane] = sum * scale;
            }
        }
    }

    /// The scalar twin of [#weigh].
    static void weighScalar(
            float[] scores, int at, int width, int[] lows, int[] highs, float[] tile, int size, float[] weighted) {
        for (int j = 0; j < lows.length; j++) {
            for (int i = 0; i < size; i++) {
                float sum = weighted[j * size + i];
                for (int p = Math.max(at, lows[j]); p < Math.min(at + PAGE, highs[j]); p++) {
                    sum = Math.fma(scores[j * width + p], tile[(p - at) * size + i], sum);
                }
                weighted[j * size + i] = sum;
            }
        }
    }
}
