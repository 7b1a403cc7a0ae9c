package org.diwan.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.roads.RoadTraffic;

/// `bench robots roads`: how soon joint moves are planned and what comes through. Each round, all is planned and
/// every vehicle whose next vertex is free goes there; one that is at its goal works there for [#WORK] rounds and is
/// sent to another place, any but a lift.
final class RoadsBench {
    /// Rounds that a vehicle stays at its goal.
    private static final int WORK = 5;

    private RoadsBench() {}

    static int run(Options options, PrintStream out) {
        int rounds = options.number("rounds", 1000, 1, 1_000_000);
        int seed = options.number("seed", 1, 0, Integer.MAX_VALUE);
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());
        result.put("rounds", rounds);
        result.put("tower of 36 floors", drive(new RoadMap(TowerPlan.of(36, 8)), 110, rounds, seed));
        result.put("grid of 40 x 40", drive(grid(40), 300, rounds, seed));
        result.put("grid of 100 x 100", drive(grid(100), 1000, rounds, seed));
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.printf("%-20s %s%n", name, value));
        return 0;
    }

    private static Map<String, Object> drive(RoadMap map, int count, int rounds, long seed) {
        var random = new SplittableRandom(seed);
        int[] places =
                IntStream.range(0, map.size()).filter(v -> !isCabin(map, v)).toArray();
        for (int i = places.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = places[i];
            places[i] = places[j];
            places[j] = swapped;
        }
        var permissions = Set.copyOf(
                map.building().zones().stream().map(Building.Zone::id).toList());
        var traffic = new RoadTraffic(map, seed);
        var at = new int[count];
        var goal = new int[count];
        var busy = new int[count];
        for (int i = 0; i < count; i++) {
            at[i] = places[i];
            traffic.enter(at[i]);
            goal[i] = places[random.nextInt(places.length)];
            traffic.goal(i, goal[i], 0, permissions);
        }
        var threads = ManagementFactory.getThreadMXBean();
        var millis = new double[rounds];
        long goals = 0;
        long moves = 0;
        for (int round = 0; round < rounds; round++) {
            long start = threads.getCurrentThreadCpuTime();
            traffic.plan();
            millis[round] = (threads.getCurrentThreadCpuTime() - start) / 1e6;
            for (int i = 0; i < count; i++) {
                if (busy[i] > 0) {
                    busy[i]--;
                    if (busy[i] > 0) continue;
                    traffic.hold(i, false);
                    goal[i] = places[random.nextInt(places.length)];
                    traffic.goal(i, goal[i], 0, permissions);
                    continue;
                }
                var committed = traffic.committed(i);
                if (!committed.isEmpty() && committed.getFirst().free()) {
                    at[i] = committed.getFirst().vertex();
                    traffic.passed(i);
                    moves++;
                }
                if (at[i] == goal[i] && traffic.committed(i).isEmpty()) {
                    goals++;
                    busy[i] = WORK;
                    traffic.hold(i, true);
                }
            }
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("vertices", map.size());
        result.put("vehicles", count);
        result.put("planCpuMsMean", Arrays.stream(millis).average().orElseThrow());
        Arrays.sort(millis);
        result.put("planCpuMs99", millis[rounds * 99 / 100]);
        result.put("planCpuMsWorst", millis[rounds - 1]);
        result.put("goalsPer1000Rounds", 1000.0 * goals / rounds);
        result.put("movesPer1000Rounds", 1000.0 * moves / rounds);
        result.put("deadlocksDetected", traffic.deadlocks().detected());
        result.put("deadlocksResolved", traffic.deadlocks().resolved());
        result.put("stuckAtTheEnd", traffic.stuck().size());
        return result;
    }

    private static boolean isCabin(RoadMap map, int vertex) {
        return map.building().lifts().stream()
                .anyMatch(lift -> lift.cabin().equals(map.place(vertex).id()));
    }

    /// Places 2 m from each other, with lanes both ways between neighbours.
    private static RoadMap grid(int side) {
        var places = new ArrayList<Place>();
        var lanes = new ArrayList<Lane>();
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++) {
                int at = row * side + column;
                places.add(new Place("p" + at, "0", 2 * column, 2 * row, Map.of(), Set.of()));
                if (column > 0) lanes.add(lane(at - 1, at));
                if (row > 0) lanes.add(lane(at - side, at));
            }
        var floor = new Floor("0", 0, List.of());
        return new RoadMap(new Building("grid", List.of(floor), places, lanes, List.of(), List.of(), List.of()));
    }

    private static Lane lane(int a, int b) {
        return new Lane("p" + a, "p" + b, false, Optional.empty(), Optional.empty());
    }
}
