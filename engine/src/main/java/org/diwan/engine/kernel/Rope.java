package org.diwan.engine.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Rotary position embedding (Su et al. 2021, §3.4.2): pair i of a head turns by position · base^(-2i/n).
///
/// Sines and cosines come from `StrictMath` (the same bits everywhere), computed once for each page
/// of 256 positions when the first of them is asked for. Safe to share between threads: two that
/// fill the same page write equal values.
public final class Rope {
    /// Which two elements of a head make pair i.
    public enum Pairing {
        /// 2i and 2i + 1: `llama` files, whose query and key rows are stored permuted for it, and
        /// `cohere2`, which was trained so.
        ADJACENT,
        /// i and i + n/2: all others.
        HALVES
    }

    private static final int PAGE = 256;

    private final Pairing pairing;
    private final double[] frequencies;
    private final AtomicReferenceArray<float @Nullable []> pages;

    /// @param dimensions elements of a head that turn, even; the rest stay
    /// @param stretch by which every position is divided (position interpolation, Chen et al. 2023,
    ///     eq. 4), 1 for none
    /// @param factors by which each frequency is divided (`rope_freqs.weight`), or null
    /// @param positions the largest position plus one that will be asked for
    public Rope(
            Pairing pairing, int dimensions, double base, double stretch, float @Nullable [] factors, int positions) {
        if (dimensions <= 0 || dimensions % 2 != 0) {
            throw new IllegalArgumentException("illegal rope dimensions: " + dimensions + ", must be even and > 0");
        }
        if (factors != null && factors.length != dimensions / 2) {
            throw new IllegalArgumentException(
                    "illegal rope factors: " + factors.length + ", must be one per pair: " + dimensions / 2);
        }
        this.pairing = pairing;
        this.frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = StrictMath.pow(base, -2.0 * i / dimensions) / stretch;
            frequencies[i] = factors == null ? frequency : frequency / factors[i];
        }
        this.pages = new AtomicReferenceArray<>((positions + PAGE - 1) / PAGE);
    }

    /// Turns `heads` heads of `headSize` floats, stored one after the other from `x[offset]`.
    public void apply(float[] x, int offset, int heads, int headSize, int position) {
        float[] table = page(position / PAGE);
        int pairs = frequencies.length;
        int row = position % PAGE * 2 * pairs;
        int step = pairing == Pairing.ADJACENT ? 2 : 1;
        int distance = pairing == Pairing.ADJACENT ? 1 : pairs;
        for (int head = 0; head < heads; head++) {
            int first = offset + head * headSize;
            for (int i = 0; i < pairs; i++) {
                float cos = table[row + i];
                float sin = table[row + pairs + i];
                int at = first + i * step;
                float a = x[at];
                float b = x[at + distance];
                x[at] = a * cos - b * sin;
                x[at + distance] = a * sin + b * cos;
            }
        }
    }

    private float[] page(int index) {
        float[] page = pages.get(index);
        if (page == null) {
            page = compute(index);
            pages.set(index, page);
        }
        return page;
    }

    /// [256, 2, pairs]: the cosines of a position, then its sines.
    private float[] compute(int index) {
        int pairs = frequencies.length;
        float[] page = new float[PAGE * 2 * pairs];
        for (int p = 0; p < PAGE; p++) {
            for (int i = 0; i < pairs; i++) {
                double angle = (double) (index * PAGE + p) * frequencies[i];
                page[p * 2 * pairs + i] = (float) StrictMath.cos(angle);
                page[p * 2 * pairs + pairs + i] = (float) StrictMath.sin(angle);
            }
        }
        return page;
    }
}
