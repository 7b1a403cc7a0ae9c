package org.diwan.robots.twin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way of a given length, gone in the least time: ramps of constant acceleration, speeds within limits, standing
/// at the end. Metres and seconds, or radians and seconds.
///
/// A backward pass over the stretches finds how fast each may be entered so that all that follows can be kept, a
/// forward pass how fast that can be; within a stretch it is the usual trapezoid.
final class Profile {
    /// A part of the way and the speed that is allowed on it.
    record Stretch(double length, double limit) {}

    private record Ramp(double time, double way, double speed, double acceleration, double duration) {
        double wayAt(double since) {
            return way + (speed + acceleration / 2 * since) * since;
        }
    }

    private final List<Ramp> ramps = new ArrayList<>();
    private double length;
    private double duration;

    private Profile() {}

    /// Along `stretches`, from the speed `first` to a stand.
    static Profile along(double first, List<Stretch> stretches, double acceleration, double deceleration) {
        int n = stretches.size();
        double[] top = new double[n + 1];
        for (int i = n - 1; i > 0; i--) {
            double before = stretches.get(i - 1).limit();
            double braked = Math.sqrt(top[i + 1] * top[i + 1]
                    + 2 * deceleration * stretches.get(i).length());
            top[i] = Math.min(Math.min(before, stretches.get(i).limit()), braked);
        }
        var profile = new Profile();
        double speed = first;
        for (int i = 0; i < n; i++) {
            double way = stretches.get(i).length();
            double slowest = Math.sqrt(Math.max(0, speed * speed - 2 * deceleration * way));
            double fastest = Math.sqrt(speed * speed + 2 * acceleration * way);
            double last = Math.max(slowest, Math.min(fastest, top[i + 1]));
            profile.trapezoid(speed, last, way, stretches.get(i).limit(), acceleration, deceleration);
            speed = last;
        }
        return profile;
    }

    /// To a stand as soon as can be.
    static Profile braking(double first, double deceleration) {
        var profile = new Profile();
        if (first > 0) profile.ramp(first, -deceleration, first / deceleration);
        return profile;
    }

    private void trapezoid(double first, double last, double way, double limit, double up, double down) {
        double peak = Math.sqrt((2 * way * up * down + down * first * first + up * last * last) / (up + down));
        double cruise = Math.min(peak, limit);
        double rise = cruise >= first ? up : -down;
        double riseTime = (cruise - first) / rise;
        double riseWay = (first + cruise) / 2 * riseTime;
        double fallTime = Math.max(0, (cruise - last) / down);
        double fallWay = (cruise + last) / 2 * fallTime;
        double rest = way - riseWay - fallWay;
        ramp(first, rise, riseTime);
        if (rest > 0 && cruise > 0) ramp(cruise, 0, rest / cruise);
        ramp(cruise, -down, fallTime);
    }

    private void ramp(double speed, double acceleration, double time) {
        if (!(time > 0)) return;
        ramps.add(new Ramp(/* time= */ duration, length, speed, acceleration, /* duration= */ time));
        duration += time;
        length += (speed + acceleration / 2 * time) * time;
    }

    /// The whole way.
    double length() {
        return length;
    }

    /// The whole time.
    double duration() {
        return duration;
    }

    /// How far after `time`.
    double way(double time) {
        if (time >= duration) return length;
        var ramp = at(time);
        return ramp == null ? 0 : ramp.wayAt(Math.max(0, time - ramp.time()));
    }

    /// How fast after `time`; 0 at the end.
    double speed(double time) {
        if (time >= duration) return 0;
        var ramp = at(time);
        return ramp == null ? 0 : Math.max(0, ramp.speed() + ramp.acceleration() * Math.max(0, time - ramp.time()));
    }

    private @Nullable Ramp at(double time) {
        Ramp found = null;
        for (var ramp : ramps) {
            if (found != null && ramp.time() > time) break;
            found = ramp;
        }
        return found;
    }

    /// When `way` is gone; the whole time if that is beyond the end.
    double time(double way) {
        if (way >= length) return duration;
        Ramp ramp = null;
        for (var next : ramps) {
            if (ramp != null && next.way() > way) break;
            ramp = next;
        }
        if (ramp == null) return 0;
        double rest = Math.max(0, way - ramp.way());
        double root = Math.sqrt(Math.max(0, ramp.speed() * ramp.speed() + 2 * ramp.acceleration() * rest));
        double since = rest == 0 ? 0 : 2 * rest / (ramp.speed() + root);
        return ramp.time() + Math.min(since, ramp.duration());
    }
}
