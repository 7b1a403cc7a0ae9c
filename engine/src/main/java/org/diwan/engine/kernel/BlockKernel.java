package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// One way of storing quantised weights for products.
///
/// Weights are stored in *cells* of 16 rows × 32 or 256 columns, row groups one after the other, the
/// cells of a group along its columns. In a cell the 16 rows lie side by side, so that a vector lane is
/// a row: nothing is ever added across lanes, and each row keeps its own chain of additions. A cell is a
/// header of f16 numbers, 16 for the 16 rows, and then one or eight *blocks* of 32 columns.
///
/// In a block, columns come in quads: an int holds four columns of a row, a *line* of 16 ints a quad of
/// all rows, and eight lines the block. How lines are folded into fewer bits is what kinds differ in;
/// unfolded, a weight is an unsigned byte, and it means
///
///     scale · (byte - bias)                     Q8_0, Q4_0
///     scale · secondScale(half) · (byte - bias) Q6_K, one second scale for 16 columns
///     scale · byte - minimum                    Q4_K, Q5_K
public sealed interface BlockKernel permits Q8Kernel, Q4Kernel, Q4KKernel, Q5KKernel, Q6Kernel {
    /// Rows of a cell.
    int ROWS = Lanes.GROUP;

    /// Columns of a block.
    int COLUMNS = QuantizedRows.BLOCK;

    /// Lines of a block.
    int LINES = COLUMNS / 4;

    /// Bytes of a line in memory: 16 ints.
    int LINE = 4 * ROWS;

    /// Bytes of 16 f16 numbers.
    int HALVES = 2 * ROWS;

    /// Blocks of a cell, 1 or 8.
    int blocks();

    /// Bytes before the first block.
    int headerSize();

    /// Bytes of a block.
    int blockSize();

    /// What a stored byte is more than the weight's integer.
    int bias();

    /// Whether a block has a second scale for each half.
    default boolean hasSecondScales() {
        return false;
    }

    /// Whether a block has a minimum that is subtracted.
    default boolean hasMinima() {
        return false;
    }

    /// Bytes of a cell.
    default int size() {
        return headerSize() + blocks() * blockSize();
    }

    /// A block unfolded: what the vector kernels compute with.
    final class Block {
        /// [8 lines, 16 rows]: four unsigned bytes each.
        final int[] lines = new int[LINES * ROWS];

        /// [16 rows].
        final float[] scales = new float[ROWS];

        /// [16 rows], where the kernel has minima.
        final float[] minima = new float[ROWS];

        /// [2 halves, 16 rows], where the kernel has second scales.
        final int[] secondScales = new int[2 * ROWS];
    }

    /// Unfolds block `index` of the cell at byte `cell`.
    void unfold(MemorySegment weights, long cell, int index, Block out);

    static int unsignedByte(MemorySegment weights, long at) {
        return weights.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    static int signedByte(MemorySegment weights, long at) {
        return weights.get(ValueLayout.JAVA_BYTE, at);
    }

    /// As many lanes of a line as a vector has, from byte `at`.
    static IntVector line(MemorySegment weights, long at) {
        return IntVector.fromMemorySegment(Lanes.INTS, weights, at, ByteOrder.LITTLE_ENDIAN);
    }

    /// Four lines with two quads to a byte each: line q in the low, line q + 4 in the high nibbles.
    static void unfoldNibbles(MemorySegment weights, long at, int lane, int[] lines) {
        for (int i = 0; i < LINES / 2; i++) {
            IntVector v = line(weights, at + (long) i * LINE + lane * 4L);
            v.and(0x0f0f0f0f).intoArray(lines, i * ROWS + lane);
            v.lanewise(VectorOperators.LSHR, 4).and(0x0f0f0f0f).intoArray(lines, (i + LINES / 2) * ROWS + lane);
        }
    }

    /// Finite f16 values as floats, exactly: their bits moved into place are a float 2¹¹² times too
    /// small, subnormals included.
    static FloatVector halfFloats(MemorySegment weights, long at) {
        var bits = (IntVector) ByteVector.fromMemorySegment(Lanes.HALF_BYTES, weights, at, ByteOrder.LITTLE_ENDIAN)
                .reinterpretAsShorts()
                .convertShape(VectorOperators.S2I, Lanes.INTS, 0);
        IntVector size = bits.and(0x7fff).lanewise(VectorOperators.LSHL, 13);
        IntVector sign = bits.and(0x8000).lanewise(VectorOperators.LSHL, 16);
        return size.reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(sign)
                .reinterpretAsFloats();
    }
}
