package org.diwan.robots.twin;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.diwan.robots.vda5050.Abilities;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Order;
import org.jspecify.annotations.Nullable;

/// What a vehicle of a type can do, where it is now.
///
/// @param enabled whether a map is in use
/// @param onNode whether an action that sets something may stand on a node
record Capabilities(
        VehicleType type,
        Supplier<Pose> pose,
        Supplier<String> nodeId,
        Predicate<String> enabled,
        Predicate<String> onNode)
        implements Abilities {
    @Override
    public boolean isOn(Order.Node node) {
        var at = node.nodePosition();
        if (at == null) return node.nodeId().equals(nodeId.get());
        var here = pose.get();
        if (!at.mapId().equals(here.mapId())) return false;
        return here.distance(at.x(), at.y()) <= Course.reach(at, SimulatedVehicle.ON_NODE);
    }

    @Override
    public boolean reaches(Order.Node from, Order.Edge edge, Order.Node to) {
        var at = to.nodePosition();
        return at != null
                && isNear(at.x(), at.y())
                && isWide(edge.corridor())
                && Course.leads(from, edge, to, SimulatedVehicle.ON_NODE);
    }

    private static boolean isNear(double x, double y) {
        return Math.abs(x) <= SimulatedVehicle.FARTHEST && Math.abs(y) <= SimulatedVehicle.FARTHEST;
    }

    /// On its middle the kinematic centre is always within, the contour where there is room for it.
    private boolean isWide(Order.@Nullable Corridor corridor) {
        return corridor == null
                || corridor.corridorReferencePoint() != Order.Corridor.ReferencePoint.CONTOUR
                || Math.min(corridor.leftWidth(), corridor.rightWidth()) >= type.radius();
    }

    @Override
    public boolean knows(String mapId) {
        return enabled.test(mapId);
    }

    @Override
    public Optional<String> unsupported(Order order) {
        for (var edge : order.edges()) {
            var curve = edge.trajectory();
            if (curve != null && !type.follows("trajectory")) return Optional.of("order.edges.trajectory");
            if (curve != null && curve.controlPoints().size() > Curve.MAX_POINTS)
                return Optional.of("order.edges.trajectory.controlPoints");
            if (edge.corridor() != null && !type.follows("corridor")) return Optional.of("order.edges.corridor");
            if (edge.orientation() != null) return Optional.of("order.edges.orientation");
            if (edge.direction() != null) return Optional.of("order.edges.direction");
            var speed = edge.maximumSpeed();
            if (speed != null && speed <= 0) return Optional.of("order.edges.maximumSpeed");
        }
        return Optional.empty();
    }

    @Override
    public boolean can(Action action) {
        var skill = type.skills().get(action.actionType());
        return skill == null
                ? onNode.test(action.actionType())
                : !action.actionType().equals(Skill.WAIT) || Skill.waits(action).isPresent();
    }

    @Override
    public boolean pauses(String actionType) {
        var skill = type.skills().get(actionType);
        return skill != null && skill.pauses();
    }

    @Override
    public boolean cancels(String actionType) {
        var skill = type.skills().get(actionType);
        return skill != null && skill.cancels();
    }

    @Override
    public boolean prepares(String actionType) {
        var skill = type.skills().get(actionType);
        return skill != null && skill.preparation() > 0;
    }
}
