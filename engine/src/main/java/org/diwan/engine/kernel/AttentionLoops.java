package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// The two inner products of [Attention] over a page that was widened to floats, through the Vector API,
/// and their scalar twins. Four queries by two vectors are eight independent chains.
///
/// A tile of keys is [headSize, PAGE]: a lane is a position. A tile of values is [PAGE, headSize]: a lane
/// is an element.
final class AttentionLoops {
    private static final int PAGE = KeyValues.PAGE;

    private AttentionLoops() {}

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
