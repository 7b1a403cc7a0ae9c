package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

/// Attention against its scalar twin, to the bit, and against double precision.
class AttentionTest {
    @Test
    void vectorsEqualTheScalarTwin() {
        Seeded.forAll(30, random -> {
            int headSize = random.nextInt(1, 100);
            int positions = random.nextInt(1, 150);
            KeyValues cache = cache(random, 2, headSize, positions);
            float[] query = Numbers.random(random, headSize);
            float[] scores = new float[(positions + 15) / 16 * 16];
            float[] expected = new float[scores.length];
            Attention.scores(query, 0, cache, 1, scores);
            Attention.scoresScalar(query, 0, cache, 1, expected);
            assertArrayEquals(expected, scores);

            float[] out = new float[headSize];
            float[] expectedOut = new float[headSize];
            Attention.weigh(scores, positions, cache, 1, out, 0);
            Attention.weighScalar(scores, positions, cache, 1, expectedOut, 0);
            assertArrayEquals(expectedOut, out);
        });
    }

    @Test
    void attentionIsCloseToDoublePrecision() {
        Seeded.forAll(20, random -> {
            int kvHeads = random.nextInt(1, 3);
            int heads = kvHeads * random.nextInt(1, 4);
            int headSize = 8 * random.nextInt(1, 10);
            int positions = random.nextInt(1, 100);
            KeyValues cache = cache(random, kvHeads, headSize, positions);
            float[] query = Numbers.random(random, heads * headSize);
            float[] out = new float[heads * headSize];
            for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
                Attention.attend(query, 0, heads, cache, kvHead, positions, out, 0);
            }
            for (int head = 0; head < heads; head++) {
                double[] expected = inDouble(query, head, cache, head / (heads / kvHeads), positions);
                for (int i = 0; i < headSize; i++) {
                    // Values are normal: a few hundred float roundings stay far below 1e-4.
                    assertEquals(expected[i], out[head * headSize + i], 1e-4);
                }
            }
        });
    }

    private static double[] inDouble(float[] query, int head, KeyValues cache, int kvHead, int positions) {
        int size = cache.headSize;
        double[] weights = new double[positions];
        double sum = 0;
        for (int p = 0; p < positions; p++) {
            double score = 0;
            for (int i = 0; i < size; i++) {
                score += (double) query[head * size + i] * cache.keys[p / 16][(kvHead * size + i) * 16 + p % 16];
            }
            weights[p] = Math.exp(score / Math.sqrt(size));
            sum += weights[p];
        }
        double[] out = new double[size];
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < size; i++) {
                out[i] += weights[p] / sum * cache.values[p / 16][(kvHead * 16 + p % 16) * size + i];
            }
        }
        return out;
    }

    private static KeyValues cache(SplittableRandom random, int kvHeads, int headSize, int positions) {
        KeyValues cache = new KeyValues(kvHeads, headSize);
        for (int p = 0; p < positions; p++) {
            float[] key = Numbers.random(random, kvHeads * headSize);
            float[] value = Numbers.random(random, kvHeads * headSize);
            cache.put(p, key, 0, value, 0);
        }
        return cache;
    }
}
