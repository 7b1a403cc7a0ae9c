package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Products of interleaved quantised weights with the Vector API, for any machine.
///
/// One input is multiplied as integers. Many inputs are multiplied in floats: 32 rows × 256 columns of
/// weights are widened to floats holding integers, which stay in the first-level cache while four
/// inputs at a time pass by; sums of a block are exact either way (below 2²⁴).
///
/// Eight accumulators (two vectors × four inputs) hide the latency of the fused multiply-add; 12 and 24
/// measured the same 48 GMAC/s on one Zen 4 core, and eight fit the sixteen registers of AVX2.
final class BlockLoops {
    /// Inputs of a tile.
    private static final int TILE = 4;

    /// Blocks of a group that are widened at a time: 32 KiB of floats for a pair of groups.
    private static final int CHUNK = 8;

    private static final int ROWS = BlockKernel.ROWS;
    private static final int COLUMNS = BlockKernel.COLUMNS;

    /// Rows that are computed at a time: two groups share the loads of the input.
    private static final int PAIR = 2 * ROWS;

    private BlockLoops() {}

    private interface Range {
        void run(int from, int to);
    }

    /// out[(first + t) · rows + r] for every row t of `input`.
    static void multiply(
            BlockKernel kernel,
            MemorySegment weights,
            int rows,
            int cells,
            QuantizedRows input,
            int first,
            float[] out,
            Workers workers) {
        if (input.rows == 1) multiplyOne(kernel, weights, rows, cells, input, first, out, workers);
        else multiplyMany(kernel, weights, rows, cells, input, first, out, workers);
    }

    /// Shares groups out, `size` rows each: some eight ranges for each thread, so that a slow one may lag.
    private static void share(int rows, int size, Workers workers, Range range) {
        int groups = (rows + size - 1) / size;
        int length = Math.max(1, groups / (8 * workers.threads()));
        workers.run((groups + length - 1) / length, part -> {
            range.run(part * length, Math.min(groups, (part + 1) * length));
        });
    }

    private static void multiplyOne(
            BlockKernel kernel,
            MemorySegment weights,
            int rows,
            int cells,
            QuantizedRows input,
            int first,
            float[] out,
            Workers workers) {
        int[] pairs = pairs(input);
        share(rows, ROWS, workers, (from, to) -> {
            var block = new BlockKernel.Block();
            int[] products = new int[PAIR];
            float[] sums = new float[ROWS];
            for (int group = from; group < to; group++) {
                Arrays.fill(sums, 0);
                for (int cell = 0; cell < cells; cell++) {
                    long at = ((long) group * cells + cell) * kernel.size();
                    for (int b = 0; b < kernel.blocks(); b++) {
                        int index = cell * kernel.blocks() + b;
                        kernel.unfold(weights, at, b, block);
                        dot(block.lines, kernel.bias(), pairs, index * COLUMNS / 2, products);
                        addProducts(kernel, block, products, input, index, sums);
                    }
                }
                System.arraycopy(sums, 0, out, first * rows + group * ROWS, Math.min(ROWS, rows - group * ROWS));
            }
        });
    }

    /// Quads as shorts in pairs: for columns a, b, c, d the ints (a, c) and (b, d), low half first.
    private static int[] pairs(QuantizedRows input) {
        int[] pairs = new int[input.columns / 2];
        for (int i = 0; i < input.columns; i += 4) {
            pairs[i / 2] = (input.values[i] & 0xffff) | (input.values[i + 2] << 16);
            pairs[i / 2 + 1] = (input.values[i + 1] & 0xffff) | (input.values[i + 3] << 16);
        }
        return pairs;
    }

    /// products[half · 16 + row] = Σ w·x over sixteen columns. Two products of a weight (at most 128 in size)
    /// and an input (at most 127) fit a short together.
    private static void dot(int[] lines, int bias, int[] pairs, int x, int[] products) {
        for (int half = 0; half < 2; half++) {
            for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
                IntVector sum = IntVector.zero(Lanes.INTS);
                for (int i = half * 4; i < half * 4 + 4; i++) {
                    ShortVector w = IntVector.fromArray(Lanes.INTS, lines, i * ROWS + lane)
                            .reinterpretAsShorts();
                    ShortVector ac = w.and((short) 0xff).sub((short) bias);
                    ShortVector bd = w.lanewise(VectorOperators.LSHR, 8).sub((short) bias);
                    IntVector p = ac.mul(shorts(pairs[x + 2 * i]))
                            .add(bd.mul(shorts(pairs[x + 2 * i + 1])))
                            .reinterpretAsInts();
                    sum = sum.add(p.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16))
                            .add(p.lanewise(VectorOperators.ASHR, 16));
                }
                sum.intoArray(products, half * ROWS + lane);
            }
        }
    }

    private static ShortVector shorts(int pair) {
        return IntVector.broadcast(Lanes.INTS, pair).reinterpretAsShorts();
    }

    private static void addProducts(
            BlockKernel kernel, BlockKernel.Block block, int[] products, QuantizedRows input, int index, float[] sums) {
        float scale = input.scales[index];
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            IntVector left = IntVector.fromArray(Lanes.INTS, products, lane);
            IntVector right = IntVector.fromArray(Lanes.INTS, products, ROWS + lane);
            if (kernel.hasSecondScales()) {
                left = left.mul(IntVector.fromArray(Lanes.INTS, block.secondScales, lane));
                right = right.mul(IntVector.fromArray(Lanes.INTS, block.secondScales, ROWS + lane));
            }
            FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, sums, lane);
            var exact = (FloatVector) left.add(right).convert(VectorOperators.I2F, 0);
            sum = exact.fma(
                    FloatVector.fromArray(Lanes.FLOATS, block.scales, lane).mul(scale), sum);
            if (kernel.hasMinima()) {
                FloatVector minima = FloatVector.fromArray(Lanes.FLOATS, block.minima, lane);
                sum = minima.neg().fma(FloatVector.broadcast(Lanes.FLOATS, input.total(0, index)), sum);
            }
            sum.intoArray(sums, lane);
        }
    }

    private static void multiplyMany(
            BlockKernel kernel,
            MemorySegment weights,
            int rows,
            int cells,
            QuantizedRows input,
            int first,
            float[] out,
            Workers workers) {
        int columns = input.columns;
        int blocks = columns / COLUMNS;
        int tiles = (input.rows + TILE - 1) / TILE;
        float[] x = new float[tiles * TILE * columns];
        float[] scales = new float[tiles * TILE * blocks];
        float[] totals = new float[kernel.hasMinima() ? scales.length : 0];
        workers.run(tiles, tile -> {
            for (int t = tile * TILE; t < Math.min(input.rows, (tile + 1) * TILE); t++) {
                int lane = t - tile * TILE;
                for (int i = 0; i < columns; i++) {
                    x[(tile * columns + i) * TILE + lane] = input.values[t * columns + i];
                }
                for (int b = 0; b < blocks; b++) {
                    scales[(tile * blocks + b) * TILE + lane] = input.scales[t * blocks + b];
                    if (totals.length > 0) totals[(tile * blocks + b) * TILE + lane] = input.total(t, b);
                }
            }
        });
        share(rows, PAIR, workers, (from, to) -> {
            var wide = new Wide();
            float[] exact = new float[TILE * PAIR];
            float[] sums = new float[tiles * TILE * PAIR];
            for (int pair = from; pair < to; pair++) {
                Arrays.fill(sums, 0);
                for (int b = 0; b < blocks; b += CHUNK) {
                    int count = Math.min(CHUNK, blocks - b);
                    for (int group = 0; group < 2; group++) {
                        wide.fill(kernel, weights, (pair * 2L + group) * cells * kernel.size(), b, count, group);
                    }
                    for (int t = 0; t < tiles; t++) {
                        int s = (t * blocks + b) * TILE;
                        addTile(wide, count, x, s * COLUMNS, scales, totals, s, exact, sums, t * TILE * PAIR);
                    }
                }
                int width = Math.min(PAIR, rows - pair * PAIR);
                for (int t = 0; t < input.rows; t++) {
                    System.arraycopy(sums, t * PAIR, out, (first + t) * rows + pair * PAIR, width);
                }
            }
        });
    }

    /// Some blocks of a pair of groups as floats holding integers.
    private static final class Wide {
        private final BlockKernel.Block block = new BlockKernel.Block();

        /// [columns, 32 rows]
        final float[] tile = new float[CHUNK * COLUMNS * PAIR];

        /// [blocks, 32 rows]
        final float[] scales = new float[CHUNK * PAIR];

        final float[] minima = new float[CHUNK * PAIR];

        void fill(BlockKernel kernel, MemorySegment weights, long group, int first, int count, int half) {
            for (int i = 0; i < count; i++) {
                int b = first + i;
                kernel.unfold(
                        weights, group + (long) (b / kernel.blocks()) * kernel.size(), b % kernel.blocks(), block);
                System.arraycopy(block.scales, 0, scales, i * PAIR + half * ROWS, ROWS);
                System.arraycopy(block.minima, 0, minima, i * PAIR + half * ROWS, ROWS);
                for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
                    widen(kernel, i * COLUMNS * PAIR + half * ROWS + lane, lane);
                }
            }
        }

        private void widen(BlockKernel kernel, int to, int lane) {
            for (int i = 0; i < COLUMNS; i++) {
                IntVector v = IntVector.fromArray(Lanes.INTS, block.lines, i / 4 * ROWS + lane);
                v = v.lanewise(VectorOperators.LSHR, i % 4 * 8).and(0xff).sub(kernel.bias());
                if (kernel.hasSecondScales()) {
                    v = v.mul(IntVector.fromArray(Lanes.INTS, block.secondScales, i / 16 * ROWS + lane));
                }
                ((FloatVector) v.convert(VectorOperators.I2F, 0)).intoArray(tile, to + i * PAIR);
            }
        }
    }

    /// sums += scaled products of 32 rows with a tile of four inputs, one block after the other.
    private static void addTile(
            Wide w,
            int blocks,
            float[] x,
            int xAt,
            float[] scales,
            float[] totals,
            int sAt,
            float[] exact,
            float[] sums,
            int to) {
        for (int lane = 0; lane < PAIR; lane += 2 * Lanes.COUNT) {
            for (int b = 0; b < blocks; b++) {
                blockProducts(w.tile, b * COLUMNS * PAIR + lane, x, xAt + b * COLUMNS * TILE, exact);
                addScaled(exact, w.scales, b * PAIR + lane, scales, sAt + b * TILE, sums, to + lane);
                if (totals.length > 0) {
                    subtractMinima(w.minima, b * PAIR + lane, totals, sAt + b * TILE, sums, to + lane);
                }
            }
        }
    }

    /// The exact sums of one block for two vectors of rows and four inputs.
    ///
    /// A method of its own: with the scaling in the same body the compiler gives up inlining half way
    /// (`NodeCountInliningCutoff`), and vectors become objects.
    private static void blockProducts(float[] w, int wAt, float[] x, int xAt, float[] exact) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < COLUMNS; k++) {
            FloatVector w0 = FloatVector.fromArray(Lanes.FLOATS, w, wAt + k * PAIR);
            FloatVector w1 = FloatVector.fromArray(Lanes.FLOATS, w, wAt + k * PAIR + Lanes.COUNT);
            int i = xAt + k * TILE;
            FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, x[i]);
            a0 = w0.fma(x0, a0);
            b0 = w1.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, x[i + 1]);
            a1 = w0.fma(x1, a1);
            b1 = w1.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, x[i + 2]);
            a2 = w0.fma(x2, a2);
            b2 = w1.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, x[i + 3]);
            a3 = w0.fma(x3, a3);
            b3 = w1.fma(x3, b3);
        }
        a0.intoArray(exact, 0);
        b0.intoArray(exact, Lanes.COUNT);
        a1.intoArray(exact, 2 * Lanes.COUNT);
        b1.intoArray(exact, 3 * Lanes.COUNT);
        a2.intoArray(exact, 4 * Lanes.COUNT);
        b2.intoArray(exact, 5 * Lanes.COUNT);
        a3.intoArray(exact, 6 * Lanes.COUNT);
        b3.intoArray(exact, 7 * Lanes.COUNT);
    }

    private static void addScaled(
            float[] exact, float[] wScales, int wAt, float[] xScales, int sAt, float[] sums, int to) {
        FloatVector d0 = FloatVector.fromArray(Lanes.FLOATS, wScales, wAt);
        FloatVector d1 = FloatVector.fromArray(Lanes.FLOATS, wScales, wAt + Lanes.COUNT);
        for (int t = 0; t < TILE; t++) {
            float s = xScales[sAt + t];
            add(exact, 2 * t * Lanes.COUNT, d0.mul(s), sums, to + t * PAIR);
            add(exact, (2 * t + 1) * Lanes.COUNT, d1.mul(s), sums, to + t * PAIR + Lanes.COUNT);
        }
    }

    private static void add(float[] exact, int at, FloatVector scale, float[] sums, int to) {
        FloatVector.fromArray(Lanes.FLOATS, exact, at)
                .fma(scale, FloatVector.fromArray(Lanes.FLOATS, sums, to))
                .intoArray(sums, to);
    }

    private static void subtractMinima(float[] minima, int wAt, float[] totals, int sAt, float[] sums, int to) {
        for (int i = 0; i < 2 * Lanes.COUNT; i += Lanes.COUNT) {
            FloatVector m = FloatVector.fromArray(Lanes.FLOATS, minima, wAt + i).neg();
            for (int t = 0; t < TILE; t++) {
                int at = to + t * PAIR + i;
                m.fma(
                                FloatVector.broadcast(Lanes.FLOATS, totals[sAt + t]),
                                FloatVector.fromArray(Lanes.FLOATS, sums, at))
                        .intoArray(sums, at);
            }
        }
    }
}
