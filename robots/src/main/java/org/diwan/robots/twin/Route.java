package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.twin.Profile.Stretch;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Vehicle;
import org.jspecify.annotations.Nullable;

/// How far a vehicle can ride without stopping: to the end of its base, to a node where it has something to do that
/// forbids driving, to a corner, to where the map changes, or to the border of what is shut.
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
    /// A corner that is taken without stopping, radians.
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

    /// From `pose` along the released edges of `vehicle`; the first is on the map of `pose`.
    ///
    /// @param rolls metres in which it can stand at the earliest; 0: it stands
    static Route ahead(Pose pose, double rolls, Vehicle vehicle, VehicleType type, Terrain terrain) {
        var survey = new Survey(pose, rolls, type, terrain);
        var nodes = vehicle.nodes();
        var edges = vehicle.edges();
        boolean on = vehicle.isOnEdge();
        for (int i = 0; i < nodes.size() && survey.isOpen(); i++) {
            var node = nodes.get(i);
            var at = node.nodePosition();
            if (!node.released() || at == null || !at.mapId().equals(pose.mapId())) break;
            for (var leg : Course.along(survey.end, on && i == 0, edges.get(i), at)) {
                double bend = survey.bend(leg);
                if (survey.legs.isEmpty() && Math.abs(bend) > (rolls == 0 ? EXACT : SLIGHT))
                    return new Route(bend, List.of(), List.of(), List.of(), null);
                if (!survey.legs.isEmpty() && Math.abs(bend) > SLIGHT) return survey.route();
                survey.add(leg, limit(edges.get(i), type.speed()));
                if (survey.hold < survey.way) return survey.route();
            }
            survey.marks.add(new Mark(survey.way, node.sequenceId()));
            boolean stops = holds(node.actions())
                    || misses(node, survey.end.theta())
                    || (i + 1 < edges.size() && holds(edges.get(i + 1).actions()));
            if (stops) break;
        }
        return survey.route();
    }

    /// What is known of the way so far.
    private static final class Survey {
        private final double rolls;
        private final VehicleType type;
        private final Terrain terrain;
        private final List<Leg> legs = new ArrayList<>();
        private final List<Limit> limits = new ArrayList<>();
        private final List<Mark> marks = new ArrayList<>();
        private Set<String> within = Set.of();
        private Pose end;
        private double way;
        private double hold = Double.POSITIVE_INFINITY;
        private @Nullable String heldBy;

        Survey(Pose pose, double rolls, VehicleType type, Terrain terrain) {
            this.rolls = rolls;
            this.type = type;
            this.terrain = terrain;
            end = pose;
        }

        /// Whether nothing on it is shut.
        boolean isOpen() {
            return hold > way;
        }

        /// Radians to turn before `leg`.
        double bend(Leg leg) {
            return Pose.wrap(leg.look() - end.theta());
        }

        /// A curve is taken no faster than the vehicle can turn.
        void add(Leg leg, double speed) {
            double slow =
                    leg.bend() == 0 ? speed : Math.min(speed, type.turning() * leg.length() / Math.abs(leg.bend()));
            limits.add(new Limit(way, way + leg.length(), slow));
            var still = new HashSet<String>();
            for (var part : terrain.parts(leg, end.mapId())) {
                double from = way + part.from();
                double to = way + part.to();
                if (part.speed() < type.speed()) limits.add(new Limit(from, to, part.speed()));
                boolean goesOn = part.from() == 0 && (legs.isEmpty() ? part.inside() : within.contains(part.of()));
                if (!goesOn) marks.add(new Mark(from + BEHIND, Mark.BORDER));
                if (part.to() < leg.length()) marks.add(new Mark(to + BEHIND, Mark.BORDER));
                else still.add(part.of());
                if (part.shut() && !goesOn && from - GAP < hold) {
                    hold = Math.max(rolls, from - GAP);
                    heldBy = part.of();
                }
            }
            within = still;
            legs.add(leg);
            way += leg.length();
            end = leg.end(end.mapId());
        }

        Route route() {
            double length = Math.min(hold, way);
            marks.removeIf(mark -> mark.way() > length);
            marks.sort((p, q) -> Double.compare(p.way(), q.way()));
            return new Route(0, legs, stretches(limits, length), marks, hold < way ? heldBy : null);
        }
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
            rest.add(leg.from(on));
        }
        return rest;
    }
}
