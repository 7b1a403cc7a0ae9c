package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/// Products of interleaved quantised weights in machine code: what [BlockProduct]'s vector loops
/// compute, sixteen rows with a tile of a few inputs at a time. [BlockCode512] and [BlockCode256] write
/// the routines for two [MachineCode.Level]s.
///
/// A tile holds the inputs in the order in which they are read. For each block of 32 columns: the
/// integers of every input; then for every input [#FACTS] bytes: two numbers of four bytes to begin sums
/// with, a float scale and a float scaled sum.
final class BlockCode {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    /// Bytes that a tile says of a block of an input beside its integers, and where in them.
    static final int FACTS = 16;

    static final int START = 0;
    static final int SECOND_START = 4;
    static final int SCALE = 8;
    static final int TOTAL = 12;

    private static final boolean WIDE = MachineCode.level() == MachineCode.Level.AVX512_VNNI;

    private BlockCode() {}

    /// Most inputs of a tile, a power of two.
    static int mostInputs(BlockKernel kernel) {
        return WIDE ? BlockCode512.mostInputs(kernel) : BlockCode256.mostInputs(kernel);
    }

    /// The routine for tiles of `inputs`, where machine code can run:
    ///
    ///     void run(long weights, long cells, MemorySegment tile, MemorySegment out, long stride, long groups)
    ///
    /// for each of `groups` groups of `cells` cells each, from address `weights` on, writes 16 floats for
    /// every input to out[input · stride + group · 64], in bytes.
    static Optional<MethodHandle> routine(BlockKernel kernel, int inputs) {
        if (MachineCode.level() == MachineCode.Level.NONE) return Optional.empty();
        byte[] code = WIDE ? new BlockCode512(kernel, inputs).assemble() : new BlockCode256(kernel, inputs).assemble();
        return MachineCode.routine(code, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    }

    /// Bytes of a block of one input in a tile.
    static int tileBlock(BlockKernel kernel) {
        return integersSize(kernel) + FACTS;
    }

    private static int integersSize(BlockKernel kernel) {
        return WIDE ? QuantizedRows.BLOCK : BlockCode256.integersSize(kernel);
    }

    /// A tile of the `inputs` rows of `rows` from `first` on; rows past the last are zeros.
    static void fillTile(BlockKernel kernel, QuantizedRows rows, int first, int inputs, byte[] tile, int at) {
        int blocks = rows.columns / QuantizedRows.BLOCK;
        for (int t = 0; t < Math.min(inputs, rows.rows - first); t++) {
            for (int b = 0; b < blocks; b++) {
                int to = at + b * inputs * tileBlock(kernel);
                int values = to + t * integersSize(kernel);
                int facts = to + inputs * integersSize(kernel) + FACTS * t;
                int block = (first + t) * blocks + b;
                if (WIDE) BlockCode512.fill(kernel, rows, block, tile, values, facts);
                else BlockCode256.fill(kernel, rows, block, tile, values, facts);
                FLOAT.set(tile, facts + SCALE, rows.scales[block]);
                FLOAT.set(tile, facts + TOTAL, rows.total(first + t, b));
            }
        }
    }
}
