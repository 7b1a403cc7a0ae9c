package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.twin.Motion.Ride;
import org.diwan.robots.twin.Motion.Still;
import org.diwan.robots.twin.Motion.Turn;
import org.diwan.robots.twin.Profile.Stretch;
import org.diwan.robots.twin.Route.Mark;

/// Wheels, motors and brakes: carries out one movement after the other, and says when marks on the way are reached.
final class Drive {
    /// Metres that are nothing.
    static final double NEAR = 1e-6;

    /// What watches.
    interface Listener {
        /// A mark is reached; at the end of a movement it stands already.
        void passed(Mark mark);

        /// All marks of this instant are passed, or a movement is over.
        void moved();
    }

    private final Timeline timeline;
    private final VehicleType type;
    private final Listener listener;
    private final List<Mark> ahead = new ArrayList<>();
    private Motion motion;
    private double odometer;
    private boolean braking;
    private boolean hard;
    private Timeline.Scheduled coming = () -> {};

    Drive(Timeline timeline, VehicleType type, Pose pose, Listener listener) {
        this.timeline = timeline;
        this.type = type;
        this.listener = listener;
        motion = new Still(pose);
    }

    Pose pose() {
        return motion.pose(timeline.instant());
    }

    double speed() {
        return motion.speed(timeline.instant());
    }

    double omega() {
        return motion.omega(timeline.instant());
    }

    double odometer() {
        return odometer + motion.way(timeline.instant());
    }

    /// Metres to a stand from full braking now.
    double brakingWay() {
        double speed = speed();
        return speed * speed / (2 * type.deceleration());
    }

    boolean isStill() {
        return motion instanceof Still;
    }

    boolean isRiding() {
        return motion instanceof Ride;
    }

    /// Since [#brake], with all that it has if that is asked for.
    boolean isBraking(boolean hardest) {
        return braking && (hard || !hardest);
    }

    /// Marks still to be reached.
    List<Mark> ahead() {
        return ahead;
    }

    /// Metres still to ride.
    double rest() {
        return motion instanceof Ride ride ? ride.profile().length() - ride.way(timeline.instant()) : 0;
    }

    /// It stands there.
    void place(Pose pose) {
        coming.cancel();
        odometer = odometer();
        motion = new Still(pose);
        ahead.clear();
        braking = false;
    }

    /// Rides along `route` from the speed that it has.
    void ride(Route route) {
        double speed = speed();
        String map = pose().mapId();
        odometer = odometer();
        var profile = Profile.along(speed, route.stretches(), type.acceleration(), type.deceleration());
        motion = new Ride(timeline.instant(), route.legs(), map, profile);
        ahead.clear();
        ahead.addAll(route.marks());
        braking = false;
        next();
    }

    /// Turns on the spot, from a stand.
    void turn(double by) {
        double power = type.turningAcceleration();
        var profile = Profile.along(0, List.of(new Stretch(Math.abs(by), type.turning())), power, power);
        motion = new Turn(timeline.instant(), pose(), Math.signum(by), profile);
        ahead.clear();
        braking = false;
        next();
    }

    /// Comes to a stand as soon as it can; `hardest`, with all that it has.
    void brake(boolean hardest) {
        var now = timeline.instant();
        braking = true;
        hard = hardest;
        switch (motion) {
            case Still _ -> {
                return;
            }
            case Turn turn ->
                motion = new Turn(
                        now,
                        turn.pose(now),
                        turn.sign(),
                        Profile.braking(Math.abs(turn.omega(now)), type.turningAcceleration()));
            case Ride ride -> {
                double gone = ride.way(now);
                odometer += gone;
                var profile = Profile.braking(ride.speed(now), hardest ? type.stopping() : type.deceleration());
                motion = new Ride(now, Route.rest(ride.legs(), gone), ride.mapId(), profile);
                ahead.replaceAll(mark -> mark.after(gone));
            }
        }
        next();
    }

    /// Nothing more comes of it.
    void stop() {
        coming.cancel();
    }

    /// Waits for the next mark, or the end of the movement.
    private void next() {
        coming.cancel();
        var now = timeline.instant();
        var due = Motion.duration(until()).minus(Duration.between(start(now), now));
        coming = timeline.after(due.isNegative() ? Duration.ZERO : due, this::reached);
    }

    private double until() {
        return switch (motion) {
            case Still _ -> 0;
            case Turn turn -> turn.profile().duration();
            case Ride ride -> {
                var profile = ride.profile();
                boolean on = !ahead.isEmpty() && ahead.getFirst().way() < profile.length() - NEAR;
                yield on ? profile.time(ahead.getFirst().way()) : profile.duration();
            }
        };
    }

    private Instant start(Instant otherwise) {
        return switch (motion) {
            case Still _ -> otherwise;
            case Turn turn -> turn.start();
            case Ride ride -> ride.start();
        };
    }

    /// To the nanosecond: events come no more exactly.
    private boolean isOver(Instant now) {
        return switch (motion) {
            case Still _ -> true;
            case Turn turn ->
                Motion.seconds(turn.start(), now) >= turn.profile().duration() - 1e-9;
            case Ride ride ->
                Motion.seconds(ride.start(), now) >= ride.profile().duration() - 1e-9;
        };
    }

    private void reached() {
        var now = timeline.instant();
        double way = motion.way(now);
        boolean over = isOver(now);
        if (over) {
            odometer += way;
            motion = new Still(motion.pose(now));
            braking = false;
        }
        while (!ahead.isEmpty() && ahead.getFirst().way() <= way + NEAR) listener.passed(ahead.removeFirst());
        if (over) ahead.clear();
        else next();
        listener.moved();
    }
}
