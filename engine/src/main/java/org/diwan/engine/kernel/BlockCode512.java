package org.diwan.engine.kernel;

import static org.diwan.engine.kernel.Assembler.Register.R10;
import static org.diwan.engine.kernel.Assembler.Register.R11;
import static org.diwan.engine.kernel.Assembler.Register.R8;
import static org.diwan.engine.kernel.Assembler.Register.R9;
import static org.diwan.engine.kernel.Assembler.Register.RAX;
import static org.diwan.engine.kernel.Assembler.Register.RCX;
import static org.diwan.engine.kernel.Assembler.Register.RDI;
import static org.diwan.engine.kernel.Assembler.Register.RDX;
import static org.diwan.engine.kernel.Assembler.Register.RSI;

import org.diwan.engine.kernel.Assembler.Broadcast;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Vector;

/// [BlockCode] with 512-bit vectors and `vpdpbusd`: tiles of one, two, four or eight inputs.
///
/// For each block of 32 columns the eight lines of weights are unfolded into eight registers; each of
/// the inputs multiplies and adds them as bytes (`vpdpbusd`, unsigned weights with signed inputs), so
/// that a block costs eight instructions for each input; the exact sums become floats and join the
/// chain of their output element. Weights are read once for all inputs of a tile.
///
/// What a tile says of an input and a block: 32 bytes, and two ints to begin the sums of the two halves
/// with (minus bias · the sum of its integers; one of them is zero where the kernel has no second scales).
final class BlockCode512 {
    // Vector registers. Sums are 0 … inputs - 1, the integers of the first and second half 8 … 23,
    // lines 16 … 23 or, where the second half's integers are needed, 24 … 27.
    private static final int INTEGERS = 8;
    private static final int LINES = 16;
    private static final int HALF_SCALE = 24;
    private static final int HALF_MINIMUM = 25;
    private static final int ROW_SCALE = 26;
    private static final int MINIMUM = 27;
    private static final int OTHER = 28;
    private static final int NIBBLE_MASK = 29;
    private static final int UPPER_MASK = 30;
    private static final int UPPER = 31;

    private final BlockKernel kernel;
    private final int inputs;
    private final Assembler code = new Assembler(512);

    /// @param inputs of a tile
    BlockCode512(BlockKernel kernel, int inputs) {
        this.kernel = kernel;
        this.inputs = inputs;
    }

    /// Most inputs of a tile, a power of two: as many as registers hold.
    static int mostInputs(BlockKernel kernel) {
        return kernel.hasSecondScales() ? 4 : 8;
    }

    byte[] assemble() {
        code.constant(NIBBLE_MASK, 0x0f0f0f0f);
        if (kernel instanceof Q5KKernel) code.constant(UPPER_MASK, 0x10101010);
        if (kernel instanceof Q6Kernel) code.constant(UPPER_MASK, 0x30303030);
        int group = code.label();
        code.move(R10, RDX);
        code.move(R11, RSI);
        for (int t = 0; t < inputs; t++) code.zero(t);
        int cell = code.label();
        code.emit(Op.HALF_TO_FLOAT, HALF_SCALE, new Memory(RDI, 0));
        if (kernel.hasMinima()) code.emit(Op.HALF_TO_FLOAT, HALF_MINIMUM, new Memory(RDI, BlockKernel.HALVES));
        code.add(RDI, kernel.headerSize());
        if (kernel.blocks() > 1) code.set(RAX, kernel.blocks());
        int block = code.label();
        if (kernel.hasSecondScales()) halves();
        else whole();
        code.add(RDI, kernel.blockSize());
        code.add(R10, inputs * (QuantizedRows.BLOCK + BlockCode.FACTS));
        if (kernel.blocks() > 1) code.loop(RAX, block);
        code.loop(R11, cell);
        code.move(RAX, RCX);
        for (int t = 0; t < inputs; t++) {
            code.emit(Op.STORE, t, new Memory(RAX, 0));
            code.add(RAX, R8);
        }
        code.add(RCX, BlockKernel.LINE);
        code.loop(R9, group);
        code.end();
        return code.code();
    }

    /// A block whose weights share one scale.
    private void whole() {
        switch (kernel) {
            case Q8Kernel _ -> {
                for (int i = 0; i < BlockKernel.LINES; i++) loadLine(LINES + i, i * BlockKernel.LINE);
            }
            case Q4Kernel _ -> unfoldNibbles(LINES, 0);
            case Q4KKernel _ -> unfoldNibbles(LINES, 2 * BlockKernel.ROWS);
            case Q5KKernel _ -> {
                unfoldNibbles(LINES, 2 * BlockKernel.ROWS + BlockKernel.LINE);
                loadLine(UPPER, 2 * BlockKernel.ROWS);
                for (int i = 0; i < BlockKernel.LINES; i++) addUpper(LINES + i, UPPER, 4 - i);
            }
            case Q6Kernel _ -> throw new AssertionError("Q6_K has two scales a block");
        }
        int scale = HALF_SCALE;
        if (kernel.hasMinima()) {
            scale = ROW_SCALE;
            byteFloats(Op.UNSIGNED_BYTE_TO_INT, ROW_SCALE, 0);
            code.emit(Op.MULTIPLY, ROW_SCALE, ROW_SCALE, new Vector(HALF_SCALE));
            byteFloats(Op.UNSIGNED_BYTE_TO_INT, MINIMUM, BlockKernel.ROWS);
            code.emit(Op.MULTIPLY, MINIMUM, MINIMUM, new Vector(HALF_MINIMUM));
        }
        // Few inputs have two chains each, because an instruction waits four cycles for the one before.
        int chains = 2 * inputs <= BlockKernel.LINES && inputs < 4 ? 2 : 1;
        for (int t = 0; t < inputs; t++) start(INTEGERS + t, t, BlockCode.START);
        if (chains == 2) for (int t = 0; t < inputs; t++) code.zero(INTEGERS + inputs + t);
        for (int i = 0; i < BlockKernel.LINES; i++) {
            for (int t = 0; t < inputs; t++) dot(INTEGERS + i % chains * inputs + t, LINES + i, t, i);
        }
        for (int t = 0; t < inputs; t++) {
            int n = INTEGERS + t;
            if (chains == 2) code.emit(Op.ADD_INTS, n, n, new Vector(n + inputs));
            code.emit(Op.INT_TO_FLOAT, n, new Vector(n));
            code.emit(Op.MULTIPLY, OTHER, scale, new Broadcast(R10, fact(t, BlockCode.SCALE)));
            code.emit(Op.FMA, t, n, new Vector(OTHER));
            if (kernel.hasMinima()) code.emit(Op.FMA_NEGATED, t, MINIMUM, new Broadcast(R10, fact(t, BlockCode.TOTAL)));
        }
    }

    /// A block of Q6_K: s₀ · left + s₁ · right is an integer below 2²⁴, exact in floats too.
    private void halves() {
        int left = INTEGERS;
        int right = INTEGERS + inputs;
        int upper = 2 * BlockKernel.ROWS + BlockKernel.LINES / 2 * BlockKernel.LINE;
        unfoldNibbles(LINES, 2 * BlockKernel.ROWS);
        for (int half = 0; half < 2; half++) {
            loadLine(UPPER, upper + half * BlockKernel.LINE);
            for (int i = 0; i < 4; i++) addUpper(LINES + 4 * half + i, UPPER, 4 - 2 * i);
        }
        byteFloats(Op.SIGNED_BYTE_TO_INT, ROW_SCALE, 0);
        byteFloats(Op.SIGNED_BYTE_TO_INT, MINIMUM, BlockKernel.ROWS);
        for (int t = 0; t < inputs; t++) {
            start(left + t, t, BlockCode.START);
            start(right + t, t, BlockCode.SECOND_START);
        }
        for (int i = 0; i < 4; i++) {
            for (int t = 0; t < inputs; t++) {
                dot(left + t, LINES + i, t, i);
                dot(right + t, LINES + 4 + i, t, 4 + i);
            }
        }
        for (int t = 0; t < inputs; t++) {
            code.emit(Op.INT_TO_FLOAT, left + t, new Vector(left + t));
            code.emit(Op.INT_TO_FLOAT, right + t, new Vector(right + t));
            code.emit(Op.MULTIPLY, left + t, left + t, new Vector(ROW_SCALE));
            code.emit(Op.FMA, left + t, right + t, new Vector(MINIMUM));
            code.emit(Op.MULTIPLY, OTHER, HALF_SCALE, new Broadcast(R10, fact(t, BlockCode.SCALE)));
            code.emit(Op.FMA, t, left + t, new Vector(OTHER));
        }
    }

    private void loadLine(int register, int offset) {
        code.emit(Op.LOAD, register, new Memory(RDI, offset));
    }

    private void unfoldNibbles(int lines, int offset) {
        for (int i = 0; i < BlockKernel.LINES / 2; i++) {
            loadLine(lines + i, offset + i * BlockKernel.LINE);
            code.shiftShorts(lines + 4 + i, lines + i, -4);
            code.emit(Op.AND, lines + i, lines + i, new Vector(NIBBLE_MASK));
            code.emit(Op.AND, lines + 4 + i, lines + 4 + i, new Vector(NIBBLE_MASK));
        }
    }

    /// Adds bits of `upper`, shifted into place, to a line. Bits that cross a byte are masked away.
    private void addUpper(int line, int upper, int shift) {
        code.shiftShorts(OTHER, upper, shift);
        code.orAnd(line, OTHER, UPPER_MASK);
    }

    private void byteFloats(Op widen, int register, int offset) {
        code.emit(widen, register, new Memory(RDI, offset));
        code.emit(Op.INT_TO_FLOAT, register, new Vector(register));
    }

    private void start(int register, int input, int which) {
        code.emit(Op.LOAD_BROADCAST, register, new Memory(R10, fact(input, which)));
    }

    private void dot(int integers, int line, int input, int quad) {
        code.emit(Op.DOT_BYTES, integers, line, new Broadcast(R10, input * QuantizedRows.BLOCK + 4 * quad));
    }

    /// Where a tile's block holds a number about an input.
    private int fact(int input, int which) {
        return inputs * QuantizedRows.BLOCK + BlockCode.FACTS * input + which;
    }

    /// What a tile says of block `block` of `rows`, but the two floats.
    static void fill(BlockKernel kernel, QuantizedRows rows, int block, byte[] tile, int values, int facts) {
        System.arraycopy(rows.values, block * QuantizedRows.BLOCK, tile, values, QuantizedRows.BLOCK);
        int left = rows.sums[2 * block];
        int right = rows.sums[2 * block + 1];
        boolean two = kernel.hasSecondScales();
        BlockCode.INT.set(tile, facts + BlockCode.START, -kernel.bias() * (two ? left : left + right));
        BlockCode.INT.set(tile, facts + BlockCode.SECOND_START, two ? -kernel.bias() * right : 0);
    }
}
