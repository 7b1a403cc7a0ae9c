package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.Q8Kernel;

/// Q8_0: a block is an f16 scale and 32 int8 weights, 34 bytes.
final class Q8Matrix extends BlockMatrix {
    private static final int SIZE = 34;

    Q8Matrix(MemorySegment data, int rows, int columns) {
        super(new Q8Kernel(), data, rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.Q8_0;
    }

    @Override
    float block(int row, int block, int[] integers) {
        long at = ((long) row * blocks() + block) * SIZE;
        for (int i = 0; i < BLOCK; i++) {
            integers[i] = data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
        }
        return Float.float16ToFloat(data.get(SHORT, at));
    }

    /// The layout is described in [Q8Kernel].
    @Override
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at) {
        long from = ((long) row * blocks() + block) * SIZE;
        for (int i = 0; i < BlockKernel.LINES; i++) {
            int quad = data.get(INT, from + 2 + 4L * i) ^ 0x80808080;
            packed.set(INT, at + (long) i * BlockKernel.LINE + lane * 4L, quad);
        }
        return packHalf(from, lane, packed, cell);
    }
}
