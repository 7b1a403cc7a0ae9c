package org.diwan.robots.fleet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.RoadMap;

/// Which lift a vehicle takes to another floor: the one by which it will be there first, with those before it
/// that chose the same one. Shortest ways alone lead everybody to one lift while seven stand idle: in the tower
/// that doubled the waits.
///
/// The choice holds until the vehicle is in the cabin, or the lift is out of order. To the planner the cabin is
/// the goal, and the true goal follows when the vehicle is in it: so nobody claims a way on a floor to which it
/// still has to be carried.
final class Rides {
    /// Seconds that a lift is busy with one vehicle.
    static final double BUSY = 60;

    private final RoadMap map;
    private final Travel travel;
    private final Gates gates;
    private final Map<Integer, Lift> lifts = new LinkedHashMap<>();
    private final Map<String, Double> elevations = new HashMap<>();

    /// By vehicle, the cabin that it goes to or is in.
    private final Map<String, Integer> chosen = new HashMap<>();

    Rides(RoadMap map, Travel travel, Gates gates) {
        this.map = map;
        this.travel = travel;
        this.gates = gates;
        for (var lift : map.building().lifts()) lifts.put(map.vertex(lift.cabin()), lift);
        for (var floor : map.building().floors()) elevations.put(floor.id(), floor.elevation());
    }

    /// Where the planner is to lead a vehicle that wants to `goal`.
    int via(Robot robot, int goal, Set<String> permissions) {
        String serial = robot.serial();
        int at = robot.at();
        String here = map.place(at).floor();
        String there = map.place(goal).floor();
        if (lifts.containsKey(at) || lifts.containsKey(goal)) {
            if (lifts.containsKey(at)) chosen.put(serial, at);
            return goal;
        }
        if (here.equals(there)) {
            chosen.remove(serial);
            return goal;
        }
        var before = chosen.get(serial);
        if (before != null
                && serves(before, here, there)
                && !gates.isRefused(lift(before).id(), serial)) return before;
        chosen.remove(serial);
        var queues = new HashMap<Integer, Integer>();
        for (int cabin : chosen.values()) queues.merge(cabin, 1, Integer::sum);
        int best = goal;
        double least = Double.POSITIVE_INFINITY;
        for (int cabin : lifts.keySet()) {
            if (!serves(cabin, here, there) || gates.isRefused(lift(cabin).id(), serial)) continue;
            int in = map.vertex(lift(cabin).landings().getOrDefault(here, ""));
            int out = map.vertex(lift(cabin).landings().getOrDefault(there, ""));
            double height = Math.abs(elevations.getOrDefault(here, 0.0) - elevations.getOrDefault(there, 0.0));
            double seconds = travel.seconds(at, in, permissions)
                    + BUSY * queues.getOrDefault(cabin, 0)
                    + height / lift(cabin).speed()
                    + travel.seconds(out, goal, permissions);
            if (seconds >= least) continue;
            least = seconds;
            best = cabin;
        }
        if (best != goal) chosen.put(serial, best);
        return best;
    }

    /// The cabin that the vehicle goes to and is not yet in, or -1.
    int awaited(Robot robot) {
        int cabin = chosen.getOrDefault(robot.serial(), -1);
        return cabin == robot.at() ? -1 : cabin;
    }

    /// The vehicle wants nowhere, or is gone.
    void forget(String serial) {
        chosen.remove(serial);
    }

    private boolean serves(int cabin, String here, String there) {
        return lift(cabin).landings().keySet().containsAll(Set.of(here, there));
    }

    private Lift lift(int cabin) {
        var lift = lifts.get(cabin);
        if (lift == null) throw new AssertionError("vertex " + cabin + " is no cabin");
        return lift;
    }
}
