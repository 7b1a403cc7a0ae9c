package org.diwan.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of every position of a text over the whole
/// text, as encoders have it: nothing is masked, nothing is kept.
///
/// Order, as in [Attention]: a score is a sequential chain over the head's elements, times
/// 1/√headSize; the softmax sums as [Softmax]; an output element is a sequential chain over
/// positions. So a text has the same result in any company.
public final class FullAttention {
    private FullAttention() {}

    /// out = softmax(q·Kᵀ / √headSize)·V for one head and all positions of one text.
    ///
    /// @param query [rows, heads, headSize], as are `key`, `value` and `out`
    /// @param firstRow of the text
    /// @param length of the text, in rows, at least 1
    public static void attend(
            float[] query,
            float[] key,
            float[] value,
            int firstRow,
            int length,
            int heads,
            int headSize,
            int head,
            float[] out) {
        var routines = length < Text.LEAST ? null : AttentionRoutines.of(KvType.F32, headSize);
        if (routines != null && SoftmaxCode.available()) {
            new Text(query, key, value, firstRow, length, heads, headSize, head, routines).attend(out);
            return;
        }
        int width = heads * headSize;
        int padded = (length + Lanes.GROUP - 1) / Lanes.GROUP * Lanes.GROUP;
        float[] keys = transposed(key, firstRow * width + head * headSize, width, length, padded, headSize);
        float scale = (float) (1 / Math.sqrt(headSize));
        float[] scores = new float[padded];
        for (int row = firstRow; row < firstRow + length; row++) {
            int at = row * width + head * headSize;
            scores(query, at, keys, padded, headSize, scale, scores);
            Softmax.inPlace(scores, 0, length);
            weigh(scores, length, value, firstRow * width + head * headSize, width, headSize, out, at);
        }
    }

    /// Keys side by side, [headSize, padded]: a lane is a position. The padding is zero.
    private static float[] transposed(float[] key, int offset, int width, int length, int padded, int headSize) {
        float[] keys = new float[Math.multiplyExact(headSize, padded)];
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < headSize; i++) keys[i * padded + position] = key[offset + position * width + i];
        }
        return keys;
    }

    /// Four vectors of positions at a time are four independent chains.
    static void scores(float[] query, int offset, float[] keys, int padded, int size, float scale, float[] scores) {
        int position = 0;
        for (; position + 4 * Lanes.COUNT <= padded; position += 4 * Lanes.COUNT) {
            fourScores(query, offset, keys, padded, size, position, scale, scores);
        }
        for (; position < padded; position += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < size; i++) {
                FloatVector q = FloatVector.broadcast(Lanes.FLOATS, query[offset + i]);
                sum = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, i * padded + position), sum);
            }
            sum.mul(scale).intoArray(scores, position);
        }
    }

    private static void fourScores(
            float[] query, int offset, float[] keys, int padded, int size, int position, float scale, float[] scores) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < size; i++) {
            FloatVector q = FloatVector.broadcast(Lanes.FLOATS, query[offset + i]);
            int k = i * padded + position;
            s0 = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, k), s0);
            s1 = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, k + Lanes.COUNT), s1);
            s2 = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, k + 2 * Lanes.COUNT), s2);
            s3 = q.fma(FloatVector.fromArray(Lanes.FLOATS, keys, k + 3 * Lanes.COUNT), s3);
        }
        s0.mul(scale).intoArray(scores, position);
        s1.mul(scale).intoArray(scores, position + Lanes.COUNT);
        s2.mul(scale).intoArray(scores, position + 2 * Lanes.COUNT);
        s3.mul(scale).intoArray(scores, position + 3 * Lanes.COUNT);
    }

    /// The weighted sum of values. A lane is an element of the head.
    static void weigh(
            float[] weights, int length, float[] value, int offset, int width, int size, float[] out, int outOffset) {
        int i = 0;
        for (; i + 4 * Lanes.COUNT <= size; i += 4 * Lanes.COUNT) {
            fourSums(weights, length, value, offset + i, width, out, outOffset + i);
        }
        for (; i + Lanes.COUNT <= size; i += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int p = 0; p < length; p++) {
                FloatVector w = FloatVector.broadcast(Lanes.FLOATS, weights[p]);
                sum = w.fma(FloatVector.fromArray(Lanes.FLOATS, value, offset + i + p * width), sum);
            }
            sum.intoArray(out, outOffset + i);
        }
        for (; i < size; i++) {
            float sum = 0;
            for (int p = 0; p < length; p++) sum = Math.fma(weights[p], value[offset + i + p * width], sum);
            out[outOffset + i] = sum;
        }
    }

    private static void fourSums(
            float[] weights, int length, float[] value, int offset, int width, float[] out, int outOffset) {
        FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int p = 0; p < length; p++) {
            FloatVector w = FloatVector.broadcast(Lanes.FLOATS, weights[p]);
            int v = offset + p * width;
            s0 = w.fma(FloatVector.fromArray(Lanes.FLOATS, value, v), s0);
            s1 = w.fma(FloatVector.fromArray(Lanes.FLOATS, value, v + Lanes.COUNT), s1);
            s2 = w.fma(FloatVector.fromArray(Lanes.FLOATS, value, v + 2 * Lanes.COUNT), s2);
            s3 = w.fma(FloatVector.fromArray(Lanes.FLOATS, value, v + 3 * Lanes.COUNT), s3);
        }
        s0.intoArray(out, outOffset);
        s1.intoArray(out, outOffset + Lanes.COUNT);
        s2.intoArray(out, outOffset + 2 * Lanes.COUNT);
        s3.intoArray(out, outOffset + 3 * Lanes.COUNT);
    }

    /// One head of one text in machine code: some queries at a time over pages of keys and values, as
    /// [Attention] has them.
    private static final class Text {
        /// A shorter text would mostly compute what fills up its page.
        static final int LEAST = KeyValues.PAGE;

        /// Most queries that share a page while it is in the nearest cache.
        private static final int QUERIES = 48;

        private static final int PAGE = KeyValues.PAGE;
        private static final int SEGMENT = Attention.SEGMENT;
        private static final int STRIDE = AttentionRoutines.STRIDE;

        private final float[] query;
        private final float[] key;
        private final float[] value;
        private final int first;
        private final int length;
        private final int width;
        private final int size;
        private final AttentionRoutines routines;

        /// One segment of scores, [queries, STRIDE].
        private final float[] segment;

        /// All scores, [queries, padded length].
        private final float[] scores;

        private final int padded;

        Text(
                float[] query,
                float[] key,
                float[] value,
                int firstRow,
                int length,
                int heads,
                int size,
                int head,
                AttentionRoutines routines) {
            this.query = query;
            this.key = key;
            this.value = value;
            this.width = heads * size;
            this.first = firstRow * width + head * size;
            this.length = length;
            this.size = size;
            this.routines = routines;
            this.padded = length + SoftmaxCode.STEP;
            int queries = Math.min(QUERIES, length);
            this.segment = new float[queries * STRIDE];
            this.scores = new float[Math.multiplyExact(queries, padded)];
        }

        void attend(float[] out) {
            try (var arena = Arena.ofConfined()) {
                var keys = new MemorySegment[Math.ceilDiv(length, PAGE)];
                var values = new MemorySegment[keys.length];
                for (int page = 0; page < keys.length; page++) {
                    keys[page] = page(page, true, arena);
                    values[page] = page(page, false, arena);
                }
                for (int row = 0; row < length; row += QUERIES) {
                    attend(row, Math.min(QUERIES, length - row), keys, values, out);
                }
            }
        }

        /// [size, PAGE] of keys or [PAGE, size] of values; past the last position is zero.
        private MemorySegment page(int page, boolean keys, Arena arena) {
            float[] tile = new float[size * PAGE];
            for (int p = 0; p < Math.min(PAGE, length - page * PAGE); p++) {
                int from = first + (page * PAGE + p) * width;
                if (keys) for (int i = 0; i < size; i++) tile[i * PAGE + p] = key[from + i];
                else System.arraycopy(value, from, tile, p * size, size);
            }
            return arena.allocate(4L * tile.length, 64).copyFrom(MemorySegment.ofArray(tile));
        }

        private void attend(int row, int rows, MemorySegment[] keys, MemorySegment[] values, float[] out) {
            float[] queries = new float[rows * size];
            for (int j = 0; j < rows; j++) System.arraycopy(query, first + (row + j) * width, queries, j * size, size);
            float scale = (float) (1 / Math.sqrt(size));
            for (int start = 0; start < length; start += SEGMENT) {
                int count = Math.min(SEGMENT, length - start);
                for (int p = 0; p < count; p += PAGE) {
                    routines.scores(keys[(start + p) / PAGE], queries, rows, scale, segment, p);
                }
                for (int j = 0; j < rows; j++) {
                    System.arraycopy(segment, j * STRIDE, scores, j * padded + start, count);
                }
            }
            for (int j = 0; j < rows; j++) softmax(j * padded);
            float[] weighted = new float[rows * size];
            int[] lows = new int[rows];
            int[] highs = new int[rows];
            for (int start = 0; start < length; start += SEGMENT) {
                int count = Math.min(SEGMENT, length - start);
                Arrays.fill(highs, count);
                for (int j = 0; j < rows; j++) {
                    System.arraycopy(scores, j * padded + start, segment, j * STRIDE, count);
                }
                for (int p = 0; p < count; p += PAGE) {
                    routines.weigh(values[(start + p) / PAGE], segment, p, lows, highs, weighted);
                }
            }
            for (int j = 0; j < rows; j++) System.arraycopy(weighted, j * size, out, first + (row + j) * width, size);
        }

        /// As [Softmax#inPlace].
        private void softmax(int at) {
            float[] results = new float[SoftmaxCode.RESULTS];
            SoftmaxCode.exponentials(scores, at, length, results);
            float share = 1f / Lanes.sum(results);
            for (int i = at; i < at + length; i++) scores[i] *= share;
        }
    }

    /// The scalar twin of [#attend].
    static void attendScalar(
            float[] query,
            float[] key,
            float[] value,
            int firstRow,
            int length,
            int heads,
            int headSize,
            int head,
            float[] out) {
        int width = heads * headSize;
        int first = firstRow * width + head * headSize;
        float scale = (float) (1 / Math.sqrt(headSize));
        for (int q = 0; q < length; q++) {
            float[] scores = new float[length];
            for (int k = 0; k < length; k++) {
                float sum = 0;
                for (int i = 0; i < headSize; i++)
                    sum = Math.fma(query[first + q * width + i], key[first + k * width + i], sum);
                scores[k] = sum * scale;
            }
            Softmax.inPlace(scores, 0, length);
            float[] sums = new float[headSize];
            for (int k = 0; k < length; k++)
                for (int i = 0; i < headSize; i++) sums[i] = Math.fma(scores[k], value[first + k * width + i], sums[i]);
            System.arraycopy(sums, 0, out, first + q * width, headSize);
        }
    }
}
