package org.diwan.engine.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.diwan.engine.gguf.GgufException;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/// Hands out the tensors of a file, each with the shape that is asked for, and remembers which were:
/// what nobody asked for would go into no sum, so it is refused.
final class Tensors {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgufFile file;
    private final Set<String> read = new HashSet<>();

    Tensors(GgufFile file) {
        this.file = file;
    }

    /// Of the file, for error messages.
    Path path() {
        return file.path();
    }

    boolean has(String name) {
        return file.has(name);
    }

    /// The matrix [rows, columns] under `name`.
    Matrix matrix(String name, int rows, int columns) throws GgufException {
        try {
            return Matrix.of(file, expect(name, columns, rows));
        } catch (IllegalArgumentException e) {
            throw new GgufException(file.path(), name, String.valueOf(e.getMessage()));
        }
    }

    /// The F32 vector of `count` elements under `name`.
    float[] vector(String name, int count) throws GgufException {
        TensorInfo info = expect(name, count);
        if (info.type() != TensorType.F32) {
            throw new GgufException(file.path(), name, info.type() + ", a vector must be F32");
        }
        return file.data(info).toArray(FLOAT);
    }

    /// As [#vector], or null where the file has none of that name.
    float @Nullable [] vectorIfThere(String name, int count) throws GgufException {
        return has(name) ? vector(name, count) : null;
    }

    /// The `count` matrices [rows, columns] that lie behind each other under `name`.
    List<Matrix> matrices(String name, int count, int rows, int columns) throws GgufException {
        TensorInfo info = expect(name, columns, rows, count);
        MemorySegment data = file.data(info);
        long size = info.size() / count;
        var matrices = new ArrayList<Matrix>(count);
        try {
            for (int i = 0; i < count; i++) {
                matrices.add(Matrix.of(info.type(), data.asSlice(i * size, size), rows, columns));
            }
        } catch (IllegalArgumentException e) {
            throw new GgufException(file.path(), name, String.valueOf(e.getMessage()));
        }
        return List.copyOf(matrices);
    }

    private TensorInfo expect(String name, long... shape) throws GgufException {
        if (!file.has(name)) throw new GgufException(file.path(), name, "is missing");
        TensorInfo info = file.tensor(name);
        if (!Arrays.equals(trimmed(info.shape()), trimmed(shape))) {
            throw new GgufException(
                    file.path(),
                    name,
                    "shape " + Arrays.toString(info.shape()) + ", must be " + Arrays.toString(shape));
        }
        read.add(name);
        return info;
    }

    /// Without the dimensions of 1 at its end: writers squeeze a matrix of one row to a vector.
    private static long[] trimmed(long[] shape) {
        int count = shape.length;
        while (count > 1 && shape[count - 1] == 1) count--;
        return Arrays.copyOf(shape, count);
    }

    /// @throws GgufException naming the first tensor that nobody asked for
    void refuseUnread() throws GgufException {
        for (TensorInfo info : file.tensors()) {
            if (!read.contains(info.name())) {
                throw new GgufException(file.path(), info.name(), "is a tensor that this architecture has no use for");
            }
        }
    }
}
