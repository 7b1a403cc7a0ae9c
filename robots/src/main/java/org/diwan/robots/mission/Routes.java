package org.diwan.robots.mission;

import java.util.Arrays;
import java.util.Optional;
import java.util.PriorityQueue;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;

/// Ways through the building for one who has certain permissions.
final class Routes {
    /// Metres per second where no lane says less.
    static final double SPEED = 1;

    private final RoadMap map;

    Routes(RoadMap map) {
        this.map = map;
    }

    /// Whether `place` lies in a restricted zone that `asker` has no permission for.
    boolean isForbidden(String place, Asker asker) {
        return isForbidden(map.vertex(place), asker);
    }

    private boolean isForbidden(int vertex, Asker asker) {
        return map.zones(vertex).stream()
                .anyMatch(zone -> zone.kind() == Zone.Kind.RESTRICTED
                        && !asker.permissions().contains(zone.id()));
    }

    /// Least seconds from one place to another at [#SPEED], with the doors on the way; empty if no permitted way leads
    /// there.
    Optional<Double> seconds(String from, String to, Asker asker) {
        int goal = map.vertex(to);
        var best = new double[map.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        var queue = new PriorityQueue<Reached>((a, b) -> Double.compare(a.seconds(), b.seconds()));
        best[map.vertex(from)] = 0;
        queue.add(new Reached(map.vertex(from), 0));
        while (!queue.isEmpty()) {
            var next = queue.remove();
            if (next.vertex() == goal) return Optional.of(next.seconds());
            if (next.seconds() > best[next.vertex()]) continue;
            for (var arc : map.out(next.vertex())) {
                if (isForbidden(arc.to(), asker)) continue;
                double seconds = next.seconds() + seconds(arc);
                if (seconds < best[arc.to()]) {
                    best[arc.to()] = seconds;
                    queue.add(new Reached(arc.to(), seconds));
                }
            }
        }
        return Optional.empty();
    }

    /// Of a lift the door alone: how far it travels is not known of one arc, so this is the least it takes.
    private double seconds(RoadMap.Arc arc) {
        double door = arc.door().map(Door::openTime).orElse(0.0);
        double lift = arc.lift().map(Lift::doorTime).orElse(0.0);
        return arc.length() / Math.min(SPEED, arc.speed()) + door + lift;
    }

    private record Reached(int vertex, double seconds) {}
}
