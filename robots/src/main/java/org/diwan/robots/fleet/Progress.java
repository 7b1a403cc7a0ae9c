package org.diwan.robots.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Refusals.Reason;
import org.diwan.robots.vda5050.State;

/// Whether a state can be true, given the map and what the vehicle was told. What cannot is refused whole, so
/// that a vehicle that is lost, or lies, does not free a place that it may stand on.
final class Progress {
    /// Metres between a vehicle and the line from its last node to the next.
    static final double MAX_OFF_ROUTE = 5;

    private final Map<String, Integer> vertices = new HashMap<>();
    private final Map<String, Lift> cabins = new HashMap<>();
    private final RoadMap map;

    Progress(RoadMap map) {
        this.map = map;
        for (int v = 0; v < map.size(); v++) vertices.put(map.place(v).id(), v);
        for (var lift : map.building().lifts()) cabins.put(lift.cabin(), lift);
    }

    /// The vertex of a node's id, if the map has it.
    Optional<Integer> vertex(String nodeId) {
        return Optional.ofNullable(vertices.get(nodeId));
    }

    /// Whether a place is the cabin of a lift that stops on a floor.
    boolean isServed(String place, String floor) {
        var lift = cabins.get(place);
        return lift != null && lift.landings().containsKey(floor);
    }

    /// Why the state is not taken; empty if it is.
    ///
    /// @param mine whether it is about the order in `book`
    Optional<Reason> refusal(OrderBook book, State state, boolean mine) {
        if (!state.lastNodeId().isEmpty() && !vertices.containsKey(state.lastNodeId()))
            return Optional.of(Reason.UNKNOWN_NODE);
        if (state.nodeStates().stream().anyMatch(node -> !vertices.containsKey(node.nodeId())))
            return Optional.of(Reason.UNKNOWN_NODE);
        if (mine) {
            var contradiction = book.contradiction(state);
            if (contradiction.isPresent()) return contradiction;
        }
        return misplaced(state);
    }

    private Optional<Reason> misplaced(State state) {
        var position = state.mobileRobotPosition();
        var last = vertex(state.lastNodeId());
        if (position == null || last.isEmpty()) return Optional.empty();
        var from = map.place(last.get());
        int next = state.nodeStates().stream()
                .findFirst()
                .flatMap(node -> vertex(node.nodeId()))
                .orElse(last.get());
        var to = map.place(next);
        // A cabin is on every floor that its lift serves.
        boolean inLift = cabins.containsKey(from.id()) || cabins.containsKey(to.id());
        boolean onMap =
                position.mapId().equals(from.floor()) || position.mapId().equals(to.floor());
        boolean served = inLift
                && map.building().floors().stream().anyMatch(floor -> floor.id().equals(position.mapId()));
        if (!onMap && !served) return Optional.of(Reason.WRONG_MAP);
        return distance(from, to, position.x(), position.y()) > MAX_OFF_ROUTE
                ? Optional.of(Reason.OFF_ROUTE)
                : Optional.empty();
    }

    /// To the line between two places.
    private static double distance(Place from, Place to, double x, double y) {
        double dx = to.x() - from.x();
        double dy = to.y() - from.y();
        double length = dx * dx + dy * dy;
        double share = length == 0 ? 0 : Math.clamp(((x - from.x()) * dx + (y - from.y()) * dy) / length, 0, 1);
        return Math.hypot(x - from.x() - share * dx, y - from.y() - share * dy);
    }
}
