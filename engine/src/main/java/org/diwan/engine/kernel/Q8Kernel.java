package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;

/// Q8_0. A cell is 544 bytes: 16 f16 scales, eight lines of weights plus 128.
public final class Q8Kernel implements BlockKernel {
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
        return LINES * LINE;
    }

    @Override
    public int bias() {
        return 128;
    }

    @Override
    public void unfold(MemorySegment weights, long cell, int index, Block out) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.halfFloats(weights, cell + lane * 2L).intoArray(out.scales, lane);
            for (int i = 0; i < LINES; i++) {
                BlockKernel.line(weights, cell + HALVES + (long) i * LINE + lane * 4L)
                        .intoArray(out.lines, i * ROWS + lane);
            }
        }
    }
}
