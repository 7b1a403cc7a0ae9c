package org.diwan.engine.tensor;

import java.lang.foreign.MemorySegment;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;

/// A read-only weight matrix [rows, columns], shared by all threads.
///
/// Every output element of a product has one order of additions, fixed by the type of the weights
/// alone: neither the number of tokens, nor of threads, nor the width of vectors can change a bit.
public sealed interface Matrix permits DenseMatrix, BlockMatrix {
    int rows();

    int columns();

    TensorType type();

    /// out[t·rows + r] = Σₖ W[r, k] · x[t·columns + k] for every t in [0, tokens).
    ///
    /// @param x [tokens, columns], unchanged
    /// @param out [tokens, rows], overwritten; not `x`
    void multiply(float[] x, int tokens, float[] out, Workers workers);

    /// Writes the weights of one row, `columns` floats, from `out[offset]`: an embedding look-up.
    void row(int row, float[] out, int offset);

    /// The matrix that `info` names. The file must stay open as long as the matrix is used.
    ///
    /// @throws IllegalArgumentException if the tensor is not a matrix or too large for int indices
    static Matrix of(GgufFile file, TensorInfo info) {
        long[] shape = info.shape();
        if (shape.length > 2) {
            throw new IllegalArgumentException("tensor " + info + " has more than 2 dimensions");
        }
        long rows = shape.length == 2 ? shape[1] : 1;
        if (shape[0] > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tensor " + info + " has a dimension over " + Integer.MAX_VALUE);
        }
        return of(info.type(), file.data(info), (int) rows, (int) shape[0]);
    }

    /// A matrix over the blocks of `data`, row after row as in a GGUF file.
    static Matrix of(TensorType type, MemorySegment data, int rows, int columns) {
        return switch (type) {
            case F32, F16, BF16 -> new DenseMatrix(type, data, rows, columns);
            case Q8_0 -> new Q8Matrix(data, rows, columns);
            case Q4_0 -> new Q4Matrix(data, rows, columns);
            case Q4_K -> new Q4KMatrix(data, rows, columns);
            case Q5_K -> new Q5KMatrix(data, rows, columns);
            case Q6_K -> new Q6Matrix(data, rows, columns);
        };
    }
}
