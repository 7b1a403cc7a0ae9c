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

    /// Along a line without corners.
    record Ride(Instant start, List<Leg> legs, String mapId, Profile profile) implements Motion {
        @Override
        public Pose pose(Instant now) {
            double way = profile.way(seconds(start, now));
            for (int i = 0; ; i++) {
                var leg = legs.get(i);
                if (way <= leg.length() || i == legs.size() - 1) return leg.at(Math.min(leg.length(), way), mapId);
                way -= leg.length();
            }
        }

        @Override
        public double speed(Instant now) {
            return profile.speed(seconds(start, now));
        }

        @Override
        public double omega(Instant now) {
            double way = profile.way(seconds(start, now));
            for (var leg : legs) {
                if (way <= leg.length()) return leg.length() == 0 ? 0 : speed(now) * leg.bend() / leg.length();
                way -= leg.length();
            }
            return 0;
        }

        @Override
        public double way(Instant now) {
            return profile.way(seconds(start, now));
        }
    }

    /// A part of a ride, from a point on: a straight line, or a chord of a curve that is too short to tell from it.
    ///
    /// @param heading that it leads in
    /// @param look where the vehicle looks at its start
    /// @param bend how far it has turned at its end, radians
    record Leg(double x, double y, double heading, double length, double look, double bend) {
        Leg(double x, double y, double heading, double length) {
            this(x, y, heading, length, heading, 0);
        }

        static Leg between(double x, double y, double toX, double toY, double otherwise) {
            double length = Math.hypot(toX - x, toY - y);
            double heading = length < SAME_PLACE ? otherwise : Math.atan2(toY - y, toX - x);
            return new Leg(x, y, heading, length);
        }

        /// Where the vehicle is `on` metres from the start.
        Pose at(double on, String mapId) {
            double theta = bend == 0 ? look : Pose.wrap(look + (length == 0 ? bend : bend * on / length));
            return new Pose(x + on * Math.cos(heading), y + on * Math.sin(heading), theta, mapId);
        }

        double endX() {
            return x + length * Math.cos(heading);
        }

        double endY() {
            return y + length * Math.sin(heading);
        }

        /// Where it is at the end.
        Pose end(String mapId) {
            return at(length, mapId);
        }

        /// What is left behind `on` metres.
        Leg from(double on) {
            double part = length == 0 ? 0 : on / length;
            return new Leg(
                    x + on * Math.cos(heading),
                    y + on * Math.sin(heading),
                    heading,
                    length - on,
                    look + bend * part,
                    bend * (1 - part));
        }

        /// How far from the start it is nearest to a point.
        double nearest(double toX, double toY) {
            double on = (toX - x) * Math.cos(heading) + (toY - y) * Math.sin(heading);
            return Math.clamp(on, 0, length);
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
