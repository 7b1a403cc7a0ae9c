package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.Q6Kernel;

/// Q6_K: a super-block of 256 weights in 210 bytes, read as eight blocks of 32.
///
/// | bytes | meaning |
/// |---|---|
/// | 0 … 127 | low 4 bits |
/// | 128 … 191 | high 2 bits |
/// | 192 … 207 | int8 scales, one for 16 weights |
/// | 208 … 209 | f16 scale of all |
///
/// Weight = scale · scale₁₆ · (bits - 32). Of the 128 weights of a half, 32j … 32j+31 take
/// their low bits from bytes 32(j mod 2) …, low nibble for j < 2, and their high bits from
/// bit pair j of bytes 128 ….
final class Q6Matrix extends BlockMatrix {
    private static final int SUPER_BLOCK = 256;
    private static final int SIZE = 210;
    private static final int HIGH_BITS = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;

    Q6Matrix(MemorySegment data, int rows, int columns) {
        if (columns % SUPER_BLOCK != 0) {
            throw new IllegalArgumentException(
                    "illegal columns: " + columns + ", must be a multiple of " + SUPER_BLOCK + " for Q6_K");
        }
        super(new Q6Kernel(), data, rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.Q6_K;
    }

    /// The second scale is folded into the integers: at most 128·32 in size.
    @Override
    float block(int row, int block, int[] integers) {
        long at = superBlock(row, block);
        for (int i = 0; i < BLOCK; i++) {
            integers[i] = secondScale(at, block, i / 16) * level(at, block, i);
        }
        return Float.float16ToFloat(data.get(SHORT, at + SCALE));
    }

    /// The layout is described in [Q6Kernel].
    @Override
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at) {
        long from = superBlock(row, block);
        packed.set(ValueLayout.JAVA_BYTE, at + lane, (byte) secondScale(from, block, 0));
        packed.set(ValueLayout.JAVA_BYTE, at + BlockKernel.ROWS + lane, (byte) secondScale(from, block, 1));
        long low = from + block % 8 / 4 * 64L + block % 2 * 32L;
        int lowShift = block % 4 / 2 * 4;
        packNibbles(
                i -> (data.get(INT, low + 4L * i) >>> lowShift) & 0x0f0f0f0f, lane, packed, at + 2L * BlockKernel.ROWS);
        long high = from + HIGH_BITS + block % 8 / 4 * 32L;
        long upper = at + 2L * BlockKernel.ROWS + (long) BlockKernel.LINES / 2 * BlockKernel.LINE;
        for (int half = 0; half < 2; half++) {
            int pairs = 0;
            for (int i = 0; i < 4; i++) {
                int quad = data.get(INT, high + 4L * (4 * half + i)) >>> (block % 4 * 2);
                pairs |= (quad & 0x03030303) << (2 * i);
            }
            packed.set(INT, upper + (long) half * BlockKernel.LINE + lane * 4L, pairs);
        }
        return packHalf(from + SCALE, lane, packed, cell);
    }

    private long superBlock(int row, int block) {
        return ((long) row * blocks() + block) / 8 * SIZE;
    }

    private int secondScale(long at, int block, int half) {
        return data.get(ValueLayout.JAVA_BYTE, at + SCALES + block % 8 * 2L + half);
    }

    /// Weight i of a block without its scales, in [-32, 32).
    private int level(long at, int block, int i) {
        int half = block % 8 / 4;
        int quarter = block % 4;
        int low = data.get(ValueLayout.JAVA_BYTE, at + half * 64L + quarter % 2 * 32L + i);
        int high = data.get(ValueLayout.JAVA_BYTE, at + HIGH_BITS + half * 32L + i);
        int lowBits = (low >> (quarter / 2 * 4)) & 15;
        int highBits = (high >> (quarter * 2)) & 3;
        return (lowBits | (highBits << 4)) - 32;
    }
}
