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
            int first = random.nextInt(positions);
            int page = first / 16;
            float[] scores = new float[(positions + 15) / 16 * 16 - page * 16];
            float[] expected = new float[scores.length];
            Attention.scores(query, 0, cache, 1, page, 0.3f, scores);
            Attention.scoresScalar(query, 0, cache, 1, page, 0.3f, expected);
            assertArrayEquals(expected, scores);

            float[] out = new float[headSize];
            float[] expectedOut = new float[headSize];
            Attention.weigh(scores, first % 16, positions - first, cache, 1, page, out, 0);
            Attention.weighScalar(scores, first % 16, positions - first, cache, 1, page, expectedOut, 0);
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
            var rule = new AttentionRule(
                    random.nextBoolean() ? AttentionRule.scale(headSize) : 0.2f,
                    random.nextBoolean() ? AttentionRule.EVERYTHING : random.nextInt(1, 60),
                    random.nextBoolean() ? 0 : (float) random.nextDouble(0.5, 50));
            for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
                Attention.attend(query, 0, heads, cache, kvHead, positions - 1, rule, out, 0);
            }
            for (int head = 0; head < heads; head++) {
                double[] expected = inDouble(query, head, cache, head / (heads / kvHeads), positions, rule);
                for (int i = 0; i < headSize; i++) {
                    // Values are normal: a few hundred float roundings stay far below 1e-4.
                    assertEquals(expected[i], out[head * headSize + i], 1e-4);
                }
            }
        });
    }

    private static double[] inDouble(
            float[] query, int head, KeyValues cache, int kvHead, int positions, AttentionRule rule) {
        int size = cache.headSize;
        double[] weights = new double[positions];
        double sum = 0;
        for (int p = Math.max(0, positions - rule.window()); p < positions; p++) {
            double score = 0;
            for (int i = 0; i < size; i++) {
                score += (double) query[head * size + i] * cache.keys[p / 16][(kvHead * size + i) * 16 + p % 16];
            }
            score *= rule.scale();
            if (rule.softCap() > 0) score = rule.softCap() * Math.tanh(score / rule.softCap());
            weights[p] = Math.exp(score);
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

    /// A window that holds everything is no window, to the bit; one of a single position returns its
    /// value.
    @Test
    void windowsMeetTheirEnds() {
        Seeded.forAll(20, random -> {
            int headSize = 4 * random.nextInt(1, 20);
            int positions = random.nextInt(1, 70);
            KeyValues cache = cache(random, 1, headSize, positions);
            float[] query = Numbers.random(random, headSize);
            float scale = AttentionRule.scale(headSize);
            float[] all = attend(query, cache, positions - 1, new AttentionRule(scale, AttentionRule.EVERYTHING, 0));
            assertArrayEquals(all, attend(query, cache, positions - 1, new AttentionRule(scale, positions, 0)));
            float[] own = attend(query, cache, positions - 1, new AttentionRule(scale, 1, 0));
            for (int i = 0; i < headSize; i++) {
                int last = positions - 1;
                assertEquals(cache.values[last / 16][last % 16 * headSize + i], own[i]);
            }
        });
    }

    private static float[] attend(float[] query, KeyValues cache, int position, AttentionRule rule) {
        float[] out = new float[query.length];
        Attention.attend(query, 0, 1, cache, 0, position, rule, out, 0);
        return out;
    }

    private static KeyValues cache(SplittableRandom random, int kvHeads, int headSize, int positions) {
        KeyValues cache = new KeyValues(kvHeads, headSize);
        for (int p = 0; p < positions; p++) {
            float[] key = Numbers.random(random, kvHeads * headSize);
            float[] value = Numbers.random(random, kvHeads * headSize);
            int page = kvHeads * headSize * KeyValues.PAGE;
            if (p % KeyValues.PAGE == 0) cache.attach(new float[page], new float[page]);
            cache.put(p, key, 0, value, 0);
        }
        return cache;
    }
}
