package org.diwan.engine.gguf;

import java.util.Arrays;

/// Where one tensor of a file lies and what it looks like.
///
/// @param name as in the file, for instance `blk.0.attn_q.weight`
/// @param shape dimensions as the file orders them, the contiguous one first: a matrix of `rows` ×
///     `columns` reads `[columns, rows]`
/// @param offset bytes from the start of the data section
/// @param size bytes
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record TensorInfo(String name, TensorType type, long[] shape, long offset, long size) {
    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /// How many weights the tensor holds: the product of its dimensions.
    public long weights() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && offset == that.offset
                && size == that.size;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }
}
