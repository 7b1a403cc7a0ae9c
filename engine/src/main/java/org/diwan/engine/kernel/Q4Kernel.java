package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Q4_0. A cell is 288 bytes: 16 f16 scales, then four lines of 64 bytes; line q holds, row after row,
/// bytes 4q … 4q+3 of the row's block in the file.
///
/// Read as shorts, lane 2r + i of line q holds four weights of row r, plus 8: nibble j is that of column
/// 4q + 2i + [#COLUMN_OF_NIBBLE]\[j\]. Products with unsigned nibbles sum to at most 16·15·127 = 30,480
/// in a lane, which fits a short for the whole cell; 8·Σx is subtracted once at its end.
public final class Q4Kernel implements BlockKernel {
    public static final int SIZE = 288;
    private static final int SCALES = 32;
    private static final long LINE = 64;
    private static final int LINES = 4;
    private static final int NIBBLES = 4;
    private static final int[] COLUMN_OF_NIBBLE = {0, 16, 1, 17};

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public int[] broadcasts(QuantizedRows input) {
        int[] pairs = new int[input.columns / 2];
        for (int i = 0; i < pairs.length; i++) {
            int column = i / (LINES * NIBBLES) * COLUMNS + i / NIBBLES % LINES * 4 + COLUMN_OF_NIBBLE[i % NIBBLES];
            pairs[i] = QuantizedRows.pair(input.values[column], input.values[column + 2]);
        }
        return pairs;
    }

    @Override
    public void dot(MemorySegment weights, long at, int cells, int[] input, float[] scales, int[] sums, float[] out) {
        long second = (long) cells * SIZE;
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
            for (int cell = 0; cell < cells; cell++) {
                long p = at + (long) cell * SIZE;
                long q = p + second;
                ShortVector even0 = ShortVector.zero(Lanes.SHORTS);
                ShortVector odd0 = ShortVector.zero(Lanes.SHORTS);
                ShortVector even1 = ShortVector.zero(Lanes.SHORTS);
                ShortVector odd1 = ShortVector.zero(Lanes.SHORTS);
                for (int i = 0; i < LINES; i++) {
                    int x = (cell * LINES + i) * NIBBLES;
                    ShortVector v0 = line(weights, p + SCALES + i * LINE + lane * 4L);
                    ShortVector v1 = line(weights, q + SCALES + i * LINE + lane * 4L);
                    ShortVector x0 = broadcast(input[x]);
                    even0 = even0.add(nibble(v0, 0).mul(x0));
                    even1 = even1.add(nibble(v1, 0).mul(x0));
                    ShortVector x1 = broadcast(input[x + 1]);
                    odd0 = odd0.add(nibble(v0, 4).mul(x1));
                    odd1 = odd1.add(nibble(v1, 4).mul(x1));
                    ShortVector x2 = broadcast(input[x + 2]);
                    even0 = even0.add(nibble(v0, 8).mul(x2));
                    even1 = even1.add(nibble(v1, 8).mul(x2));
                    ShortVector x3 = broadcast(input[x + 3]);
                    odd0 = odd0.add(nibble(v0, 12).mul(x3));
                    odd1 = odd1.add(nibble(v1, 12).mul(x3));
                }
                IntVector v0 = even0.add(odd0).reinterpretAsInts();
                IntVector v1 = even1.add(odd1).reinterpretAsInts();
                IntVector products0 =
                        BlockKernel.even(v0).add(BlockKernel.odd(v0)).sub(8 * sums[cell]);
                IntVector products1 =
                        BlockKernel.even(v1).add(BlockKernel.odd(v1)).sub(8 * sums[cell]);
                FloatVector d0 = BlockKernel.halfFloats(weights, p + lane * 2L).mul(scales[cell]);
                FloatVector d1 = BlockKernel.halfFloats(weights, q + lane * 2L).mul(scales[cell]);
                sum0 = BlockKernel.floats(products0).fma(d0, sum0);
                sum1 = BlockKernel.floats(products1).fma(d1, sum1);
            }
            sum0.intoArray(out, lane);
            sum1.intoArray(out, ROWS + lane);
        }
    }

    @Override
    public void widen(MemorySegment weights, long at, int cells, float[] tile, float[] scales, int lane) {
        for (int cell = 0; cell < cells; cell++) {
            long from = at + (long) cell * SIZE;
            for (int l = 0; l < ROWS; l += Lanes.COUNT) {
                BlockKernel.halfFloats(weights, from + l * 2L).intoArray(scales, cell * PAIR + lane + l);
                for (int i = 0; i < LINES; i++) {
                    ShortVector line = line(weights, from + SCALES + i * LINE + l * 4L);
                    for (int j = 0; j < NIBBLES; j++) {
                        IntVector v = nibble(line, 4 * j).sub((short) 8).reinterpretAsInts();
                        int to = (cell * COLUMNS + i * 4 + COLUMN_OF_NIBBLE[j]) * PAIR + lane + l;
                        BlockKernel.floats(BlockKernel.even(v)).intoArray(tile, to);
                        BlockKernel.floats(BlockKernel.odd(v)).intoArray(tile, to + 2 * PAIR);
                    }
                }
            }
        }
    }

    private static ShortVector line(MemorySegment weights, long at) {
        return ShortVector.fromMemorySegment(Lanes.SHORTS, weights, at, ByteOrder.LITTLE_ENDIAN);
    }

    private static ShortVector nibble(ShortVector line, int shift) {
        return line.lanewise(VectorOperators.LSHR, shift).and((short) 15);
    }

    private static ShortVector broadcast(int pair) {
        return IntVector.broadcast(Lanes.INTS, pair).reinterpretAsShorts();
    }
}
