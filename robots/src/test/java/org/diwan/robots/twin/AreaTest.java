package org.diwan.robots.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.robots.twin.Area.Interval;
import org.diwan.robots.twin.Motion.Leg;
import org.diwan.robots.vda5050.ZoneSet.Vertex;
import org.junit.jupiter.api.Test;

/// Intervals along a line against the question at each of many points, and the square that can be worked out by hand.
class AreaTest {
    private static final Area SQUARE =
            new Area(List.of(new Vertex(2, -1), new Vertex(4, -1), new Vertex(4, 1), new Vertex(2, 1)));

    @Test
    void squareIsMetWhereOneSeesIt() {
        var across = new Leg(0, 0, 0, 10);
        assertEquals(List.of(new Interval(2, 4)), SQUARE.along(across, 0));
        assertEquals(List.of(new Interval(1.5, 4.5)), SQUARE.along(across, 0.5));
        var corners = SQUARE.along(new Leg(0, 1.4, 0, 10), 0.5).getFirst();
        assertEquals(1.7, corners.from(), 1e-12, "0.4 beside it: 0.3 before");
        assertEquals(4.3, corners.to(), 1e-12);
        assertEquals(List.of(), SQUARE.along(new Leg(0, 1.6, 0, 10), 0.5));
        assertEquals(List.of(new Interval(0, 1)), SQUARE.along(new Leg(3, 0, 0, 10), 0), "from within");
        assertTrue(SQUARE.touches(3, 0, 0));
        assertTrue(SQUARE.touches(1.5, 0, 0.5));
    }

    @Test
    void intervalsAreWherePointsSaySo() {
        Seeded.forAll(400, random -> {
            var area = new Area(polygon(random));
            double radius = random.nextBoolean() ? 0 : random.nextDouble(0, 1);
            var leg = new Leg(
                    random.nextDouble(-6, 6),
                    random.nextDouble(-6, 6),
                    random.nextDouble(-3, 3),
                    random.nextDouble(0, 9));
            var intervals = area.along(leg, radius);
            for (int i = 1; i < intervals.size(); i++)
                assertTrue(intervals.get(i - 1).to() < intervals.get(i).from(), "in order and disjoint");
            for (int i = 0; i <= 500; i++) {
                double way = leg.length() * i / 500;
                var at = intervals.stream()
                        .filter(it -> it.from() - 1e-6 <= way && way <= it.to() + 1e-6)
                        .findFirst();
                boolean border = intervals.stream()
                        .anyMatch(it -> Math.abs(it.from() - way) < 1e-6 || Math.abs(it.to() - way) < 1e-6);
                boolean touches = area.touches(
                        leg.x() + way * Math.cos(leg.heading()), leg.y() + way * Math.sin(leg.heading()), radius);
                if (!border) assertEquals(touches, at.isPresent(), () -> intervals + " at " + way);
            }
        });
    }

    /// Any polygon, star-shaped or crossing itself.
    private static List<Vertex> polygon(SplittableRandom random) {
        var corners = new ArrayList<Vertex>();
        for (int i = random.nextInt(3, 8); i > 0; i--)
            corners.add(
                    random.nextInt(4) == 0
                            ? new Vertex(random.nextInt(-4, 5), random.nextInt(-4, 5))
                            : new Vertex(random.nextDouble(-4, 4), random.nextDouble(-4, 4)));
        return corners;
    }
}
