package org.diwan.datacenter.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A small fleet of four models and pods for it, some of which fit nowhere.
record RandomTrace(Fleet fleet, List<Pod> pods) {
    static RandomTrace of(SplittableRandom random, int nodes, int pods) {
        var models = List.of("A", "B", "C", "D");
        var there = new ArrayList<Fleet.Node>();
        for (int i = 0; i < nodes; i++)
            there.add(new Fleet.Node(
                    "n" + i,
                    random.nextInt(1, 65) * 1_000,
                    random.nextInt(1, 65) * 4_096,
                    i == 0 ? 4 : random.nextInt(9),
                    random.nextInt(models.size())));
        var kinds = new ArrayList<Pod>();
        kinds.add(pod(random, 1, 1_000));
        for (int i = random.nextInt(1, 12); i > 0; i--)
            switch (random.nextInt(4)) {
                case 0 -> kinds.add(pod(random, 0, 0));
                case 1 -> kinds.add(pod(random, random.nextInt(2, 9), 1_000));
                default -> kinds.add(pod(random, 1, random.nextInt(1, 101) * 10));
            }
        var asking = new ArrayList<Pod>();
        for (int i = 0; i < pods; i++) asking.add(i == 0 ? kinds.getFirst() : kinds.get(random.nextInt(kinds.size())));
        return new RandomTrace(new Fleet(models, there), asking);
    }

    private static Pod pod(SplittableRandom random, int gpus, int gpuMilli) {
        return new Pod(
                random.nextInt(33) * 500,
                random.nextInt(33) * 512,
                gpus,
                gpuMilli,
                gpus == 0 || random.nextBoolean() ? Pod.ANY_MODEL : random.nextInt(1, 16));
    }
}
