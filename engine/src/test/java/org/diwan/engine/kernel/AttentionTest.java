package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Attention against its scalar twins, to the bit, and against double precision.
class AttentionTest {
    private static final int PAGE = KeyValues.PAGE;

    @Test
    void vectorsEqualTheScalarTwins() {
        Seeded.forAll(60, random -> {
            int size = random.nextInt(1, 140);
            int queries = random.nextInt(1, 12);
            int at = PAGE * random.nextInt(3);
            int width = at + PAGE * random.nextInt(1, 3);
            float[] query = Numbers.random(random, queries * size);
            float[] tile = Numbers.random(random, size * PAGE);
            float[] scores = Numbers.random(random, queries * width);
            float[] expected = scores.clone();
            AttentionLoops.scores(query, queries, size, tile, 0.3f, scores, at, width);
            AttentionLoops.scoresScalar(query, queries, size, tile, 0.3f, expected, at, width);
            assertArrayEquals(expected, scores);

            int[] lows = random.ints(queries, 0, width).sorted().toArray();
            int[] highs = random.ints(queries, 0, width + PAGE).sorted().toArray();
            if (random.nextBoolean()) Arrays.fill(lows, 0);
            float[] sums = Numbers.random(random, queries * size);
            float[] expectedSums = sums.clone();
            AttentionLoops.weigh(scores, at, width, lows, highs, tile, size, sums);
            AttentionLoops.weighScalar(scores, at, width, lows, highs, tile, size, expectedSums);
            assertArrayEquals(expectedSums, sums);
        });
    }

    /// Over whole texts: head sizes with and without routines, windows, caps, groups of 1 to 9 queries.
    @ParameterizedTest
    @EnumSource
    void machineCodeEqualsTheLoops(KvType type) {
        int[] sizes = {16, 48, 64, 80, 96, 112, 128, 256, 272, 65};
        Seeded.forAll(12, random -> {
            int kvHeads = random.nextInt(1, 3);
            int heads = kvHeads * random.nextInt(1, 10);
            int size = sizes[random.nextInt(sizes.length)];
            int rows = random.nextInt(1, 30);
            int first = random.nextInt(0, 1_200);
            var rule = new AttentionRule(
                    random.nextBoolean() ? AttentionRule.scale(size) : -0.7f,
                    random.nextBoolean() ? AttentionRule.EVERYTHING : random.nextInt(1, 600),
                    random.nextBoolean() ? 0 : (float) random.nextDouble(0.5, 50));
            KeyValues cache = cache(random, type, kvHeads, size, first + rows);
            KeyValues looped = cache.inLoops();
            float[] query = Numbers.random(random, rows * heads * size);
            float[] out = new float[query.length];
            float[] expected = new float[query.length];
            for (int head = 0; head < kvHeads; head++) {
                Attention.attend(query, 0, rows, heads, cache, head, first, rule, out, 0);
                Attention.attend(query, 0, rows, heads, looped, head, first, rule, expected, 0);
            }
            assertArrayEquals(expected, out);
        });
    }

    /// Each query alone, all rows as one block and a thread for each segment give the same bits.
    @ParameterizedTest
    @EnumSource
    void blocksAndThreadsChangeNothing(KvType type) {
        Seeded.forAll(6, random -> {
            int kvHeads = random.nextInt(1, 3);
            int heads = kvHeads * random.nextInt(1, 6);
            int size = random.nextInt(1, 90);
            int rows = random.nextInt(1, 20);
            int first = random.nextInt(0, 1_500);
            KeyValues cache = cache(random, type, kvHeads, size, first + rows);
            float[] query = Numbers.random(random, rows * heads * size);
            var rule = new AttentionRule(0.2f, random.nextBoolean() ? AttentionRule.EVERYTHING : 700, 0);
            float[] alone = new float[query.length];
            float[] together = new float[query.length];
            float[] parallel = new float[query.length];
            try (var workers = new Workers(3)) {
                for (int head = 0; head < kvHeads; head++) {
                    for (int row = 0; row < rows; row++) {
                        int at = row * heads * size;
                        Attention.attend(query, at, 1, heads, cache, head, first + row, rule, alone, at);
                    }
                    Attention.attend(query, 0, rows, heads, cache, head, first, rule, together, 0);
                    Attention.attendInParallel(query, 0, rows, heads, cache, head, first, rule, parallel, 0, workers);
                }
            }
            assertArrayEquals(alone, together);
            assertArrayEquals(alone, parallel);
        });
    }

    @ParameterizedTest
    @EnumSource
    void attentionIsCloseToDoublePrecision(KvType type) {
        Seeded.forAll(20, random -> {
            int kvHeads = random.nextInt(1, 3);
            int heads = kvHeads * random.nextInt(1, 4);
            int headSize = 8 * random.nextInt(1, 10);
            int positions = random.nextInt(1, 1_200);
            KeyValues cache = cache(random, type, kvHeads, headSize, positions);
            float[] query = Numbers.random(random, heads * headSize);
            float[] out = new float[heads * headSize];
            var rule = new AttentionRule(
                    random.nextBoolean() ? AttentionRule.scale(headSize) : 0.2f,
                    random.nextBoolean() ? AttentionRule.EVERYTHING : random.nextInt(1, 600),
                    random.nextBoolean() ? 0 : (float) random.nextDouble(0.5, 50));
            for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
                Attention.attend(query, 0, 1, heads, cache, kvHead, positions - 1, rule, out, 0);
            }
            for (int head = 0; head < heads; head++) {
                double[] expected = inDouble(query, head, cache, head / (heads / kvHeads), positions, rule);
                for (int i = 0; i < headSize; i++) {
                    // Values are normal: a thousand float roundings stay far below 1e-4.
                    assertEquals(expected[i], out[head * headSize + i], 1e-4);
                }
            }
        });
    }

    /// From what is stored, so that the rounding of the cache is not in question.
    private static double[] inDouble(
            float[] query, int head, KeyValues cache, int kvHead, int positions, AttentionRule rule) {
        int size = cache.headSize;
        float[][] keys = new float[positions / PAGE + 1][size * PAGE];
        float[][] values = new float[positions / PAGE + 1][size * PAGE];
        var scratch = new KeyValues.Scratch(cache);
        for (int page = 0; page * PAGE < positions; page++) {
            cache.keys(page, kvHead, keys[page], scratch);
            cache.values(page, kvHead, values[page], scratch);
        }
        double[] weights = new double[positions];
        double sum = 0;
        for (int p = Math.max(0, positions - rule.window()); p < positions; p++) {
            double score = 0;
            for (int i = 0; i < size; i++) {
                score += (double) query[head * size + i] * keys[p / PAGE][i * PAGE + p % PAGE];
            }
            score *= rule.scale();
            if (rule.softCap() > 0) score = rule.softCap() * Math.tanh(score / rule.softCap());
            weights[p] = Math.exp(score);
            sum += weights[p];
        }
        double[] out = new double[size];
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < size; i++) out[i] += weights[p] / sum * values[p / PAGE][p % PAGE * size + i];
        }
        return out;
    }

    /// What is stored is what was given, rounded once: not at all, to binary16, or to a 127th of the
    /// largest of its block.
    @ParameterizedTest
    @EnumSource
    void storedIsGivenRoundedOnce(KvType type) {
        Seeded.forAll(20, random -> {
            int heads = random.nextInt(1, 4);
            int size = random.nextInt(1, 100);
            int position = random.nextInt(2 * PAGE);
            var cache = empty(type, heads, size, 2 * PAGE);
            float[] key = Numbers.random(random, heads * size);
            float[] value = Numbers.random(random, heads * size);
            key[random.nextInt(key.length)] = random.nextBoolean() ? 0 : 1e-6f;
            cache.put(position, key, 0, value, 0);
            float[] tile = new float[size * PAGE];
            for (int head = 0; head < heads; head++) {
                cache.keys(position / PAGE, head, tile, new KeyValues.Scratch(cache));
                for (int i = 0; i < size; i++) {
                    check(type, key, head * size, size, i, tile[i * PAGE + position % PAGE]);
                }
                cache.values(position / PAGE, head, tile, new KeyValues.Scratch(cache));
                for (int i = 0; i < size; i++) {
                    check(type, value, head * size, size, i, tile[position % PAGE * size + i]);
                }
            }
        });
    }

    private static void check(KvType type, float[] x, int head, int size, int i, float stored) {
        float given = x[head + i];
        switch (type) {
            case F32 -> assertEquals(given, stored);
            case F16 -> assertEquals(Float.float16ToFloat(Float.floatToFloat16(given)), stored);
            case Q8_0 -> {
                float largest = 0;
                int from = i / 32 * 32;
                for (int k = from; k < Math.min(from + 32, size); k++)
                    largest = Math.max(largest, Math.abs(x[head + k]));
                // Half a level, and the rounding of the scale (2⁻¹¹, or 2⁻²⁵ at least) of up to 127 levels.
                assertEquals(given, stored, largest / 127 * 0.5 + largest * 0x1p-10 + 127 * 0x1p-25);
            }
        }
    }

    /// What binary16 cannot hold is kept as the largest it can: an infinite key would make an answer
    /// of no numbers.
    @Test
    void halvesSaturate() {
        var cache = empty(KvType.F16, 1, 2, PAGE);
        cache.put(0, new float[] {1e6f, -1e6f}, 0, new float[] {65_519, 65_520}, 0);
        float[] tile = new float[2 * PAGE];
        cache.keys(0, 0, tile, new KeyValues.Scratch(cache));
        assertEquals(65_504, tile[0]);
        assertEquals(-65_504, tile[PAGE]);
        cache.values(0, 0, tile, new KeyValues.Scratch(cache));
        assertEquals(65_504, tile[0]);
        assertEquals(65_504, tile[1]);
    }

    /// A window that holds everything is no window, to the bit; one of a single position returns its
    /// value.
    @Test
    void windowsMeetTheirEnds() {
        Seeded.forAll(20, random -> {
            int headSize = 4 * random.nextInt(1, 20);
            int positions = random.nextInt(1, 70);
            KeyValues cache = cache(random, KvType.F32, 1, headSize, positions);
            float[] query = Numbers.random(random, headSize);
            float scale = AttentionRule.scale(headSize);
            float[] all = attend(query, cache, positions - 1, new AttentionRule(scale, AttentionRule.EVERYTHING, 0));
            assertArrayEquals(all, attend(query, cache, positions - 1, new AttentionRule(scale, positions, 0)));
            float[] own = attend(query, cache, positions - 1, new AttentionRule(scale, 1, 0));
            float[] tile = new float[headSize * PAGE];
            cache.values((positions - 1) / PAGE, 0, tile, new KeyValues.Scratch(cache));
            int at = (positions - 1) % PAGE * headSize;
            assertArrayEquals(Arrays.copyOfRange(tile, at, at + headSize), own);
        });
    }

    private static float[] attend(float[] query, KeyValues cache, int position, AttentionRule rule) {
        float[] out = new float[query.length];
        Attention.attend(query, 0, 1, 1, cache, 0, position, rule, out, 0);
        return out;
    }

    private static KeyValues cache(SplittableRandom random, KvType type, int kvHeads, int headSize, int positions) {
        KeyValues cache = empty(type, kvHeads, headSize, positions);
        for (int p = 0; p < positions; p++) {
            float[] key = Numbers.random(random, kvHeads * headSize);
            float[] value = Numbers.random(random, kvHeads * headSize);
            cache.put(p, key, 0, value, 0);
        }
        return cache;
    }

    /// Pages that held something else before: nothing of it may show.
    private static KeyValues empty(KvType type, int kvHeads, int headSize, int positions) {
        KeyValues cache = new KeyValues(type, kvHeads, headSize);
        for (int p = 0; p < positions; p += PAGE) {
            cache.attach(Arena.ofAuto()
                    .allocate(KeyValues.pageSize(type, kvHeads, headSize))
                    .fill((byte) -1));
        }
        return cache;
    }
}
