package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.diwan.engine.kernel.Assembler.Register.R8;
import static org.diwan.engine.kernel.Assembler.Register.RCX;
import static org.diwan.engine.kernel.Assembler.Register.RDI;
import static org.diwan.engine.kernel.Assembler.Register.RDX;
import static org.diwan.engine.kernel.Assembler.Register.RSI;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Vector;
import org.jspecify.annotations.Nullable;

/// What [Softmax#max] and [Softmax#exponentials] compute for values in place, in machine code: half a
/// nanosecond a value less than through the Vector API, which in attention over long texts is a third
/// of the time.
///
/// The steps are those of [Exp#exp(float)], with the same bits. As no value is above the largest, e^x is
/// at most 1 and 89 is never met. The rounded x / ln 2 sits in the lowest bits of a float, from where it
/// becomes the exponent of another: 192 more than the integer are 127, which exponents have, and 65, which
/// a last multiplication takes away, so that the smallest results round once.
final class SoftmaxCode {
    /// Floats that a routine writes: sixteen partial sums, then the largest value in sixteen lanes.
    static final int RESULTS = 2 * Lanes.GROUP;

    /// What the routine reads, each sixteen times.
    private static final float[] CONSTANTS = {
        Float.NEGATIVE_INFINITY,
        -104,
        Exp.LOG2_E,
        Exp.ROUND + 192,
        -Exp.LN2_HIGH,
        -Exp.LN2_LOW,
        Exp.C7,
        Exp.C6,
        Exp.C5,
        Exp.C4,
        Exp.C3,
        Exp.C2,
        1,
        1,
        0x1p-65f
    };

    private static final int INFINITY = 0;
    private static final int LEAST = 1;
    private static final int LOG2_E = 2;
    private static final int EXPONENT = 3;
    private static final int LN2_HIGH = 4;
    private static final int LN2_LOW = 5;
    private static final int POLYNOMIAL = 6;
    private static final int SCALE = 14;
    private static final int CONSTANT_SIZE = 4 * Lanes.GROUP;

    /// Vectors that are taken at a time: each waits for itself most of the time.
    private static final int VECTORS = 4;

    /// Values that room is needed for, in whole multiples: those of four vectors of 512 bits.
    static final int STEP = VECTORS * Lanes.GROUP;

    // Vector registers: three for each vector; one or two with sixteen partial sums; the largest value.
    private static final int X = 0;
    private static final int ROUNDED = 4;
    private static final int POWER = 8;
    private static final int SUMS = 12;
    private static final int LARGEST = 14;
    private static final int KEPT_LEAST = 15;

    private final Assembler code;
    private final int vectorSize;

    private SoftmaxCode(int bits) {
        this.code = new Assembler(bits);
        this.vectorSize = bits / 8;
    }

    /// The routine for vectors of `bits`:
    ///
    ///     void run(MemorySegment x, long count, MemorySegment results, MemorySegment constants)
    ///
    /// replaces `count` times four vectors of values by e^(x - largest) and writes [#RESULTS].
    static byte[] assemble(int bits) {
        return new SoftmaxCode(bits).assemble();
    }

    private byte[] assemble() {
        largest();
        int sums = CONSTANT_SIZE / vectorSize;
        for (int v = 0; v < sums; v++) code.zero(SUMS + v);
        code.emit(Op.LOAD, KEPT_LEAST, constant(LEAST));
        int turn = code.label();
        for (int v = 0; v < VECTORS; v++) {
            code.emit(Op.LOAD, X + v, new Memory(RDI, v * vectorSize));
            code.emit(Op.SUBTRACT, X + v, X + v, new Vector(LARGEST));
        }
        exponentials();
        for (int v = 0; v < VECTORS; v++) {
            code.emit(Op.STORE, POWER + v, new Memory(RDI, v * vectorSize));
            code.emit(Op.ADD, SUMS + v % sums, SUMS + v % sums, new Vector(POWER + v));
        }
        code.add(RDI, VECTORS * vectorSize);
        code.loop(RSI, turn);
        for (int v = 0; v < sums; v++) code.emit(Op.STORE, SUMS + v, new Memory(RDX, v * vectorSize));
        code.end();
        return code.code();
    }

    /// All lanes of LARGEST ← the largest of the values, of which NaN is none.
    private void largest() {
        for (int v = 0; v < VECTORS; v++) code.emit(Op.LOAD, X + v, constant(INFINITY));
        code.move(R8, RSI);
        int turn = code.label();
        for (int v = 0; v < VECTORS; v++) {
            code.emit(Op.LOAD, POWER + v, new Memory(RDI, v * vectorSize));
            code.emit(Op.MAX, X + v, POWER + v, new Vector(X + v));
        }
        code.add(RDI, VECTORS * vectorSize);
        code.loop(R8, turn);
        code.multiply(R8, RSI, VECTORS * vectorSize);
        code.subtract(RDI, R8);
        for (int v = 1; v < VECTORS; v++) code.emit(Op.MAX, X, X + v, new Vector(X));
        code.emit(Op.STORE, X, new Memory(RDX, CONSTANT_SIZE));
        code.emit(Op.LOAD, LARGEST, constant(INFINITY));
        for (int lane = 0; lane < vectorSize; lane += 4) {
            code.emit(Op.LOAD_BROADCAST, X, new Memory(RDX, CONSTANT_SIZE + lane));
            code.emit(Op.MAX, LARGEST, X, new Vector(LARGEST));
        }
        code.emit(Op.STORE, LARGEST, new Memory(RDX, CONSTANT_SIZE));
    }

    /// POWER ← e^X
    private void exponentials() {
        each(v -> code.emit(Op.MAX, X + v, KEPT_LEAST, new Vector(X + v))); // of NaN and a number, the second
        each(v -> code.emit(Op.LOAD, ROUNDED + v, constant(EXPONENT)));
        each(v -> code.emit(Op.FMA, ROUNDED + v, X + v, constant(LOG2_E)));
        each(v -> code.emit(Op.SUBTRACT, POWER + v, ROUNDED + v, constant(EXPONENT)));
        each(v -> code.emit(Op.FMA, X + v, POWER + v, constant(LN2_HIGH)));
        each(v -> code.emit(Op.FMA, X + v, POWER + v, constant(LN2_LOW)));
        each(v -> code.emit(Op.LOAD, POWER + v, constant(POLYNOMIAL)));
        for (int c = POLYNOMIAL + 1; c < SCALE; c++) {
            var constant = constant(c);
            each(v -> code.emit(Op.FMA_INTO, POWER + v, X + v, constant));
        }
        each(v -> code.shiftInts(ROUNDED + v, ROUNDED + v, 23));
        each(v -> code.emit(Op.MULTIPLY, POWER + v, POWER + v, new Vector(ROUNDED + v)));
        each(v -> code.emit(Op.MULTIPLY, POWER + v, POWER + v, constant(SCALE)));
    }

    private static void each(IntConsumer instruction) {
        for (int v = 0; v < VECTORS; v++) instruction.accept(v);
    }

    private static Memory constant(int index) {
        return new Memory(RCX, index * CONSTANT_SIZE);
    }

    /// Whether [#exponentials] can be called.
    static boolean available() {
        return Call.ROUTINE != null;
    }

    /// x ← e^(x - largest) for `count` values from `offset`, at least 1; `results` begins with the sixteen partial
    /// sums of the powers, and the largest value is at [Lanes#GROUP].
    ///
    /// @param x has room for `count` rounded up to whole [#STEP]s: what follows the values becomes 0
    static void exponentials(float[] x, int offset, int count, float[] results) {
        int whole = Math.ceilDiv(count, STEP) * STEP;
        Objects.checkFromIndexSize(offset, whole, x.length);
        Objects.checkFromIndexSize(0, RESULTS, results.length);
        // e^-∞ is 0, which changes no sum.
        Arrays.fill(x, offset + count, offset + whole, Float.NEGATIVE_INFINITY);
        try {
            Objects.requireNonNull(Call.ROUTINE)
                    .invokeExact(
                            MemorySegment.ofArray(x).asSlice(4L * offset),
                            (long) whole / (VECTORS * MachineCode.level().bits / 32),
                            MemorySegment.ofArray(results),
                            Call.TABLE);
        } catch (Throwable e) {
            throw new AssertionError("machine code cannot throw", e);
        }
    }

    /// [#CONSTANTS] as the routine reads them.
    static MemorySegment table() {
        MemorySegment table = Arena.global().allocate((long) CONSTANTS.length * CONSTANT_SIZE, CONSTANT_SIZE);
        for (int i = 0; i < CONSTANTS.length * Lanes.GROUP; i++) {
            table.setAtIndex(JAVA_FLOAT, i, CONSTANTS[i / Lanes.GROUP]);
        }
        return table;
    }

    private static final class Call {
        static final MemorySegment TABLE = table();
        static final @Nullable MethodHandle ROUTINE = MachineCode.level() == MachineCode.Level.NONE
                ? null
                : MachineCode.routine(assemble(MachineCode.level().bits), ADDRESS, JAVA_LONG, ADDRESS, ADDRESS)
                        .orElse(null);
    }
}
