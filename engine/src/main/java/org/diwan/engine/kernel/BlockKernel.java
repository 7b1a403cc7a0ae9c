package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// The inner loops over one kind of interleaved quantised weights.
///
/// Weights are stored in *cells* of 16 rows × 32 columns, row groups one after the other, the cells of
/// a group along its columns. In a cell the 16 rows lie side by side, so that a vector lane is a row:
/// nothing is ever added across lanes, and each row keeps its own chain of additions. A cell begins
/// with 16 f16 scales (32 bytes).
///
/// Two groups are computed at a time: they share the broadcasts of the input and, being two streams
/// from memory, overlap loads with arithmetic (one group at a time measured 4.5 instead of 22
/// Gweights/s for Q8_0 on two Zen 4 cores).
public sealed interface BlockKernel permits Q8Kernel, Q4Kernel, Q6Kernel {
    /// Rows of a cell.
    int ROWS = Lanes.GROUP;

    /// Columns of a cell.
    int COLUMNS = QuantizedRows.BLOCK;

    /// Rows that [#dot] and [BlockProduct] take at a time: two groups.
    int PAIR = 2 * ROWS;

    /// Bytes of a cell.
    int size();

    /// The first row of `input` in the form that [#dot] broadcasts: one int for two columns.
    int[] broadcasts(QuantizedRows input);

    /// out[0 … 32) = the products of two row groups with one input row.
    ///
    /// @param at where the first group's cells begin; the second group's follow
    /// @param cells cells of a group
    /// @param input what [#broadcasts] gave
    /// @param scales of the input, one for a cell
    /// @param sums the sums of the input's integers, one for a cell
    void dot(MemorySegment weights, long at, int cells, int[] input, float[] scales, int[] sums, float[] out);

    /// Writes cells as floats holding integers: tile[column · 32 + row], from `tile[lane]`, and their
    /// scales[cell · 32 + row], from `scales[lane]`.
    ///
    /// @param lane 0 for the first, 16 for the second group of a pair
    void widen(MemorySegment weights, long at, int cells, float[] tile, float[] scales, int lane);

    /// Products of as many bytes as there are shorts in a vector with a broadcast pair of shorts.
    static ShortVector products(MemorySegment weights, long at, int pair) {
        return shorts(weights, at).mul(IntVector.broadcast(Lanes.INTS, pair).reinterpretAsShorts());
    }

    static ShortVector shorts(MemorySegment weights, long at) {
        return (ShortVector) ByteVector.fromMemorySegment(Lanes.HALF_BYTES, weights, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2S, Lanes.SHORTS, 0);
    }

    /// The even shorts of a vector, sign-extended.
    static IntVector even(IntVector shorts) {
        return shorts.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    }

    /// The odd shorts of a vector, sign-extended.
    static IntVector odd(IntVector shorts) {
        return shorts.lanewise(VectorOperators.ASHR, 16);
    }

    static FloatVector floats(IntVector integers) {
        return (FloatVector) integers.convert(VectorOperators.I2F, 0);
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
