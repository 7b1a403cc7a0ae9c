package org.diwan.engine.kernel;

import jdk.incubator.vector.FloatVector;

/// Products of float weights, with sixteen partial sums as [Lanes] describes: element k of a row goes to
/// partial sum k mod 16.
///
/// Four rows meet two inputs at a time: eight independent chains hide the latency of the fused
/// multiply-add, and each load is used more than once. Where fewer are left, the last one is computed
/// again.
public final class DenseProduct {
    private static final int ROWS = 4;
    private static final int TOKENS = 2;

    /// Rows that are widened to floats at a time: 16 × 8,192 columns are 512 KiB.
    private static final int CHUNK = 16;

    private DenseProduct() {}

    /// Where the weights of a row come from, as floats.
    @FunctionalInterface
    public interface Source {
        void row(int row, float[] out, int offset);
    }

    /// out[t · rows + r] = Σ W[r, k] · x[t · columns + k], t in [0, tokens).
    public static void multiply(
            Source weights, int rows, int columns, float[] x, int tokens, float[] out, Workers workers) {
        workers.run((rows + CHUNK - 1) / CHUNK, part -> {
            int first = part * CHUNK;
            int count = Math.min(CHUNK, rows - first);
            float[] w = new float[count * columns];
            for (int r = 0; r < count; r++) {
                weights.row(first + r, w, r * columns);
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

    /// The scalar twin: one output element.
    public static float dotScalar(float[] weights, float[] x, int offset, int count) {
        float[] partial = new float[Lanes.GROUP];
        for (int k = 0; k < count; k++) {
            int lane = k % Lanes.GROUP;
            partial[lane] = Math.fma(weights[k], x[offset + k], partial[lane]);
        }
        return Lanes.sum(partial);
    }
}
