package org.diwan.foundry.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;

class KneserNeyTest {
    @Test
    void probabilitiesAreOneInAll() {
        Seeded.forAll(50, random -> {
            var model = new KneserNey(3, 5);
            model.learn(random(random, random.nextInt(60)));
            int[] text = random(random, 6);
            double sum = 0;
            for (int w = 0; w < 5; w++) {
                text[5] = w;
                sum += model.probability(text, 5);
            }
            assertEquals(1, sum, 1e-9);
        });
    }

    @Test
    void countsAreThoseOfTheDefinition() {
        Seeded.forAll(50, random -> {
            int[] text = random(random, 80);
            var model = new KneserNey(3, 5);
            model.learn(text);
            int[] asked = random(random, 10);
            for (int at = 0; at < asked.length; at++)
                assertEquals(slowTwin(text, asked, at), model.probability(asked, at), 1e-12);
        });
    }

    @Test
    void whatWasLearntIsLikely() {
        int[] text = new int[600];
        for (int i = 0; i < text.length; i++) text[i] = i % 6;
        var model = new KneserNey(5, 100);
        model.learn(text);
        assertTrue(model.probability(text, 300) > 0.95);
        assertTrue(model.probability(new int[] {0, 1, 2, 3, 0}, 4) < 0.05);
        assertTrue(model.probability(new int[] {99}, 0) > 0);
    }

    private static int[] random(SplittableRandom random, int length) {
        return random.ints(length, 0, 5).toArray();
    }

    /// The formula, with sets and lists.
    private static double slowTwin(int[] text, int[] asked, int at) {
        Set<List<Integer>> longer = new HashSet<>();
        List<Map<List<Integer>, Integer>> counts = new ArrayList<>();
        for (int n = 3; n >= 1; n--) {
            Map<List<Integer>, Integer> count = new HashMap<>();
            if (n == 3) for (int i = 0; i + 3 <= text.length; i++) count.merge(list(text, i, i + 3), 1, Integer::sum);
            else for (var gram : longer) count.merge(gram.subList(1, gram.size()), 1, Integer::sum);
            longer = count.keySet();
            counts.addFirst(count);
        }
        double p = 1.0 / 5;
        for (int n = 1; n <= Math.min(3, at + 1); n++) {
            var count = counts.get(n - 1);
            List<Integer> history = list(asked, at - n + 1, at);
            double total = 0;
            int different = 0;
            for (var entry : count.entrySet()) {
                if (!entry.getKey().subList(0, n - 1).equals(history)) continue;
                total += entry.getValue();
                different++;
            }
            if (total == 0) return p;
            double once = count.values().stream().filter(c -> c == 1).count();
            double twice = count.values().stream().filter(c -> c == 2).count();
            double discount = once > 0 ? once / (once + 2 * twice) : 0.5;
            double c = count.getOrDefault(list(asked, at - n + 1, at + 1), 0);
            p = Math.max(c - discount, 0) / total + discount * different / total * p;
        }
        return p;
    }

    private static List<Integer> list(int[] tokens, int from, int to) {
        var list = new ArrayList<Integer>();
        for (int i = from; i < to; i++) list.add(tokens[i]);
        return list;
    }
}
