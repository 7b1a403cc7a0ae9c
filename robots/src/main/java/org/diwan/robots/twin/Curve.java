package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.ControlPoint;

/// A trajectory as a vehicle drives it: legs so short that a curve and its chords are the same to a wheel.
///
/// A point of a NURBS is found by de Boor's algorithm [1] on the control points lifted to (w·x, w·y, w): with the knots
/// t, the degree p and u in the span [t_k, t_k+1), each round puts between neighbours
///
/// ```
/// d_i ← (1 − a)·d_i−1 + a·d_i      a = (u − t_i) / (t_i+p−r+1 − t_i),   r = 1 … p,  i = k … k−p+r
/// ```
///
/// and after p rounds the point is left. The two that are left before the last lie on its tangent [2], also once they
/// are brought back to the plane, so no derivative is needed. A span is halved until its tangents at both ends and in
/// the middle lie within [#SLANT] of its chord and its middle within [#SAG]: the length of a circle is then right to
/// 10⁻⁴.
///
/// 1. C. de Boor, On calculating with B-splines, J. Approximation Theory 6 (1972), 50–62.
/// 2. L. Piegl, W. Tiller, The NURBS Book, 2nd ed. (1997), chapters 4 and 5.
final class Curve {
    /// Control points of one trajectory, at most; the factsheet says so.
    static final int MAX_POINTS = 100;

    /// Legs of one trajectory, at most: a circle of 100 m takes 300.
    static final int MAX_LEGS = 2_000;

    /// Metres between a chord's middle and the curve's.
    static final double SAG = 5e-4;

    /// Radians between a chord and the curve.
    static final double SLANT = 0.02;

    /// Metres between points that are one: where control points coincide, what is left of their difference is rounding.
    private static final double SAME = 1e-7;

    /// Halves of halves, at most: where a curve turns back on itself no chord is short enough.
    private static final int MAX_DEPTH = 16;

    /// A point of the curve, and where it leads to there; a `heading` that is no number: nowhere.
    record Point(double x, double y, double heading) {
        double distance(Point other) {
            return Math.hypot(other.x - x, other.y - y);
        }
    }

    private final int degree;
    private final List<ControlPoint> points;
    private final double[] knots;

    private Curve(Order.Trajectory trajectory) {
        degree = (int) trajectory.degree();
        points = trajectory.controlPoints();
        knots = trajectory.knots().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// The legs of `trajectory`, from its first control point to its last; empty if there would be more than
    /// [#MAX_LEGS].
    ///
    /// @throws IllegalStateException if it is no curve ([Order.Trajectory#fault])
    static Optional<List<Leg>> legs(Order.Trajectory trajectory) {
        var curve = new Curve(trajectory);
        var legs = new ArrayList<Leg>();
        for (int k = curve.degree; k < curve.points.size(); k++) {
            double from = curve.knots[k];
            double to = curve.knots[k + 1];
            if (from == to) continue;
            // The middle of an S lies on its chord, along which it may lead: halves of each span are looked at alone.
            double middle = (from + to) / 2;
            boolean done = curve.halve(legs, k, from, middle, 1) && curve.halve(legs, k, middle, to, 1);
            if (!done) return Optional.empty();
        }
        return Optional.of(legs);
    }

    private boolean halve(List<Leg> legs, int span, double from, double to, int depth) {
        double middle = (from + to) / 2;
        var a = at(span, from);
        var m = at(span, middle);
        var b = at(span, to);
        if (depth < MAX_DEPTH && !isStraight(a, m, b))
            return halve(legs, span, from, middle, depth + 1) && halve(legs, span, middle, to, depth + 1);
        add(legs, a, b);
        return legs.size() <= MAX_LEGS;
    }

    /// From where the last leg ended, unless that is where it would end.
    private void add(List<Leg> legs, Point a, Point b) {
        double x = legs.isEmpty() ? points.getFirst().x() : legs.getLast().endX();
        double y = legs.isEmpty() ? points.getFirst().y() : legs.getLast().endY();
        double length = Math.hypot(b.x() - x, b.y() - y);
        if (length < SAME) return;
        double chord = Math.atan2(b.y() - y, b.x() - x);
        double first = Double.isNaN(a.heading()) ? chord : a.heading();
        double last = Double.isNaN(b.heading()) ? chord : b.heading();
        legs.add(new Leg(x, y, chord, length, first, Pose.wrap(last - first)));
    }

    private static boolean isStraight(Point a, Point m, Point b) {
        double chord = Math.atan2(b.y() - a.y(), b.x() - a.x());
        double sag = Math.hypot((a.x() + b.x()) / 2 - m.x(), (a.y() + b.y()) / 2 - m.y());
        boolean near = sag <= Math.max(SAG, a.distance(b) / 4) && offset(a, m, chord) <= SAG;
        return near && leads(a, chord) && leads(m, chord) && leads(b, chord);
    }

    private static double offset(Point a, Point m, double chord) {
        return Math.abs((m.y() - a.y()) * Math.cos(chord) - (m.x() - a.x()) * Math.sin(chord));
    }

    private static boolean leads(Point point, double chord) {
        return Double.isNaN(point.heading()) || Math.abs(Pose.wrap(point.heading() - chord)) <= SLANT;
    }

    /// The point of `trajectory` at `u` in the span [t_k, t_k+1], of which both ends count as its own.
    static Point point(Order.Trajectory trajectory, int k, double u) {
        return new Curve(trajectory).at(k, u);
    }

    private Point at(int k, double u) {
        double[] x = new double[degree + 1];
        double[] y = new double[degree + 1];
        double[] w = new double[degree + 1];
        for (int i = 0; i <= degree; i++) {
            var point = points.get(k - degree + i);
            w[i] = point.weight();
            x[i] = point.weight() * point.x();
            y[i] = point.weight() * point.y();
        }
        double heading = Double.NaN;
        for (int r = 1; r <= degree; r++) {
            if (r == degree)
                heading = heading(
                        x[degree - 1] / w[degree - 1],
                        y[degree - 1] / w[degree - 1],
                        x[degree] / w[degree],
                        y[degree] / w[degree]);
            for (int i = degree; i >= r; i--) {
                double low = knots[k - degree + i];
                double part = (u - low) / (knots[k + 1 + i - r] - low);
                x[i] = (1 - part) * x[i - 1] + part * x[i];
                y[i] = (1 - part) * y[i - 1] + part * y[i];
                w[i] = (1 - part) * w[i - 1] + part * w[i];
            }
        }
        return new Point(x[degree] / w[degree], y[degree] / w[degree], heading);
    }

    private static double heading(double x, double y, double toX, double toY) {
        return Math.hypot(toX - x, toY - y) < SAME ? Double.NaN : Math.atan2(toY - y, toX - x);
    }
}
