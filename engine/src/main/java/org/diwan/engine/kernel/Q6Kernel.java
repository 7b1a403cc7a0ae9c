package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q6_K. A cell is 3,360 bytes: 16 f16 scales, then eight blocks of 416 bytes: 16 second scales (int8)
/// for the left and 16 for the right 16 columns, four lines of low nibbles, two lines of upper bit
/// pairs: bits 2i, 2i + 1 of a byte of upper line h belong to the same byte of line 4h + i. Weights are
/// stored plus 32.
public final class Q6Kernel implements BlockKernel {
    private static final int NIBBLES = 2 * ROWS;
    private static final int PAIRS = NIBBLES + LINES / 2 * LINE;

    @Override
    public int blocks() {
        return 8;
    }

    @Override
    public int headerSize() {
        return HALVES;
    }

    @Override
    public int blockSize() {
        return PAIRS + LINES / 4 * LINE;
    }

    @Override
    public int bias() {
        return 32;
    }

    @Override
    public boolean hasSecondScales() {
        return true;
    }

    @Override
    public void unfold(MemorySegment weights, long cell, int index, Block out) {
        long at = cell + headerSize() + (long) index * blockSize();
        for (int i = 0; i < 2 * ROWS; i++) {
            out.secondScales[i] = BlockKernel.signedByte(weights, at + i);
        }
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.halfFloats(weights, cell + lane * 2L).intoArray(out.scales, lane);
            BlockKernel.unfoldNibbles(weights, at + NIBBLES, lane, out.lines);
            for (int i = 0; i < LINES; i++) {
                IntVector bits = BlockKernel.line(weights, at + PAIRS + i / 4 * (long) LINE + lane * 4L)
                        .lanewise(VectorOperators.LSHR, 2 * (i % 4))
                        .and(0x03030303)
                        .lanewise(VectorOperators.LSHL, 4);
                IntVector.fromArray(Lanes.INTS, out.lines, i * ROWS + lane)
                        .or(bits)
                        .intoArray(out.lines, i * ROWS + lane);
            }
        }
    }
}
