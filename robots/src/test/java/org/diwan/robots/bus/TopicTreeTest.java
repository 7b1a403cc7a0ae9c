package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Oracle: [Topics#matches], filter by filter, which mosquitto holds in [BusContractTest].
class TopicTreeTest {
    private static final int ITERATIONS = Integer.getInteger("iterations", 2_000);

    private record Held(String filter) {}

    @Test
    void theTreeFindsWhatTheLongWayFinds() {
        for (int seed = 0; seed < ITERATIONS; seed++) {
            var random = new SplittableRandom(seed);
            var tree = new TopicTree<Held>();
            var held = new ArrayList<Held>();
            for (int step = 0; step < 30; step++) {
                if (!held.isEmpty() && random.nextInt(4) == 0) {
                    var gone = held.remove(random.nextInt(held.size()));
                    tree.remove(gone.filter(), gone);
                } else {
                    var next = new Held(name(random, true));
                    held.add(next);
                    tree.add(next.filter(), next);
                }
                String topic = name(random, false);
                var expected = held.stream()
                        .filter(each -> Topics.matches(each.filter(), topic))
                        .toList();
                assertEquals(expected, tree.matching(topic), topic + " with seed " + seed);
            }
        }
    }

    private static String name(SplittableRandom random, boolean filter) {
        var levels = new ArrayList<String>();
        int depth = 1 + random.nextInt(4);
        for (int i = 0; i < depth; i++) {
            String[] words = filter ? new String[] {"a", "b", "", "+", "$s"} : new String[] {"a", "b", "", "$s"};
            levels.add(words[random.nextInt(words.length)]);
        }
        if (filter && random.nextInt(4) == 0) levels.set(depth - 1, "#");
        String name = String.join("/", levels);
        return name.isEmpty() ? "a" : name;
    }
}
