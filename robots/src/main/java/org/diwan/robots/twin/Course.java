package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.Order;

/// The line that a vehicle takes along an edge: straight to its node, or along the trajectory that the edge carries. A
/// corridor changes nothing: its middle is that line, and the vehicle never leaves it.
final class Course {
    /// Metres within which two parts of a curve are at one place; there the one counts that leads where it looks.
    private static final double SAME = 1e-6;

    private Course() {}

    /// From `pose` along `edge` to `node`, which has a position.
    ///
    /// @param begun whether it is on the edge: then it goes on from where it is nearest to the curve
    static List<Leg> along(Pose pose, boolean begun, Order.Edge edge, Order.NodePosition node) {
        var trajectory = edge.trajectory();
        if (trajectory == null) return List.of(Leg.between(pose.x(), pose.y(), node.x(), node.y(), pose.theta()));
        var legs = Curve.legs(trajectory).orElseThrow(() -> new AssertionError("such a curve is refused"));
        int first = begun ? nearest(pose, legs) : 0;
        double on = begun ? legs.get(first).nearest(pose.x(), pose.y()) : 0;
        if (legs.get(first).length() - on < SAME && first < legs.size() - 1) {
            first++;
            on = 0;
        }
        return join(pose, legs.get(first).from(on), legs.subList(first + 1, legs.size()));
    }

    /// A vehicle beside its curve goes straight there first; what is less than a wheel can tell it takes up on the way.
    private static List<Leg> join(Pose pose, Leg first, List<Leg> rest) {
        var legs = new ArrayList<Leg>();
        if (pose.distance(first.x(), first.y()) < Motion.SAME_PLACE) {
            var end = first.end(pose.mapId());
            var chord = Leg.between(pose.x(), pose.y(), end.x(), end.y(), first.heading());
            legs.add(new Leg(pose.x(), pose.y(), chord.heading(), chord.length(), first.look(), first.bend()));
        } else {
            legs.add(Leg.between(pose.x(), pose.y(), first.x(), first.y(), pose.theta()));
            legs.add(first);
        }
        legs.addAll(rest);
        return legs;
    }

    private static int nearest(Pose pose, List<Leg> legs) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        double off = Double.POSITIVE_INFINITY;
        for (int i = 0; i < legs.size(); i++) {
            var leg = legs.get(i);
            double on = leg.nearest(pose.x(), pose.y());
            var there = leg.at(on, pose.mapId());
            double distance = there.distance(pose.x(), pose.y());
            double turn = Math.abs(Pose.wrap(there.theta() - pose.theta()));
            boolean nearer = distance < least - SAME || (distance < least + SAME && turn < off - SAME);
            if (!nearer) continue;
            best = i;
            least = distance;
            off = turn;
        }
        return best;
    }

    /// Whether the trajectory of `edge`, if it has one, leads from one node to the other.
    ///
    /// @param near metres that it may miss a node by, where the order allows no more
    static boolean leads(Order.Node from, Order.Edge edge, Order.Node to, double near) {
        var trajectory = edge.trajectory();
        if (trajectory == null) return true;
        var a = from.nodePosition();
        var b = to.nodePosition();
        if (a == null || b == null || !a.mapId().equals(b.mapId())) return false;
        return meets(a, trajectory.controlPoints().getFirst(), near)
                && meets(b, trajectory.controlPoints().getLast(), near)
                && Curve.legs(trajectory).filter(Course::isDrivable).isPresent();
    }

    private static boolean isDrivable(List<Leg> legs) {
        return !legs.isEmpty() && legs.stream().allMatch(leg -> Double.isFinite(leg.length()));
    }

    private static boolean meets(Order.NodePosition node, Order.ControlPoint end, double near) {
        return Math.hypot(end.x() - node.x(), end.y() - node.y()) <= reach(node, near);
    }

    /// Metres within which it counts as on a node.
    static double reach(Order.NodePosition node, double near) {
        return Optional.ofNullable(node.allowedDeviationXY())
                .map(wide -> Math.max(near, Math.max(wide.a(), wide.b())))
                .orElse(near);
    }
}
