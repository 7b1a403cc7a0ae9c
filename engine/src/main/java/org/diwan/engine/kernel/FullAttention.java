package org.diwan.engine.kernel;

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
