package org.diwan.robots.roads;

import java.util.List;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Zone;

/// What of a floor is within a zone.
final class Outline {
    private final String floor;
    private final List<Point> corners;

    Outline(Zone zone) {
        floor = zone.floor();
        corners = zone.outline();
    }

    /// Whether the point is inside: a ray from it to the east crosses the outline an odd number of times.
    boolean holds(String on, double x, double y) {
        if (!on.equals(floor)) return false;
        boolean inside = false;
        for (int i = 0; i < corners.size(); i++) {
            var a = corners.get(i);
            var b = corners.get((i + 1) % corners.size());
            if (a.y() > y != b.y() > y && x < a.x() + (b.x() - a.x()) * (y - a.y()) / (b.y() - a.y())) inside = !inside;
        }
        return inside;
    }

    /// Whether any of the straight line between two points of the floor is inside.
    boolean meets(String on, double x1, double y1, double x2, double y2) {
        if (!on.equals(floor)) return false;
        if (holds(on, x1, y1) || holds(on, x2, y2)) return true;
        for (int i = 0; i < corners.size(); i++) {
            var a = corners.get(i);
            var b = corners.get((i + 1) % corners.size());
            if (side(x1, y1, x2, y2, a) * side(x1, y1, x2, y2, b) < 0
                    && side(a.x(), a.y(), b.x(), b.y(), new Point(x1, y1))
                                    * side(a.x(), a.y(), b.x(), b.y(), new Point(x2, y2))
                            < 0) return true;
        }
        return false;
    }

    /// Positive where the point is left of the line, negative right of it.
    private static double side(double x1, double y1, double x2, double y2, Point point) {
        return (x2 - x1) * (point.y() - y1) - (y2 - y1) * (point.x() - x1);
    }
}
