package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
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
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell) {
        long at = superBlock(row, block);
        packed.set(SHORT, cell + 32 + lane * 2L, (short) secondScale(at, block, 0));
        packed.set(SHORT, cell + 64 + lane * 2L, (short) secondScale(at, block, 1));
        for (int i = 0; i < BLOCK; i++) {
            long to = cell + 96 + i / 2 * 32L + lane * 2L + i % 2;
            packed.set(ValueLayout.JAVA_BYTE, to, (byte) level(at, block, i));
        }
        return packScale(at + SCALE, lane, packed, cell);
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
