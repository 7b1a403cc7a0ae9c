package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/// Runs the bytes that [Assembler] writes, one instruction after the other, so that routines for machines
/// that are not there can be held to their scalar twins: a plain reading of the Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2 (VEX: §2.3, EVEX: §2.7).
///
/// A routine may touch the memory it is given only, to the byte; anything else, and any instruction that
/// is not described here, fails.
final class Emulator {
    private static final int[] ARGUMENTS = {7, 6, 2, 1, 8, 9}; // RDI, RSI, RDX, RCX, R8, R9
    private static final int[] OWNED_BY_CALLERS = {3, 5, 12, 13, 14, 15}; // RBX, RBP, R12 …
    private static final int RSP = 4;
    private static final long ANYTHING = 0xdead_0000_0000L;

    private final List<MemorySegment> memory;
    private final long[] registers = new long[16];
    private final MemorySegment vectors = MemorySegment.ofArray(new byte[32 * 64]);
    private final MemorySegment stack = MemorySegment.ofArray(new byte[64]);
    private byte[] code = {};
    private int next;
    private boolean zero;

    /// @param memory native segments
    Emulator(MemorySegment... memory) {
        this.memory = List.of(memory);
    }

    /// Calls the routine that begins at `start`, with a float and with integers.
    void call(byte[] code, int start, float number, long... arguments) {
        this.code = code;
        this.next = start;
        for (int i = 0; i < registers.length; i++) registers[i] = ANYTHING + i;
        for (int i = 0; i < arguments.length; i++) registers[ARGUMENTS[i]] = arguments[i];
        registers[RSP] = stack.byteSize();
        vectors.fill((byte) 0xff);
        vectors.set(JAVA_FLOAT_UNALIGNED, 0, number);
        while (step()) {}
        for (int owned : OWNED_BY_CALLERS) {
            if (registers[owned] != ANYTHING + owned) throw new AssertionError("register " + owned + " has changed");
        }
        if (registers[RSP] != stack.byteSize()) throw new AssertionError("something is left on the stack");
    }

    /// Runs an instruction; false after the last.
    private boolean step() {
        int at = next;
        int first = unsignedByte();
        switch (first) {
            case 0xc3 -> {
                return false;
            }
            case 0x62 -> evex(at);
            case 0xc4, 0xc5 -> vex(first == 0xc5, at);
            case 0x48, 0x49, 0x4c, 0x4d -> integers(first, at);
            case 0xb8 -> registers[0] = Integer.toUnsignedLong(integer());
            case 0x50, 0x51, 0x52, 0x53, 0x56, 0x57 ->
                stack.set(JAVA_LONG_UNALIGNED, registers[RSP] -= 8, registers[first & 7]);
            case 0x58, 0x59, 0x5a, 0x5b, 0x5e, 0x5f -> {
                registers[first & 7] = stack.get(JAVA_LONG_UNALIGNED, registers[RSP]);
                registers[RSP] += 8;
            }
            case 0x75 -> jumpUnlessZero(code[next++]);
            case 0x0f -> {
                if (unsignedByte() != 0x85) throw unknown(at);
                jumpUnlessZero(integer());
            }
            default -> throw unknown(at);
        }
        return true;
    }

    private void jumpUnlessZero(int distance) {
        if (!zero) next += distance;
    }

    /// mov, add, sub, imul and dec of 64-bit registers.
    private void integers(int rex, int at) {
        int opcode = unsignedByte();
        int modRm = unsignedByte();
        int register = (modRm >> 3 & 7) | (rex & 4) << 1;
        int other = (modRm & 7) | (rex & 1) << 3;
        if (modRm >> 6 != 3) throw unknown(at);
        switch (opcode) {
            case 0x89 -> registers[other] = registers[register];
            case 0x01 -> registers[other] += registers[register];
            case 0x29 -> registers[other] -= registers[register];
            case 0x69 -> registers[register] = registers[other] * integer();
            case 0x81 -> registers[other] += part(register, 0, integer(), at);
            case 0xc7 -> registers[other] = part(register, 0, integer(), at);
            case 0xff -> zero = (registers[other] -= part(register, 1, 1, at)) == 0;
            default -> throw unknown(at);
        }
    }

    /// `value`, where the register field has the number that stands for the operation.
    private int part(int register, int operation, int value, int at) {
        if (register != operation) throw unknown(at);
        return value;
    }

    /// What comes before the opcode of a vector instruction.
    ///
    /// @param kind the mandatory prefix: 1 is 66, 2 is F3
    /// @param extensions of register numbers: R 8, X 4, B 2 and, in EVEX, R' 1
    /// @param first the register that the prefix names
    private record Prefix(int bits, int map, int kind, boolean broadcast, int extensions, int first) {}

    private void vex(boolean two, int at) {
        int extensions = two ? (code[next] & 0x80) | 0x61 : unsignedByte();
        int rest = unsignedByte();
        int bits = (rest & 4) == 0 ? 128 : 256;
        int opcode = unsignedByte();
        if (two && opcode == 0x77) return; // vzeroupper
        if (!two && (rest & 0x80) != 0) throw unknown(at);
        vector(new Prefix(bits, extensions & 31, rest & 3, false, ~extensions >> 4 & 14, ~rest >> 3 & 15), opcode, at);
    }

    private void evex(int at) {
        int p0 = unsignedByte();
        int p1 = unsignedByte();
        int p2 = unsignedByte();
        if ((p0 & 0x0c) != 0 || (p1 & 0x84) != 4 || (p2 & 0xe7) != 0x40) throw unknown(at);
        int first = (~p1 >> 3 & 15) | (~p2 & 8) << 1;
        vector(new Prefix(512, p0 & 3, p1 & 3, (p2 & 16) != 0, ~p0 >> 4 & 15, first), unsignedByte(), at);
    }

    private void vector(Prefix p, int opcode, int at) {
        int modRm = unsignedByte();
        int dest = (modRm >> 3 & 7) | (p.extensions & 8) | (p.extensions & 1) << 4;
        int key = p.map << 12 | p.kind << 8 | opcode;
        int size = size(key, p.bits);
        MemorySegment second = operand(p, modRm, size);
        if (key == 0x1011 || key == 0x1211) {
            second.copyFrom(vector(dest).asSlice(0, size));
        } else if (key == 0x1171 || key == 0x1172) {
            write(p.first, p.bits, shift(key, dest & 7, copy(second), unsignedByte(), at));
        } else {
            write(dest, p.bits, lane(key, copy(vector(dest)), copy(vector(p.first)), copy(second), p, modRm, at));
        }
    }

    /// Bytes that an instruction reads or writes in memory.
    private static int size(int key, int bits) {
        return switch (key) {
            case 0x2179 -> 2;
            case 0x1211, 0x2118, 0x2158, 0x216e -> 4;
            case 0x2121, 0x2131 -> bits / 32;
            case 0x2113, 0x2133 -> bits / 16;
            default -> bits / 8;
        };
    }

    private static IntUnaryOperator shift(int key, int operation, MemorySegment a, int bits, int at) {
        return switch (key << 4 | operation) {
            case 0x11712 -> i -> shorts(i, (k, _) -> (s(a, k) & 0xffff) >>> bits);
            case 0x11716 -> i -> shorts(i, (k, _) -> s(a, k) << bits);
            case 0x11726 -> i -> n(a, i) << bits;
            default -> throw new AssertionError("unknown shift " + operation + " at " + at);
        };
    }

    /// What an instruction writes to lane i, of 32 bits.
    private IntUnaryOperator lane(
            int key, MemorySegment d, MemorySegment a, MemorySegment b, Prefix p, int modRm, int at) {
        return switch (key) {
            case 0x1010 -> i -> n(b, i);
            case 0x2118, 0x2158 -> _ -> n(b, 0);
            case 0x2179 -> i -> shorts(i, (_, _) -> s(b, 0));
            case 0x217c -> _ -> (int) registers[base(p, modRm)];
            case 0x116e -> i -> i == 0 ? (int) registers[base(p, modRm)] : 0;
            case 0x105b -> i -> bits(n(b, i));
            case 0x2113 -> i -> bits(Float.float16ToFloat((short) s(b, i)));
            case 0x2133 -> i -> s(b, i) & 0xffff;
            case 0x2131 -> i -> b(b, i) & 0xff;
            case 0x2121 -> i -> b(b, i);
            case 0x1058 -> i -> bits(f(a, i) + f(b, i));
            case 0x105c -> i -> bits(f(a, i) - f(b, i));
            case 0x1059 -> i -> bits(f(a, i) * f(b, i));
            case 0x105f -> i -> f(a, i) > f(b, i) ? n(a, i) : n(b, i);
            case 0x21b8 -> i -> bits(Math.fma(f(a, i), f(b, i), f(d, i)));
            case 0x21a8 -> i -> bits(Math.fma(f(a, i), f(d, i), f(b, i)));
            case 0x21bc -> i -> bits(Math.fma(-f(a, i), f(b, i), f(d, i)));
            case 0x11fe -> i -> n(a, i) + n(b, i);
            case 0x11fd -> i -> shorts(i, (k, _) -> s(a, k) + s(b, k));
            case 0x11db -> i -> n(a, i) & n(b, i);
            case 0x11eb -> i -> n(a, i) | n(b, i);
            case 0x11ef -> i -> n(a, i) ^ n(b, i);
            case 0x2150 -> i -> n(d, i) + product(a, b, 4 * i) + product(a, b, 4 * i + 2);
            case 0x2104 -> i -> shorts(i, (k, _) -> Math.clamp(product(a, b, 2 * k), Short.MIN_VALUE, Short.MAX_VALUE));
            case 0x11f5 -> i -> s(a, 2 * i) * s(b, 2 * i) + s(a, 2 * i + 1) * s(b, 2 * i + 1);
            case 0x310e -> {
                int odd = immediate(0xaa, at);
                yield i -> shorts(i, (k, _) -> s((odd >> (k % 8) & 1) == 1 ? b : a, k));
            }
            case 0x3125 -> {
                immediate(0xf8, at);
                yield i -> n(d, i) | (n(a, i) & n(b, i));
            }
            case 0x3106 -> {
                immediate(1, at); // first ← upper half of the first, second ← lower half of it
                yield i -> n(a, i ^ 4);
            }
            case 0x3123 -> {
                int order = unsignedByte();
                yield i -> n(i < 8 ? a : b, 4 * (order >> (i / 4 * 2) & 3) + i % 4);
            }
            case 0x3104 -> {
                int order = unsignedByte();
                yield i -> n(b, i / 4 * 4 + (order >> (i % 4 * 2) & 3));
            }
            default -> throw unknown(at);
        };
    }

    private int immediate(int expected, int at) {
        int value = unsignedByte();
        if (value != expected) throw unknown(at);
        return value;
    }

    /// An unsigned byte of the first times a signed one of the second, and the next likewise.
    private static int product(MemorySegment a, MemorySegment b, int k) {
        return (b(a, k) & 0xff) * b(b, k) + (b(a, k + 1) & 0xff) * b(b, k + 1);
    }

    /// The two shorts of a lane, numbered in the whole vector.
    private static int shorts(int lane, IntBinaryOperator each) {
        return (each.applyAsInt(2 * lane, 0) & 0xffff) | each.applyAsInt(2 * lane + 1, 0) << 16;
    }

    /// Lanes past those of the instruction become 0.
    private void write(int dest, int bits, IntUnaryOperator lane) {
        MemorySegment to = vector(dest);
        for (int i = 0; i < 16; i++) {
            to.set(JAVA_INT_UNALIGNED, 4L * i, i < bits / 32 ? lane.applyAsInt(i) : 0);
        }
    }

    /// The vector register or the memory that ModRM names.
    private MemorySegment operand(Prefix p, int modRm, int size) {
        if (modRm >> 6 == 3) return vector(base(p, modRm) | (p.bits == 512 ? (p.extensions & 4) << 2 : 0));
        if ((modRm & 7) == 4 || (modRm >> 6 == 0 && (modRm & 7) == 5)) throw unknown(next);
        int read = p.broadcast ? 4 : size;
        long offset =
                switch (modRm >> 6) {
                    case 0 -> 0;
                    case 1 -> (long) code[next++] * (p.bits == 512 ? read : 1);
                    default -> integer();
                };
        MemorySegment found = memory(registers[base(p, modRm)] + offset, read);
        if (!p.broadcast) return found;
        byte[] repeated = new byte[64];
        for (int i = 0; i < 64; i++) repeated[i] = found.get(JAVA_BYTE, i % 4);
        return MemorySegment.ofArray(repeated);
    }

    private static int base(Prefix p, int modRm) {
        return (modRm & 7) | (p.extensions & 2) << 2;
    }

    private MemorySegment memory(long address, int size) {
        for (MemorySegment segment : memory) {
            long at = address - segment.address();
            if (at >= 0 && at + size <= segment.byteSize()) return segment.asSlice(at, size);
        }
        throw new AssertionError("memory of others: %d bytes at %x".formatted(size, address));
    }

    private MemorySegment vector(int number) {
        return vectors.asSlice(64L * number, 64);
    }

    private static MemorySegment copy(MemorySegment source) {
        return MemorySegment.ofArray(source.toArray(JAVA_BYTE));
    }

    private static byte b(MemorySegment x, int i) {
        return x.get(JAVA_BYTE, i);
    }

    private static int s(MemorySegment x, int i) {
        return x.get(JAVA_SHORT_UNALIGNED, 2L * i);
    }

    private static int n(MemorySegment x, int i) {
        return x.get(JAVA_INT_UNALIGNED, 4L * i);
    }

    private static float f(MemorySegment x, int i) {
        return x.get(JAVA_FLOAT_UNALIGNED, 4L * i);
    }

    private static int bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private int unsignedByte() {
        return code[next++] & 0xff;
    }

    private int integer() {
        int value = 0;
        for (int i = 0; i < 32; i += 8) value |= unsignedByte() << i;
        return value;
    }

    private AssertionError unknown(int at) {
        String bytes = HexFormat.ofDelimiter(" ").formatHex(code, at, Math.min(at + 12, code.length));
        return new AssertionError("an instruction that is not described here: " + bytes);
    }
}
