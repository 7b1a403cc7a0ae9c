package org.diwan.robots.twin;

/// Where a vehicle's centre is and which way it looks.
///
/// @param theta radians in [−π, π], counter-clockwise from x
public record Pose(double x, double y, double theta, String mapId) {
    /// Metres to a point of the same map.
    public double distance(double toX, double toY) {
        return Math.hypot(toX - x, toY - y);
    }

    Pose facing(double heading) {
        return new Pose(x, y, heading, mapId);
    }

    /// The same direction in [−π, π].
    static double wrap(double angle) {
        return Math.IEEEremainder(angle, 2 * Math.PI);
    }
}
