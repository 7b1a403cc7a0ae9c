package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.base.Seeded;
import org.diwan.robots.building.RoadMap;
import org.junit.jupiter.api.Test;

class RoadTrafficTest {
    @Test
    void aLoneVehicleArrives() {
        var traffic = new RoadTraffic(Graphs.grid(4, 5), 1);
        int vehicle = traffic.enter(0);
        traffic.goal(vehicle, 19, 0, Set.of());
        traffic.plan();
        assertEquals(RoadTraffic.HORIZON, traffic.committed(vehicle).size());
        int moves = 0;
        while (!traffic.committed(vehicle).isEmpty()) {
            assertTrue(traffic.committed(vehicle).getFirst().free());
            traffic.passed(vehicle);
            traffic.plan();
            moves++;
        }
        assertEquals(7, moves);
    }

    /// Vehicles of random pace on grids: no two ever hold one vertex, no vehicle moves but by a lane, all arrive.
    @Test
    void sparseFleetsOnGridsArriveWhateverTheirPace() {
        Seeded.forAll(50, random -> {
            var map = Graphs.grid(3 + random.nextInt(5), 3 + random.nextInt(5));
            run(map, random, 1 + random.nextInt(map.size() / 3));
        });
    }

    private static void run(RoadMap map, SplittableRandom random, int count) {
        var traffic = new RoadTraffic(map, random.nextLong());
        var drive = new Drive(map, traffic, random.split());
        var vertices = new ArrayList<Integer>();
        for (int v = 0; v < map.size(); v++) vertices.add(v);
        shuffle(vertices, random);
        for (int i = 0; i < count; i++) drive.enter(vertices.get(i), 1 << random.nextInt(12));
        shuffle(vertices, random);
        for (int i = 0; i < count; i++) traffic.goal(i, vertices.get(i), 0, Set.of());
        boolean done =
                drive.until(() -> IntStream.range(0, count).allMatch(i -> drive.rests(i, vertices.get(i))), 10_000_000);
        assertTrue(done, "stuck " + traffic.stuck());
    }

    private static void shuffle(List<Integer> list, SplittableRandom random) {
        for (int i = list.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = list.get(i);
            list.set(i, list.get(j));
            list.set(j, swapped);
        }
    }
}
