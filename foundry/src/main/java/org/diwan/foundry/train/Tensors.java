package org.diwan.foundry.train;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Java arrays in and out of libtorch: always copies, so that no tensor depends on Java memory.
final class Tensors {
    private Tensors() {}

    /// A float32 tensor of `shape` with `values` row-major.
    static Tensor of(float[] values, long... shape) {
        try (var pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape).clone();
        }
    }

    /// An int64 tensor of `shape` with `values` row-major.
    static Tensor of(long[] values, long... shape) {
        try (var pointer = new LongPointer(values)) {
            return torch.from_blob(pointer, shape, new TensorOptions(torch.ScalarType.Long))
                    .clone();
        }
    }

    /// Overwrites `target` with `values`, row-major, which must be as many.
    static void copy(float[] values, Tensor target) {
        if (values.length != target.numel())
            throw new IllegalArgumentException(values.length + " values for a tensor of " + target.numel());
        try (var _ = new NoGradGuard()) {
            target.copy_(of(values, values.length).view_as(target));
        }
    }

    /// The elements of a float32 tensor, row-major.
    static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        new FloatPointer(tensor.contiguous().data_ptr()).get(values);
        return values;
    }
}
