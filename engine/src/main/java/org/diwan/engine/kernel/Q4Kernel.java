package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;

/// Q4_0. A cell is 288 bytes: 16 f16 scales, four lines of two nibbles a byte, each the weight plus 8.
public final class Q4Kernel implements BlockKernel {
    @Override
    public int blocks() {
        return 1;
    }

    @Override
    public int headerSize() {
        return HALVES;
    }

    @Override
    public int blockSize() {
        return LINES / 2 * LINE;
    }

    @Override
    public int bias() {
        return 8;
    }

    @Override
    public void unfold(MemorySegment weights, long cell, int index, Block out) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.halfFloats(weights, cell + lane * 2L).intoArray(out.scales, lane);
            BlockKernel.unfoldNibbles(weights, cell + HALVES, lane, out.lines);
        }
    }
}
