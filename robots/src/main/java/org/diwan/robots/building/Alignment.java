package org.diwan.robots.building;

import java.util.List;
import org.diwan.robots.building.Building.Point;

/// From a drawing to metres: turned, scaled and moved, as `metres = (a + ib)(x + iy) + (c + id)`, where y was turned
/// upwards before if the drawing's goes down.
record Alignment(double a, double b, double c, double d, boolean down) {
    /// A drawing whose y goes down, at so many metres for a unit.
    static Alignment scaled(double metres) {
        return new Alignment(metres, 0, 0, 0, true);
    }

    /// Metres already.
    static final Alignment NONE = new Alignment(1, 0, 0, 0, false);

    /// The one of least squares that brings `from` onto `to`; two or more points, not all in one.
    static Alignment of(List<Point> from, List<Point> to) {
        double fx = 0;
        double fy = 0;
        double tx = 0;
        double ty = 0;
        int n = from.size();
        for (int i = 0; i < n; i++) {
            fx += from.get(i).x() / n;
            fy -= from.get(i).y() / n;
            tx += to.get(i).x() / n;
            ty += to.get(i).y() / n;
        }
        double re = 0;
        double im = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
            double px = from.get(i).x() - fx;
            double py = -from.get(i).y() - fy;
            double qx = to.get(i).x() - tx;
            double qy = to.get(i).y() - ty;
            re += px * qx + py * qy;
            im += px * qy - py * qx;
            square += px * px + py * py;
        }
        double a = re / square;
        double b = im / square;
        return new Alignment(a, b, tx - a * fx + b * fy, ty - b * fx - a * fy, true);
    }

    /// In metres, to the millimetre where it is not metres already.
    Point of(double x, double y) {
        if (equals(NONE)) return new Point(x, y);
        double up = down ? -y : y;
        return new Point(round(a * x - b * up + c), round(b * x + a * up + d));
    }

    private static double round(double metres) {
        return Math.rint(metres * 1000) / 1000 + 0.0;
    }
}
