package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.Q4KKernel;

/// Q4_K: a super-block of 256 weights in 144 bytes, read as eight blocks of 32.
///
/// | bytes | meaning |
/// |---|---|
/// | 0 … 1 | f16 scale d |
/// | 2 … 3 | f16 scale e of the minima |
/// | 4 … 15 | [SixBits]: s and m of each block |
/// | 16 … 143 | blocks 2j and 2j + 1 in the low and the high nibbles of 32 bytes |
///
/// Weight = d·s·bits - e·m.
final class Q4KMatrix extends BlockMatrix {
    static final int SUPER_BLOCK = 256;
    private static final int SIZE = 144;
    private static final int NIBBLES = 16;

    Q4KMatrix(MemorySegment data, int rows, int columns) {
        SixBits.checkColumns(TensorType.Q4_K, columns);
        super(new Q4KKernel(), data, rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.Q4_K;
    }

    @Override
    float block(int row, int block, int[] integers) {
        long at = superBlock(row, block);
        long nibbles = at + NIBBLES + block % 8 / 2 * 32L;
        for (int i = 0; i < BLOCK; i++) {
            integers[i] = (data.get(ValueLayout.JAVA_BYTE, nibbles + i) >> (block % 2 * 4)) & 15;
        }
        return SixBits.scale(data, at, block % 8);
    }

    @Override
    float minimum(int row, int block) {
        return SixBits.minimum(data, superBlock(row, block), block % 8);
    }

    /// The layout is described in [Q4KKernel].
    @Override
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at) {
        long from = superBlock(row, block);
        packed.set(ValueLayout.JAVA_BYTE, at + lane, (byte) SixBits.scaleBits(data, from, block % 8));
        packed.set(
                ValueLayout.JAVA_BYTE, at + BlockKernel.ROWS + lane, (byte) SixBits.minimumBits(data, from, block % 8));
        long nibbles = from + NIBBLES + block % 8 / 2 * 32L;
        int shift = block % 2 * 4;
        packNibbles(
                i -> (data.get(INT, nibbles + 4L * i) >>> shift) & 0x0f0f0f0f,
                lane,
                packed,
                at + 2L * BlockKernel.ROWS);
        return packHalf(from, lane, packed, cell) && packHalf(from + 2, lane, packed, cell + BlockKernel.HALVES);
    }

    private long superBlock(int row, int block) {
        return ((long) row * blocks() + block) / 8 * SIZE;
    }
}
