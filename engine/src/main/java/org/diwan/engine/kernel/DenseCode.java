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
    /// Most inputs of a tile, a power of two.
    static final int MOST_INPUTS = mostInputs(MachineCode.level().bits);

    /// Rows that routines take at a time.
    static final int ROWS = mostRows(MachineCode.level().bits);

    /// Bytes of sixteen floats.
    static final int TILE_GROUP = 4 * Lanes.GROUP;

    /// Where the rows are read.
    private static final List<Register> POINTERS = List.of(RDI, RAX, R10, R11);

    private final DenseProduct.Format format;
    private final int rows;
    private final int inputs;
    private final Assembler code;

    /// Registers for sixteen partial sums, and floats in each.
    private final int parts;

    private final int lanes;

    // Vector registers: sums from 0 on, then inputs, then weights.
    private final int firstInput;
    private final int weights;

    private DenseCode(int bits, DenseProduct.Format format, int rows, int inputs) {
        this.format = format;
        this.rows = rows;
        this.inputs = inputs;
        this.code = new Assembler(bits);
        this.lanes = bits / 32;
        this.parts = Lanes.GROUP / lanes;
        this.firstInput = rows * inputs * parts;
        this.weights = firstInput + inputs;
    }

    static int mostInputs(int bits) {
        return bits == 512 ? 4 : 2;
    }

    /// As many as registers hold sums of: 16 of 32, or 12 of 16.
    static int mostRows(int bits) {
        return bits == 512 ? 4 : 3;
    }

    /// The routine for `rows` (1 or [#ROWS]) rows and a tile of `inputs`, where machine code can run:
    ///
    ///     void run(long weights, long groups, MemorySegment tile, MemorySegment out, long stride, long rowSize)
    ///
    /// writes to out[input · stride + row · 4], in bytes, the product of the row at address `weights` +
    /// row · rowSize, `groups` · 16 weights, with the input.
    static Optional<MethodHandle> routine(DenseProduct.Format format, int rows, int inputs) {
        if (MachineCode.level() == MachineCode.Level.NONE) return Optional.empty();
        byte[] code = assemble(MachineCode.level().bits, format, rows, inputs);
        return MachineCode.routine(code, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    }

    static byte[] assemble(int bits, DenseProduct.Format format, int rows, int inputs) {
        return new DenseCode(bits, format, rows, inputs).assemble();
    }

    private byte[] assemble() {
        for (int r = 1; r < rows; r++) {
            code.move(POINTERS.get(r), POINTERS.get(r - 1));
            code.add(POINTERS.get(r), R9);
        }
        for (int i = 0; i < rows * inputs * parts; i++) code.zero(i);
        int group = code.label();
        for (int part = 0; part < parts; part++) {
            for (int t = 0; t < inputs; t++) {
                code.emit(Op.LOAD, firstInput + t, new Memory(RDX, t * TILE_GROUP + part * 4 * lanes));
            }
            for (int r = 0; r < rows; r++) {
                loadWeights(new Memory(POINTERS.get(r), part * lanes * format.size()));
                for (int t = 0; t < inputs; t++)
                    code.emit(Op.FMA, sums(t, r) + part, weights, new Vector(firstInput + t));
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
        return (input * rows + row) * parts;
    }

    private void loadWeights(Memory from) {
        switch (format) {
            case F32 -> code.emit(Op.LOAD, weights, from);
            case F16 -> code.emit(Op.HALF_TO_FLOAT, weights, from);
            case BF16 -> {
                code.emit(Op.SHORT_TO_INT, weights, from);
                code.shiftInts(weights, weights, 16);
            }
        }
    }

    /// The lowest lane ← the sum of all, in the order of [Lanes#sum(float\[\])].
    private void sum(int register) {
        int other = weights;
        if (parts == 1) {
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
