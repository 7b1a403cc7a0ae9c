package org.diwan.robots.roads;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.SimulatedTimeline;

/// Vehicles that do what [RoadTraffic] commits, each at its own pace, in simulated time; plans are made after every
/// arrival at a vertex and every second. It is the referee too: none moves but along a lane, and who moves from one
/// vertex to another holds both, as nobody else does.
final class Drive {
    private final RoadMap map;
    private final RoadTraffic traffic;
    private final SplittableRandom random;
    private final SimulatedTimeline timeline = new SimulatedTimeline(Instant.EPOCH);
    private final List<Ride> rides = new ArrayList<>();
    /// `[vertex]`: who holds it, or -1.
    private final int[] holder;

    private int moves;
    private Duration lastMove = Duration.ZERO;
    private IntConsumer arrived = vehicle -> {};

    private static final class Ride {
        private final int shortest;
        private final int longest;
        private int at;
        private int goal = -1;
        private boolean moving;

        Ride(int at, int shortest, int longest) {
            this.at = at;
            this.shortest = shortest;
            this.longest = longest;
        }
    }

    Drive(RoadMap map, RoadTraffic traffic, SplittableRandom random) {
        this.map = map;
        this.traffic = traffic;
        this.random = random;
        holder = new int[map.size()];
        Arrays.fill(holder, -1);
        tick();
    }

    private void tick() {
        plan();
        timeline.after(Duration.ofSeconds(1), this::tick);
    }

    /// A vehicle of which each move takes between `shortest` and `longest` milliseconds.
    int enter(int vertex, int shortest, int longest) {
        int vehicle = traffic.enter(vertex);
        assertTrue(vehicle == rides.size());
        rides.add(new Ride(vertex, shortest, longest));
        holder[vertex] = vehicle;
        return vehicle;
    }

    /// A vehicle of which each move takes 1 s to 2 s.
    int enter(int vertex) {
        return enter(vertex, 1000, 2000);
    }

    /// Sends the vehicle there.
    void goal(int vehicle, int vertex) {
        rides.get(vehicle).goal = vertex;
        traffic.goal(vehicle, vertex, 0, Set.of());
    }

    /// Calls `arrived` when a vehicle is at its goal and nothing is committed.
    void listen(IntConsumer arrived) {
        this.arrived = arrived;
    }

    /// Does `work` some time later.
    void after(Duration delay, Runnable work) {
        timeline.after(delay, work);
    }

    /// Where the vehicle is, or which it has left last.
    int at(int vehicle) {
        return rides.get(vehicle).at;
    }

    /// Whether the vehicle is at its goal and nothing is committed.
    boolean home(int vehicle) {
        var ride = rides.get(vehicle);
        return ride.at == ride.goal && traffic.committed(vehicle).isEmpty();
    }

    /// Whether all that were sent are.
    boolean allHome() {
        for (int vehicle = 0; vehicle < rides.size(); vehicle++)
            if (rides.get(vehicle).goal >= 0 && !home(vehicle)) return false;
        return true;
    }

    /// Since the start.
    Duration now() {
        return Duration.between(Instant.EPOCH, timeline.instant());
    }

    /// Moves done by all.
    int moves() {
        return moves;
    }

    /// When the last of them was done.
    Duration lastMove() {
        return lastMove;
    }

    /// Drives until `done`, looked at every second; false if that is not so after `limit`.
    boolean until(BooleanSupplier done, Duration limit) {
        var end = now().plus(limit);
        while (!done.getAsBoolean()) {
            if (now().compareTo(end) >= 0) return false;
            timeline.run(Duration.ofSeconds(1));
        }
        return true;
    }

    /// Who is where, wants where, and is committed to what.
    @Override
    public String toString() {
        var text = new StringBuilder("at " + now() + ", last move at " + lastMove);
        for (int vehicle = 0; vehicle < rides.size(); vehicle++)
            text.append("\n")
                    .append(vehicle)
                    .append(": ")
                    .append(rides.get(vehicle).at)
                    .append(" for ")
                    .append(rides.get(vehicle).goal)
                    .append(' ')
                    .append(traffic.committed(vehicle));
        for (int v = 0; v < map.size(); v++)
            text.append("\n")
                    .append(v)
                    .append(" -")
                    .append(map.out(v).stream().map(arc -> " " + arc.to()).toList());
        return text.toString();
    }

    private void plan() {
        traffic.plan();
        for (int vehicle = 0; vehicle < rides.size(); vehicle++) if (!rides.get(vehicle).moving) start(vehicle);
    }

    private void start(int vehicle) {
        var committed = traffic.committed(vehicle);
        if (committed.isEmpty() || !committed.getFirst().free()) return;
        var ride = rides.get(vehicle);
        int to = committed.getFirst().vertex();
        assertTrue(map.out(ride.at).stream().anyMatch(arc -> arc.to() == to), "a move off the lanes");
        assertTrue(holder[to] < 0, "vehicle " + vehicle + " moves to vertex " + to + " of vehicle " + holder[to]);
        for (var zone : map.building().zones())
            if (zone.kind() == Zone.Kind.RELEASE && zone.holds(map.place(to)))
                for (int v = 0; v < holder.length; v++)
                    assertTrue(
                            holder[v] < 0 || holder[v] == vehicle || !zone.holds(map.place(v)), "two in " + zone.id());
        holder[to] = vehicle;
        ride.moving = true;
        int lasts = ride.shortest + random.nextInt(ride.longest - ride.shortest + 1);
        timeline.after(Duration.ofMillis(lasts), () -> arrive(vehicle, to));
    }

    private void arrive(int vehicle, int to) {
        var ride = rides.get(vehicle);
        holder[ride.at] = -1;
        ride.at = to;
        ride.moving = false;
        moves++;
        lastMove = now();
        traffic.passed(vehicle);
        if (home(vehicle)) arrived.accept(vehicle);
        plan();
    }
}
