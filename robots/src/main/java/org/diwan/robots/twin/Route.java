package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.twin.Profile.Stretch;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Order;
import org.jspecify.annotations.Nullable;

/// How far a vehicle can ride without stopping: to the end of its base, to a node where it has something to do that
/// forbids driving, to a bend, to where the map changes, or to the border of what is shut.
///
/// @param turn radians to turn on the spot first; then there are no legs
/// @param marks what is passed on the way, in order
/// @param heldBy what shuts the border at which it ends; null if it ends at a node
record Route(
        double turn,
        List<Leg> legs,
        List<Stretch> stretches,
        List<Mark> marks,
        @Nullable String heldBy) {
    /// A bend that is taken without stopping, radians.
    static final double SLIGHT = 0.05;

    /// It stands that far before a border, metres.
    static final double GAP = 1e-3;

    /// A border counts as passed that far behind it, metres.
    private static final double BEHIND = 1e-4;

    /// A direction that is good enough to ride off in, radians.
    private static final double EXACT = 1e-6;

    /// Something on the way.
    ///
    /// @param way metres from the start of the route
    /// @param sequenceId of a node; [#BORDER] of a border
    record Mark(double way, long sequenceId) {
        static final long BORDER = -1;

        Mark after(double gone) {
            return new Mark(way - gone, sequenceId);
        }
    }

    private record Limit(double from, double to, double speed) {}

    /// From `pose` along the released nodes; the first edge is on the map of `pose`.
    ///
    /// @param rolls metres in which it can stand at the earliest; 0: it stands
    static Route ahead(
            Pose pose, double rolls, List<Order.Node> nodes, List<Order.Edge> edges, double speed, Terrain terrain) {
        var legs = new ArrayList<Leg>();
        var limits = new ArrayList<Limit>();
        var marks = new ArrayList<Mark>();
        var within = new HashSet<String>();
        double hold = Double.POSITIVE_INFINITY;
        String heldBy = null;
        double x = pose.x();
        double y = pose.y();
        double heading = pose.theta();
        double way = 0;
        for (int i = 0; i < nodes.size() && hold > way; i++) {
            var node = nodes.get(i);
            var at = node.nodePosition();
            if (!node.released() || at == null || !at.mapId().equals(pose.mapId())) break;
            var leg = Leg.between(x, y, at.x(), at.y(), heading);
            double bend = Pose.wrap(leg.heading() - heading);
            if (i == 0 && Math.abs(bend) > (rolls == 0 ? EXACT : SLIGHT))
                return new Route(bend, List.of(), List.of(), List.of(), null);
            if (i > 0 && Math.abs(bend) > SLIGHT) break;
            legs.add(leg);
            limits.add(new Limit(way, way + leg.length(), limit(edges.get(i), speed)));
            var still = new HashSet<String>();
            for (var part : terrain.parts(leg, pose.mapId())) {
                double from = way + part.from();
                double to = way + part.to();
                if (part.speed() < speed) limits.add(new Limit(from, to, part.speed()));
                boolean goesOn = part.from() == 0 && (i == 0 ? part.inside() : within.contains(part.of()));
                if (!goesOn) marks.add(new Mark(from + BEHIND, Mark.BORDER));
                if (part.to() < leg.length()) marks.add(new Mark(to + BEHIND, Mark.BORDER));
                else still.add(part.of());
                if (part.shut() && !goesOn && from - GAP < hold) {
                    hold = Math.max(rolls, from - GAP);
                    heldBy = part.of();
                }
            }
            within = still;
            way += leg.length();
            marks.add(new Mark(way, node.sequenceId()));
            x = at.x();
            y = at.y();
            heading = leg.heading();
            boolean stops = holds(node.actions())
                    || misses(node, heading)
                    || (i + 1 < edges.size() && holds(edges.get(i + 1).actions()));
            if (stops) break;
        }
        double length = Math.min(hold, way);
        marks.removeIf(mark -> mark.way() > length);
        marks.sort((p, q) -> Double.compare(p.way(), q.way()));
        return new Route(0, legs, stretches(limits, length), marks, hold < way ? heldBy : null);
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

    /// The least of the limits on each part of the way.
    private static List<Stretch> stretches(List<Limit> limits, double length) {
        var cuts = new ArrayList<Double>();
        for (var limit : limits) {
            if (limit.from() < length) cuts.add(limit.from());
            if (limit.to() < length) cuts.add(limit.to());
        }
        cuts.add(length);
        cuts.sort(null);
        var stretches = new ArrayList<Stretch>();
        double from = 0;
        for (double to : cuts) {
            if (to <= from && !stretches.isEmpty()) continue;
            double middle = (from + to) / 2;
            double least = Double.POSITIVE_INFINITY;
            for (var limit : limits)
                if (limit.from() <= middle && middle <= limit.to()) least = Math.min(least, limit.speed());
            if (to > from) stretches.add(new Stretch(to - from, least));
            from = Math.max(from, to);
        }
        return stretches;
    }

    /// Whether `node` asks for another direction than `heading` (§6.6.2).
    static boolean misses(Order.Node node, double heading) {
        var at = node.nodePosition();
        if (at == null || at.theta() == null) return false;
        var allowed = at.allowedDeviationTheta();
        return Math.abs(Pose.wrap(at.theta() - heading)) > (allowed == null ? SLIGHT : Math.max(allowed, EXACT));
    }

    /// Whether it stands at a border that is shut.
    boolean isNowhere() {
        return heldBy != null && turn == 0 && length() < Drive.NEAR;
    }

    /// Metres.
    double length() {
        double length = 0;
        for (var stretch : stretches) length += stretch.length();
        return length;
    }

    /// The last node on it; −1 if there is none.
    long goal() {
        long goal = -1;
        for (var mark : marks) if (mark.sequenceId() != Mark.BORDER) goal = mark.sequenceId();
        return goal;
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
