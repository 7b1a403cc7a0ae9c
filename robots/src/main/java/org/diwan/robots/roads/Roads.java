package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.roads.Fields.Permit;

/// A [RoadMap] in arrays, with what each move costs, what it needs and what a vehicle holds where it stands.
///
/// A vehicle holds the *room* of its vertex: the vertex itself, or all vertices of a [Zone.Kind#RELEASE] zone, which
/// let one vehicle in at a time; zones that share a vertex are one room. A move into a RESTRICTED zone needs the
/// zone's permission, also if the lane only crosses it; a way out needs none.
final class Roads {
    /// Costs of 100 s at most for each of them add up to no more than an int.
    static final int MAX_VERTICES = 20_000;

    /// What no arc costs more than.
    static final int MAX_COST = 100_000;

    /// Of a vehicle where no limit says less, metres per second.
    private static final double PACE = 1;

    final int size;
    /// `[vertex, way]`: where one may go from there, and what it costs; into and out of a lift without the ride.
    final int[][] next;

    final int[][] cost;
    /// `[vertex, way]`: the vertices that lead there.
    final int[][] previous;

    /// Which way from there it is.
    final int[][] previousWay;
    /// `[vertex]`: the number of what is held there, the least of its vertices.
    final int[] room;
    /// `[vertex]`: whether it is the cabin of a lift.
    final boolean[] cabin;

    final double[] x;
    final double[] y;
    /// `[vertex, way]`: the restricted zones that the move enters.
    private final int[][][] enters;

    private final String[] restricted;
    /// Of landings, metres, for rides; and of the lifts, seconds a metre.
    private final double[] elevation;

    private final double[] slowness;

    Roads(RoadMap map) {
        size = map.size();
        if (size > MAX_VERTICES)
            throw new IllegalArgumentException(
                    size + " places in " + map.building().name() + ", the limit is " + MAX_VERTICES);
        next = new int[size][];
        cost = new int[size][];
        enters = new int[size][][];
        previous = new int[size][];
        previousWay = new int[size][];
        room = new int[size];
        cabin = new boolean[size];
        x = new double[size];
        y = new double[size];
        elevation = new double[size];
        slowness = new double[size];
        var floors = new HashMap<String, Double>();
        for (var floor : map.building().floors()) floors.put(floor.id(), floor.elevation());
        for (int v = 0; v < size; v++) {
            room[v] = v;
            x[v] = map.place(v).x();
            y[v] = map.place(v).y();
            elevation[v] = floors.getOrDefault(map.place(v).floor(), 0.0);
        }
        for (var lift : map.building().lifts()) {
            int at = map.vertex(lift.cabin());
            cabin[at] = true;
            slowness[at] = 1 / lift.speed();
            lift.landings()
                    .forEach((floor, landing) -> elevation[map.vertex(landing)] = floors.getOrDefault(floor, 0.0));
        }
        var outlines = new LinkedHashMap<Zone, Outline>();
        for (var zone : map.building().zones()) outlines.put(zone, new Outline(zone));
        outlines.forEach((zone, outline) -> {
            if (zone.kind() == Zone.Kind.RELEASE) join(map, outline);
        });
        var closed = outlines.keySet().stream()
                .filter(zone -> zone.kind() == Zone.Kind.RESTRICTED)
                .toList();
        restricted = closed.stream().map(Zone::id).toArray(String[]::new);
        var restrictedOutlines = closed.stream().map(outlines::get).toList();
        var back = new ArrayList<List<Integer>>();
        for (int v = 0; v < size; v++) back.add(new ArrayList<>());
        for (int v = 0; v < size; v++) {
            var ways = new LinkedHashMap<Integer, RoadMap.Arc>();
            for (var arc : map.out(v))
                if (arc.to() != v)
                    ways.merge(arc.to(), arc, (a, b) -> cost(map, a, outlines) <= cost(map, b, outlines) ? a : b);
            next[v] = new int[ways.size()];
            cost[v] = new int[ways.size()];
            enters[v] = new int[ways.size()][];
            int way = 0;
            for (var arc : ways.values()) {
                next[v][way] = arc.to();
                cost[v][way] = cost(map, arc, outlines);
                enters[v][way] = entered(map, arc, restrictedOutlines);
                back.get(arc.to()).add(v);
                way++;
            }
        }
        for (int v = 0; v < size; v++) {
            int to = v;
            previous[v] = back.get(v).stream().mapToInt(Integer::intValue).toArray();
            previousWay[v] =
                    IntStream.of(previous[v]).map(from -> way(from, to)).toArray();
        }
    }

    /// Whether `way` of `vertex` needs no permission but these.
    boolean open(int vertex, int way, Permit permit) {
        for (int zone : enters[vertex][way]) if (!permit.allows(zone)) return false;
        return true;
    }

    /// For each restricted zone of the building whether its id is among `permissions`.
    boolean[] permitted(Set<String> permissions) {
        var permitted = new boolean[restricted.length];
        for (int zone = 0; zone < permitted.length; zone++) permitted[zone] = permissions.contains(restricted[zone]);
        return permitted;
    }

    /// The way that leads from one vertex to the other.
    private int way(int from, int to) {
        int[] ways = next[from];
        for (int way = 0; way < ways.length; way++) if (ways[way] == to) return way;
        throw new IllegalArgumentException("no lane leads from vertex " + from + " to " + to);
    }

    /// Milliseconds that the lift of `lift` takes between two of its landings, without getting in and out.
    int ride(int lift, int from, int to) {
        return (int) Math.min(MAX_COST, Math.ceil(1000 * slowness[lift] * Math.abs(elevation[from] - elevation[to])));
    }

    /// Milliseconds, with the limits of the zones that the lane meets.
    private static int cost(RoadMap map, RoadMap.Arc arc, Map<Zone, Outline> outlines) {
        double speed = Math.min(PACE, arc.speed());
        for (var zone : outlines.entrySet())
            if (zone.getKey().speed().isPresent() && meets(map, arc, zone.getValue()))
                speed = Math.min(speed, zone.getKey().speed().get());
        double seconds = arc.length() / speed;
        if (arc.door().isPresent()) seconds += arc.door().get().openTime();
        if (arc.lift().isPresent()) seconds += 1.5 * arc.lift().get().doorTime();
        return (int) Math.clamp(Math.ceil(1000 * seconds), 1, MAX_COST / 2);
    }

    /// The restricted zones that an arc enters.
    private static int[] entered(RoadMap map, RoadMap.Arc arc, List<Outline> restricted) {
        var from = map.place(arc.from());
        return IntStream.range(0, restricted.size())
                .filter(zone -> !restricted.get(zone).holds(from.floor(), from.x(), from.y())
                        && meets(map, arc, restricted.get(zone)))
                .toArray();
    }

    private static boolean meets(RoadMap map, RoadMap.Arc arc, Outline outline) {
        var from = map.place(arc.from());
        var to = map.place(arc.to());
        if (arc.lift().isEmpty() && from.floor().equals(to.floor()))
            return outline.meets(to.floor(), from.x(), from.y(), to.x(), to.y());
        return outline.holds(to.floor(), to.x(), to.y());
    }

    /// All vertices within the outline have the same room, and so have those that shared one with any of them.
    private void join(RoadMap map, Outline outline) {
        int[] inside = IntStream.range(0, size)
                .filter(v -> outline.holds(map.place(v).floor(), x[v], y[v]))
                .map(v -> room[v])
                .distinct()
                .toArray();
        for (int v = 0; v < size; v++) for (int old : inside) if (room[v] == old) room[v] = inside[0];
    }
}
