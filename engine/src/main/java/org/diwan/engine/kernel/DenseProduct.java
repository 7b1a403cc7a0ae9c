package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Products of float weights, with sixteen partial sums as [Lanes] describes: element k of a row goes to
/// partial sum k mod 16.
///
/// Where the machine has the instructions and rows are whole groups of sixteen, routines of [DenseCode]
/// do the work. Else four rows meet two inputs at a time: eight independent chains hide the latency of
/// the fused multiply-add, and each load is used more than once. Where fewer are left, the last one is
/// computed again.
public final class DenseProduct {
    /// How a weight is stored, little-endian: IEEE 754 binary32, binary16, or the upper half of a binary32.
    public enum Format {
        F32(4),
        F16(2),
        BF16(2);

        private final int size;

        Format(int size) {
            this.size = size;
        }

        /// Bytes of a weight.
        public int size() {
            return size;
        }
    }

    private static final int ROWS = 4;
    private static final int TOKENS = 2;

    /// Rows that are shared out at a time, a multiple of what routines take: 24 × 8,192 columns are 768 KiB of
    /// floats.
    private static final int CHUNK = 24;

    private final Format format;
    private final MemorySegment weights;
    private final int rows;
    private final int columns;
    private final Source source;
    private final @Nullable Routines routines;

    /// Where the weights of a row come from, as floats.
    @FunctionalInterface
    public interface Source {
        void row(int row, float[] out, int offset);
    }

    /// @param weights rows × columns of `format`, off the heap
    /// @param source the same weights
    public DenseProduct(Format format, MemorySegment weights, int rows, int columns, Source source) {
        this.format = format;
        this.weights = weights;
        this.rows = rows;
        this.columns = columns;
        this.source = source;
        long needed = (long) rows * columns * format.size;
        if (weights.byteSize() < needed)
            throw new IllegalArgumentException("weights of " + weights.byteSize() + " bytes, must be " + needed);
        this.routines = columns % Lanes.GROUP == 0 && weights.isNative() ? Routines.of(format) : null;
    }

    /// out[t · rows + r] = Σ W[r, k] · x[t · columns + k], t in [0, tokens).
    ///
    /// @throws IllegalArgumentException when an array is too short: machine code checks nothing
    public void multiply(float[] x, int tokens, float[] out, Workers workers) {
        checkLengths(x, (long) tokens * columns, out, (long) tokens * rows);
        if (!weights.scope().isAlive()) throw new IllegalStateException("the file of these weights is closed");
        try {
            if (Lanes.SCALAR) multiplyScalar(x, tokens, out, workers);
            else if (routines == null) multiplyInLoops(x, tokens, out, workers);
            else multiply(routines, x, tokens, out, workers);
        } finally {
            Reference.reachabilityFence(weights); // routines know an address only
        }
    }

    static void checkLengths(float[] x, long inputs, float[] out, long outputs) {
        if (x.length < inputs || out.length < outputs)
            throw new IllegalArgumentException("input of " + x.length + " and output of " + out.length
                    + " floats, must be at least " + inputs + " and " + outputs);
    }

    private void multiply(Routines code, float[] x, int tokens, float[] out, Workers workers) {
        int most = DenseCode.MOST_INPUTS;
        int tiles = (tokens + most - 1) / most;
        int last = Integer.highestOneBit(2 * (tokens - (tiles - 1) * most) - 1);
        float[] packed = new float[((tiles - 1) * most + last) * columns];
        workers.run(
                tiles,
                tile -> DenseCode.fillTile(
                        x,
                        tokens,
                        columns,
                        tile * most,
                        tile == tiles - 1 ? last : most,
                        packed,
                        tile * most * columns));
        workers.run((rows + CHUNK - 1) / CHUNK, part -> {
            float[] aside = new float[most * DenseCode.ROWS];
            for (int tile = 0; tile < tiles; tile++) {
                int inputs = tile == tiles - 1 ? last : most;
                int token = tile * most;
                var in = MemorySegment.ofArray(packed).asSlice((long) token * columns * 4);
                for (int r = part * CHUNK; r < Math.min(rows, (part + 1) * CHUNK); ) {
                    int count = rows - r >= DenseCode.ROWS ? DenseCode.ROWS : 1;
                    // Rows of zeros that fill up a tile have no place in `out`.
                    if (token + inputs <= tokens) {
                        var to = MemorySegment.ofArray(out).asSlice(((long) token * rows + r) * 4);
                        code.run(count, inputs, address(r), columns / Lanes.GROUP, in, to, rows, rowSize());
                    } else {
                        var to = MemorySegment.ofArray(aside);
                        code.run(count, inputs, address(r), columns / Lanes.GROUP, in, to, count, rowSize());
                        for (int t = 0; token + t < tokens; t++) {
                            System.arraycopy(aside, t * count, out, (token + t) * rows + r, count);
                        }
                    }
                    r += count;
                }
            }
        });
    }

    private long rowSize() {
        return (long) columns * format.size;
    }

    private long address(int row) {
        return weights.address() + row * rowSize();
    }

    private void multiplyInLoops(float[] x, int tokens, float[] out, Workers workers) {
        workers.run((rows + CHUNK - 1) / CHUNK, part -> {
            int first = part * CHUNK;
            int count = Math.min(CHUNK, rows - first);
            float[] w = new float[count * columns];
            for (int r = 0; r < count; r++) {
                source.row(first + r, w, r * columns);
            }
            float[] partial = new float[ROWS * TOKENS * Lanes.GROUP];
            for (int t = 0; t < tokens; t += TOKENS) {
                for (int r = 0; r < count; r += ROWS) {
                    partialSums(w, r, count - 1, x, t, tokens - 1, columns, partial);
                    for (int i = 0; i < Math.min(TOKENS, tokens - t); i++) {
                        for (int j = 0; j < Math.min(ROWS, count - r); j++) {
                            out[(t + i) * rows + first + r + j] = Lanes.sum(partial, (i * ROWS + j) * Lanes.GROUP);
                        }
                    }
                }
            }
        });
    }

    private static void partialSums(
            float[] w, int row, int lastRow, float[] x, int token, int lastToken, int columns, float[] partial) {
        int w0 = row * columns;
        int w1 = Math.min(row + 1, lastRow) * columns;
        int w2 = Math.min(row + 2, lastRow) * columns;
        int w3 = Math.min(row + 3, lastRow) * columns;
        int x0 = token * columns;
        int x1 = Math.min(token + 1, lastToken) * columns;
        int whole = columns - columns % Lanes.GROUP;
        for (int lane = 0; lane < Lanes.GROUP; lane += Lanes.COUNT) {
            wholeGroups(w, w0 + lane, w1 + lane, w2 + lane, w3 + lane, x, x0 + lane, x1 + lane, whole, partial, lane);
        }
        for (int k = whole; k < columns; k++) {
            int lane = k - whole;
            addTail(partial, lane, w[w0 + k], w[w1 + k], w[w2 + k], w[w3 + k], x[x0 + k]);
            addTail(partial, lane + ROWS * Lanes.GROUP, w[w0 + k], w[w1 + k], w[w2 + k], w[w3 + k], x[x1 + k]);
        }
    }

    private static void wholeGroups(
            float[] w,
            int w0,
            int w1,
            int w2,
            int w3,
            float[] x,
            int x0,
            int x1,
            int count,
            float[] partial,
            int lane) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < count; k += Lanes.GROUP) {
            FloatVector xa = FloatVector.fromArray(Lanes.FLOATS, x, x0 + k);
            FloatVector xb = FloatVector.fromArray(Lanes.FLOATS, x, x1 + k);
            FloatVector v0 = FloatVector.fromArray(Lanes.FLOATS, w, w0 + k);
            a0 = v0.fma(xa, a0);
            b0 = v0.fma(xb, b0);
            FloatVector v1 = FloatVector.fromArray(Lanes.FLOATS, w, w1 + k);
            a1 = v1.fma(xa, a1);
            b1 = v1.fma(xb, b1);
            FloatVector v2 = FloatVector.fromArray(Lanes.FLOATS, w, w2 + k);
            a2 = v2.fma(xa, a2);
            b2 = v2.fma(xb, b2);
            FloatVector v3 = FloatVector.fromArray(Lanes.FLOATS, w, w3 + k);
            a3 = v3.fma(xa, a3);
            b3 = v3.fma(xb, b3);
        }
        a0.intoArray(partial, lane);
        a1.intoArray(partial, lane + Lanes.GROUP);
        a2.intoArray(partial, lane + 2 * Lanes.GROUP);
        a3.intoArray(partial, lane + 3 * Lanes.GROUP);
        b0.intoArray(partial, lane + 4 * Lanes.GROUP);
        b1.intoArray(partial, lane + 5 * Lanes.GROUP);
        b2.intoArray(partial, lane + 6 * Lanes.GROUP);
        b3.intoArray(partial, lane + 7 * Lanes.GROUP);
    }

    private static void addTail(float[] partial, int lane, float w0, float w1, float w2, float w3, float x) {
        partial[lane] = Math.fma(w0, x, partial[lane]);
        partial[lane + Lanes.GROUP] = Math.fma(w1, x, partial[lane + Lanes.GROUP]);
        partial[lane + 2 * Lanes.GROUP] = Math.fma(w2, x, partial[lane + 2 * Lanes.GROUP]);
        partial[lane + 3 * Lanes.GROUP] = Math.fma(w3, x, partial[lane + 3 * Lanes.GROUP]);
    }

    private void multiplyScalar(float[] x, int tokens, float[] out, Workers workers) {
        workers.run(rows, r -> {
            float[] w = new float[columns];
            source.row(r, w, 0);
            for (int t = 0; t < tokens; t++) out[t * rows + r] = dotScalar(w, x, t * columns, columns);
        });
    }

    /// The scalar twin: one output element.
    public static float dotScalar(float[] weights, float[] x, int offset, int count) {
        float[] partial = new float[Lanes.GROUP];
        for (int k = 0; k < count; k++) {
            int lane = k % Lanes.GROUP;
            partial[lane] = Math.fma(weights[k], x[offset + k], partial[lane]);
        }
        return Lanes.sum(partial);
    }

    /// The routines of a format: for one and for a few rows, and for tiles of 1, 2 … inputs.
    private record Routines(List<MethodHandle> oneRow, List<MethodHandle> fewRows) {
        private static final @Nullable Routines F32 = make(Format.F32);
        private static final @Nullable Routines F16 = make(Format.F16);
        private static final @Nullable Routines BF16 = make(Format.BF16);

        static @Nullable Routines of(Format format) {
            return switch (format) {
                case F32 -> F32;
                case F16 -> F16;
                case BF16 -> BF16;
            };
        }

        private static @Nullable Routines make(Format format) {
            var each = List.of(new ArrayList<MethodHandle>(), new ArrayList<MethodHandle>());
            for (int i = 0; i < 2; i++) {
                for (int inputs = 1; inputs <= DenseCode.MOST_INPUTS; inputs *= 2) {
                    var routine = DenseCode.routine(format, i == 0 ? 1 : DenseCode.ROWS, inputs);
                    if (routine.isEmpty()) return null;
                    each.get(i).add(routine.get());
                }
            }
            return new Routines(each.get(0), each.get(1));
        }

        /// @param stride floats between the outputs of two inputs
        void run(
                int rows,
                int inputs,
                long weights,
                long groups,
                MemorySegment tile,
                MemorySegment out,
                long stride,
                long rowSize) {
            try {
                (rows == 1 ? oneRow : fewRows)
                        .get(Integer.numberOfTrailingZeros(inputs))
                        .invokeExact(weights, groups, tile, out, stride * 4, rowSize);
            } catch (Throwable e) {
                throw new AssertionError("machine code cannot throw", e);
            }
        }
    }
}
