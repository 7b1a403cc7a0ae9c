package org.diwan.robots.building;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.BuildingCheck.Fault;
import org.diwan.robots.building.RoadMap.Arc;

/// Which places can be reached from, and left for, the rest of the building: its largest part in which every place
/// can be reached from every other.
final class Reach {
    private Reach() {}

    /// Places outside that part that the building does not name as cut off, or the other way round.
    static List<Fault> faults(Building building) {
        var map = new RoadMap(building);
        var faults = new ArrayList<Fault>();
        if (map.size() == 0) return faults;
        int heart = heart(map);
        var reached = walk(map, heart, map::out, Arc::to);
        var leaving = walk(map, heart, map::in, Arc::from);
        for (int v = 0; v < map.size(); v++) {
            var place = map.place(v);
            boolean named = building.cutOff().contains(place.id());
            boolean cut = !reached.get(v) || !leaving.get(v);
            if (cut == named && !(named && BuildingCheck.isPlaceToCharge(place))) continue;
            faults.add(new Fault("place " + place.id(), fault(place, named, cut, reached.get(v), map.place(heart))));
        }
        return faults;
    }

    private static String fault(Place place, boolean named, boolean cut, boolean reached, Place heart) {
        if (named && !cut) return "is named in cut-off, but it can be reached and left; take it out there";
        if (BuildingCheck.isPlaceToCharge(place))
            return "is a charger " + (reached ? "that cannot be left" : "without a way to it") + " from " + heart.id();
        return (reached ? "cannot be left for " : "cannot be reached from ") + heart.id()
                + "; join it by a lane, or name it in cut-off";
    }

    private static BitSet walk(RoadMap map, int start, IntFunction<List<Arc>> arcs, ToIntFunction<Arc> next) {
        var seen = new BitSet(map.size());
        var open = new ArrayDeque<Integer>();
        seen.set(start);
        open.add(start);
        while (!open.isEmpty())
            for (var arc : arcs.apply(open.remove())) {
                int to = next.applyAsInt(arc);
                if (seen.get(to)) continue;
                seen.set(to);
                open.add(to);
            }
        return seen;
    }

    /// A vertex of the largest strongly connected component; the first of equal ones. As in S. R. Kosaraju's
    /// algorithm: what the reverse graph reaches, in the order in which a depth-first walk left the vertices.
    private static int heart(RoadMap map) {
        int[] order = leavingOrder(map);
        var taken = new BitSet(map.size());
        int most = 0;
        int heart = 0;
        var open = new ArrayDeque<Integer>();
        for (int i = order.length - 1; i >= 0; i--) {
            int root = order[i];
            if (taken.get(root)) continue;
            int size = 0;
            int least = root;
            taken.set(root);
            open.add(root);
            while (!open.isEmpty()) {
                int v = open.remove();
                size++;
                least = Math.min(least, v);
                for (var arc : map.in(v))
                    if (!taken.get(arc.from())) {
                        taken.set(arc.from());
                        open.add(arc.from());
                    }
            }
            if (size > most || (size == most && least < heart)) {
                most = size;
                heart = least;
            }
        }
        return heart;
    }

    private static int[] leavingOrder(RoadMap map) {
        int[] order = new int[map.size()];
        int[] arc = new int[map.size()];
        int left = 0;
        var entered = new BitSet(map.size());
        var path = new ArrayDeque<Integer>();
        for (int root = 0; root < map.size(); root++) {
            if (entered.get(root)) continue;
            entered.set(root);
            path.push(root);
            while (!path.isEmpty()) {
                int v = path.element();
                if (arc[v] < map.out(v).size()) {
                    int to = map.out(v).get(arc[v]++).to();
                    if (entered.get(to)) continue;
                    entered.set(to);
                    path.push(to);
                } else {
                    order[left++] = path.pop();
                }
            }
        }
        assert left == order.length : Arrays.toString(order);
        return order;
    }
}
