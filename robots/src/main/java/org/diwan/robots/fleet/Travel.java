package org.diwan.robots.fleet;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;

/// Seconds between places on an empty road, at walking pace. A ride in a lift counts the doors at both ends and
/// the floors between, so the way through a cabin depends on where it is entered and left.
final class Travel {
    /// Metres per second, where a lane has no lower limit.
    static final double PACE = 1.0;

    /// Tables that are kept, of 8 bytes a vertex each; the one used longest ago makes room.
    static final int MAX_TABLES = 1024;

    private record Way(int to, float seconds) {}

    private record Key(int target, Set<String> permissions) {}

    private record Reached(int vertex, double seconds) {}

    private final RoadMap map;

    /// By vertex, the ways that end there.
    private final Way[][] ways;

    private final Map<Key, float[]> tables = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, float[]> eldest) {
            return size() > MAX_TABLES;
        }
    };

    Travel(RoadMap map) {
        this.map = map;
        ways = new Way[map.size()][];
        for (int v = 0; v < map.size(); v++)
            ways[v] = map.in(v).stream()
                    .map(arc -> new Way(arc.from(), (float) (arc.length() / Math.min(PACE, arc.speed())
                            + arc.door().map(door -> door.openTime()).orElse(0.0))))
                    .toArray(Way[]::new);
        for (var lift : map.building().lifts()) rides(lift);
    }

    /// In place of two arcs through the cabin, one from each landing to each other; out of the cabin as it is.
    private void rides(Lift lift) {
        int cabin = map.vertex(lift.cabin());
        var elevations = new LinkedHashMap<String, Double>();
        for (var floor : map.building().floors()) elevations.put(floor.id(), floor.elevation());
        for (var to : lift.landings().entrySet()) {
            int end = map.vertex(to.getValue());
            var there = Arrays.stream(ways[end]).filter(way -> way.to() != cabin);
            var rides = lift.landings().entrySet().stream()
                    .filter(from -> !from.getKey().equals(to.getKey()))
                    .map(from -> {
                        double height = Math.abs(elevations.getOrDefault(from.getKey(), 0.0)
                                - elevations.getOrDefault(to.getKey(), 0.0));
                        return new Way(
                                map.vertex(from.getValue()), (float) (4 * lift.doorTime() + height / lift.speed() + 4));
                    });
            var out = java.util.stream.Stream.of(new Way(cabin, (float) (2 * lift.doorTime() + 2)));
            ways[end] = java.util.stream.Stream.of(there, rides, out)
                    .flatMap(s -> s)
                    .toArray(Way[]::new);
        }
    }

    /// Seconds from one vertex to another; infinite if there is no way for somebody with these permissions.
    double seconds(int from, int to, Set<String> permissions) {
        return tables.computeIfAbsent(new Key(to, Set.copyOf(permissions)), this::table)[from];
    }

    /// Seconds along a way with stops.
    double seconds(int from, List<Integer> stops, Set<String> permissions) {
        double sum = 0;
        int at = from;
        for (int stop : stops) {
            sum += seconds(at, stop, permissions);
            at = stop;
        }
        return sum;
    }

    /// Dijkstra, backwards from the target.
    private float[] table(Key key) {
        var table = new float[map.size()];
        Arrays.fill(table, Float.POSITIVE_INFINITY);
        var open = new PriorityQueue<Reached>((a, b) -> Double.compare(a.seconds(), b.seconds()));
        table[key.target()] = 0;
        open.add(new Reached(key.target(), 0));
        for (var next = open.poll(); next != null; next = open.poll()) {
            if (next.seconds() > table[next.vertex()]) continue;
            for (var way : ways[next.vertex()]) {
                float seconds = (float) next.seconds() + way.seconds();
                if (seconds >= table[way.to()] || !isOpen(way.to(), next.vertex(), key.permissions())) continue;
                table[way.to()] = seconds;
                open.add(new Reached(way.to(), seconds));
            }
        }
        return table;
    }

    /// Whether one may go on from `from` to `to`: who is in a restricted zone may move within it and leave it, and only
    /// a permission lets in.
    private boolean isOpen(int from, int to, Set<String> permissions) {
        for (var zone : map.zones(to))
            if (zone.kind() == Zone.Kind.RESTRICTED
                    && !permissions.contains(zone.id())
                    && !map.zones(from).contains(zone)) return false;
        return true;
    }
}
