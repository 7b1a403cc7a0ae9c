package org.diwan.robots.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;

/// The emergency stop, and pauses of other kinds. VDA 5050 has no instant action that stops harder than
/// `startPause`: the vehicle stands as soon as it can, and keeps its order (table 4).
///
/// [#everything] and [#in] may be called by any thread: they publish before they return, wait for nothing and
/// nobody, and leave the rest to the timeline. Messages may be lost, so [Watch] repeats what a state does not
/// show.
final class Stops {
    /// The reason of a stop of everything.
    static final String ALL = "everything";

    private final RoadMap map;
    private final Closures closures;
    private final Set<String> closed = new TreeSet<>();
    private volatile boolean all;

    Stops(RoadMap map, Closures closures) {
        this.map = map;
        this.closures = closures;
    }

    /// Stops all; their serial numbers.
    List<String> everything(Collection<Robot> robots) {
        all = true;
        var stopped = new ArrayList<String>();
        for (var robot : robots) stopped.add(stop(robot, ALL));
        return stopped;
    }

    /// A vehicle that comes while everything is stopped is stopped too. After it is among those of [#everything].
    void come(Robot robot) {
        if (all) stop(robot, ALL);
    }

    /// That is no reason any more.
    void over(String reason, Collection<Robot> robots) {
        if (reason.equals(ALL)) all = false;
        for (var robot : robots) robot.stops().remove(reason);
        if (isKnown(reason)) close(reason, false);
    }

    /// Stops those who are in a zone or on a floor, or were told to go there; their serial numbers.
    List<String> in(String zone, Collection<Robot> robots) {
        var stopped = new ArrayList<String>();
        for (var robot : robots) if (concerns(zone, robot)) stopped.add(stop(robot, zone));
        return stopped;
    }

    /// Stops one, for a reason of its own.
    String stop(Robot robot, String reason) {
        robot.stops().add(reason);
        robot.link().instantly(robot.link().instant("startPause"));
        return robot.serial();
    }

    private boolean concerns(String zone, Robot robot) {
        for (int vertex : robot.ahead()) if (isIn(zone, vertex)) return true;
        var state = robot.link().state().orElse(null);
        if (state == null || state.mobileRobotPosition() == null) return false;
        var at = state.mobileRobotPosition();
        if (at.mapId().equals(zone)) return true;
        var here = new Place("here", at.mapId(), at.x(), at.y(), Map.of(), Set.of());
        return map.building().zones().stream().anyMatch(one -> one.id().equals(zone) && one.holds(here));
    }

    private boolean isIn(String zone, int vertex) {
        if (map.place(vertex).floor().equals(zone)) return true;
        return map.zones(vertex).stream().anyMatch(one -> one.id().equals(zone));
    }

    /// Shuts the zone for the planner, or opens it again. On the timeline.
    void close(String zone, boolean closed) {
        var within = new ArrayList<Integer>();
        for (int v = 0; closed && v < map.size(); v++) if (isIn(zone, v)) within.add(v);
        closures.set("zone " + zone, within);
        if (closed) this.closed.add(zone);
        else this.closed.remove(zone);
    }

    /// Zones and floors that are shut. On the timeline.
    Set<String> closed() {
        return Set.copyOf(closed);
    }

    /// Whether the building has a zone or a floor of that id.
    boolean isKnown(String zone) {
        return map.building().zones().stream().anyMatch(one -> one.id().equals(zone))
                || map.building().floors().stream().anyMatch(floor -> floor.id().equals(zone));
    }
}
