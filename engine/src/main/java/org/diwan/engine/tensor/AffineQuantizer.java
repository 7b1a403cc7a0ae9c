package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Blocks of Q4_K and Q5_K: 256 weights in eight groups of 32, each with a scale and a minimum,
/// weight = scale · level − minimum, byte for byte as llama.cpp's reference (`ggml-quants.c`:
/// `quantize_row_q4_K_ref`, `quantize_row_q5_K_ref`; no importance matrix).
///
/// **Search.** For one group the best scale and minimum of *given* levels are a weighted least-squares
/// fit with a closed form, and the best levels of a *given* scale are a rounding. So some twenty scales
/// around range / highest level are tried: round, fit, and keep the fit of the least weighted squared
/// error. Each attempt rounds against the best minimum so far. The weight of a value x is |x| plus the
/// root mean square of its group, so that large values are met better than small ones. A minimum above
/// zero is not representable; the fit is then made with a minimum of zero.
///
/// **Two levels of scales.** The eight scales and minima are themselves stored in 6 bits, as multiples
/// of one f16 each; levels are rounded once more against what a reader will see.
///
/// A block in bytes: f16 scale of scales, f16 scale of minima, 12 bytes of packed scales and minima,
/// for Q5_K 32 bytes of fifth bits, 128 bytes of nibbles. Scratch arrays make an instance one thread's.
final class AffineQuantizer {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int GROUP = 32;
    private static final int GROUPS = 8;
    private static final int HIGHEST_SCALE = 63;
    private static final int SCALES_AT = 4;
    private static final int LEVELS_AT = 16;

    private final int highestLevel;
    private final float firstStep;
    private final int steps;

    private final int[] levels = new int[GROUPS * GROUP];
    private final float[] scales = new float[GROUPS];
    private final float[] minima = new float[GROUPS];
    private final int[] storedScales = new int[GROUPS];
    private final int[] storedMinima = new int[GROUPS];
    private final float[] weights = new float[GROUP];
    private final int[] tried = new int[GROUP];

    /// @param bits of a level: 4 or 5
    AffineQuantizer(int bits) {
        this.highestLevel = (1 << bits) - 1;
        this.firstStep = bits == 4 ? -1f : -0.5f;
        this.steps = bits == 4 ? 21 : 16;
    }

    /// Writes x[from … from + 256) as one block at byte `at` of `out`.
    void block(float[] x, int from, MemorySegment out, long at) {
        float largestScale = 0;
        float largestMinimum = 0;
        for (int group = 0; group < GROUPS; group++) {
            fit(x, from + group * GROUP, group);
            largestScale = Math.max(largestScale, scales[group]);
            largestMinimum = Math.max(largestMinimum, minima[group]);
        }
        store(scales, largestScale, storedScales);
        store(minima, largestMinimum, storedMinima);
        short scaleOfScales = Float.floatToFloat16(largestScale / HIGHEST_SCALE);
        short scaleOfMinima = Float.floatToFloat16(largestMinimum / HIGHEST_SCALE);
        for (int group = 0; group < GROUPS; group++) {
            float scale = Float.float16ToFloat(scaleOfScales) * storedScales[group];
            float minimum = Float.float16ToFloat(scaleOfMinima) * storedMinima[group];
            // Where the scale came out as 0 the levels found before stay, as in the reference.
            if (scale != 0) {
                for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
                    levels[i] = Math.clamp(nearest((x[from + i] + minimum) / scale), 0, highestLevel);
                }
            }
        }
        out.set(SHORT, at, scaleOfScales);
        out.set(SHORT, at + 2, scaleOfMinima);
        packScales(out, at + SCALES_AT);
        packLevels(out, at + LEVELS_AT);
    }

    /// The scale and minimum of one group, to `scales` and `minima`; its levels, to `levels`.
    private void fit(float[] x, int from, int group) {
        float squares = 0;
        for (int i = 0; i < GROUP; i++) {
            squares += x[from + i] * x[from + i];
        }
        float rootMeanSquare = (float) Math.sqrt(squares / GROUP);
        float least = x[from];
        float most = x[from];
        float sumW = 0;
        float sumX = 0;
        for (int i = 0; i < GROUP; i++) {
            float v = x[from + i];
            float w = rootMeanSquare + Math.abs(v);
            weights[i] = w;
            least = v < least ? v : least;
            most = v > most ? v : most;
            sumW += w;
            sumX += w * v;
        }
        least = Math.min(least, 0);
        if (most == least) {
            Arrays.fill(levels, group * GROUP, (group + 1) * GROUP, 0);
            scales[group] = 0;
            minima[group] = -least;
            return;
        }
        float minimum = least;
        float inverse = highestLevel / (most - minimum);
        float scale = 1 / inverse;
        round(x, from, inverse, minimum);
        keep(group);
        float leastError = error(x, from, scale, minimum);
        for (int step = 0; step < steps; step++) {
            round(x, from, (firstStep + 0.1f * step + highestLevel) / (most - minimum), minimum);
            float sumL = 0;
            float sumLL = 0;
            float sumXL = 0;
            for (int i = 0; i < GROUP; i++) {
                int level = tried[i];
                float wl = weights[i] * level;
                sumL += wl;
                sumLL += wl * level;
                sumXL += wl * x[from + i];
            }
            float determinant = sumW * sumLL - sumL * sumL;
            if (determinant > 0) {
                float fittedScale = (sumW * sumXL - sumX * sumL) / determinant;
                float fittedMinimum = (sumLL * sumX - sumL * sumXL) / determinant;
                if (fittedMinimum > 0) {
                    fittedMinimum = 0;
                    fittedScale = sumXL / sumLL;
                }
                float error = error(x, from, fittedScale, fittedMinimum);
                if (error < leastError) {
                    keep(group);
                    leastError = error;
                    scale = fittedScale;
                    minimum = fittedMinimum;
                }
            }
        }
        scales[group] = scale;
        minima[group] = -minimum;
    }

    private void round(float[] x, int from, float inverse, float minimum) {
        for (int i = 0; i < GROUP; i++) {
            tried[i] = Math.clamp(nearest(inverse * (x[from + i] - minimum)), 0, highestLevel);
        }
    }

    private void keep(int group) {
        System.arraycopy(tried, 0, levels, group * GROUP, GROUP);
    }

    /// Σ w·(scale·level + minimum − x)² over the levels in `tried`, in order.
    private float error(float[] x, int from, float scale, float minimum) {
        float sum = 0;
        for (int i = 0; i < GROUP; i++) {
            float difference = scale * tried[i] + minimum - x[from + i];
            sum += weights[i] * (difference * difference);
        }
        return sum;
    }

    /// Values as multiples of a 63rd of the largest.
    private static void store(float[] values, float largest, int[] stored) {
        float inverse = largest > 0 ? HIGHEST_SCALE / largest : 0;
        for (int group = 0; group < GROUPS; group++) {
            stored[group] = Math.min(HIGHEST_SCALE, nearest(inverse * values[group]));
        }
    }

    /// Eight 6-bit scales and minima in twelve bytes, as [SixBits] reads them.
    private void packScales(MemorySegment out, long at) {
        for (int i = 0; i < 4; i++) {
            int scale = storedScales[i + 4];
            int minimum = storedMinima[i + 4];
            put(out, at + i, storedScales[i] | ((scale >> 4) << 6));
            put(out, at + i + 4, storedMinima[i] | ((minimum >> 4) << 6));
            put(out, at + i + 8, (scale & 15) | ((minimum & 15) << 4));
        }
    }

    /// Nibbles: group 2p in the low and 2p + 1 in the high halves of bytes 32p … 32p + 31. Fifth bits:
    /// that of value i in group g is bit g of byte i.
    private void packLevels(MemorySegment out, long at) {
        boolean five = highestLevel > 15;
        long nibbles = five ? at + GROUP : at;
        for (int i = 0; i < GROUP; i++) {
            int fifth = 0;
            for (int group = 0; group < GROUPS; group++) {
                fifth |= (levels[group * GROUP + i] >> 4) << group;
            }
            if (five) put(out, at + i, fifth);
            for (int pair = 0; pair < GROUPS / 2; pair++) {
                int low = levels[2 * pair * GROUP + i] & 15;
                int high = levels[(2 * pair + 1) * GROUP + i] & 15;
                put(out, nibbles + (long) pair * GROUP + i, low | (high << 4));
            }
        }
    }

    private static void put(MemorySegment out, long at, int value) {
        out.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    /// The nearest integer, ties to even, for |value| < 2²²: adding 1.5 · 2²³ leaves it in the lower bits
    /// of the sum. Beyond that the same nonsense as the reference, which a best minimum close to the
    /// largest value can ask for.
    private static int nearest(float value) {
        return (Float.floatToRawIntBits(value + 0x1.8p23f) & 0x7fffff) - 0x400000;
    }
}
