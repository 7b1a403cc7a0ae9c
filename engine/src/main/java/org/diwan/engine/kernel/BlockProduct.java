package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Products of interleaved quantised weights ([BlockKernel]) with one or many input rows.
///
/// One row is multiplied as integers: memory is the limit, and the kernel reads each weight once. Many
/// rows are multiplied in floats: 32 rows × 256 columns of weights are widened to floats holding
/// integers, which stay in the first-level cache while four input rows at a time pass by. Both give the same
/// bits, because sums of a block are exact either way (below 2²⁴), and both add block sums to the
/// output in the same order with the same fused multiply-add.
///
/// Eight accumulators (two vectors × four rows of input) hide the latency of the fused multiply-add;
/// 12 and 24 accumulators measured the same 48 GMAC/s on one Zen 4 core, and eight fit the sixteen
/// registers of AVX2.
public final class BlockProduct {
    /// Input rows of a tile.
    private static final int TILE = 4;

    /// Cells of a group that are widened at a time: 32 KiB of floats for a pair of groups.
    private static final int CHUNK = 8;

    /// Input rows that are held as tiles at a time: 512 × 8,192 columns are 16 MiB.
    private static final int MOST_ROWS = 512;

    private static final int PAIR = BlockKernel.PAIR;
    private static final int COLUMNS = BlockKernel.COLUMNS;

    private final BlockKernel kernel;
    private final MemorySegment weights;
    private final int rows;
    private final int columns;
    private final int cells;

    /// @param weights cells of `kernel`, for `rows` rounded up to a multiple of 32
    /// @param columns a multiple of 32
    public BlockProduct(BlockKernel kernel, MemorySegment weights, int rows, int columns) {
        this.kernel = kernel;
        this.weights = weights;
        this.rows = rows;
        this.columns = columns;
        this.cells = columns / COLUMNS;
    }

    /// out[t · rows + r] = Σ W[r, k] · x[t · columns + k], t in [0, tokens).
    public void multiply(float[] x, int tokens, float[] out, Workers workers) {
        if (tokens == 1) {
            multiplyOne(QuantizedRows.of(x, 0, 1, columns, workers), out, workers);
            return;
        }
        for (int first = 0; first < tokens; first += MOST_ROWS) {
            int count = Math.min(MOST_ROWS, tokens - first);
            multiplyMany(QuantizedRows.of(x, first * columns, count, columns, workers), first, out, workers);
        }
    }

    private void multiplyOne(QuantizedRows input, float[] out, Workers workers) {
        int[] broadcasts = kernel.broadcasts(input);
        int[] sums = input.sums();
        forPairs(workers, (from, to) -> {
            float[] products = new float[PAIR];
            for (int pair = from; pair < to; pair++) {
                kernel.dot(weights, at(pair, 0, 0), cells, broadcasts, input.scales, sums, products);
                System.arraycopy(products, 0, out, pair * PAIR, Math.min(PAIR, rows - pair * PAIR));
            }
        });
    }

    private void multiplyMany(QuantizedRows input, int firstToken, float[] out, Workers workers) {
        int tiles = (input.rows + TILE - 1) / TILE;
        float[] x = new float[tiles * TILE * columns];
        float[] s = new float[tiles * TILE * cells];
        workers.run(tiles, tile -> {
            for (int t = tile * TILE; t < Math.min(input.rows, (tile + 1) * TILE); t++) {
                int lane = t - tile * TILE;
                interleave(input.values, t * columns, columns, x, tile * TILE * columns + lane);
                interleave(input.scales, t * cells, cells, s, tile * TILE * cells + lane);
            }
        });
        forPairs(workers, (from, to) -> {
            float[] tile = new float[CHUNK * COLUMNS * PAIR];
            float[] scales = new float[CHUNK * PAIR];
            float[] exact = new float[TILE * PAIR];
            float[] sums = new float[tiles * TILE * PAIR];
            for (int pair = from; pair < to; pair++) {
                Arrays.fill(sums, 0);
                for (int cell = 0; cell < cells; cell += CHUNK) {
                    int count = Math.min(CHUNK, cells - cell);
                    kernel.widen(weights, at(pair, 0, cell), count, tile, scales, 0);
                    kernel.widen(weights, at(pair, 1, cell), count, tile, scales, BlockKernel.ROWS);
                    for (int t = 0; t < tiles; t++) {
                        int xAt = (t * columns + cell * COLUMNS) * TILE;
                        int sAt = (t * cells + cell) * TILE;
                        addTile(tile, scales, count, x, xAt, s, sAt, exact, sums, t * TILE * PAIR);
                    }
                }
                int width = Math.min(PAIR, rows - pair * PAIR);
                for (int t = 0; t < input.rows; t++) {
                    System.arraycopy(sums, t * PAIR, out, (firstToken + t) * rows + pair * PAIR, width);
                }
            }
        });
    }

    private static void interleave(float[] from, int at, int count, float[] to, int first) {
        for (int i = 0; i < count; i++) {
            to[first + i * TILE] = from[at + i];
        }
    }

    private interface Range {
        void run(int from, int to);
    }

    /// Shares the pairs of groups out: some eight ranges for each thread, so that a slow one may lag.
    private void forPairs(Workers workers, Range range) {
        int pairs = (rows + PAIR - 1) / PAIR;
        int length = Math.max(1, pairs / (8 * workers.threads()));
        workers.run((pairs + length - 1) / length, part -> {
            range.run(part * length, Math.min(pairs, (part + 1) * length));
        });
    }

    private long at(int pair, int group, int cell) {
        return ((pair * 2L + group) * cells + cell) * kernel.size();
    }

    /// sums += scaled products of 32 rows with a tile of four input rows, one cell after the other.
    private static void addTile(
            float[] w,
            float[] wScales,
            int cells,
            float[] x,
            int xAt,
            float[] xScales,
            int sAt,
            float[] exact,
            float[] sums,
            int to) {
        for (int lane = 0; lane < PAIR; lane += 2 * Lanes.COUNT) {
            for (int cell = 0; cell < cells; cell++) {
                cellProducts(w, cell * COLUMNS * PAIR + lane, x, xAt + cell * COLUMNS * TILE, exact);
                addScaled(exact, wScales, cell * PAIR + lane, xScales, sAt + cell * TILE, sums, to + lane);
            }
        }
    }

    /// The exact sums of one cell for two vectors of rows and four input rows.
    ///
    /// A method of its own: with the scaling in the same body the compiler gives up inlining half way
    /// (`NodeCountInliningCutoff`), and vectors become objects.
    private static void cellProducts(float[] w, int wAt, float[] x, int xAt, float[] exact) {
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
}
