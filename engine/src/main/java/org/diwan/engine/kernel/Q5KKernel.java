package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Q5_K. A cell is 2,880 bytes: as [Q4KKernel], but a block has a line of fifth bits before its four
/// lines of nibbles: bit q of a byte there is the fifth bit of the same byte of line q.
public final class Q5KKernel implements BlockKernel {
    private static final int FIFTHS = 2 * ROWS;
    private static final int NIBBLES = FIFTHS + LINE;

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
        Q4KKernel.unfoldScales(weights, cell, at, out);
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            BlockKernel.unfoldNibbles(weights, at + NIBBLES, lane, out.lines);
            IntVector fifths = BlockKernel.line(weights, at + FIFTHS + lane * 4L);
            for (int i = 0; i < LINES; i++) {
                IntVector bits =
                        fifths.lanewise(VectorOperators.LSHR, i).and(0x01010101).lanewise(VectorOperators.LSHL, 4);
                IntVector.fromArray(Lanes.INTS, out.lines, i * ROWS + lane)
                        .or(bits)
                        .intoArray(out.lines, i * ROWS + lane);
            }
        }
    }
}
