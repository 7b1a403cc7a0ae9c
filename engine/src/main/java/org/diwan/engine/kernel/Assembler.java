package org.diwan.engine.kernel;

import java.util.Arrays;

/// Writes the few x86-64 instructions that kernels need: vector instructions and the integer
/// instructions of a loop (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, and
/// its instruction reference). Vectors of 512 bits are encoded as EVEX (§2.7 "Intel AVX-512 Encoding"),
/// those of 256 bits as VEX (§2.3), which has registers 0 … 15 only and no [Broadcast] operand.
///
/// Worked example: `emit(FMA, 5, 6, new Broadcast(RDX, 12))`, that is `vfmadd231ps zmm5, zmm6,
/// dword ptr [rdx + 12]{1to16}`, is `62 f2 4d 58 b8 6a 03`: the displacement is stored divided by the
/// four bytes that are read.
final class Assembler {
    /// Most code; all routines of attention for one head size have up to 30 KiB.
    private static final int MAX_SIZE = 1 << 16;

    /// Integer registers that a routine may overwrite (System V ABI for AMD64, §3.2.1). The first six
    /// arguments of a function come in RDI, RSI, RDX, RCX, R8, R9.
    enum Register {
        RAX(0),
        RCX(1),
        RDX(2),
        /// Belongs to the caller: [Assembler#push] it first.
        RBX(3),
        RSI(6),
        RDI(7),
        R8(8),
        R9(9),
        R10(10),
        R11(11);

        final int number;

        Register(int number) {
            this.number = number;
        }
    }

    /// The last operand of a vector instruction.
    sealed interface Operand {}

    /// A vector register, 0 … 31 or, of 256 bits, 0 … 15.
    record Vector(int number) implements Operand {}

    /// Memory at base + offset: as many bytes as the instruction reads or writes.
    record Memory(Register base, int offset) implements Operand {}

    /// Four bytes at base + offset, repeated in all sixteen lanes; for vectors of 512 bits.
    record Broadcast(Register base, int offset) implements Operand {}

    /// Vector instructions: opcode map (1 is `0F`, 2 is `0F 38`, 3 is `0F 3A`), mandatory prefix (1 is
    /// `66`, 2 is `F3`), opcode, bytes of memory touched by 512 bits. Lanes are 32 bits unless the name says
    /// otherwise.
    enum Op {
        /// `vmovups`
        LOAD(1, 0, 0x10, 64),
        /// `vmovups` to memory
        STORE(1, 0, 0x11, 64),
        /// `vbroadcastss`
        LOAD_BROADCAST(2, 1, 0x18, 4),
        /// `vpbroadcastw`: all 16-bit lanes
        BROADCAST_SHORT(2, 1, 0x79, 2),
        /// `vpdpbusd`: dest += Σ of four products of unsigned bytes of the first with signed bytes of the second;
        /// of 512 bits only
        DOT_BYTES(2, 1, 0x50, 64),
        /// `vpmaddubsw`: 16-bit lanes: products of unsigned bytes of the first with signed bytes of the second, two
        /// added with saturation
        PAIR_BYTES(2, 1, 0x04, 64),
        /// `vpmaddwd`: products of signed 16-bit integers, two added
        PAIR_SHORTS(1, 1, 0xf5, 64),
        /// `vcvtdq2ps`
        INT_TO_FLOAT(1, 0, 0x5b, 64),
        /// `vcvtph2ps`
        HALF_TO_FLOAT(2, 1, 0x13, 32),
        /// `vpmovzxwd`
        SHORT_TO_INT(2, 1, 0x33, 32),
        /// `vpmovzxbd`
        UNSIGNED_BYTE_TO_INT(2, 1, 0x31, 16),
        /// `vpmovsxbd`
        SIGNED_BYTE_TO_INT(2, 1, 0x21, 16),
        /// `vfmadd231ps`: dest = first · second + dest
        FMA(2, 1, 0xb8, 64),
        /// `vfmadd213ps`: dest = first · dest + second
        FMA_INTO(2, 1, 0xa8, 64),
        /// `vfnmadd231ps`: dest = dest - first · second
        FMA_NEGATED(2, 1, 0xbc, 64),
        /// `vmulps`
        MULTIPLY(1, 0, 0x59, 64),
        /// `vaddps`
        ADD(1, 0, 0x58, 64),
        /// `vsubps`
        SUBTRACT(1, 0, 0x5c, 64),
        /// `vmaxps`: of NaN and a number, the second
        MAX(1, 0, 0x5f, 64),
        /// `vpaddw`
        ADD_SHORTS(1, 1, 0xfd, 64),
        /// `vpaddd`
        ADD_INTS(1, 1, 0xfe, 64),
        /// `vpand`, `vpandd`
        AND(1, 1, 0xdb, 64),
        /// `vpor`, `vpord`
        OR(1, 1, 0xeb, 64),
        /// `vpxor`, `vpxord`
        XOR(1, 1, 0xef, 64);

        private final int map;
        private final int prefix;
        private final int opcode;
        private final int size;

        Op(int map, int prefix, int opcode, int size) {
            this.map = map;
            this.prefix = prefix;
            this.opcode = opcode;
            this.size = size;
        }
    }

    private final int bits;
    private byte[] code = new byte[1024];
    private int size;

    /// @param bits of a vector: 512 or 256
    Assembler(int bits) {
        if (bits != 512 && bits != 256) throw new AssertionError("vectors of " + bits + " bits");
        this.bits = bits;
    }

    /// The routine so far.
    byte[] code() {
        return Arrays.copyOf(code, size);
    }

    /// dest ← op(first, second); `first` is ignored where an instruction has one source only.
    void emit(Op op, int dest, int first, Operand second) {
        vector(op.map, op.prefix, op.opcode, op.size, dest, first, second);
    }

    /// dest ← op(source), for instructions with one source; a store's `dest` is what is stored.
    void emit(Op op, int dest, Operand source) {
        emit(op, dest, 0, source);
    }

    /// `vpsllw`, `vpsrlw`: dest ← the 16-bit lanes of source, shifted left by `bits`, or right where
    /// negative.
    void shiftShorts(int dest, int source, int bits) {
        vector(1, 1, 0x71, 64, bits < 0 ? 2 : 6, dest, new Vector(source));
        bytes(Math.abs(bits));
    }

    /// `vpslld`: dest ← the 32-bit lanes of source, shifted left.
    void shiftInts(int dest, int source, int bits) {
        vector(1, 1, 0x72, 64, 6, dest, new Vector(source));
        bytes(bits);
    }

    /// `vperm2f128` of a register with itself: dest ← the two 128-bit halves of source, exchanged; of 256 bits
    /// only.
    void exchangeHalves(int dest, int source) {
        assert bits == 256 : "AVX-512 has no vperm2f128";
        vector(3, 1, 0x06, 64, dest, source, new Vector(source));
        bytes(1);
    }

    /// `vpblendw`: dest ← the 16-bit lanes of even, whose odd ones are replaced by those of odd; of 256 bits only.
    void interleaveShorts(int dest, int even, int odd) {
        assert bits == 256 : "AVX-512 has no vpblendw";
        vector(3, 1, 0x0e, 64, dest, even, new Vector(odd));
        bytes(0xaa);
    }

    /// `vshuff32x4` of a register with itself: dest ← the four 128-bit parts of source, as `order` says in
    /// two bits each; of 512 bits only.
    void shuffleParts(int dest, int source, int order) {
        assert bits == 512 : "256 bits have two parts";
        vector(3, 1, 0x23, 64, dest, source, new Vector(source));
        bytes(order);
    }

    /// `vpermilps`: dest ← the four lanes of each 128-bit part of source, as `order` says in two bits each.
    void shuffleLanes(int dest, int source, int order) {
        vector(3, 1, 0x04, 64, dest, 0, new Vector(source));
        bytes(order);
    }

    /// `vmovss`: stores the lowest lane.
    void storeLowest(int source, Memory to) {
        vector(1, 2, 0x11, 4, source, 0, to);
    }

    /// `vpternlogd`: dest ← dest | (first & second); of 512 bits only.
    void orAnd(int dest, int first, int second) {
        assert bits == 512 : "AVX2 has no vpternlogd";
        vector(3, 1, 0x25, 64, dest, first, new Vector(second));
        bytes(0xf8); // the truth table of a | (b & c)
    }

    /// All bits of dest ← 0.
    void zero(int dest) {
        emit(Op.XOR, dest, dest, new Vector(dest));
    }

    /// `vpbroadcastd` of an integer, through RAX.
    void constant(int dest, int value) {
        bytes(0xb8, value, value >> 8, value >> 16, value >> 24);
        if (bits == 512) {
            vector(2, 1, 0x7c, 64, dest, 0, new Vector(Register.RAX.number));
        } else {
            vex(128, 1, 1, 0x6e, dest, 0, new Vector(Register.RAX.number)); // vmovd
            vector(2, 1, 0x58, 4, dest, 0, new Vector(dest));
        }
    }

    /// Saves a register that the caller owns; one of RAX … RDI.
    void push(Register register) {
        bytes(0x50 | register.number);
    }

    void pop(Register register) {
        bytes(0x58 | register.number);
    }

    /// dest ← source
    void move(Register dest, Register source) {
        bytes(extension(source, dest), 0x89, direct(source.number, dest.number));
    }

    void add(Register dest, Register source) {
        bytes(extension(source, dest), 0x01, direct(source.number, dest.number));
    }

    void add(Register dest, int value) {
        bytes(extension(Register.RAX, dest), 0x81, direct(0, dest.number), value, value >> 8, value >> 16, value >> 24);
    }

    void subtract(Register dest, Register source) {
        bytes(extension(source, dest), 0x29, direct(source.number, dest.number));
    }

    /// dest ← source · value
    void multiply(Register dest, Register source, int value) {
        bytes(extension(dest, source), 0x69, direct(dest.number, source.number));
        bytes(value, value >> 8, value >> 16, value >> 24);
    }

    /// dest ← value, which is not negative.
    void set(Register dest, int value) {
        bytes(extension(Register.RAX, dest), 0xc7, direct(0, dest.number), value, value >> 8, value >> 16, value >> 24);
    }

    /// Where the next instruction will be: a target for [#loop].
    int label() {
        return size;
    }

    /// Counts `counter` down and jumps to `label` unless it has become 0.
    void loop(Register counter, int label) {
        bytes(extension(Register.RAX, counter), 0xff, direct(1, counter.number));
        int near = label - (size + 2);
        int far = label - (size + 6);
        if ((byte) near == near) bytes(0x75, near);
        else bytes(0x0f, 0x85, far, far >> 8, far >> 16, far >> 24);
    }

    /// Ends the routine; upper halves of vectors are cleared, or older instructions would be slow.
    void end() {
        bytes(0xc5, 0xf8, 0x77, 0xc3);
    }

    private void vector(int map, int prefix, int opcode, int memorySize, int dest, int first, Operand second) {
        if (bits == 512) evex(map, prefix, opcode, memorySize, dest, first, second);
        else vex(bits, map, prefix, opcode, dest, first, second);
    }

    /// EVEX prefix, opcode, ModRM and displacement of a 512-bit instruction. Bits that extend register
    /// numbers are stored inverted.
    private void evex(int map, int prefix, int opcode, int memorySize, int dest, int first, Operand second) {
        int high =
                switch (second) {
                    case Vector v -> (v.number & 24) << 2;
                    case Memory m -> (m.base.number & 8) << 2;
                    case Broadcast b -> (b.base.number & 8) << 2;
                };
        int extension = high | ((dest & 8) << 4) | (dest & 16);
        int broadcast = second instanceof Broadcast && memorySize == 64 ? 0x10 : 0;
        bytes(
                0x62,
                (extension ^ 0xf0) | map,
                ((~first & 15) << 3) | 4 | prefix,
                0x48 ^ broadcast ^ ((first & 16) >> 1),
                opcode);
        switch (second) {
            case Vector v -> bytes(direct(dest, v.number));
            case Memory m -> memory(dest, m.base, m.offset, memorySize);
            case Broadcast b -> memory(dest, b.base, b.offset, 4);
        }
    }

    /// VEX prefix of two bytes where they suffice, else of three; opcode, ModRM and displacement of an
    /// instruction of 128 or 256 bits. Bits that extend register numbers are stored inverted.
    private void vex(int bits, int map, int prefix, int opcode, int dest, int first, Operand second) {
        int number =
                switch (second) {
                    case Vector v -> v.number;
                    case Memory m -> m.base.number;
                    case Broadcast _ -> throw new AssertionError("VEX has no broadcast operand");
                };
        if ((dest | first | number) > 15) throw new AssertionError("VEX has registers 0 to 15");
        int extension = (~dest & 8) << 4;
        int rest = ((~first & 15) << 3) | (bits == 256 ? 4 : 0) | prefix;
        if (map == 1 && number < 8) bytes(0xc5, extension | rest);
        else bytes(0xc4, extension | 0x40 | ((~number & 8) << 2) | map, rest);
        bytes(opcode);
        if (second instanceof Memory m) memory(dest, m.base, m.offset, 1);
        else bytes(direct(dest, number));
    }

    /// ModRM with a displacement: none, one byte where it is a small multiple of `unit`, else four.
    private void memory(int register, Register base, int offset, int unit) {
        int low = ((register & 7) << 3) | (base.number & 7);
        if (offset == 0) {
            bytes(low);
        } else if (offset % unit == 0 && (byte) (offset / unit) == offset / unit) {
            bytes(0x40 | low, offset / unit);
        } else {
            bytes(0x80 | low, offset, offset >> 8, offset >> 16, offset >> 24);
        }
    }

    /// REX prefix of a 64-bit instruction whose ModRM names `register` and `other`.
    private static int extension(Register register, Register other) {
        return 0x48 | ((register.number >> 3) << 2) | (other.number >> 3);
    }

    /// ModRM of two registers.
    private static int direct(int register, int other) {
        return 0xc0 | ((register & 7) << 3) | (other & 7);
    }

    private void bytes(int... values) {
        if (size + values.length > MAX_SIZE) throw new AssertionError("a routine is over " + MAX_SIZE + " bytes");
        if (size + values.length > code.length) code = Arrays.copyOf(code, 2 * code.length);
        for (int value : values) code[size++] = (byte) value;
    }
}
