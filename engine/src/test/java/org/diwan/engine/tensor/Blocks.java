package org.diwan.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.diwan.engine.gguf.TensorType;

/// Weights for tests: every bit of a block at random, but scales that are ordinary numbers.
final class Blocks {
    private Blocks() {}

    static MemorySegment random(SplittableRandom random, TensorType type, int rows, int columns) {
        return of(random::nextInt, random, type, rows, columns);
    }

    /// Blocks of the bytes that `bytes` gives, but for their scales.
    static MemorySegment of(IntSupplier bytes, SplittableRandom random, TensorType type, int rows, int columns) {
        MemorySegment data = Arena.ofAuto().allocate(type.size((long) rows * columns));
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) bytes.getAsInt());
        }
        for (long at = 0; at < data.byteSize(); at += type.blockSize()) {
            switch (type) {
                case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) random.nextDouble(-1, 1));
                case F16 -> half(random, data, at);
                case BF16 -> {
                    int bits = Float.floatToIntBits((float) random.nextDouble(-1, 1));
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (bits >> 16));
                }
                case Q8_0, Q4_0 -> half(random, data, at);
                case Q4_K, Q5_K -> {
                    half(random, data, at);
                    half(random, data, at + 2);
                }
                case Q6_K -> half(random, data, at + 208);
            }
        }
        return data;
    }

    /// Subnormal f16 numbers too.
    private static void half(SplittableRandom random, MemorySegment data, long at) {
        double size = Math.pow(2, random.nextInt(-22, 1));
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) (random.nextDouble(-1, 1) * size)));
    }
}
