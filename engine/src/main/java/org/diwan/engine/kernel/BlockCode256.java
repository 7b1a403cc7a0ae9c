package org.diwan.engine.kernel;

import static org.diwan.engine.kernel.Assembler.Register.R10;
import static org.diwan.engine.kernel.Assembler.Register.R11;
import static org.diwan.engine.kernel.Assembler.Register.R8;
import static org.diwan.engine.kernel.Assembler.Register.R9;
import static org.diwan.engine.kernel.Assembler.Register.RAX;
import static org.diwan.engine.kernel.Assembler.Register.RBX;
import static org.diwan.engine.kernel.Assembler.Register.RCX;
import static org.diwan.engine.kernel.Assembler.Register.RDI;
import static org.diwan.engine.kernel.Assembler.Register.RDX;
import static org.diwan.engine.kernel.Assembler.Register.RSI;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Vector;

/// [BlockCode] with 256-bit vectors (AVX2): tiles of one, two or four inputs, eight rows in a register.
///
/// Bytes are multiplied by `vpmaddubsw`, which adds two products in 16 bits and saturates. Weights of
/// four to six bits are too small for that: 2 · 63 · 127 < 2¹⁵. The eight lines of a block then add up in 16
/// bits, sixteen columns to a lane. That sum may leave 16 bits on its way, which wraps, but in the end it
/// is back, because it begins with minus bias · the sum of its inputs, and
///
///     Q4_0  |Σ (w - 8) · x|  ≤ 16 · 8 · 127  = 16,256
///     Q4_K  |Σ w · x|        ≤ 16 · 15 · 127 = 30,480
///     Q5_K  |Σ (w - 16) · x| ≤ 16 · 16 · 127 = 32,512, and 16 · Σ x is added later, in 32 bits
///     Q6_K  |Σ (w - 32) · x| ≤ 8 · 32 · 127  = 32,512, eight columns of a half
///
/// so `vpmaddwd` with ones, or with the second scales, makes exact 32-bit sums of them: nine multiplying
/// instructions for 256 products. Weights of eight bits would saturate. They are widened to 16 bits, even
/// and odd columns apart, and meet inputs of 16 bits in `vpmaddwd`: sixteen instructions.
///
/// One input takes both halves of the sixteen rows, block by block, in the order of memory. More inputs
/// leave no registers for that: they take the first eight rows of all cells of a group, then the others.
///
/// What a tile says of an input and a block: 32 bytes or, with weights of eight bits, 16 pairs of shorts; two
/// shorts to begin the sums of a block (or of its left half) with, or an int with weights of eight bits;
/// two shorts for the right half, or an int to be added to the sums of Q5_K.
final class BlockCode256 {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    /// Rows in a register.
    private static final int LANES = 8;

    /// Bytes of the weights in a register.
    private static final int VECTOR = 4 * LANES;

    // Vector registers. Outputs are numbered half by half, 0 … 3; where a block has two second scales, 0 and
    // 1, and the right half has sums of its own.
    private static final int SUMS = 0;
    private static final int INTEGERS = 4;
    private static final int RIGHT_INTEGERS = 6;
    private static final int WEIGHTS = 8;
    private static final int OTHER_WEIGHTS = 9;
    private static final int UPPER = 10;
    private static final int UPPER_MASK = 11;
    private static final int INPUT = 12;
    private static final int PRODUCT = 13;
    private static final int MASK = 14;
    private static final int ONES = 15;
    private static final int OTHER_UPPER = 15;

    private final BlockKernel kernel;
    private final int inputs;

    /// Halves of the sixteen rows that are computed at a time: 1 or 2.
    private final int halves;

    private final Assembler code = new Assembler(256);

    /// @param inputs of a tile
    BlockCode256(BlockKernel kernel, int inputs) {
        this.kernel = kernel;
        this.inputs = inputs;
        this.halves = inputs == 1 ? 2 : 1;
    }

    /// Most inputs of a tile, a power of two: as many as registers hold.
    static int mostInputs(BlockKernel kernel) {
        return kernel.hasSecondScales() ? 2 : 4;
    }

    /// Bytes of the 32 integers of an input in a tile.
    static int integersSize(BlockKernel kernel) {
        return kernel instanceof Q8Kernel ? 2 * QuantizedRows.BLOCK : QuantizedRows.BLOCK;
    }

    byte[] assemble() {
        code.push(RBX);
        code.constant(MASK, kernel instanceof Q8Kernel ? 0x00ff00ff : 0x0f0f0f0f);
        if (kernel instanceof Q5KKernel) code.constant(UPPER_MASK, 0x10101010);
        if (kernel instanceof Q6Kernel) code.constant(UPPER_MASK, 0x30303030);
        else code.constant(ONES, 0x00010001);
        int group = code.label();
        for (int half = 0; half < 2; half += halves) {
            if (half == 1) {
                code.multiply(RAX, RSI, kernel.size());
                code.subtract(RDI, RAX);
            }
            rows(half);
        }
        code.add(RCX, BlockKernel.LINE);
        code.loop(R9, group);
        code.pop(RBX);
        code.end();
        return code.code();
    }

    /// All cells of a group, from half `first` on.
    private void rows(int first) {
        code.move(R10, RDX);
        code.move(R11, RSI);
        for (int o = 0; o < halves * inputs; o++) code.zero(SUMS + o);
        int cell = code.label();
        code.move(RBX, RDI);
        code.add(RDI, kernel.headerSize());
        if (kernel.blocks() > 1) code.set(RAX, kernel.blocks());
        int block = code.label();
        for (int half = first; half < first + halves; half++) {
            int output = (half - first) * inputs;
            switch (kernel) {
                case Q8Kernel _ -> bytes(half, output);
                case Q4Kernel _ -> nibbles(half, output, 0);
                case Q4KKernel _ -> nibbles(half, output, 2 * BlockKernel.ROWS);
                case Q5KKernel _ -> {
                    load(UPPER, 2 * BlockKernel.ROWS, half);
                    nibbles(half, output, 2 * BlockKernel.ROWS + BlockKernel.LINE);
                }
                case Q6Kernel _ -> {
                    int upper = 2 * BlockKernel.ROWS + BlockKernel.LINES / 2 * BlockKernel.LINE;
                    load(UPPER, upper, half);
                    load(OTHER_UPPER, upper + BlockKernel.LINE, half);
                    nibbles(half, output, 2 * BlockKernel.ROWS);
                }
            }
            addBlock(half, output);
        }
        code.add(RDI, kernel.blockSize());
        code.add(R10, inputs * (integersSize(kernel) + BlockCode.FACTS));
        if (kernel.blocks() > 1) code.loop(RAX, block);
        code.loop(R11, cell);
        code.move(RAX, RCX);
        for (int t = 0; t < inputs; t++) {
            for (int half = 0; half < halves; half++) {
                code.emit(Op.STORE, SUMS + half * inputs + t, new Memory(RAX, (first + half) * VECTOR));
            }
            code.add(RAX, R8);
        }
    }

    /// The integers of a block of Q8_0: line by line, even and odd columns apart.
    private void bytes(int half, int output) {
        start(INTEGERS + output, BlockCode.START);
        for (int i = 0; i < BlockKernel.LINES; i++) {
            load(OTHER_WEIGHTS, i * BlockKernel.LINE, half);
            code.emit(Op.AND, WEIGHTS, OTHER_WEIGHTS, new Vector(MASK));
            code.shiftShorts(OTHER_WEIGHTS, OTHER_WEIGHTS, -8);
            multiplyAdd(INTEGERS + output, WEIGHTS, 2 * i);
            multiplyAdd(INTEGERS + output, OTHER_WEIGHTS, 2 * i + 1);
        }
    }

    /// The integers of a block whose four lines at byte `offset` have two nibbles a byte.
    private void nibbles(int half, int output, int offset) {
        int left = INTEGERS + output;
        int right = kernel.hasSecondScales() ? RIGHT_INTEGERS + output : left;
        start(left, BlockCode.START);
        if (kernel.hasSecondScales()) start(right, BlockCode.SECOND_START);
        for (int i = 0; i < BlockKernel.LINES / 2; i++) {
            load(WEIGHTS, offset + i * BlockKernel.LINE, half);
            code.shiftShorts(OTHER_WEIGHTS, WEIGHTS, -4);
            code.emit(Op.AND, WEIGHTS, WEIGHTS, new Vector(MASK));
            code.emit(Op.AND, OTHER_WEIGHTS, OTHER_WEIGHTS, new Vector(MASK));
            if (kernel instanceof Q5KKernel) {
                addUpper(WEIGHTS, UPPER, 4 - i);
                addUpper(OTHER_WEIGHTS, UPPER, -i);
            }
            if (kernel instanceof Q6Kernel) {
                addUpper(WEIGHTS, UPPER, 4 - 2 * i);
                addUpper(OTHER_WEIGHTS, OTHER_UPPER, 4 - 2 * i);
            }
            multiplyAdd(left, WEIGHTS, i);
            multiplyAdd(right, OTHER_WEIGHTS, 4 + i);
        }
    }

    /// Adds bits of `upper`, shifted into place, to weights. Bits that cross a byte are masked away.
    private void addUpper(int weights, int upper, int shift) {
        code.shiftShorts(PRODUCT, upper, shift);
        code.emit(Op.AND, PRODUCT, PRODUCT, new Vector(UPPER_MASK));
        code.emit(Op.OR, weights, weights, new Vector(PRODUCT));
    }

    /// Begins the sums of all inputs.
    private void start(int integers, int which) {
        for (int t = 0; t < inputs; t++) broadcast(integers + t, fact(t, which));
    }

    /// Multiplies weights with the four bytes `index` of each input, adds that to its sums.
    private void multiplyAdd(int integers, int weights, int index) {
        boolean bytes = !(kernel instanceof Q8Kernel);
        for (int t = 0; t < inputs; t++) {
            broadcast(INPUT, t * integersSize(kernel) + 4 * index);
            code.emit(bytes ? Op.PAIR_BYTES : Op.PAIR_SHORTS, PRODUCT, weights, new Vector(INPUT));
            code.emit(bytes ? Op.ADD_SHORTS : Op.ADD_INTS, integers + t, integers + t, new Vector(PRODUCT));
        }
    }

    /// The integers of a block join the chains of their output elements.
    private void addBlock(int half, int output) {
        if (kernel.hasSecondScales()) {
            secondScales(WEIGHTS, half * LANES);
            secondScales(OTHER_WEIGHTS, BlockKernel.ROWS + half * LANES);
        }
        for (int t = 0; t < inputs; t++) {
            int n = INTEGERS + output + t;
            if (kernel.hasSecondScales()) {
                int right = RIGHT_INTEGERS + output + t;
                code.emit(Op.PAIR_SHORTS, n, n, new Vector(WEIGHTS));
                code.emit(Op.PAIR_SHORTS, right, right, new Vector(OTHER_WEIGHTS));
                code.emit(Op.ADD_INTS, n, n, new Vector(right)); // below 2²⁴, exact in floats too
            } else if (!(kernel instanceof Q8Kernel)) {
                code.emit(Op.PAIR_SHORTS, n, n, new Vector(ONES));
            }
            if (kernel instanceof Q5KKernel) {
                broadcast(INPUT, fact(t, BlockCode.SECOND_START));
                code.emit(Op.ADD_INTS, n, n, new Vector(INPUT));
            }
            code.emit(Op.INT_TO_FLOAT, n, new Vector(n));
        }
        code.emit(Op.HALF_TO_FLOAT, WEIGHTS, new Memory(RBX, half * 2 * LANES));
        if (kernel.hasMinima()) {
            multiplyByte(WEIGHTS, half * LANES);
            code.emit(Op.HALF_TO_FLOAT, OTHER_WEIGHTS, new Memory(RBX, BlockKernel.HALVES + half * 2 * LANES));
            multiplyByte(OTHER_WEIGHTS, BlockKernel.ROWS + half * LANES);
        }
        for (int t = 0; t < inputs; t++) {
            int sum = SUMS + output + t;
            broadcast(INPUT, fact(t, BlockCode.SCALE));
            code.emit(Op.MULTIPLY, PRODUCT, WEIGHTS, new Vector(INPUT));
            code.emit(Op.FMA, sum, INTEGERS + output + t, new Vector(PRODUCT));
            if (kernel.hasMinima()) {
                broadcast(INPUT, fact(t, BlockCode.TOTAL));
                code.emit(Op.FMA_NEGATED, sum, OTHER_WEIGHTS, new Vector(INPUT));
            }
        }
    }

    /// Each lane ← the signed byte at `offset`, twice, as shorts.
    private void secondScales(int register, int offset) {
        code.emit(Op.SIGNED_BYTE_TO_INT, register, new Memory(RDI, offset));
        code.shiftInts(PRODUCT, register, 16);
        code.interleaveShorts(register, register, PRODUCT);
    }

    /// Multiplies by the unsigned bytes at `offset`.
    private void multiplyByte(int register, int offset) {
        code.emit(Op.UNSIGNED_BYTE_TO_INT, PRODUCT, new Memory(RDI, offset));
        code.emit(Op.INT_TO_FLOAT, PRODUCT, new Vector(PRODUCT));
        code.emit(Op.MULTIPLY, register, PRODUCT, new Vector(register));
    }

    private void load(int register, int offset, int half) {
        code.emit(Op.LOAD, register, new Memory(RDI, offset + half * VECTOR));
    }

    private void broadcast(int register, int offset) {
        code.emit(Op.LOAD_BROADCAST, register, new Memory(R10, offset));
    }

    /// Where a tile's block holds a number about an input.
    private int fact(int input, int which) {
        return inputs * integersSize(kernel) + BlockCode.FACTS * input + which;
    }

    /// What a tile says of block `block` of `rows`, but the two floats.
    static void fill(BlockKernel kernel, QuantizedRows rows, int block, byte[] tile, int values, int facts) {
        int from = block * QuantizedRows.BLOCK;
        int left = rows.sums[2 * block];
        int right = rows.sums[2 * block + 1];
        if (kernel instanceof Q8Kernel) {
            for (int i = 0; i < QuantizedRows.BLOCK; i += 4) {
                SHORT.set(tile, values + 2 * i, (short) rows.values[from + i]);
                SHORT.set(tile, values + 2 * i + 2, (short) rows.values[from + i + 2]);
                SHORT.set(tile, values + 2 * i + 4, (short) rows.values[from + i + 1]);
                SHORT.set(tile, values + 2 * i + 6, (short) rows.values[from + i + 3]);
            }
            BlockCode.INT.set(tile, facts + BlockCode.START, -kernel.bias() * (left + right));
            return;
        }
        System.arraycopy(rows.values, from, tile, values, QuantizedRows.BLOCK);
        int bias = kernel instanceof Q5KKernel ? 16 : kernel.bias();
        int leftPairs = firstPairs(rows.values, from);
        int rightPairs = firstPairs(rows.values, from + QuantizedRows.HALF);
        boolean two = kernel.hasSecondScales();
        int first = two ? leftPairs : leftPairs + rightPairs;
        shorts(tile, facts + BlockCode.START, -bias * first, -bias * ((two ? left : left + right) - first));
        if (two) shorts(tile, facts + BlockCode.SECOND_START, -bias * rightPairs, -bias * (right - rightPairs));
        if (kernel instanceof Q5KKernel) BlockCode.INT.set(tile, facts + BlockCode.SECOND_START, bias * (left + right));
    }

    /// The sum of the first two of every four of sixteen integers: those that meet the lower lanes.
    private static int firstPairs(byte[] values, int from) {
        int sum = 0;
        for (int i = from; i < from + QuantizedRows.HALF; i += 4) sum += values[i] + values[i + 1];
        return sum;
    }

    private static void shorts(byte[] tile, int at, int low, int high) {
        SHORT.set(tile, at, (short) low);
        SHORT.set(tile, at + 2, (short) high);
    }
}
