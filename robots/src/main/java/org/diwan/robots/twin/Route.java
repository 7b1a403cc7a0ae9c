package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.twin.Profile.Stretch;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Order;

/// How far a vehicle can ride without stopping: to the end of its base, to a node where it has something to do that
/// forbids driving, to a bend, or to where the map changes.
///
/// @param turn radians to turn on the spot first; then there are no legs
/// @param nodes what is passed on the way, the last at its end
record Route(double turn, List<Leg> legs, List<Stretch> stretches, List<Passing> nodes) {
    /// A bend that is taken without stopping, radians.
    static final double SLIGHT = 0.05;

    /// A direction that is good enough to ride off in, radians.
    private static final double EXACT = 1e-6;

    /// Metres from the start of the route to a node.
    record Passing(double way, long sequenceId) {}

    /// From `pose` along the released nodes; the first edge is on the map of `pose`.
    static Route ahead(Pose pose, boolean moving, List<Order.Node> nodes, List<Order.Edge> edges, double speed) {
        var legs = new ArrayList<Leg>();
        var stretches = new ArrayList<Stretch>();
        var passed = new ArrayList<Passing>();
        double x = pose.x();
        double y = pose.y();
        double heading = pose.theta();
        double way = 0;
        for (int i = 0; i < nodes.size(); i++) {
            var node = nodes.get(i);
            var at = node.nodePosition();
            if (!node.released() || at == null || !at.mapId().equals(pose.mapId())) break;
            var leg = Leg.between(x, y, at.x(), at.y(), heading);
            double bend = Pose.wrap(leg.heading() - heading);
            if (i == 0 && !moving && Math.abs(bend) > EXACT) return new Route(bend, List.of(), List.of(), List.of());
            if (i > 0 && Math.abs(bend) > SLIGHT) break;
            legs.add(leg);
            stretches.add(new Stretch(leg.length(), limit(edges.get(i), speed)));
            way += leg.length();
            passed.add(new Passing(way, node.sequenceId()));
            x = at.x();
            y = at.y();
            heading = leg.heading();
            boolean stops = holds(node.actions())
                    || misses(node, heading)
                    || (i + 1 < edges.size() && holds(edges.get(i + 1).actions()));
            if (stops) break;
        }
        return new Route(0, legs, stretches, passed);
    }

    private static double limit(Order.Edge edge, double speed) {
        var limit = edge.maximumSpeed();
        return limit == null ? speed : Math.min(limit, speed);
    }

    private static boolean holds(List<Action> actions) {
        for (var action : actions)
            if (action.blockingType() == BlockingType.SOFT || action.blockingType() == BlockingType.HARD) return true;
        return false;
    }

    /// Whether `node` asks for another direction than `heading` (§6.6.2).
    static boolean misses(Order.Node node, double heading) {
        var at = node.nodePosition();
        if (at == null || at.theta() == null) return false;
        var allowed = at.allowedDeviationTheta();
        return Math.abs(Pose.wrap(at.theta() - heading)) > (allowed == null ? SLIGHT : Math.max(allowed, EXACT));
    }

    double length() {
        return nodes.isEmpty() ? 0 : nodes.getLast().way();
    }

    /// What is left of `legs` behind `gone` metres.
    static List<Leg> rest(List<Leg> legs, double gone) {
        var rest = new ArrayList<Leg>();
        double before = gone;
        for (int i = 0; i < legs.size(); i++) {
            var leg = legs.get(i);
            double on = Math.min(leg.length(), before);
            before -= on;
            if (on == leg.length() && i < legs.size() - 1) continue;
            rest.add(new Leg(
                    leg.x() + on * Math.cos(leg.heading()),
                    leg.y() + on * Math.sin(leg.heading()),
                    leg.heading(),
                    leg.length() - on));
        }
        return rest;
    }
}
