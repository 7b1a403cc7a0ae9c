package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Q6_K, its 6-bit weights unpacked to bytes. A cell is 608 bytes: 16 f16 scales; for the left and the
/// right 16 columns 16 second scales as shorts (2 × 32 bytes); the weights minus 32 as in [Q8Kernel].
public final class Q6Kernel implements BlockKernel {
    public static final int SIZE = 608;
    private static final int SECOND_SCALES = 32;
    private static final int WEIGHTS = 96;
    private static final long LINE = 32;
    private static final int PAIRS = COLUMNS / 2;

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public int[] broadcasts(QuantizedRows input) {
        return input.pairs();
    }

    @Override
    public void dot(MemorySegment weights, long at, int cells, int[] input, float[] scales, int[] sums, float[] out) {
        for (int group = 0; group < 2; group++) {
            long from = at + (long) group * cells * SIZE;
            for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
                FloatVector sum = FloatVector.zero(Lanes.FLOATS);
                for (int cell = 0; cell < cells; cell++) {
                    long p = from + (long) cell * SIZE + lane * 2L;
                    IntVector left = half(weights, p + WEIGHTS, input, cell * PAIRS);
                    IntVector right = half(weights, p + WEIGHTS + 8 * LINE, input, cell * PAIRS + 8);
                    IntVector products = left.mul(secondScales(weights, p + SECOND_SCALES))
                            .add(right.mul(secondScales(weights, p + SECOND_SCALES + 32)));
                    FloatVector d = BlockKernel.halfFloats(weights, p).mul(scales[cell]);
                    sum = BlockKernel.floats(products).fma(d, sum);
                }
                sum.intoArray(out, group * ROWS + lane);
            }
        }
    }

    /// Σ w·x over sixteen columns. Eight products of at most 32·127 fit a short together.
    private static IntVector half(MemorySegment weights, long at, int[] input, int x) {
        ShortVector sum = ShortVector.zero(Lanes.SHORTS);
        for (int i = 0; i < 8; i++) {
            sum = sum.add(BlockKernel.products(weights, at + i * LINE, input[x + i]));
        }
        IntVector v = sum.reinterpretAsInts();
        return BlockKernel.even(v).add(BlockKernel.odd(v));
    }

    private static IntVector secondScales(MemorySegment weights, long at) {
        return (IntVector) ByteVector.fromMemorySegment(Lanes.HALF_BYTES, weights, at, ByteOrder.LITTLE_ENDIAN)
                .reinterpretAsShorts()
                .convertShape(VectorOperators.S2I, Lanes.INTS, 0);
    }

    @Override
    public void widen(MemorySegment weights, long at, int cells, float[] tile, float[] scales, int lane) {
        for (int cell = 0; cell < cells; cell++) {
            long from = at + (long) cell * SIZE;
            for (int l = 0; l < ROWS; l += Lanes.COUNT) {
                BlockKernel.halfFloats(weights, from + l * 2L).intoArray(scales, cell * PAIR + lane + l);
                for (int i = 0; i < PAIRS; i++) {
                    IntVector second = secondScales(weights, from + SECOND_SCALES + i / 8 * 32L + l * 2L);
                    IntVector v = BlockKernel.shorts(weights, from + WEIGHTS + i * LINE + l * 2L)
                            .reinterpretAsInts();
                    int to = (cell * COLUMNS + 2 * i) * PAIR + lane + l;
                    BlockKernel.floats(BlockKernel.even(v).mul(second)).intoArray(tile, to);
                    BlockKernel.floats(BlockKernel.odd(v).mul(second)).intoArray(tile, to + PAIR);
                }
            }
        }
    }
}
