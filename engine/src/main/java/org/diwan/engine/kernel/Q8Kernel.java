package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q8_0. A cell is 544 bytes: 16 f16 scales, then for each pair of columns (2p, 2p + 1) 32 bytes, row
/// after row: byte 32 + 32p + 2r + i is the weight of row r, column 2p + i.
public final class Q8Kernel implements BlockKernel {
    public static final int SIZE = 544;
    private static final int SCALES = 32;
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

    /// Two products of a weight (at most 128 in size) and an input (at most 127) fit a short together.
    @Override
    public void dot(MemorySegment weights, long at, int cells, int[] input, float[] scales, int[] sums, float[] out) {
        long second = (long) cells * SIZE;
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
            for (int cell = 0; cell < cells; cell++) {
                long p = at + (long) cell * SIZE + SCALES + lane * 2L;
                long q = p + second;
                IntVector even0 = IntVector.zero(Lanes.INTS);
                IntVector odd0 = IntVector.zero(Lanes.INTS);
                IntVector even1 = IntVector.zero(Lanes.INTS);
                IntVector odd1 = IntVector.zero(Lanes.INTS);
                for (int i = 0; i < PAIRS; i += 2) {
                    int x0 = input[cell * PAIRS + i];
                    int x1 = input[cell * PAIRS + i + 1];
                    IntVector v0 = BlockKernel.products(weights, p + i * LINE, x0)
                            .add(BlockKernel.products(weights, p + i * LINE + LINE, x1))
                            .reinterpretAsInts();
                    even0 = even0.add(BlockKernel.even(v0));
                    odd0 = odd0.add(BlockKernel.odd(v0));
                    IntVector v1 = BlockKernel.products(weights, q + i * LINE, x0)
                            .add(BlockKernel.products(weights, q + i * LINE + LINE, x1))
                            .reinterpretAsInts();
                    even1 = even1.add(BlockKernel.even(v1));
                    odd1 = odd1.add(BlockKernel.odd(v1));
                }
                FloatVector d0 = BlockKernel.halfFloats(weights, p - SCALES).mul(scales[cell]);
                FloatVector d1 = BlockKernel.halfFloats(weights, q - SCALES).mul(scales[cell]);
                sum0 = BlockKernel.floats(even0.add(odd0)).fma(d0, sum0);
                sum1 = BlockKernel.floats(even1.add(odd1)).fma(d1, sum1);
            }
            sum0.intoArray(out, lane);
            sum1.intoArray(out, ROWS + lane);
        }
    }

    /// One loop over all lines: with a constant sixteen per cell the compiler unrolls it whole and spills,
    /// four times slower.
    @Override
    public void widen(MemorySegment weights, long at, int cells, float[] tile, float[] scales, int lane) {
        for (int l = 0; l < ROWS; l += Lanes.COUNT) {
            for (int cell = 0; cell < cells; cell++) {
                long from = at + (long) cell * SIZE + l * 2L;
                BlockKernel.halfFloats(weights, from).intoArray(scales, cell * PAIR + lane + l);
            }
            for (int i = 0; i < cells * PAIRS; i++) {
                long from = at + (long) (i / PAIRS) * SIZE + SCALES + i % PAIRS * LINE + l * 2L;
                IntVector v = BlockKernel.shorts(weights, from).reinterpretAsInts();
                int to = 2 * i * PAIR + lane + l;
                BlockKernel.floats(BlockKernel.even(v)).intoArray(tile, to);
                BlockKernel.floats(BlockKernel.odd(v)).intoArray(tile, to + PAIR);
            }
        }
    }
}
