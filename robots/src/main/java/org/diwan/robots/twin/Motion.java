package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How a vehicle moves from one instant on.
sealed interface Motion {
    /// Where it is then.
    Pose pose(Instant now);

    /// Metres per second, ahead.
    default double speed(Instant now) {
        return 0;
    }

    /// Radians per second, counter-clockwise.
    default double omega(Instant now) {
        return 0;
    }

    /// Metres ridden since it began.
    default double way(Instant now) {
        return 0;
    }

    /// Not at all.
    record Still(Pose pose) implements Motion {
        @Override
        public Pose pose(Instant now) {
            return pose;
        }
    }

    /// On the spot.
    ///
    /// @param sign 1 counter-clockwise, −1 clockwise
    record Turn(Instant start, Pose from, double sign, Profile profile) implements Motion {
        @Override
        public Pose pose(Instant now) {
            return from.facing(Pose.wrap(from.theta() + sign * profile.way(seconds(start, now))));
        }

        @Override
        public double omega(Instant now) {
            return sign * profile.speed(seconds(start, now));
        }
    }

    /// Along a line whose legs hardly bend.
    record Ride(Instant start, List<Leg> legs, String mapId, Profile profile) implements Motion {
        @Override
        public Pose pose(Instant now) {
            return at(legs, profile.way(seconds(start, now)), mapId);
        }

        @Override
        public double speed(Instant now) {
            return profile.speed(seconds(start, now));
        }

        @Override
        public double way(Instant now) {
            return profile.way(seconds(start, now));
        }

        static Pose at(List<Leg> legs, double way, String mapId) {
            double before = 0;
            for (int i = 0; ; i++) {
                var leg = legs.get(i);
                if (way <= before + leg.length() || i == legs.size() - 1) {
                    double on = Math.min(leg.length(), way - before);
                    return new Pose(
                            leg.x() + on * Math.cos(leg.heading()),
                            leg.y() + on * Math.sin(leg.heading()),
                            leg.heading(),
                            mapId);
                }
                before += leg.length();
            }
        }
    }

    /// A straight part of a ride, from a point on.
    record Leg(double x, double y, double heading, double length) {
        static Leg between(double x, double y, double toX, double toY, double otherwise) {
            double length = Math.hypot(toX - x, toY - y);
            double heading = length < SAME_PLACE ? otherwise : Math.atan2(toY - y, toX - x);
            return new Leg(x, y, heading, length);
        }
    }

    /// Metres below which there is no direction from one point to another.
    double SAME_PLACE = 1e-3;

    /// Seconds between.
    static double seconds(Instant from, Instant to) {
        return (to.getEpochSecond() - from.getEpochSecond()) + (to.getNano() - from.getNano()) * 1e-9;
    }

    /// So long at least, to the next nanosecond.
    static Duration duration(double seconds) {
        return Duration.ofNanos((long) Math.ceil(seconds * 1e9));
    }
}
