package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.Q4Kernel;

/// Q4_0: a block is an f16 scale and 16 bytes; byte i holds weight i in its low and weight i + 16 in
/// its high nibble, each plus 8.
final class Q4Matrix extends BlockMatrix {
    private static final int SIZE = 18;

    Q4Matrix(MemorySegment data, int rows, int columns) {
        super(new Q4Kernel(), data, rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.Q4_0;
    }

    @Override
    float block(int row, int block, int[] integers) {
        long at = ((long) row * blocks() + block) * SIZE;
        for (int i = 0; i < BLOCK / 2; i++) {
            int pair = data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
            integers[i] = (pair & 15) - 8;
            integers[i + BLOCK / 2] = ((pair >> 4) & 15) - 8;
        }
        return Float.float16ToFloat(data.get(SHORT, at));
    }

    /// The layout is described in [Q4Kernel]: line i is bytes 4i … 4i + 3 of the block, as they are.
    @Override
    boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at) {
        long from = ((long) row * blocks() + block) * SIZE;
        for (int i = 0; i < BlockKernel.LINES / 2; i++) {
            packed.set(INT, at + (long) i * BlockKernel.LINE + lane * 4L, data.get(INT, from + 2 + 4L * i));
        }
        return packHalf(from, lane, packed, cell);
    }
}
