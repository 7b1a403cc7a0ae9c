package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.diwan.engine.kernel.Assembler.Register.R10;
import static org.diwan.engine.kernel.Assembler.Register.R11;
import static org.diwan.engine.kernel.Assembler.Register.R8;
import static org.diwan.engine.kernel.Assembler.Register.R9;
import static org.diwan.engine.kernel.Assembler.Register.RAX;
import static org.diwan.engine.kernel.Assembler.Register.RCX;
import static org.diwan.engine.kernel.Assembler.Register.RDI;
import static org.diwan.engine.kernel.Assembler.Register.RDX;
import static org.diwan.engine.kernel.Assembler.Register.RSI;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Register;
import org.diwan.engine.kernel.Assembler.Vector;

/// Products of float weights in machine code, with the sixteen partial sums of [Lanes] in the lanes of
/// one register: what [DenseProduct]'s vector loops compute, one or four rows with one to four inputs
/// at a time. Weights are widened as they are read, where the file is mapped.
///
/// A tile holds the inputs in the order in which they are read: sixteen floats of every input, then
/// the next sixteen.
final class DenseCode {
    /// Most inputs of a tile, a power of two.
    static final int MOST_INPUTS = 4;

    /// Rows that routines take at a time.
    static final int ROWS = 4;

    /// Bytes of sixteen floats.
    static final int TILE_GROUP = 4 * Lanes.GROUP;

    // Vector registers: sums 0 … 15, four weights, one input.
    private static final int WEIGHTS = 16;
    private static final int INPUT = 20;
    private static final int OTHER = 21;

    /// Where the rows are read.
    private static final List<Register> POINTERS = List.of(RDI, RAX, R10, R11);

    private final DenseProduct.Format format;
    private final int rows;
    private final int inputs;
    private final Assembler code = new Assembler(512);

    private DenseCode(DenseProduct.Format format, int rows, int inputs) {
        this.format = format;
        this.rows = rows;
        this.inputs = inputs;
    }

    /// The routine for `rows` (1 or 4) rows and a tile of `inputs`, where machine code can run:
    ///
    ///     void run(long weights, long groups, MemorySegment tile, MemorySegment out, long stride, long rowSize)
    ///
    /// writes to out[input · stride + row · 4], in bytes, the product of the row at address `weights` +
    /// row · rowSize, `groups` · 16 weights, with the input.
    static Optional<MethodHandle> routine(DenseProduct.Format format, int rows, int inputs) {
        if (MachineCode.level() != MachineCode.Level.AVX512_VNNI) return Optional.empty();
        byte[] code = new DenseCode(format, rows, inputs).assemble();
        return MachineCode.routine(code, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    }

    private byte[] assemble() {
        for (int r = 1; r < rows; r++) {
            code.move(POINTERS.get(r), POINTERS.get(r - 1));
            code.add(POINTERS.get(r), R9);
        }
        for (int i = 0; i < rows * inputs; i++) code.zero(i);
        int group = code.label();
        for (int r = 0; r < rows; r++) loadWeights(r);
        for (int t = 0; t < inputs; t++) {
            code.emit(Op.LOAD, INPUT, new Memory(RDX, t * TILE_GROUP));
            for (int r = 0; r < rows; r++) code.emit(Op.FMA, t * rows + r, WEIGHTS + r, new Vector(INPUT));
        }
        code.add(RDX, inputs * TILE_GROUP);
        code.loop(RSI, group);
        for (int t = 0; t < inputs; t++) {
            for (int r = 0; r < rows; r++) {
                sum(t * rows + r);
                code.storeLowest(t * rows + r, new Memory(RCX, 4 * r));
            }
            code.add(RCX, R8);
        }
        code.end();
        return code.code();
    }

    private void loadWeights(int row) {
        Register from = POINTERS.get(row);
        int to = WEIGHTS + row;
        switch (format) {
            case F32 -> code.emit(Op.LOAD, to, new Memory(from, 0));
            case F16 -> code.emit(Op.HALF_TO_FLOAT, to, new Memory(from, 0));
            case BF16 -> {
                code.emit(Op.SHORT_TO_INT, to, new Memory(from, 0));
                code.shiftInts(to, to, 16);
            }
        }
        code.add(from, Lanes.GROUP * format.size());
    }

    /// The lowest lane ← the sum of all, in the order of [Lanes#sum(float\[\])].
    private void sum(int register) {
        code.shuffleParts(OTHER, register, 0b01_00_11_10);
        code.emit(Op.ADD, register, register, new Vector(OTHER));
        code.shuffleParts(OTHER, register, 0b10_11_00_01);
        code.emit(Op.ADD, register, register, new Vector(OTHER));
        code.shuffleLanes(OTHER, register, 0b01_00_11_10);
        code.emit(Op.ADD, register, register, new Vector(OTHER));
        code.shuffleLanes(OTHER, register, 0b10_11_00_01);
        code.emit(Op.ADD, register, register, new Vector(OTHER));
    }

    /// A tile of `inputs` rows of `x`, [rows, columns], from `first` on; rows past the last are zeros.
    static void fillTile(float[] x, int rows, int columns, int first, int inputs, float[] tile, int at) {
        for (int t = 0; t < Math.min(inputs, rows - first); t++) {
            for (int k = 0; k < columns; k += Lanes.GROUP) {
                System.arraycopy(x, (first + t) * columns + k, tile, at + k * inputs + t * Lanes.GROUP, Lanes.GROUP);
            }
        }
    }
}
