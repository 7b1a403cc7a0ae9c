package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
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

    /// Vehicles of random pace: no two ever hold one vertex, no vehicle moves but by a lane, all arrive and stay.
    @Test
    void allArriveOnGrids() {
        Seeded.forAll(100, random -> {
            var map = Graphs.grid(3 + random.nextInt(5), 3 + random.nextInt(5));
            run(map, random, 1 + random.nextInt(map.size() / 2));
        });
    }

    @Test
    void allArriveOnRandomGraphs() {
        Seeded.forAll(100, random -> {
            int places = 12 + random.nextInt(30);
            run(Graphs.connected(places, places / 3, random), random, 1 + random.nextInt(places / 4));
        });
    }

    @Test
    void allArriveOnTrees() {
        Seeded.forAll(100, random -> {
            int places = 16 + random.nextInt(30);
            run(Graphs.tree(places, random), random, 1 + random.nextInt(places / 8));
        });
    }

    @Test
    void allArriveInCorridorsWithBays() {
        Seeded.forAll(100, random -> {
            int length = 8 + random.nextInt(20);
            run(Graphs.corridor(length, random), random, 1 + random.nextInt(length / 6));
        });
    }

    private static void run(RoadMap map, SplittableRandom random, int count) {
        var traffic = new RoadTraffic(map, random.nextLong());
        var drive = new Drive(map, traffic, random.split());
        var vertices = new ArrayList<Integer>();
        for (int v = 0; v < map.size(); v++) vertices.add(v);
        shuffle(vertices, random);
        for (int i = 0; i < count; i++) drive.enter(vertices.get(i), 1, 1 << random.nextInt(12));
        shuffle(vertices, random);
        for (int i = 0; i < count; i++) drive.goal(i, vertices.get(i));
        assertTrue(drive.until(drive::allHome, Duration.ofMinutes(30)), "stuck " + traffic.stuck());
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
