package org.diwan.robots.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.diwan.robots.roads.RoadTraffic;

/// Vertices that nobody may be sent to, and why: one may be closed for several reasons, and opens with the
/// last.
final class Closures {
    private final RoadTraffic traffic;
    private final Map<String, Set<Integer>> byReason = new HashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();

    Closures(RoadTraffic traffic) {
        this.traffic = traffic;
    }

    /// For this reason exactly these are closed from now on; none: it is over.
    void set(String reason, Collection<Integer> vertices) {
        var before = byReason.getOrDefault(reason, Set.of());
        var after = Set.copyOf(vertices);
        if (before.equals(after)) return;
        for (int vertex : new HashSet<>(after))
            if (!before.contains(vertex) && counts.merge(vertex, 1, Integer::sum) == 1) traffic.close(vertex, true);
        for (int vertex : before)
            if (!after.contains(vertex) && counts.merge(vertex, -1, Integer::sum) == 0) {
                counts.remove(vertex);
                traffic.close(vertex, false);
            }
        if (after.isEmpty()) byReason.remove(reason);
        else byReason.put(reason, after);
    }
}
