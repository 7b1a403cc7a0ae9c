package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.diwan.engine.kernel.BlockKernel;
import org.diwan.engine.kernel.BlockProduct;
import org.diwan.engine.kernel.Lanes;
import org.diwan.engine.kernel.LargeMemory;
import org.diwan.engine.kernel.QuantizedRows;
import org.diwan.engine.kernel.Workers;

/// Weights stored as small integers times a scale, in blocks of 32 along a row.
///
/// A product quantises its input to 8 bits too ([QuantizedRows]). Then, for one output element,
///
///     sum = 0
///     for each block of 32: sum = fma((float) Σ w·x, d · s, sum)
///
/// with integers w and x, d the scale of the weights and s that of the input. Where blocks have a
/// minimum m, the second line is followed by
///
///         sum = fma(-m, (float) Σ x · s, sum)
///
/// Σ w·x is exact: at most 32·127·128 for Q8_0, and with Q6_K's second scale folded into w,
/// 32·127·4096 < 2²⁴, so that it is exact even when summed in floats. The chain over blocks is the only
/// place where rounding happens, and its order never changes.
abstract sealed class BlockMatrix implements Matrix permits Q8Matrix, Q4Matrix, Q4KMatrix, Q5KMatrix, Q6Matrix {
    /// Weights that share one scale, and inputs that do.
    static final int BLOCK = 32;

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The blocks of the file.
    final MemorySegment data;

    private final int rows;
    private final int columns;
    private final boolean hasMinima;
    private final BlockProduct product;

    BlockMatrix(BlockKernel kernel, MemorySegment data, int rows, int columns) {
        if (columns % BLOCK != 0) {
            throw new IllegalArgumentException(
                    "illegal columns: " + columns + ", must be a multiple of " + BLOCK + " for quantised weights");
        }
        this.data = data;
        this.rows = rows;
        this.columns = columns;
        this.hasMinima = kernel.hasMinima();
        this.product = new BlockProduct(kernel, pack(kernel), rows, columns);
    }

    /// Weights rearranged as the kernel wants them: one copy, made once. Rows are filled up to whole
    /// pairs of groups with zeros.
    private MemorySegment pack(BlockKernel kernel) {
        int groups = (rows + 2 * BlockKernel.ROWS - 1) / (2 * BlockKernel.ROWS) * 2;
        MemorySegment packed = LargeMemory.allocate((long) groups * (blocks() / kernel.blocks()) * kernel.size());
        // Copying is bound by memory and each group is separate: the common pool shares it out.
        boolean finite = IntStream.range(0, groups).parallel().allMatch(group -> packGroup(group, packed, kernel));
        if (!finite) {
            throw new IllegalArgumentException("weights are damaged: a scale is infinite or not a number");
        }
        LargeMemory.release(data);
        return packed;
    }

    /// Block by block and not row by row, so that a cell is written while it is in the first-level cache.
    private boolean packGroup(int group, MemorySegment packed, BlockKernel kernel) {
        boolean finite = true;
        int first = group * BlockKernel.ROWS;
        int count = Math.min(BlockKernel.ROWS, rows - first);
        long cells = (long) group * (blocks() / kernel.blocks());
        for (int b = 0; b < blocks(); b++) {
            long cell = (cells + b / kernel.blocks()) * kernel.size();
            long at = cell + kernel.headerSize() + (long) (b % kernel.blocks()) * kernel.blockSize();
            for (int lane = 0; lane < count; lane++) {
                finite &= pack(first + lane, b, lane, packed, cell, at);
            }
        }
        return finite;
    }

    /// Copies one block of the file to lane `lane` of a cell; whether its scales are finite numbers.
    ///
    /// @param cell where the cell begins
    /// @param at where the block begins in the cell
    abstract boolean pack(int row, int block, int lane, MemorySegment packed, long cell, long at);

    /// Copies the f16 number at `from` of the file's data to its lane at byte `to`; whether it is finite.
    final boolean packHalf(long from, int lane, MemorySegment packed, long to) {
        short number = data.get(SHORT, from);
        packed.set(SHORT, to + lane * 2L, number);
        return (number & 0x7c00) != 0x7c00;
    }

    /// Copies sixteen bytes of two quads' nibbles: quad i of the block to the low, quad i + 4 to the high
    /// nibbles of line i.
    ///
    /// @param quad gives the four nibbles of a quad as bytes of an int
    final void packNibbles(IntUnaryOperator quad, int lane, MemorySegment packed, long at) {
        for (int i = 0; i < BlockKernel.LINES / 2; i++) {
            int both = quad.applyAsInt(i) | (quad.applyAsInt(i + 4) << 4);
            packed.set(INT, at + (long) i * BlockKernel.LINE + lane * 4L, both);
        }
    }

    @Override
    public final int rows() {
        return rows;
    }

    @Override
    public final int columns() {
        return columns;
    }

    final int blocks() {
        return columns / BLOCK;
    }

    /// Writes the 32 integers of a block to `integers` and returns their scale.
    abstract float block(int row, int block, int[] integers);

    /// What is subtracted from every weight of a block, where blocks have a minimum.
    float minimum(int row, int block) {
        return 0;
    }

    @Override
    public final void row(int row, float[] out, int offset) {
        int[] integers = new int[BLOCK];
        for (int b = 0; b < blocks(); b++) {
            float scale = block(row, b, integers);
            float minimum = minimum(row, b);
            for (int i = 0; i < BLOCK; i++) {
                out[offset + b * BLOCK + i] = scale * integers[i] - minimum;
            }
        }
    }

    @Override
    public final void multiply(float[] x, int tokens, float[] out, Workers workers) {
        if (Lanes.SCALAR) multiplyScalar(x, tokens, out, workers);
        else product.multiply(x, tokens, out, workers);
    }

    /// The product as defined above, plainly: the twin that every kernel is held to.
    final void multiplyScalar(float[] x, int tokens, float[] out, Workers workers) {
        QuantizedRows input = QuantizedRows.scalar(x, tokens, columns);
        int chunk = 16;
        workers.run((rows + chunk - 1) / chunk, part -> {
            int[] integers = new int[BLOCK];
            for (int r = part * chunk; r < Math.min(rows, (part + 1) * chunk); r++) {
                for (int t = 0; t < tokens; t++) {
                    out[t * rows + r] = dotScalar(r, input, t, integers);
                }
            }
        });
    }

    private float dotScalar(int row, QuantizedRows input, int token, int[] integers) {
        float sum = 0;
        for (int b = 0; b < blocks(); b++) {
            float scale = block(row, b, integers);
            int products = 0;
            for (int i = 0; i < BLOCK; i++) {
                products += integers[i] * input.value(token, b * BLOCK + i);
            }
            sum = Math.fma((float) products, scale * input.scale(token, b), sum);
            if (hasMinima) sum = Math.fma(-minimum(row, b), input.total(token, b), sum);
        }
        return sum;
    }
}
