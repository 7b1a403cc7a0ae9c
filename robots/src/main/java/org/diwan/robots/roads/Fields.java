package org.diwan.robots.roads;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many milliseconds a lone vehicle needs from any vertex to a goal, by Dijkstra backwards from the goal. Fields
/// are made when first asked for, and the one not asked for longest is dropped when there are too many. Turns cost
/// nothing here: a field over (vertex, heading) would be four times as large, and in buildings corridors leave little
/// choice; [Step] goes straight on among ways of one cost. Owned by one thread.
final class Fields {
    /// Where no way leads to the goal.
    static final int UNREACHABLE = Integer.MAX_VALUE;

    /// All fields together hold at most so many numbers (64 MiB), but always one field.
    private static final int MAX_NUMBERS = 1 << 24;

    private record Key(int goal, Permit permit) {}

    private final Roads roads;
    private final int mostFields;
    private final Map<Key, int[]> fields = new LinkedHashMap<>(16, 0.75f, true);
    private final Heap heap = new Heap();

    Fields(Roads roads) {
        this.roads = roads;
        mostFields = Math.max(1, MAX_NUMBERS / Math.max(1, roads.size));
    }

    /// The field of `goal` for whoever has `permit`, `[vertex]`; a view, not changed any more.
    int[] to(int goal, Permit permit, boolean[] closed) {
        var key = new Key(goal, permit);
        int[] field = fields.get(key);
        if (field != null) return field;
        if (fields.size() >= mostFields)
            fields.remove(fields.keySet().iterator().next());
        field = search(goal, permit, closed);
        fields.put(key, field);
        return field;
    }

    /// Drops all: something was closed or opened.
    void clear() {
        fields.clear();
    }

    /// The costs, where nobody can enter a vertex that is `closed`.
    int[] search(int goal, Permit permit, boolean[] closed) {
        var left = new int[roads.size];
        Arrays.fill(left, UNREACHABLE);
        if (closed[goal]) {
            left[goal] = 0;
            return left;
        }
        heap.clear();
        offer(left, goal, 0);
        while (!heap.isEmpty()) {
            long entry = heap.remove();
            int vertex = (int) entry;
            int cost = (int) (entry >>> 32);
            if (cost > left[vertex] || (closed[vertex] && vertex != goal)) continue;
            for (int i = 0; i < roads.previous[vertex].length; i++) {
                int before = roads.previous[vertex][i];
                int way = roads.previousWay[vertex][i];
                if (!roads.open(before, way, permit)) continue;
                if (!roads.cabin[vertex] || vertex == goal) offer(left, before, cost + roads.cost[before][way]);
                if (roads.cabin[before] && !closed[before])
                    enter(left, before, vertex, cost + roads.cost[before][way], permit);
            }
        }
        return left;
    }

    /// Whoever is at another landing may ride to this one, from where `cost` is left when it is still in the cabin.
    private void enter(int[] left, int cabin, int landing, int cost, Permit permit) {
        for (int i = 0; i < roads.previous[cabin].length; i++) {
            int from = roads.previous[cabin][i];
            int way = roads.previousWay[cabin][i];
            if (from != landing && roads.open(from, way, permit))
                offer(left, from, cost + roads.ride(cabin, from, landing) + roads.cost[from][way]);
        }
    }

    private void offer(int[] left, int vertex, int cost) {
        if (cost >= left[vertex]) return;
        left[vertex] = cost;
        heap.add((long) cost << 32 | vertex);
    }

    /// What is left to go from `vertex` if the first move is `way`; [#UNREACHABLE] if that leads nowhere.
    /// Into a lift, it is the ride to the best landing.
    static int through(Roads roads, int[] left, int vertex, int way, Permit permit, boolean[] closed) {
        int to = roads.next[vertex][way];
        int cost = roads.cost[vertex][way];
        if (!roads.cabin[to] || left[to] == 0) return left[to] == UNREACHABLE ? UNREACHABLE : cost + left[to];
        int least = UNREACHABLE;
        int[] landings = roads.next[to];
        for (int exit = 0; exit < landings.length; exit++) {
            int landing = landings[exit];
            if (landing == vertex || left[landing] == UNREACHABLE || closed[landing]) continue;
            if (!roads.open(to, exit, permit)) continue;
            least = Math.min(least, cost + roads.ride(to, vertex, landing) + roads.cost[to][exit] + left[landing]);
        }
        return least;
    }

    /// Which restricted zones are open to a vehicle; there is one object for the same permissions, and identity
    /// counts.
    static final class Permit {
        private final boolean[] zones;

        Permit(boolean[] zones) {
            this.zones = zones;
        }

        /// Whether the zone, in the order of [Roads#permitted], may be entered.
        boolean allows(int zone) {
            return zones[zone];
        }
    }

    /// The least of many numbers first.
    private static final class Heap {
        private long[] entries = new long[64];
        private int size;

        void clear() {
            size = 0;
        }

        boolean isEmpty() {
            return size == 0;
        }

        void add(long entry) {
            if (size == entries.length) entries = Arrays.copyOf(entries, 2 * size);
            int at = size;
            size++;
            while (at > 0 && entries[(at - 1) / 2] > entry) {
                entries[at] = entries[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            entries[at] = entry;
        }

        long remove() {
            long least = entries[0];
            size--;
            long last = entries[size];
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && entries[child + 1] < entries[child]) child++;
                if (entries[child] >= last) break;
                entries[at] = entries[child];
                at = child;
            }
            entries[at] = last;
            return least;
        }
    }
}
