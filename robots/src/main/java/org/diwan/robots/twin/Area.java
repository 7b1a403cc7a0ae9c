package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.ZoneSet.Vertex;

/// A polygon, and how a circle meets it that moves along a line.
///
/// The circle's centre is then in the polygon blown up by the radius: the union of the polygon itself and, for each
/// side, of all points within the radius of it. A line meets the first between its crossings of the sides, by pairs
/// (even-odd), and each of the others, which are convex, in one interval.
record Area(List<Vertex> corners) {
    /// From and to, metres along a leg.
    record Interval(double from, double to) {}

    Area {
        corners = List.copyOf(corners);
    }

    /// Whether any of a circle is within.
    boolean touches(double x, double y, double radius) {
        boolean within = false;
        for (int i = 0; i < corners.size(); i++) {
            var a = corners.get(i);
            var b = corners.get((i + 1) % corners.size());
            if (radius > 0 && distance(a, b, x, y) <= radius) return true;
            if ((a.y() > y) != (b.y() > y) && x < a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x()))
                within = !within;
        }
        return within;
    }

    private static double distance(Vertex a, Vertex b, double x, double y) {
        double dx = b.x() - a.x();
        double dy = b.y() - a.y();
        double square = dx * dx + dy * dy;
        double part = square == 0 ? 0 : ((x - a.x()) * dx + (y - a.y()) * dy) / square;
        double on = Math.max(0, Math.min(1, part));
        return Math.hypot(a.x() + on * dx - x, a.y() + on * dy - y);
    }

    /// Where along `leg`, 0 to its length, a circle around its points [#touches]; in order, disjoint.
    List<Interval> along(Leg leg, double radius) {
        double ux = Math.cos(leg.heading());
        double uy = Math.sin(leg.heading());
        var found = new ArrayList<Interval>();
        var crossings = new ArrayList<Double>();
        for (int i = 0; i < corners.size(); i++) {
            var a = inFrame(corners.get(i), leg, ux, uy);
            var b = inFrame(corners.get((i + 1) % corners.size()), leg, ux, uy);
            if ((a.y() > 0) != (b.y() > 0)) crossings.add(a.x() - a.y() / (b.y() - a.y()) * (b.x() - a.x()));
            if (radius > 0) near(a, b, radius, found);
        }
        crossings.sort(null);
        for (int i = 0; i + 1 < crossings.size(); i += 2)
            found.add(new Interval(crossings.get(i), crossings.get(i + 1)));
        return merge(found, leg.length());
    }

    /// With the leg as the x axis.
    private static Vertex inFrame(Vertex corner, Leg leg, double ux, double uy) {
        double dx = corner.x() - leg.x();
        double dy = corner.y() - leg.y();
        return new Vertex(dx * ux + dy * uy, dy * ux - dx * uy);
    }

    /// Where the x axis is within `radius` of a side: the hull of what it shares with the two discs and the strip.
    private static void near(Vertex a, Vertex b, double radius, List<Interval> found) {
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (var end : List.of(a, b)) {
            double half = radius * radius - end.y() * end.y();
            if (half < 0) continue;
            from = Math.min(from, end.x() - Math.sqrt(half));
            to = Math.max(to, end.x() + Math.sqrt(half));
        }
        double dx = b.x() - a.x();
        double dy = b.y() - a.y();
        double length = Math.hypot(dx, dy);
        // The strip's two long borders run beside the side; they count where they pass the axis beside it.
        for (int sign = -1; sign <= 1 && dy != 0; sign += 2) {
            double ox = a.x() - sign * radius * dy / length;
            double oy = a.y() + sign * radius * dx / length;
            double part = -oy / dy;
            if (part < 0 || part > 1) continue;
            from = Math.min(from, ox + part * dx);
            to = Math.max(to, ox + part * dx);
        }
        if (from < to) found.add(new Interval(from, to));
    }

    private static List<Interval> merge(List<Interval> intervals, double length) {
        var merged = new ArrayList<Interval>();
        intervals.sort((p, q) -> Double.compare(p.from(), q.from()));
        for (var next : intervals) {
            double from = Math.max(0, next.from());
            double to = Math.min(length, next.to());
            if (from > to || next.to() < 0) continue;
            var last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && from <= last.to())
                merged.set(merged.size() - 1, new Interval(last.from(), Math.max(last.to(), to)));
            else merged.add(new Interval(from, to));
        }
        return merged;
    }
}
