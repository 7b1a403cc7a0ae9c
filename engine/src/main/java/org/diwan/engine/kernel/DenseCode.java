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
/// one register of 512 bits or two of 256: what [DenseProduct]'s vector loops compute, one or a few rows
/// with a tile of inputs at a time. Weights are widened as they are read, where the file is mapped.
///
/// A tile holds the inputs in the order in which they are read: sixteen floats of every input, then
/// the next sixteen.
final class DenseCode {
    private static final boolean WIDE = MachineCode.level() == MachineCode.Level.AVX512_VNNI;

    /// Most inputs of a tile, a power of two.
    static final int MOST_INPUTS = WIDE ? 4 : 2;

    /// Rows that routines take at a time: as many sums as registers hold, 16 of 32 or 12 of 16.
    static final int ROWS = WIDE ? 4 : 3;

    /// Bytes of sixteen floats.
    static final int TILE_GROUP = 4 * Lanes.GROUP;

    // Vector registers: sums from 0 on, then inputs and weights.
    private static final int INPUTS = WIDE ? 16 : 12;
    private static final int WEIGHTS = INPUTS + MOST_INPUTS;

    /// Registers for sixteen partial sums.
    private static final int PARTS = WIDE ? 1 : 2;

    /// Floats in a register.
    private static final int LANES = Lanes.GROUP / PARTS;

    /// Where the rows are read.
    private static final List<Register> POINTERS = List.of(RDI, RAX, R10, R11);

    private final DenseProduct.Format format;
    private final int rows;
    private final int inputs;
    private final Assembler code = new Assembler(32 * LANES);

    private DenseCode(DenseProduct.Format format, int rows, int inputs) {
        this.format = format;
        this.rows = rows;
        this.inputs = inputs;
    }

    /// The routine for `rows` (1 or [#ROWS]) rows and a tile of `inputs`, where machine code can run:
    ///
    ///     void run(long weights, long groups, MemorySegment tile, MemorySegment out, long stride, long rowSize)
    ///
    /// writes to out[input · stride + row · 4], in bytes, the product of the row at address `weights` +
    /// row · rowSize, `groups` · 16 weights, with the input.
    static Optional<MethodHandle> routine(DenseProduct.Format format, int rows, int inputs) {
        if (MachineCode.level() == MachineCode.Level.NONE) return Optional.empty();
        byte[] code = new DenseCode(format, rows, inputs).assemble();
        return MachineCode.routine(code, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    }

    private byte[] assemble() {
        for (int r = 1; r < rows; r++) {
            code.move(POINTERS.get(r), POINTERS.get(r - 1));
            code.add(POINTERS.get(r), R9);
        }
        for (int i = 0; i < rows * inputs * PARTS; i++) code.zero(i);
        int group = code.label();
        for (int part = 0; part < PARTS; part++) {
            for (int t = 0; t < inputs; t++) {
                code.emit(Op.LOAD, INPUTS + t, new Memory(RDX, t * TILE_GROUP + part * 4 * LANES));
            }
            for (int r = 0; r < rows; r++) {
                loadWeights(new Memory(POINTERS.get(r), part * LANES * format.size()));
                for (int t = 0; t < inputs; t++) code.emit(Op.FMA, sums(t, r) + part, WEIGHTS, new Vector(INPUTS + t));
            }
        }
        for (int r = 0; r < rows; r++) code.add(POINTERS.get(r), Lanes.GROUP * format.size());
        code.add(RDX, inputs * TILE_GROUP);
        code.loop(RSI, group);
        for (int t = 0; t < inputs; t++) {
            for (int r = 0; r < rows; r++) {
                sum(sums(t, r));
                code.storeLowest(sums(t, r), new Memory(RCX, 4 * r));
            }
            code.add(RCX, R8);
        }
        code.end();
        return code.code();
    }

    /// The first register of an output's partial sums.
    private int sums(int input, int row) {
        return (input * rows + row) * PARTS;
    }

    private void loadWeights(Memory from) {
        switch (format) {
            case F32 -> code.emit(Op.LOAD, WEIGHTS, from);
            case F16 -> code.emit(Op.HALF_TO_FLOAT, WEIGHTS, from);
            case BF16 -> {
                code.emit(Op.SHORT_TO_INT, WEIGHTS, from);
                code.shiftInts(WEIGHTS, WEIGHTS, 16);
            }
        }
    }

    /// The lowest lane ← the sum of all, in the order of [Lanes#sum(float\[\])].
    private void sum(int register) {
        int other = WEIGHTS;
        if (PARTS == 1) {
            code.shuffleParts(other, register, 0b01_00_11_10);
            code.emit(Op.ADD, register, register, new Vector(other));
            code.shuffleParts(other, register, 0b10_11_00_01);
        } else {
            code.emit(Op.ADD, register, register, new Vector(register + 1));
            code.exchangeHalves(other, register);
        }
        code.emit(Op.ADD, register, register, new Vector(other));
        code.shuffleLanes(other, register, 0b01_00_11_10);
        code.emit(Op.ADD, register, register, new Vector(other));
        code.shuffleLanes(other, register, 0b10_11_00_01);
        code.emit(Op.ADD, register, register, new Vector(other));
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
