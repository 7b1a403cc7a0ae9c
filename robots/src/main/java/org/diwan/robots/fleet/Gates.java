package org.diwan.robots.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.facility.Leases;
import org.diwan.robots.facility.Leases.Standing;

/// Lifts and doors on the way: a robot is sent through one only while it has it.
///
/// A lease is asked for when nobody else is to pass there before, and given back when the robot is reported
/// beyond, or its way no longer leads there. So whoever has a lease waits for nobody, and no circle of waiting
/// goes through a lift or a door.
final class Gates {
    private final RoadMap map;
    private final Leases leases;

    /// Vertices of lifts.
    private final Map<String, Integer> cabins = new HashMap<>();

    /// By holder, what it has and the vertex whose report ends that.
    private final Map<String, Map<String, Integer>> held = new HashMap<>();

    Gates(RoadMap map, Leases leases) {
        this.map = map;
        this.leases = leases;
        for (var lift : map.building().lifts()) cabins.put(lift.id(), map.vertex(lift.cabin()));
    }

    /// Whether the robot may be sent from one vertex to the next; asks for what it takes.
    ///
    /// @param there whether the robot is reported there, and not only on its way
    Standing standing(String serial, boolean there, int from, int to) {
        var arc = arc(from, to);
        if (arc.isEmpty()) return Standing.GRANTED;
        var lift = arc.get().lift();
        if (lift.isPresent()) {
            boolean leaving = isCabin(lift.get().cabin(), from);
            // A lift carries who is in it; who is not yet there cannot ask for another floor.
            if (leaving && !there) return Standing.QUEUED;
            return ask(lift.get().id(), serial, map.place(leaving ? to : from).floor(), leaving ? to : -1);
        }
        var door = arc.get().door();
        return door.map(value -> ask(value.id(), serial, value.floor(), to)).orElse(Standing.GRANTED);
    }

    private Standing ask(String facility, String serial, String floor, int until) {
        held.computeIfAbsent(serial, _ -> new HashMap<>()).put(facility, until);
        leases.request(facility, serial, floor);
        return leases.standing(facility, serial);
    }

    /// Whether a lift or door will not open to it for now.
    boolean isRefused(String facility, String serial) {
        return leases.standing(facility, serial) == Standing.REFUSED;
    }

    /// The robot is reported there: what it has passed is free for others.
    void passed(String serial, int vertex) {
        var mine = held.get(serial);
        if (mine == null) return;
        mine.entrySet().removeIf(entry -> {
            boolean over = entry.getValue() == vertex;
            if (over) leases.release(entry.getKey(), serial);
            return over;
        });
    }

    /// Gives back what the robot does not need on this way, the vertex where it is first: a lift that it is not
    /// in and will not enter, a door that it will not pass. Nobody else would ever get it.
    void keep(String serial, List<Integer> way) {
        var mine = held.get(serial);
        if (mine == null) return;
        mine.entrySet().removeIf(entry -> {
            String facility = entry.getKey();
            var cabin = cabins.get(facility);
            boolean needed = way.contains(cabin == null ? entry.getValue() : cabin);
            if (!needed) leases.release(facility, serial);
            return !needed;
        });
    }

    /// The robot is gone.
    void leave(String serial) {
        var mine = held.remove(serial);
        if (mine != null) mine.keySet().forEach(facility -> leases.release(facility, serial));
    }

    /// Whether going from one vertex to the other is leaving a lift on another floor than it was entered from.
    boolean leavesLift(int from, int to) {
        return arc(from, to)
                .flatMap(RoadMap.Arc::lift)
                .filter(lift -> isCabin(lift.cabin(), from))
                .isPresent();
    }

    private boolean isCabin(String cabin, int vertex) {
        return map.place(vertex).id().equals(cabin);
    }

    private Optional<RoadMap.Arc> arc(int from, int to) {
        return map.out(from).stream().filter(arc -> arc.to() == to).findFirst();
    }
}
