package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.diwan.robots.building.RoadMap;

/// Vehicles that do what [RoadTraffic] commits, each at its own pace, in simulated time; the referee too: none
/// moves but
/// along a lane, and who moves from one vertex to another holds both, as nobody else does.
final class Drive {
    private final RoadMap map;
    private final RoadTraffic traffic;
    private final SplittableRandom random;
    private final List<Integer> at = new ArrayList<>();
    /// Where each moves to, or -1, and when it is there.
    private final List<Integer> to = new ArrayList<>();

    private final List<Long> due = new ArrayList<>();
    /// `[vertex]`: who holds it, or -1.
    private final int[] holder;
    /// The longest that a move takes, of each vehicle, in milliseconds.
    private final List<Integer> pace = new ArrayList<>();

    private long now;
    private int moves;

    Drive(RoadMap map, RoadTraffic traffic, SplittableRandom random) {
        this.map = map;
        this.traffic = traffic;
        this.random = random;
        holder = new int[map.size()];
        java.util.Arrays.fill(holder, -1);
    }

    /// A vehicle of which each move takes between 1 ms and `pace`.
    int enter(int vertex, int pace) {
        int vehicle = traffic.enter(vertex);
        assertTrue(vehicle == at.size());
        at.add(vertex);
        to.add(-1);
        due.add(0L);
        this.pace.add(pace);
        holder[vertex] = vehicle;
        return vehicle;
    }

    /// Where the vehicle is, or which it has left last.
    int at(int vehicle) {
        return at.get(vehicle);
    }

    /// Whether the vehicle is at `vertex` and nothing is committed.
    boolean rests(int vehicle, int vertex) {
        return at.get(vehicle) == vertex && traffic.committed(vehicle).isEmpty();
    }

    /// Milliseconds.
    long now() {
        return now;
    }

    /// Moves done by all.
    int moves() {
        return moves;
    }

    /// Plans and drives until `done`; false if nobody moves any more before, or time is over.
    boolean until(BooleanSupplier done, long end) {
        while (true) {
            traffic.plan();
            if (done.getAsBoolean()) return true;
            for (int vehicle = 0; vehicle < at.size(); vehicle++) if (to.get(vehicle) < 0) start(vehicle);
            int next = -1;
            for (int vehicle = 0; vehicle < at.size(); vehicle++)
                if (to.get(vehicle) >= 0 && (next < 0 || due.get(vehicle) < due.get(next))) next = vehicle;
            if (next < 0 || due.get(next) > end) return false;
            now = due.get(next);
            arrive(next);
        }
    }

    private void start(int vehicle) {
        var committed = traffic.committed(vehicle);
        if (committed.isEmpty() || !committed.getFirst().free()) return;
        int vertex = committed.getFirst().vertex();
        assertTrue(map.out(at(vehicle)).stream().anyMatch(arc -> arc.to() == vertex), "a move off the lanes");
        assertTrue(
                holder[vertex] < 0,
                "vehicle " + vehicle + " moves to vertex " + vertex + " of vehicle " + holder[vertex]);
        holder[vertex] = vehicle;
        to.set(vehicle, vertex);
        due.set(vehicle, now + 1 + random.nextInt(pace.get(vehicle)));
    }

    private void arrive(int vehicle) {
        holder[at(vehicle)] = -1;
        at.set(vehicle, to.get(vehicle));
        to.set(vehicle, -1);
        moves++;
        traffic.passed(vehicle);
    }
}
