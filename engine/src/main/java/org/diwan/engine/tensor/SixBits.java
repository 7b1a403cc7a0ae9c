package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;

/// Scales and minima of the eight blocks of a super-block of Q4_K or Q5_K: two f16 numbers and, for each
/// block, 6 bits s and 6 bits m in 12 bytes (ggml-quants.c, `get_scale_min_k4`). Byte j < 4 holds s of block j
/// and byte j + 4 its m; their upper two bits and the nibbles of byte j + 8 make s and m of block j + 4.
final class SixBits {
    private static final int BITS = 4;

    private SixBits() {}

    static void checkColumns(TensorType type, int columns) {
        if (columns % type.blockWeights() != 0) {
            throw new IllegalArgumentException(
                    "illegal columns: " + columns + ", must be a multiple of " + type.blockWeights() + " for " + type);
        }
    }

    /// d·s of a block of the super-block at byte `at`.
    static float scale(MemorySegment data, long at, int block) {
        return Float.float16ToFloat(data.get(BlockMatrix.SHORT, at)) * scaleBits(data, at, block);
    }

    /// e·m of a block.
    static float minimum(MemorySegment data, long at, int block) {
        return Float.float16ToFloat(data.get(BlockMatrix.SHORT, at + 2)) * minimumBits(data, at, block);
    }

    static int scaleBits(MemorySegment data, long at, int block) {
        return block < 4 ? bits(data, at, block) & 63 : (bits(data, at, block + 4) & 15) | upper(data, at, block - 4);
    }

    static int minimumBits(MemorySegment data, long at, int block) {
        return block < 4 ? bits(data, at, block + 4) & 63 : (bits(data, at, block + 4) >> 4) | upper(data, at, block);
    }

    /// Two bits for the upper end of a number, from the upper end of byte `index`.
    private static int upper(MemorySegment data, long at, int index) {
        return (bits(data, at, index) >> 6) << 4;
    }

    private static int bits(MemorySegment data, long at, int index) {
        return data.get(ValueLayout.JAVA_BYTE, at + BITS + index) & 0xff;
    }
}
