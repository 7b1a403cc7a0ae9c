package org.diwan.robots.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.diwan.base.Seeded;
import org.diwan.robots.twin.Profile.Stretch;
import org.junit.jupiter.api.Test;

/// Worked examples, and random ways against a slow twin that finds the fastest speed at each millimetre.
class ProfileTest {
    @Test
    void trapezoidAndTriangleTakeTheTimeOfTheTextbook() {
        var far = Profile.along(0, List.of(new Stretch(10, 1)), 0.5, 0.5);
        assertEquals(12, far.duration(), 1e-12, "2 s up, 8 s at 1 m/s, 2 s down");
        assertEquals(10, far.length(), 1e-12);
        assertEquals(1, far.way(2), 1e-12);
        assertEquals(1, far.speed(6), 1e-12);
        assertEquals(9.75, far.way(11), 1e-12);
        var near = Profile.along(0, List.of(new Stretch(0.5, 1)), 0.5, 0.5);
        assertEquals(2, near.duration(), 1e-12, "never at full speed");
        assertEquals(0.5, near.speed(1), 1e-12);
        var brake = Profile.braking(1, 0.5);
        assertEquals(1, brake.length(), 1e-12);
        assertEquals(2, brake.duration(), 1e-12);
    }

    @Test
    void slowerStretchIsEnteredSlowlyEnough() {
        var profile = Profile.along(0, List.of(new Stretch(4, 2), new Stretch(1, 0.5), new Stretch(4, 2)), 1, 1);
        assertEquals(0.5, profile.speed(profile.time(4)), 1e-9);
        assertEquals(0.5, profile.speed(profile.time(4.5)), 1e-9);
        assertTrue(profile.speed(profile.time(7)) > 1);
    }

    /// Speed over way, worked out in steps of a 2,000th by its bounds from both ends.
    @Test
    void noFasterWayKeepsTheLimits() {
        Seeded.forAll(300, random -> {
            double up = random.nextDouble(0.2, 2);
            double down = random.nextDouble(0.2, 2);
            var stretches = new ArrayList<Stretch>();
            double length = 0;
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                stretches.add(new Stretch(random.nextDouble(0, 3), random.nextDouble(0.1, 2)));
                length += stretches.getLast().length();
            }
            double possible = Math.min(stretches.getFirst().limit(), Math.sqrt(2 * down * length));
            double before = 0;
            for (var stretch : stretches) {
                possible = Math.min(possible, Math.sqrt(stretch.limit() * stretch.limit() + 2 * down * before));
                before += stretch.length();
            }
            double first = random.nextBoolean() ? 0 : random.nextDouble(0, 1) * possible;
            var profile = Profile.along(first, stretches, up, down);
            assertEquals(length, profile.length(), 1e-6);
            assertEquals(
                    slowest(first, stretches, length, up, down), profile.duration(), 0.02 * profile.duration() + 0.05);
            double last = first;
            for (int i = 1; i <= 1000; i++) {
                double time = profile.duration() * i / 1000;
                double way = profile.way(time);
                double speed = profile.speed(time);
                assertTrue(speed <= limit(stretches, way) + 1e-6, "within the limit");
                double step = profile.duration() / 1000;
                assertTrue(speed - last <= up * step + 1e-6 && last - speed <= down * step + 1e-6, "within its power");
                assertEquals(time, profile.time(way), speed > 1e-3 ? 1e-6 : 0.01, "time is the inverse of way");
                last = speed;
            }
            assertEquals(0, last, 1e-6);
        });
    }

    private static double limit(List<Stretch> stretches, double way) {
        double before = 0;
        double limit = 0;
        for (var stretch : stretches) {
            if (way >= before - 1e-6) limit = way <= before + 1e-6 ? Math.max(limit, stretch.limit()) : stretch.limit();
            before += stretch.length();
        }
        return limit;
    }

    private static double slowest(double first, List<Stretch> stretches, double length, double up, double down) {
        int n = 2000;
        double step = length / n;
        double[] fast = new double[n + 1];
        for (int i = 0; i <= n; i++) fast[i] = limit(stretches, step * i);
        fast[0] = first;
        for (int i = 1; i <= n; i++) fast[i] = Math.min(fast[i], Math.sqrt(fast[i - 1] * fast[i - 1] + 2 * up * step));
        fast[n] = 0;
        for (int i = n - 1; i > 0; i--)
            fast[i] = Math.min(fast[i], Math.sqrt(fast[i + 1] * fast[i + 1] + 2 * down * step));
        double time = 0;
        for (int i = 0; i < n; i++) time += step == 0 ? 0 : 2 * step / Math.max(1e-9, fast[i] + fast[i + 1]);
        return time;
    }
}
