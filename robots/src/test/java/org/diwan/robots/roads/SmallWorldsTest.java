package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.robots.building.RoadMap;
import org.junit.jupiter.api.Test;

/// All places of two or three vehicles on small maps, and all goals. The oracle is a breadth-first search over joint
/// places, backwards from the goals, in which one vehicle at a time goes to a free neighbour.
class SmallWorldsTest {
    @Test
    void lineWithBay() {
        exhaust(Graphs.drawn("a-b-c-d", "  |    ", "  e    "), 2, 1.2, 4);
        exhaust(Graphs.drawn("a-b-c-d", "  |    ", "  e    "), 3, 1.2, 4);
    }

    @Test
    void tree() {
        exhaust(Graphs.drawn("a-b-c-d-e", "    |    ", "    f    ", "    |    ", "    g    "), 2, 1.25, 4);
        exhaust(Graphs.drawn("b-c-d-e", "  |    ", "  f    ", "  |    ", "  g    "), 3, 1.6, 8);
    }

    /// Nobody goes in a circle, so a full one does not turn.
    @Test
    void cycles() {
        exhaust(Graphs.drawn("a-b", "| |", "d-c"), 2, 1.1, 2);
        exhaust(Graphs.drawn("a-b", "| |", "d-c"), 3, 1.1, 2);
        exhaust(Graphs.drawn("a-b-c", "|   |", "f-e-d"), 3, 1.1, 3);
    }

    @Test
    void oneWayRing() {
        exhaust(Graphs.drawn("a>b>c", "^   v", "f<e<d"), 2, 1.05, 2);
        exhaust(Graphs.drawn("a>b-c", "^ | v", "f-e<d"), 3, 1.3, 8);
    }

    @Test
    void liftBetweenTwoFloors() {
        exhaust(
                new Graphs()
                        .floor("0", "a-b", "|  ", "c  ")
                        .floor("1", "d-e", "  |", "  f")
                        .lift("L", "a", "d")
                        .map(),
                2,
                1.25,
                4);
        exhaust(
                new Graphs()
                        .floor("0", "a-b", "|  ", "c  ")
                        .floor("1", "d-e", "  |", "  f")
                        .lift("L", "a", "d")
                        .map(),
                3,
                1.2,
                4);
    }

    /// Runs all; of the moves made, the mean factor to the least possible is at most `mean`, and the largest `most`.
    private static void exhaust(RoadMap map, int count, double mean, double most) {
        var placings = placings(map.size(), count, List.of());
        int solvable = 0;
        int unsolvable = 0;
        double sum = 0;
        double worst = 1;
        var random = new SplittableRandom(1);
        for (var goals : placings) {
            if (goals.stream().anyMatch(goal -> cabin(map, goal))) continue;
            var least = least(map, goals);
            for (var start : placings) {
                Integer moves = least.get(start);
                if (moves == null && random.nextInt(100) > 0) continue;
                int done = drive(map, start, goals, moves == null ? -1 : moves);
                if (moves == null) unsolvable++;
                else {
                    solvable++;
                    double factor = moves == 0 ? 1 + done : (double) done / moves;
                    sum += factor;
                    worst = Math.max(worst, factor);
                }
            }
        }
        System.out.printf(
                "%d vehicles on %d places: %d solvable, %d not; moves to least: mean %.3f, worst %.2f%n",
                count, map.size(), solvable, unsolvable, sum / solvable, worst);
        assertTrue(solvable > 0 && sum / solvable <= mean && worst <= most);
    }

    /// How many moves are made until all are at their goals; if that cannot be, until it is said so.
    private static int drive(RoadMap map, List<Integer> start, List<Integer> goals, int least) {
        var traffic = new RoadTraffic(map, 1);
        var drive = new Drive(map, traffic, new SplittableRandom(1));
        for (int vertex : start) drive.enter(vertex);
        for (int i = 0; i < goals.size(); i++) drive.goal(i, goals.get(i));
        boolean done = drive.until(drive::allHome, Duration.ofSeconds(least < 0 ? 300 : 600));
        String what = "from " + start + " to " + goals + ", possible in " + least + ", after " + drive.now() + " stuck "
                + traffic.stuck();
        assertEquals(least >= 0, done, what);
        if (!done) {
            assertTrue(drive.lastMove().toSeconds() < 100, "never ends " + what);
            assertFalse(traffic.stuck().isEmpty(), "unreported " + what);
        }
        return drive.moves();
    }

    /// The least number of moves to `goals` from any placing from which it is possible.
    private static Map<List<Integer>, Integer> least(RoadMap map, List<Integer> goals) {
        var least = new HashMap<List<Integer>, Integer>();
        var queue = new ArrayDeque<List<Integer>>();
        least.put(goals, 0);
        queue.add(goals);
        while (!queue.isEmpty()) {
            var placing = queue.remove();
            for (int who = 0; who < goals.size(); who++)
                for (var arc : map.in(placing.get(who))) {
                    if (placing.contains(arc.from())) continue;
                    var before = new ArrayList<>(placing);
                    before.set(who, arc.from());
                    if (least.putIfAbsent(List.copyOf(before), least.getOrDefault(placing, 0) + 1) == null)
                        queue.add(List.copyOf(before));
                }
        }
        return least;
    }

    private static boolean cabin(RoadMap map, int vertex) {
        return map.building().lifts().stream().anyMatch(lift -> map.vertex(lift.cabin()) == vertex);
    }

    /// All ways to place `count` vehicles on `size` vertices, those of `first` being placed.
    private static List<List<Integer>> placings(int size, int count, List<Integer> first) {
        if (first.size() == count) return List.of(first);
        var all = new ArrayList<List<Integer>>();
        for (int v = 0; v < size; v++) {
            if (first.contains(v)) continue;
            var next = new ArrayList<>(first);
            next.add(v);
            all.addAll(placings(size, count, List.copyOf(next)));
        }
        return all;
    }
}
