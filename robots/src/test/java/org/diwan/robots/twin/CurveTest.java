package org.diwan.robots.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.Order.ControlPoint;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.junit.jupiter.api.Test;

/// Oracles: a circle, which a rational curve of degree 2 is exactly; a straight line; the sum of the curve's basis
/// functions by their recursive definition, which is slow and plain.
class CurveTest {
    /// A quarter of a circle around (0, radius) from (0, 0), to the left.
    static Trajectory quarter(double radius) {
        return new Trajectory(
                2,
                List.of(0.0, 0.0, 0.0, 1.0, 1.0, 1.0),
                List.of(
                        new ControlPoint(0, 0, 1),
                        new ControlPoint(radius, 0, Math.sqrt(0.5)),
                        new ControlPoint(radius, radius, 1)));
    }

    private static List<Leg> legs(Trajectory trajectory) {
        return Curve.legs(trajectory).orElseThrow();
    }

    private static double length(List<Leg> legs) {
        return legs.stream().mapToDouble(Leg::length).sum();
    }

    @Test
    void arcOfACircleIsOne() {
        for (double radius : new double[] {0.05, 1, 2, 40, 300}) {
            var legs = legs(quarter(radius));
            assertEquals(radius * Math.PI / 2, length(legs), 1e-4 * radius);
            for (var leg : legs) {
                assertEquals(radius, Math.hypot(leg.x(), leg.y() - radius), 1e-9 * radius, "corners are on it");
                var middle = leg.at(leg.length() / 2, "m");
                assertEquals(radius, Math.hypot(middle.x(), middle.y() - radius), Curve.SAG + 1e-9);
                double across = Math.atan2(leg.y() - radius, leg.x());
                assertEquals(0, Pose.wrap(leg.look() - across - Math.PI / 2), 1e-9, "it looks along the tangent");
            }
            assertEquals(Math.PI / 2, legs.stream().mapToDouble(Leg::bend).sum(), 1e-9);
        }
    }

    @Test
    void straightLineIsOneWhateverItsDegree() {
        for (int degree = 1; degree <= 5; degree++) {
            var points = new ArrayList<ControlPoint>();
            for (int i = 0; i <= degree + 3; i++) points.add(new ControlPoint(3 * i * i, 4 * i * i, 1 + i % 3));
            var legs = legs(new Trajectory(degree, List.of(), points));
            double far = (degree + 3) * (degree + 3);
            assertEquals(5 * far, length(legs), 1e-9 * far);
            for (var leg : legs) {
                assertEquals(Math.atan2(4, 3), leg.heading(), 1e-6);
                assertEquals(0, leg.bend(), 1e-6);
            }
        }
    }

    @Test
    void deBoorFindsWhatTheBasisFunctionsSay() {
        Seeded.forAll(300, random -> {
            var curve = random(random, 1 + random.nextInt(5));
            var knots = curve.knots();
            for (var leg : legs(curve)) assertTrue(leg.length() < 100, leg::toString);
            int degree = (int) curve.degree();
            for (int k = degree; k < curve.controlPoints().size(); k++) {
                if (knots.get(k).equals(knots.get(k + 1))) continue;
                double u = knots.get(k) + (knots.get(k + 1) - knots.get(k)) * random.nextDouble();
                var point = Curve.point(curve, k, u);
                double x = 0;
                double y = 0;
                double sum = 0;
                for (int i = 0; i < curve.controlPoints().size(); i++) {
                    var control = curve.controlPoints().get(i);
                    double weight = control.weight() * basis(knots, i, degree, u);
                    x += weight * control.x();
                    y += weight * control.y();
                    sum += weight;
                }
                assertEquals(x / sum, point.x(), 1e-9);
                assertEquals(y / sum, point.y(), 1e-9);
                var ahead = Curve.point(curve, k, u + (knots.get(k + 1) - u) * 1e-6);
                if (ahead.distance(point) > 1e-8) {
                    double heading = Math.atan2(ahead.y() - point.y(), ahead.x() - point.x());
                    assertEquals(0, Pose.wrap(heading - point.heading()), 1e-3, "the tangent");
                }
            }
        });
    }

    /// N_i,p (u), The NURBS Book, equation 2.5.
    private static double basis(List<Double> t, int i, int p, double u) {
        if (p == 0) return t.get(i) <= u && u < t.get(i + 1) ? 1 : 0;
        double left = t.get(i + p) - t.get(i);
        double right = t.get(i + p + 1) - t.get(i + 1);
        return (left == 0 ? 0 : (u - t.get(i)) / left * basis(t, i, p - 1, u))
                + (right == 0 ? 0 : (t.get(i + p + 1) - u) / right * basis(t, i + 1, p - 1, u));
    }

    /// Legs follow each other, are never far from the curve, and end where it does.
    @Test
    void legsOfAnyCurveAreWhole() {
        Seeded.forAll(500, random -> {
            var curve = random(random, 1 + random.nextInt(4));
            var legs = legs(curve);
            assertTrue(legs.size() <= Curve.MAX_LEGS + 1);
            var from = curve.controlPoints().getFirst();
            double x = from.x();
            double y = from.y();
            for (var leg : legs) {
                assertEquals(0, Math.hypot(leg.x() - x, leg.y() - y), 1e-9);
                x = leg.end("m").x();
                y = leg.end("m").y();
            }
            var to = curve.controlPoints().getLast();
            assertEquals(0, Math.hypot(to.x() - x, to.y() - y), 1e-6);
        });
    }

    /// Their difference is rounding, which has a direction; no chord is short enough for it.
    @Test
    void controlPointsMayCoincide() {
        var there = new ControlPoint(7, 3, 1.9);
        var points = List.of(new ControlPoint(1, 1, 0.3), there, new ControlPoint(7, 3, 0.7), there, there);
        for (int degree = 1; degree <= 4; degree++) {
            var legs = legs(new Trajectory(degree, List.of(), points));
            assertEquals(Math.hypot(6, 2), length(legs), 1e-6, "degree " + degree);
        }
    }

    @Test
    void curveWithTooManyLegsIsNone() {
        var points = new ArrayList<ControlPoint>();
        for (int i = 0; i < 100; i++) points.add(new ControlPoint((i % 3) * 1e5, (i % 2) * 1e5, 1));
        assertTrue(Curve.legs(new Trajectory(3, List.of(), points)).isEmpty());
    }

    static Trajectory random(SplittableRandom random, int degree) {
        int count = degree + 1 + random.nextInt(4);
        var points = new ArrayList<ControlPoint>();
        for (int i = 0; i < count; i++)
            points.add(new ControlPoint(random.nextInt(9), random.nextInt(9), 0.2 + 2 * random.nextDouble()));
        var inner = random.doubles(count - degree - 1, 0.01, 0.99).sorted().toArray();
        var knots = new ArrayList<Double>();
        for (int i = 0; i <= degree; i++) knots.add(0.0);
        for (double knot : inner) knots.add(knot);
        for (int i = 0; i <= degree; i++) knots.add(1.0);
        return new Trajectory(degree, random.nextBoolean() ? knots : List.of(), points);
    }
}
