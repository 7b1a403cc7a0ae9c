package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.diwan.engine.gguf.TensorType;

/// Turns floats into the blocks of a GGUF file, byte for byte as the reference quantisers of llama.cpp
/// (`ggml-quants.c`: `quantize_row_q8_0_ref`, `quantize_row_q4_0_ref`, `quantize_row_q6_K_ref` and, in
/// [AffineQuantizer], those of Q4_K and Q5_K; without an importance matrix; F16 and BF16 round to nearest
/// even).
public final class Quantizer {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Groups of Q6_K whose largest value is smaller are stored as zeros.
    private static final float TINY = 1e-15f;

    private Quantizer() {}

    /// Writes values[from … from + count) as blocks of `type` to `out` from byte `offset`.
    ///
    /// @param count a multiple of the weights in a block of `type`
    public static void quantize(TensorType type, float[] values, int from, int count, MemorySegment out, long offset) {
        int step = type.blockWeights();
        if (count % step != 0) {
            throw new IllegalArgumentException("illegal count: " + count + ", must be whole blocks of " + step);
        }
        int[] levels = new int[step];
        var affine = new AffineQuantizer(type == TensorType.Q5_K ? 5 : 4);
        for (int i = 0; i < count; i += step) {
            long at = offset + (long) (i / step) * type.blockSize();
            switch (type) {
                case F32 -> out.set(FLOAT, at, values[from + i]);
                case F16 -> out.set(SHORT, at, Float.floatToFloat16(values[from + i]));
                case BF16 -> out.set(SHORT, at, bfloat16(values[from + i]));
                case Q8_0 -> blockQ8(values, from + i, out, at);
                case Q4_0 -> blockQ4(values, from + i, out, at);
                case Q4_K, Q5_K -> affine.block(values, from + i, out, at);
                case Q6_K -> blockQ6(values, from + i, levels, out, at);
            }
        }
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 64);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private static void blockQ8(float[] x, int from, MemorySegment out, long at) {
        float largest = 0;
        for (int i = 0; i < 32; i++) {
            largest = Math.max(largest, Math.abs(x[from + i]));
        }
        float scale = largest / 127;
        float inverse = scale != 0 ? 1 / scale : 0;
        out.set(SHORT, at, Float.floatToFloat16(scale));
        for (int i = 0; i < 32; i++) {
            out.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) roundHalfAway(x[from + i] * inverse));
        }
    }

    /// C's `roundf`. Adding 0.5 in double is exact here.
    private static int roundHalfAway(float value) {
        int size = (int) (Math.abs((double) value) + 0.5);
        return value < 0 ? -size : size;
    }

    private static void blockQ4(float[] x, int from, MemorySegment out, long at) {
        float scale = signedLargest(x, from, 32) / -8;
        float inverse = scale != 0 ? 1 / scale : 0;
        out.set(SHORT, at, Float.floatToFloat16(scale));
        for (int i = 0; i < 16; i++) {
            int low = Math.min(15, (byte) (x[from + i] * inverse + 8.5f));
            int high = Math.min(15, (byte) (x[from + 16 + i] * inverse + 8.5f));
            out.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (low | (high << 4)));
        }
    }

    /// The first value of the largest magnitude, with its sign.
    private static float signedLargest(float[] x, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.abs(x[i]) > Math.abs(largest) ? x[i] : largest;
        }
        return largest;
    }

    private static void blockQ6(float[] x, int from, int[] levels, MemorySegment out, long at) {
        float[] scales = new float[16];
        for (int group = 0; group < 16; group++) {
            scales[group] = groupScale(x, from + group * 16, levels, group * 16);
        }
        float largest = signedLargest(scales, 0, 16);
        if (Math.abs(largest) < TINY) {
            out.asSlice(at, TensorType.Q6_K.blockSize()).fill((byte) 0);
            return;
        }
        float inverse = -128f / largest;
        short stored = Float.floatToFloat16(1 / inverse);
        out.set(SHORT, at + 208, stored);
        for (int group = 0; group < 16; group++) {
            int scale = Math.min(127, nearest(inverse * scales[group]));
            out.set(ValueLayout.JAVA_BYTE, at + 192 + group, (byte) scale);
            float step = Float.float16ToFloat(stored) * scale;
            for (int i = group * 16; step != 0 && i < group * 16 + 16; i++) {
                levels[i] = Math.clamp(nearest(x[from + i] / step), -32, 31) + 32;
            }
        }
        packQ6(levels, out, at);
    }

    /// The layout is described in [Q6Matrix].
    private static void packQ6(int[] levels, MemorySegment out, long at) {
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < 32; i++) {
                int a = levels[half * 128 + i];
                int b = levels[half * 128 + i + 32];
                int c = levels[half * 128 + i + 64];
                int d = levels[half * 128 + i + 96];
                out.set(ValueLayout.JAVA_BYTE, at + half * 64L + i, (byte) ((a & 15) | ((c & 15) << 4)));
                out.set(ValueLayout.JAVA_BYTE, at + half * 64L + i + 32, (byte) ((b & 15) | ((d & 15) << 4)));
                int high = (a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((d >> 4) << 6);
                out.set(ValueLayout.JAVA_BYTE, at + 128 + half * 32L + i, (byte) high);
            }
        }
    }

    /// The scale that, of nineteen tried, brings 16 values closest to integers in [-32, 31], weighting
    /// errors by x²; writes those integers plus 32 to `levels`.
    private static float groupScale(float[] x, int from, int[] levels, int to) {
        float largest = signedLargest(x, from, 16);
        if (Math.abs(largest) < TINY) {
            Arrays.fill(levels, to, to + 16, 0);
            return 0;
        }
        float scale = 0;
        float best = 0;
        for (int attempt = 0; attempt < 19; attempt++) {
            // The plain scale first, then 31.1 … 32.9 in steps of 0.1, as the reference orders them.
            int step = attempt == 0 ? 0 : attempt < 10 ? attempt - 10 : attempt - 9;
            float inverse = -(32 + 0.1f * step) / largest;
            float product = 0;
            float square = 0;
            for (int i = 0; i < 16; i++) {
                float v = x[from + i];
                float weight = v * v;
                int level = Math.clamp(nearest(inverse * v), -32, 31);
                product += weight * v * level;
                square += weight * level * level;
            }
            boolean better = attempt == 0 || (square > 0 && product * product > best * square);
            if (better) {
                scale = square != 0 ? product / square : 0;
                best = scale * product;
                for (int i = 0; i < 16; i++) {
                    levels[to + i] = Math.clamp(nearest(inverse * x[from + i]), -32, 31) + 32;
                }
            }
        }
        return scale;
    }

    /// The nearest integer, ties to even.
    private static int nearest(float value) {
        return (int) Math.rint(value);
    }
}
