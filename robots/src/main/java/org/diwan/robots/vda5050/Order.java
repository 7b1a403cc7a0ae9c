package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A way to go, or the next part of one: nodes and the edges between them (§6.1, §7.3).
///
/// Any order that can be spelled can be built; whether a vehicle may take it is for [Vehicle] to say.
///
/// @param zoneSetId up to 2.1.0
public record Order(
        Header header,
        String orderId,
        long orderUpdateId,
        @Nullable String orderDescription,
        @Nullable String zoneSetId,
        List<Node> nodes,
        List<Edge> edges)
        implements Message {
    /// A place to pass or to stop at.
    ///
    /// @param sequenceId place in the order; nodes have even, edges odd numbers
    /// @param released in the base, else in the horizon
    public record Node(
            String nodeId,
            long sequenceId,
            @Nullable String nodeDescriptor,
            boolean released,
            @Nullable NodePosition nodePosition,
            List<Action> actions) {
        public Node {
            Check.uint32("sequenceId", sequenceId);
            actions = List.copyOf(actions);
        }
    }

    /// Where a node is.
    ///
    /// @param x metres on the map
    /// @param theta radians in [−π, π]; absent: any
    /// @param allowedDeviationTheta radians in [0, π]
    public record NodePosition(
            double x,
            double y,
            @Nullable Double theta,
            @Nullable Ellipse allowedDeviationXY,
            @Nullable Double allowedDeviationTheta,
            String mapId) {
        public NodePosition {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.angle("theta", theta);
            Check.between("allowedDeviationTheta", allowedDeviationTheta, 0, 3.141592654);
        }
    }

    /// How far from a node counts as on it (§6.6.2.1); before 3.0.0 a circle, `a` = `b` and `theta` = 0.
    ///
    /// @param a metres, half of the first axis
    /// @param theta radians in [−π/2, π/2]
    public record Ellipse(double a, double b, double theta) {
        public Ellipse {
            Check.notNegative("a", a);
            Check.notNegative("b", b);
            Check.between("theta", theta, -1.570796327, 1.570796327);
        }
    }

    /// The way between the nodes before and behind it in the order.
    ///
    /// @param maximumSpeed metres per second
    /// @param orientation radians in [−π, π]
    /// @param orientationType from 2.1.0 on
    /// @param reachOrientationBeforeEntering from 3.0.0 on
    /// @param rotationAllowed up to 2.1.0
    /// @param corridor from 2.1.0 on
    public record Edge(
            String edgeId,
            long sequenceId,
            @Nullable String edgeDescriptor,
            boolean released,
            @Nullable Double maximumSpeed,
            @Nullable Double maximumMobileRobotHeight,
            @Nullable Double minimumLoadHandlingDeviceHeight,
            @Nullable Double orientation,
            @Nullable OrientationType orientationType,
            @Nullable String direction,
            @Nullable Boolean reachOrientationBeforeEntering,
            @Nullable Boolean rotationAllowed,
            @Nullable Double maxRotationSpeed,
            @Nullable Trajectory trajectory,
            @Nullable Double length,
            @Nullable Corridor corridor,
            List<Action> actions) {
        public Edge {
            Check.uint32("sequenceId", sequenceId);
            Check.finite("maximumSpeed", maximumSpeed);
            Check.finite("maximumMobileRobotHeight", maximumMobileRobotHeight);
            Check.finite("minimumLoadHandlingDeviceHeight", minimumLoadHandlingDeviceHeight);
            Check.angle("orientation", orientation);
            Check.finite("maxRotationSpeed", maxRotationSpeed);
            Check.finite("length", length);
            actions = List.copyOf(actions);
        }
    }

    /// What an orientation is measured from: the map, or the tangent of the edge.
    public enum OrientationType {
        GLOBAL,
        TANGENTIAL
    }

    /// A NURBS curve (§7.3). What a message carries need be none: [#fault] says why not. So an order with it can be
    /// refused by name, and a state is read in spite of it.
    ///
    /// @param degree at least 1
    /// @param knotVector each in [0, 1]; empty for [#knots] at equal distances
    public record Trajectory(long degree, List<Double> knotVector, List<ControlPoint> controlPoints) {
        public Trajectory {
            Check.uint32("degree", degree);
            if (degree < 1) throw new IllegalArgumentException("degree is 0, must be at least 1");
            for (double knot : knotVector) Check.between("knotVector", knot, 0, 1);
            knotVector = List.copyOf(knotVector);
            controlPoints = List.copyOf(controlPoints);
        }

        /// What makes it no clamped curve, one that begins at its first control point and ends at its last, if
        /// anything does.
        public Optional<String> fault() {
            int points = controlPoints.size();
            if (points <= degree)
                return Optional.of(points + " control points, degree " + degree + " needs " + (degree + 1));
            for (int i = 0; i < points; i++)
                if (controlPoints.get(i).weight() <= 0)
                    return Optional.of("control point " + i + " has the weight 0, must have more");
            if (knotVector.isEmpty()) return Optional.empty();
            long count = points + degree + 1;
            if (knotVector.size() != count)
                return Optional.of(knotVector.size() + " knots, " + points + " control points of degree " + degree
                        + " need " + count);
            return knotFault((int) degree);
        }

        private Optional<String> knotFault(int degree) {
            int last = knotVector.size() - 1;
            for (int i = 1; i <= last; i++)
                if (knotVector.get(i) < knotVector.get(i - 1))
                    return Optional.of("knot " + i + " is less than the one before");
            if (knotVector.get(0) < knotVector.get(degree) || knotVector.get(last - degree) < knotVector.get(last))
                return Optional.of("its first and its last knot must come " + (degree + 1) + " times");
            for (int i = 1; i + degree < last; i++)
                if (knotVector.get(i).equals(knotVector.get(i + degree)))
                    return Optional.of("knot " + i + " comes more often than " + degree + " times");
            return Optional.empty();
        }

        /// Its knots, also where it names none: then equidistant, the first and the last `degree` + 1 times.
        ///
        /// @throws IllegalStateException if it has a [#fault]
        public List<Double> knots() {
            var fault = fault();
            if (fault.isPresent()) throw new IllegalStateException(fault.get());
            if (!knotVector.isEmpty()) return knotVector;
            var knots = new ArrayList<Double>();
            long spans = controlPoints.size() - degree;
            for (long i = -degree; i <= spans + degree; i++) knots.add((double) Math.clamp(i, 0, spans) / spans);
            return knots;
        }
    }

    /// A corner of the curve's frame, in metres.
    ///
    /// @param weight pull on the curve, not negative; 1 where a message leaves it out
    public record ControlPoint(double x, double y, double weight) {
        public ControlPoint {
            Check.finite("x", x);
            Check.finite("y", y);
            Check.notNegative("weight", weight);
        }
    }

    /// How far a vehicle may leave its edge to go around something (§6.1.5).
    ///
    /// @param leftWidth metres
    /// @param releaseRequired from 3.0.0 on, as `releaseLossBehavior`
    public record Corridor(
            double leftWidth,
            double rightWidth,
            @Nullable ReferencePoint corridorReferencePoint,
            @Nullable Boolean releaseRequired,
            @Nullable ReleaseLossBehavior releaseLossBehavior) {
        /// What of the vehicle has to stay within.
        public enum ReferencePoint {
            KINEMATIC_CENTER,
            CONTOUR
        }

        /// What to do in the corridor when its release is lost.
        public enum ReleaseLossBehavior {
            STOP,
            RETURN
        }

        public Corridor {
            Check.notNegative("leftWidth", leftWidth);
            Check.notNegative("rightWidth", rightWidth);
        }
    }

    public Order {
        Check.uint32("orderUpdateId", orderUpdateId);
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }
}
