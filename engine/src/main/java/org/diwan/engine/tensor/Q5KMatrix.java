package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.Q5KKernel;

/// Q5_K: as [Q4KMatrix], with 32 bytes of fifth bits before the nibbles, 176 bytes in all: bit b of byte
/// 16 + i is the fifth bit of weight i of block b.
final class Q5KMatrix extends BlockMatrix {
    private static final int SIZE = 176;
    private static final int FIFTHS = 16;
    private static final int NIBBLES = 48;

    Q5KMatrix(MemorySegment data, int rows, int columns) {
        SixBits.checkColumns(TensorType.Q5_K, columns);
        super(new Q5KKernel(), data, rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.Q5_K;
    }

    @Override
    float block(int row, int block, int[] integers) {
        long at = superBlock(row, block);
        long nibbles = at + NIBBLES + block % 8 / 2 * 32L;
        for (int i = 0; i < BLOCK; i++) {
            int low = (data.get(ValueLayout.JAVA_BYTE, nibbles + i) >> (block % 2 * 4)) & 15;
            int fifth = (data.get(ValueLayout.JAVA_BYTE, at + FIFTHS + i) >> (block % 8)) & 1;
            integers[i] = low | (fifth << 4);
        }
        return SixBits.scale(data, at, block % 8);
    }

    @Override
    float minimum(int row, int block) {
        return SixBits.minimum(data, superBlock(row, block), block % 8);
    }

    /// The layout is described in [Q5KKernel].
    @Override
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at) {
        long from = superBlock(row, block);
        packed.set(ValueLayout.JAVA_BYTE, at + lane, (byte) SixBits.scaleBits(data, from, block % 8));
        packed.set(
                ValueLayout.JAVA_BYTE, at + BlockKernel.ROWS + lane, (byte) SixBits.minimumBits(data, from, block % 8));
        int fifths = 0;
        for (int i = 0; i < BlockKernel.LINES; i++) {
            fifths |= ((data.get(INT, from + FIFTHS + 4L * i) >>> (block % 8)) & 0x01010101) << i;
        }
        packed.set(INT, at + 2L * BlockKernel.ROWS + lane * 4L, fifths);
        long nibbles = from + NIBBLES + block % 8 / 2 * 32L;
        int shift = block % 2 * 4;
        packNibbles(
                i -> (data.get(INT, nibbles + 4L * i) >>> shift) & 0x0f0f0f0f,
                lane,
                packed,
                at + 2L * BlockKernel.ROWS + BlockKernel.LINE);
        return packHalf(from, lane, packed, cell) && packHalf(from + 2, lane, packed, cell + BlockKernel.HALVES);
    }

    private long superBlock(int row, int block) {
        return ((long) row * blocks() + block) / 8 * SIZE;
    }
}
