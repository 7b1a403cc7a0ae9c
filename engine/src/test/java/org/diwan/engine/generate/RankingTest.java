package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final float[] EDGES = {
        0f, -0f, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 1.5f, 1.5000001f
    };

    /// Oracle: a stable sort by logit, largest first.
    @Test
    void selectionIsTheBeginningOfTheSortedOrder() {
        Seeded.forAll(300, random -> {
            float[] logits = logits(random, random.nextInt(1, 400));
            int[] sorted = IntStream.range(0, logits.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer id) -> -(logits[id] + 0f)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            var ranking = new Ranking(logits.length);
            ranking.rank(logits, 0);
            int count = random.nextInt(1, logits.length + 1);
            int[] leading =
                    LongStream.of(ranking.leading(count)).mapToInt(Ranking::id).toArray();
            assertArrayEquals(IntStream.of(sorted).limit(count).toArray(), leading);
            assertEquals(sorted[count - 1], Ranking.id(ranking.kth(count)));
            assertEquals(sorted[0], Ranking.first(logits, 0, logits.length));
        });
    }

    private static float[] logits(SplittableRandom random, int count) {
        float[] logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : (float) random.nextDouble(-9, 9);
        }
        return logits;
    }
}
