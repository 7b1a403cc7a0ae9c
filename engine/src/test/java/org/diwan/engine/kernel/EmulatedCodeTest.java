package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Routines of both vector widths, run by [Emulator] on any machine, against the scalar twins, to the bit.
/// They find exactly the memory they are to touch.
class EmulatedCodeTest {
    private static final int PAGE = KeyValues.PAGE;
    private static final int STRIDE = AttentionRoutines.STRIDE;

    /// Scores, weighted sums and widened pages for every number of queries.
    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void attentionEqualsItsScalarTwins(int bits) {
        int[] sizes = {16, 48, 64, 80, 96, 112, 128, 176};
        Seeded.forAll(5, random -> {
            int size = sizes[random.nextInt(sizes.length)];
            for (KvType type : KvType.values()) {
                var program = AttentionCode.assemble(bits, type, size);
                KeyValues cache = page(random, type, size);
                for (int queries = 1; queries <= AttentionCode.mostQueries(bits, type); queries++) {
                    scoresEqual(random, program, cache, queries, random.nextInt(1, 3));
                    sumsEqual(random, program, cache, queries, random.nextInt(1, 3));
                }
                if (type != KvType.F32) widenedEqual(program, cache);
            }
        });
    }

    private static KeyValues page(SplittableRandom random, KvType type, int size) {
        var cache = new KeyValues(type, 1, size);
        cache.attach(Arena.ofAuto().allocate(KeyValues.pageSize(type, 1, size), 64));
        for (int p = 0; p < PAGE; p++) {
            cache.put(p, Numbers.random(random, size), 0, Numbers.random(random, size), 0);
        }
        return cache;
    }

    private static void scoresEqual(
            SplittableRandom random, AttentionCode.Program program, KeyValues cache, int group, int groups) {
        int size = cache.headSize;
        int queries = group * groups;
        float[] query = Numbers.random(random, queries * size);
        float[] expected = Numbers.random(random, (queries - 1) * STRIDE + PAGE);
        MemorySegment keys = cache.storedKeys(0, 0);
        MemorySegment numbers = copy(query);
        MemorySegment out = copy(expected);
        new Emulator(keys, numbers, out)
                .call(
                        program.code,
                        program.scores[group],
                        0.3f,
                        keys.address() + scalesSize(cache),
                        numbers.address(),
                        out.address(),
                        0,
                        groups,
                        keys.address());
        float[] tile = new float[size * PAGE];
        cache.keys(0, 0, tile, new KeyValues.Scratch(cache));
        AttentionLoops.scoresScalar(query, queries, size, tile, 0.3f, expected, 0, STRIDE);
        assertArrayEquals(expected, out.toArray(JAVA_FLOAT));
    }

    /// Over some positions of a page, four at a time or one at a time.
    private static void sumsEqual(
            SplittableRandom random, AttentionCode.Program program, KeyValues cache, int group, int groups) {
        int size = cache.headSize;
        int queries = group * groups;
        boolean fours = random.nextBoolean();
        int rows = random.nextInt(1, 6);
        int positions = fours ? rows * AttentionCode.UNROLLED : rows;
        int from = random.nextInt(PAGE - positions + 1);
        float[] scores = Numbers.random(random, (queries - 1) * STRIDE + PAGE);
        float[] expected = Numbers.random(random, queries * size);
        MemorySegment values = cache.storedValues(0, 0);
        MemorySegment numbers = copy(scores);
        MemorySegment out = copy(expected);
        int blocks = cache.type == KvType.Q8_0 ? Math.ceilDiv(size, KvType.BLOCK) : 0;
        new Emulator(values, numbers, out)
                .call(
                        program.code,
                        (fours ? program.sums : program.singleSums)[group],
                        0,
                        values.address()
                                + scalesSize(cache)
                                + (long) from * size * AttentionCode.elementSize(cache.type),
                        numbers.address() + 4L * from,
                        out.address(),
                        rows,
                        groups,
                        values.address() + 2L * from * blocks);
        float[] tile = new float[size * PAGE];
        cache.values(0, 0, tile, new KeyValues.Scratch(cache));
        int[] lows = new int[queries];
        int[] highs = new int[queries];
        Arrays.fill(lows, from);
        Arrays.fill(highs, from + positions);
        AttentionLoops.weighScalar(scores, 0, STRIDE, lows, highs, tile, size, expected);
        assertArrayEquals(expected, out.toArray(JAVA_FLOAT));
    }

    private static void widenedEqual(AttentionCode.Program program, KeyValues cache) {
        float[] tile = new float[cache.headSize * PAGE];
        MemorySegment out = Arena.ofAuto().allocate(4L * tile.length, 64);
        MemorySegment page = cache.storedKeys(0, 0);
        long elements = page.address() + scalesSize(cache);
        var emulator = new Emulator(page, out);
        emulator.call(program.code, program.widenedKeys, 0, elements, 0, out.address(), 0, 0, page.address());
        cache.keys(0, 0, tile, new KeyValues.Scratch(cache));
        assertArrayEquals(tile, out.toArray(JAVA_FLOAT));
        page = cache.storedValues(0, 0);
        elements = page.address() + scalesSize(cache);
        emulator = new Emulator(page, out);
        emulator.call(program.code, program.widenedValues, 0, elements, 0, out.address(), 0, 0, page.address());
        cache.values(0, 0, tile, new KeyValues.Scratch(cache));
        assertArrayEquals(tile, out.toArray(JAVA_FLOAT));
    }

    private static long scalesSize(KeyValues cache) {
        return cache.type == KvType.Q8_0 ? 2L * PAGE * Math.ceilDiv(cache.headSize, KvType.BLOCK) : 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void exponentialsEqualTheirScalarTwin(int bits) {
        byte[] code = SoftmaxCode.assemble(bits);
        MemorySegment table = SoftmaxCode.table();
        Seeded.forAll(20, random -> {
            int count = random.nextInt(1, 5) * SoftmaxCode.STEP;
            float[] x = Numbers.random(random, count);
            float spread = new float[] {1e-3f, 1, 50}[random.nextInt(3)];
            for (int i = 0; i < count; i++) x[i] *= spread;
            x[random.nextInt(count)] = Float.NEGATIVE_INFINITY;
            MemorySegment values = copy(x);
            MemorySegment results = copy(new float[SoftmaxCode.RESULTS]);
            int atATime = SoftmaxCode.STEP * bits / 512;
            new Emulator(values, results, table)
                    .call(code, 0, 0, values.address(), count / atATime, results.address(), table.address());
            float max = Softmax.max(x, 0, count);
            float sum = Softmax.exponentialsScalar(x, 0, count, max, x, 0);
            float[] found = results.toArray(JAVA_FLOAT);
            assertEquals(max, found[Lanes.GROUP]);
            assertEquals(sum, Lanes.sum(found));
            assertArrayEquals(x, values.toArray(JAVA_FLOAT));
        });
    }

    private static MemorySegment copy(float[] values) {
        return Arena.ofAuto().allocate(4L * values.length, 64).copyFrom(MemorySegment.ofArray(values));
    }

    /// Products of quantised weights, of every kind and for every number of inputs, with 512 bits.
    @ParameterizedTest
    @ValueSource(strings = {"Q8Kernel", "Q4Kernel", "Q4KKernel", "Q5KKernel", "Q6Kernel"})
    void productsEqualTheLoops(String name) {
        BlockKernel kernel =
                switch (name) {
                    case "Q8Kernel" -> new Q8Kernel();
                    case "Q4Kernel" -> new Q4Kernel();
                    case "Q4KKernel" -> new Q4KKernel();
                    case "Q5KKernel" -> new Q5KKernel();
                    default -> new Q6Kernel();
                };
        Seeded.forAll(6, random -> {
            int cells = random.nextInt(1, 4);
            int columns = cells * kernel.blocks() * BlockKernel.COLUMNS;
            int rows = 2 * BlockKernel.ROWS;
            MemorySegment weights = weights(random, kernel, 2 * cells);
            for (int inputs = 1; inputs <= BlockCode512.mostInputs(kernel); inputs *= 2) {
                float[] x = Numbers.random(random, inputs * columns);
                float[] expected = new float[inputs * rows];
                MemorySegment out = copy(expected);
                MemorySegment tile;
                try (var one = new Workers(1)) {
                    var input = QuantizedRows.of(x, 0, inputs, columns, one);
                    BlockLoops.multiply(kernel, weights, rows, cells, input, 0, expected, one);
                    tile = tile(kernel, input);
                }
                new Emulator(weights, tile, out)
                        .call(
                                new BlockCode512(kernel, inputs).assemble(),
                                0,
                                0,
                                weights.address(),
                                cells,
                                tile.address(),
                                out.address(),
                                4L * rows,
                                2);
                assertArrayEquals(expected, out.toArray(JAVA_FLOAT), inputs + " inputs");
            }
        });
    }

    /// Products of float weights of every format, for one and for many rows and every number of inputs.
    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void denseProductsEqualTheirScalarTwin(int bits) {
        Seeded.forAll(10, random -> {
            for (DenseProduct.Format format : DenseProduct.Format.values()) {
                for (int inputs = 1; inputs <= DenseCode.mostInputs(bits); inputs *= 2) {
                    denseProductEquals(
                            random, bits, format, random.nextBoolean() ? 1 : DenseCode.mostRows(bits), inputs);
                }
            }
        });
    }

    private static void denseProductEquals(
            SplittableRandom random, int bits, DenseProduct.Format format, int rows, int inputs) {
        int columns = random.nextInt(1, 5) * Lanes.GROUP;
        float[] x = Numbers.random(random, inputs * columns);
        float[] w = Numbers.random(random, rows * columns);
        MemorySegment weights = Arena.ofAuto().allocate((long) w.length * format.size(), 64);
        for (int i = 0; i < w.length; i++) {
            switch (format) {
                case F32 -> weights.setAtIndex(JAVA_FLOAT, i, w[i]);
                case F16 -> {
                    weights.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(w[i]));
                    w[i] = Float.float16ToFloat(Float.floatToFloat16(w[i]));
                }
                case BF16 -> {
                    weights.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToIntBits(w[i]) >> 16));
                    w[i] = Float.intBitsToFloat(Float.floatToIntBits(w[i]) & 0xffff0000);
                }
            }
        }
        float[] packed = new float[inputs * columns];
        DenseCode.fillTile(x, inputs, columns, 0, inputs, packed, 0);
        MemorySegment tile = copy(packed);
        float[] expected = new float[inputs * rows];
        MemorySegment out = copy(expected);
        new Emulator(weights, tile, out)
                .call(
                        DenseCode.assemble(bits, format, rows, inputs),
                        0,
                        0,
                        weights.address(),
                        columns / Lanes.GROUP,
                        tile.address(),
                        out.address(),
                        4L * rows,
                        (long) columns * format.size());
        for (int t = 0; t < inputs; t++) {
            for (int r = 0; r < rows; r++) {
                float[] row = Arrays.copyOfRange(w, r * columns, (r + 1) * columns);
                expected[t * rows + r] = DenseProduct.dotScalar(row, x, t * columns, columns);
            }
        }
        assertArrayEquals(expected, out.toArray(JAVA_FLOAT));
    }

    /// Any bytes are weights; scales are finite numbers.
    private static MemorySegment weights(SplittableRandom random, BlockKernel kernel, int cells) {
        MemorySegment weights = Arena.ofAuto().allocate((long) cells * kernel.size(), 64);
        for (long i = 0; i < weights.byteSize(); i++) weights.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        for (int cell = 0; cell < cells; cell++) {
            for (int i = 0; i < kernel.headerSize(); i += 2) {
                short scale = Float.floatToFloat16((float) random.nextGaussian());
                weights.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) cell * kernel.size() + i, scale);
            }
        }
        return weights;
    }

    /// As [BlockCode#fillTile] on a machine with 512 bits.
    private static MemorySegment tile(BlockKernel kernel, QuantizedRows rows) {
        int blocks = rows.columns / QuantizedRows.BLOCK;
        int size = rows.rows * (QuantizedRows.BLOCK + BlockCode.FACTS);
        byte[] tile = new byte[blocks * size];
        var numbers = ByteBuffer.wrap(tile).order(ByteOrder.LITTLE_ENDIAN);
        for (int t = 0; t < rows.rows; t++) {
            for (int b = 0; b < blocks; b++) {
                int facts = b * size + rows.rows * QuantizedRows.BLOCK + BlockCode.FACTS * t;
                int values = b * size + QuantizedRows.BLOCK * t;
                BlockCode512.fill(kernel, rows, t * blocks + b, tile, values, facts);
                numbers.putFloat(facts + BlockCode.SCALE, rows.scales[t * blocks + b]);
                numbers.putFloat(facts + BlockCode.TOTAL, rows.total(t, b));
            }
        }
        return Arena.ofAuto().allocate(tile.length, 64).copyFrom(MemorySegment.ofArray(tile));
    }
}
