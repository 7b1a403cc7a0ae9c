package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.DenseProduct;
import org.diwan.engine.kernel.Workers;

/// Weights stored as F32, F16 or BF16, read where the file is mapped.
///
/// A product widens a row to float (exact) and adds as [Lanes] describes: element k goes to partial
/// sum k mod 16, each a sequential chain of fused multiply-adds; then the fixed tree.
final class DenseMatrix implements Matrix {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorType type;
    private final MemorySegment data;
    private final int rows;
    private final int columns;
    private final DenseProduct product;

    DenseMatrix(TensorType type, MemorySegment data, int rows, int columns) {
        this.type = type;
        this.data = data;
        this.rows = rows;
        this.columns = columns;
        this.product = new DenseProduct(format(type), data, rows, columns, this::row);
    }

    private static DenseProduct.Format format(TensorType type) {
        return switch (type) {
            case F32 -> DenseProduct.Format.F32;
            case F16 -> DenseProduct.Format.F16;
            case BF16 -> DenseProduct.Format.BF16;
            case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> throw new AssertionError("not a dense type: " + type);
        };
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void multiply(float[] x, int tokens, float[] out, Workers workers) {
        product.multiply(x, tokens, out, workers);
    }

    @Override
    public void row(int row, float[] out, int offset) {
        long first = (long) row * columns;
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, first * 4, out, offset, columns);
            // Copied first: the compiler turns loops over arrays into vector instructions.
            case F16 -> {
                short[] bits = shorts(first);
                for (int k = 0; k < columns; k++) {
                    out[offset + k] = Float.float16ToFloat(bits[k]);
                }
            }
            case BF16 -> {
                short[] bits = shorts(first);
                for (int k = 0; k < columns; k++) {
                    out[offset + k] = Float.intBitsToFloat(bits[k] << 16);
                }
            }
            case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> throw new AssertionError("not a dense type: " + type);
        }
    }

    private short[] shorts(long first) {
        short[] bits = new short[columns];
        MemorySegment.copy(data, SHORT, first * 2, bits, 0, columns);
        return bits;
    }
}
