package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.Supplier;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Register;
import org.diwan.engine.kernel.Assembler.Vector;

/// What this machine could do at most, to measure kernels against: decoding cannot be faster than
/// memory is read, a prompt not faster than bytes are multiplied.
public final class MachineLimits {
    /// More than any cache holds.
    private static final long SIZE = 1L << 30;

    private static final int PARTS = 64;
    private static final long LINE = 64;

    /// Lines read in a turn of the loop.
    private static final int UNROLLED = 8;

    /// Independent sums: more than latency × instructions a cycle.
    private static final int SUMS = 12;

    /// Bytes of a vector.
    private static final int VECTOR = MachineCode.level().bits / 8;

    private static final long TURNS = 1L << 20;

    private MachineLimits() {}

    /// Work whose speed is a limit.
    ///
    /// @param run does it once, on all threads
    /// @param amount bytes read, or products of bytes each with its addition
    public record Work(Runnable run, double amount) {}

    /// Reads memory in huge pages, more than caches hold; empty where machine code cannot run.
    public static Optional<Work> reading(Workers workers) {
        return routine(MachineLimits::readingCode).map(read -> {
            MemorySegment memory = LargeMemory.allocate(SIZE);
            memory.fill((byte) 1);
            long part = SIZE / PARTS;
            return new Work(
                    () -> workers.run(PARTS, i -> call(read, memory.address() + i * part, part / (UNROLLED * LINE))),
                    SIZE);
        });
    }

    /// Multiplies bytes in registers; empty where machine code cannot run.
    public static Optional<Work> multiplying(Workers workers) {
        int parts = 16 * workers.threads();
        return routine(MachineLimits::multiplyingCode)
                .map(multiply -> new Work(
                        () -> workers.run(parts, _ -> call(multiply, 0, TURNS)),
                        (double) parts * TURNS * SUMS * VECTOR));
    }

    private static byte[] readingCode() {
        var code = new Assembler(MachineCode.level().bits);
        for (int i = 0; i < UNROLLED; i++) code.zero(i);
        int turn = code.label();
        for (int at = 0; at < UNROLLED * LINE; at += VECTOR) {
            int i = at / (int) LINE;
            code.emit(Op.XOR, i, i, new Memory(Register.RDI, at));
        }
        code.add(Register.RDI, UNROLLED * (int) LINE);
        code.loop(Register.RSI, turn);
        code.end();
        return code.code();
    }

    private static byte[] multiplyingCode() {
        boolean dots = MachineCode.level() == MachineCode.Level.AVX512_VNNI;
        var code = new Assembler(MachineCode.level().bits);
        for (int i = 0; i < 16; i++) code.zero(i);
        int turn = code.label();
        for (int i = 0; i < SUMS; i++) {
            if (dots) {
                code.emit(Op.DOT_BYTES, i, 14, new Vector(15));
            } else {
                code.emit(Op.PAIR_BYTES, 13, 14, new Vector(15));
                code.emit(Op.ADD_SHORTS, i, i, new Vector(13));
            }
        }
        code.loop(Register.RSI, turn);
        code.end();
        return code.code();
    }

    private static Optional<MethodHandle> routine(Supplier<byte[]> code) {
        if (MachineCode.level() == MachineCode.Level.NONE) return Optional.empty();
        return MachineCode.routine(code.get(), JAVA_LONG, JAVA_LONG);
    }

    private static void call(MethodHandle routine, long address, long turns) {
        try {
            routine.invokeExact(address, turns);
        } catch (Throwable e) {
            throw new AssertionError("machine code cannot throw", e);
        }
    }
}
