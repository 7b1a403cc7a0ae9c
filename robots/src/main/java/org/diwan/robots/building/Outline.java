package org.diwan.robots.building;

import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.Building.Point;

/// The geometry of segments and polygons.
final class Outline {
    private Outline() {}

    /// What keeps `corners` from bounding an area, if anything.
    static Optional<String> fault(List<Point> corners) {
        int n = corners.size();
        if (n < 3 || n > BuildingFile.MAX_CORNERS)
            return Optional.of("has " + n + " corners, must have 3 to " + BuildingFile.MAX_CORNERS);
        for (var corner : corners)
            if (!(Math.abs(corner.x()) <= BuildingFile.MAX_METRES && Math.abs(corner.y()) <= BuildingFile.MAX_METRES))
                return Optional.of(
                        "has a corner farther than " + NumberText.of(BuildingFile.MAX_METRES) + " m from the origin");
        for (int i = 0; i < n; i++)
            if (corners.get(i).equals(corners.get((i + 1) % n)))
                return Optional.of("has corner " + (i + 1) + " twice; an outline closes by itself");
        for (int i = 0; i < n; i++)
            for (int j = i + 2; j < n; j++) {
                if (i == 0 && j == n - 1) continue;
                if (meet(corners.get(i), corners.get(i + 1), corners.get(j), corners.get((j + 1) % n)))
                    return Optional.of("has an outline that meets itself: its sides from corners " + (i + 1) + " and "
                            + (j + 1) + "; go round the area once");
            }
        return area(corners) == 0 ? Optional.of("has an outline of no area") : Optional.empty();
    }

    /// Square metres, positive if the corners go counter-clockwise.
    static double area(List<Point> corners) {
        double twice = 0;
        for (int i = 0; i < corners.size(); i++) {
            var a = corners.get(i);
            var b = corners.get((i + 1) % corners.size());
            twice += a.x() * b.y() - b.x() * a.y();
        }
        return twice / 2;
    }

    /// Whether the segments a–b and c–d have a point in common.
    static boolean meet(Point a, Point b, Point c, Point d) {
        int abc = side(a, b, c);
        int abd = side(a, b, d);
        int cda = side(c, d, a);
        int cdb = side(c, d, b);
        if (abc != abd && cda != cdb) return true;
        return (abc == 0 && within(a, b, c))
                || (abd == 0 && within(a, b, d))
                || (cda == 0 && within(c, d, a))
                || (cdb == 0 && within(c, d, b));
    }

    /// On which side of a–b the point is: 1, −1, or 0 on its line.
    private static int side(Point a, Point b, Point p) {
        return (int) Math.signum((b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x()));
    }

    private static boolean within(Point a, Point b, Point p) {
        return p.x() >= Math.min(a.x(), b.x())
                && p.x() <= Math.max(a.x(), b.x())
                && p.y() >= Math.min(a.y(), b.y())
                && p.y() <= Math.max(a.y(), b.y());
    }

    /// Metres from `p` to the nearest point of a–b.
    static double distance(Point p, Point a, Point b) {
        double dx = b.x() - a.x();
        double dy = b.y() - a.y();
        double square = dx * dx + dy * dy;
        double share = square == 0 ? 0 : ((p.x() - a.x()) * dx + (p.y() - a.y()) * dy) / square;
        double t = Math.clamp(share, 0, 1);
        return Math.hypot(p.x() - a.x() - t * dx, p.y() - a.y() - t * dy);
    }
}
