package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;

/// Q4_K. A cell is 2,368 bytes: 16 f16 scales d, 16 f16 scales of minima e, then eight blocks of 288
/// bytes: 16 bytes s, 16 bytes m, four lines of two nibbles a byte. Scale = d·s and minimum = e·m, both
/// exact in a float (11 + 6 bits).
public final class Q4KKernel implements BlockKernel {
    private static final int NIBBLES = 2 * ROWS;

    @Override
    public int blocks() {
        return 8;
    }

    @Override
    public int headerSize() {
        return 2 * HALVES;
    }

    @Override
    public int blockSize() {
        return NIBBLES + LINES / 2 * LINE;
    }

    @Override
    public int bias() {
        return 0;
    }

    @Override
    public boolean hasMinima() {
        return true;
    }

    @Override
    public void unfold(MemorySegment weights, long cell, int index, Block out) {
        long at = cell + headerSize() + (long) index * blockSize();
        unfoldScales(weights, cell, at, out);
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.unfoldNibbles(weights, at + NIBBLES, lane, out.lines);
        }
    }

    /// Scales and minima of a block at byte `at`, which begins with s and m.
    static void unfoldScales(MemorySegment weights, long cell, long at, Block out) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.halfFloats(weights, cell + lane * 2L).intoArray(out.scales, lane);
            BlockKernel.halfFloats(weights, cell + HALVES + lane * 2L).intoArray(out.minima, lane);
        }
        for (int row = 0; row < ROWS; row++) {
            out.scales[row] *= BlockKernel.unsignedByte(weights, at + row);
            out.minima[row] *= BlockKernel.unsignedByte(weights, at + ROWS + row);
        }
    }
}
