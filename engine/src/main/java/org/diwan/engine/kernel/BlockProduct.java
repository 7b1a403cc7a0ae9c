package org.diwan.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Products of interleaved quantised weights ([BlockKernel]) with one or many input rows.
///
/// Where the machine has the instructions, routines of [BlockCode] do the work, else [BlockLoops]. Both
/// give the same bits, because the sums of a block are exact, and both add block sums to an output
/// element in the same order with the same fused multiply-adds.
///
/// Many inputs are taken in tiles: a few row groups stay in the second-level cache while all tiles pass
/// by, so that weights are read from memory once.
public final class BlockProduct {
    /// Input rows that are held as tiles at a time: 512 × 8,192 columns are 6 MiB.
    private static final int MOST_ROWS = 512;

    /// Bytes of weights that stay while tiles pass: a quarter of a second-level cache of 1 MiB.
    private static final int WEIGHTS_AT_A_TIME = 256 << 10;

    private final BlockKernel kernel;
    private final MemorySegment weights;
    private final int rows;
    private final int columns;
    private final int cells;
    private final @Nullable Routines routines;

    /// @param weights cells of `kernel`, for `rows` rounded up to a multiple of 32
    /// @param columns a multiple of a cell's columns
    public BlockProduct(BlockKernel kernel, MemorySegment weights, int rows, int columns) {
        this.kernel = kernel;
        this.weights = weights;
        this.rows = rows;
        this.columns = columns;
        this.cells = columns / (BlockKernel.COLUMNS * kernel.blocks());
        this.routines = Routines.of(kernel);
        long needed = (rows + 2L * BlockKernel.ROWS - 1) / (2 * BlockKernel.ROWS) * 2 * cells * kernel.size();
        if (weights.byteSize() < needed)
            throw new IllegalArgumentException("weights of " + weights.byteSize() + " bytes, must be " + needed);
    }

    /// out[t · rows + r] = Σ W[r, k] · x[t · columns + k], t in [0, tokens).
    ///
    /// @throws IllegalArgumentException when an array is too short: machine code checks nothing
    public void multiply(float[] x, int tokens, float[] out, Workers workers) {
        DenseProduct.checkLengths(x, (long) tokens * columns, out, (long) tokens * rows);
        try {
            for (int first = 0; first < tokens; first += MOST_ROWS) {
                int count = Math.min(MOST_ROWS, tokens - first);
                var input = QuantizedRows.of(x, first * columns, count, columns, workers);
                if (routines == null) BlockLoops.multiply(kernel, weights, rows, cells, input, first, out, workers);
                else multiply(routines, input, first, out, workers);
            }
        } finally {
            Reference.reachabilityFence(weights); // routines know an address only
        }
    }

    private void multiply(Routines code, QuantizedRows input, int firstToken, float[] out, Workers workers) {
        int most = BlockCode.mostInputs(kernel);
        int tiles = (input.rows + most - 1) / most;
        int tileSize = most * (columns / BlockKernel.COLUMNS) * BlockCode.tileBlock(kernel);
        int last = leastPowerOfTwo(input.rows - (tiles - 1) * most);
        byte[] packed = new byte[(tiles - 1) * tileSize + tileSize / most * last];
        workers.run(
                tiles,
                tile -> BlockCode.fillTile(
                        kernel, input, tile * most, tile == tiles - 1 ? last : most, packed, tile * tileSize));

        int groups = (rows + BlockKernel.ROWS - 1) / BlockKernel.ROWS;
        int whole = rows / BlockKernel.ROWS;
        int atATime = Math.max(1, tiles == 1 ? groups : WEIGHTS_AT_A_TIME / (cells * kernel.size()));
        int part = Math.clamp(groups / (8 * workers.threads()), 1, atATime);
        workers.run((groups + part - 1) / part, index -> {
            int group = index * part;
            int count = Math.min(part, groups - group);
            int direct = Math.min(count, whole - group);
            for (int tile = 0; tile < tiles; tile++) {
                int inputs = tile == tiles - 1 ? last : most;
                int token = firstToken + tile * most;
                int used = Math.min(inputs, input.rows - tile * most);
                var in = MemorySegment.ofArray(packed).asSlice((long) tile * tileSize);
                // Rows of zeros that fill up a tile, and rows that fill up a group, have no place in `out`.
                int straight = used == inputs ? direct : 0;
                if (straight > 0) {
                    long at = ((long) token * rows + (long) group * BlockKernel.ROWS) * 4;
                    code.run(
                            inputs,
                            address(group),
                            cells,
                            in,
                            MemorySegment.ofArray(out).asSlice(at),
                            rows,
                            straight);
                }
                if (straight < count) {
                    float[] aside = new float[inputs * (count - straight) * BlockKernel.ROWS];
                    int width = (count - straight) * BlockKernel.ROWS;
                    int from = (group + straight) * BlockKernel.ROWS;
                    code.run(
                            inputs,
                            address(group + straight),
                            cells,
                            in,
                            MemorySegment.ofArray(aside),
                            width,
                            count - straight);
                    for (int t = 0; t < used; t++) {
                        System.arraycopy(
                                aside, t * width, out, (token + t) * rows + from, Math.min(width, rows - from));
                    }
                }
            }
        });
    }

    private long address(int group) {
        return weights.address() + (long) group * cells * kernel.size();
    }

    private static int leastPowerOfTwo(int count) {
        return Integer.highestOneBit(2 * count - 1);
    }

    /// The routines of a kernel for tiles of 1, 2, 4 and 8 inputs; as many as its registers allow.
    private record Routines(MethodHandle one, MethodHandle two, MethodHandle four, MethodHandle eight) {
        private static final @Nullable Routines Q8 = make(new Q8Kernel());
        private static final @Nullable Routines Q4 = make(new Q4Kernel());
        private static final @Nullable Routines Q4K = make(new Q4KKernel());
        private static final @Nullable Routines Q5K = make(new Q5KKernel());
        private static final @Nullable Routines Q6 = make(new Q6Kernel());

        static @Nullable Routines of(BlockKernel kernel) {
            return switch (kernel) {
                case Q8Kernel _ -> Q8;
                case Q4Kernel _ -> Q4;
                case Q4KKernel _ -> Q4K;
                case Q5KKernel _ -> Q5K;
                case Q6Kernel _ -> Q6;
            };
        }

        private static @Nullable Routines make(BlockKernel kernel) {
            int most = BlockCode.mostInputs(kernel);
            MethodHandle[] each = new MethodHandle[4];
            for (int i = 0; i < each.length; i++) {
                var routine = BlockCode.routine(kernel, Math.min(1 << i, most));
                if (routine.isEmpty()) return null;
                each[i] = routine.get();
            }
            return new Routines(each[0], each[1], each[2], each[3]);
        }

        /// @param stride floats between the outputs of two inputs
        void run(
                int inputs, long weights, long cells, MemorySegment tile, MemorySegment out, long stride, long groups) {
            try {
                switch (inputs) {
                    case 1 -> one.invokeExact(weights, cells, tile, out, stride * 4, groups);
                    case 2 -> two.invokeExact(weights, cells, tile, out, stride * 4, groups);
                    case 4 -> four.invokeExact(weights, cells, tile, out, stride * 4, groups);
                    case 8 -> eight.invokeExact(weights, cells, tile, out, stride * 4, groups);
                    default -> throw new AssertionError("no routine for " + inputs + " inputs");
                }
            } catch (Throwable e) {
                throw new AssertionError("machine code cannot throw", e);
            }
        }
    }
}
