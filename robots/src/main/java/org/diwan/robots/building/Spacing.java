package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.BuildingCheck.Fault;

/// Whether robots on different places, or on lanes without a common end, keep clear of each other. Only then is
/// mutual exclusion on places enough.
final class Spacing {
    /// Between robots' centres, metres: their footprints are smaller.
    static final double LEAST = 0.8;

    /// Metres, of one lane.
    static final double MAX_LANE = 1000;

    /// Metres, of the squares by which things that are near are found.
    private static final double SQUARE = 4;

    private record Square(String floor, long x, long y) {}

    private final Building building;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<Square, List<Place>> near = new HashMap<>();

    Spacing(Building building) {
        this.building = building;
        for (var place : building.places()) places.put(place.id(), place);
    }

    /// A list of the caller's own; at most [BuildingCheck#MAX_FAULTS].
    List<Fault> faults() {
        var cabins = new HashMap<String, Set<String>>();
        for (var lift : building.lifts())
            cabins.put(lift.cabin(), lift.landings().keySet());
        for (var place : building.places()) {
            if (faults.size() >= BuildingCheck.MAX_FAULTS) return faults; // a heap would be held against itself
            for (String floor : cabins.getOrDefault(place.id(), Set.of(place.floor()))) place(place, floor);
        }
        lanes();
        return faults;
    }

    private void fault(String subject, String what) {
        if (faults.size() < BuildingCheck.MAX_FAULTS) faults.add(new Fault(subject, what));
    }

    private void place(Place place, String floor) {
        var at = point(place);
        around(floor, at, at, other -> {
            double metres = Math.hypot(place.x() - other.x(), place.y() - other.y());
            if (metres < LEAST)
                fault(
                        "place " + place.id(),
                        "is %.2f m from %s on floor %s; robots need %s m"
                                .formatted(metres, other.id(), floor, NumberText.of(LEAST)));
        });
        near.computeIfAbsent(square(floor, at.x(), at.y()), _ -> new ArrayList<>())
                .add(place);
    }

    private void lanes() {
        var lanesNear = new HashMap<Square, List<Lane>>();
        for (var lane : building.lanes()) {
            if (faults.size() >= BuildingCheck.MAX_FAULTS) return;
            var from = place(lane.from());
            var to = place(lane.to());
            var a = point(from);
            var b = point(to);
            double metres = Math.hypot(b.x() - a.x(), b.y() - a.y());
            if (metres > MAX_LANE) {
                fault(
                        BuildingCheck.subject(lane),
                        "is %.0f m long, the limit is %s; put places between"
                                .formatted(metres, NumberText.of(MAX_LANE)));
                continue;
            }
            around(from.floor(), a, b, place -> {
                if (place.id().equals(from.id()) || place.id().equals(to.id())) return;
                double gap = Outline.distance(point(place), a, b);
                if (gap < LEAST)
                    fault(
                            BuildingCheck.subject(lane),
                            "passes %.2f m from %s; robots need %s m, or the lane goes through it"
                                    .formatted(gap, place.id(), NumberText.of(LEAST)));
            });
            crossings(lane, a, b, lanesNear);
        }
    }

    private void crossings(Lane lane, Point a, Point b, Map<Square, List<Lane>> lanesNear) {
        String floor = place(lane.from()).floor();
        var seen = new HashSet<Lane>();
        for (var square : squares(floor, a, b)) {
            var here = lanesNear.computeIfAbsent(square, _ -> new ArrayList<>());
            for (var other : here) {
                if (joined(lane, other) || !seen.add(other)) continue;
                if (Outline.meet(a, b, point(place(other.from())), point(place(other.to()))))
                    fault(
                            BuildingCheck.subject(lane),
                            "crosses the " + BuildingCheck.subject(other) + "; let both go through a place there");
            }
            here.add(lane);
        }
    }

    private static boolean joined(Lane a, Lane b) {
        return a.from().equals(b.from()) || a.from().equals(b.to()) || a.to().equals(b.from()) || a.to().equals(b.to());
    }

    /// Shows each place in the squares of a–b and those beside them, once.
    private void around(String floor, Point a, Point b, Consumer<Place> see) {
        for (var square : squares(floor, a, b))
            near.getOrDefault(square, List.of()).forEach(see);
    }

    /// The squares within [#LEAST] of a–b, and some more.
    private static Set<Square> squares(String floor, Point a, Point b) {
        var squares = new HashSet<Square>();
        double metres = Math.hypot(b.x() - a.x(), b.y() - a.y());
        int steps = (int) Math.ceil(metres / SQUARE);
        for (int i = 0; i <= steps; i++) {
            double share = steps == 0 ? 0 : (double) i / steps;
            double x = a.x() + (b.x() - a.x()) * share;
            double y = a.y() + (b.y() - a.y()) * share;
            // A point of the segment is at most half a step, two metres, from one of these.
            double reach = SQUARE / 2 + LEAST;
            for (double dx : new double[] {-reach, 0, reach})
                for (double dy : new double[] {-reach, 0, reach}) squares.add(square(floor, x + dx, y + dy));
        }
        return squares;
    }

    private static Square square(String floor, double x, double y) {
        return new Square(floor, (long) Math.floor(x / SQUARE), (long) Math.floor(y / SQUARE));
    }

    private Place place(String id) {
        var place = places.get(id);
        if (place == null) throw new IllegalStateException("references were checked before, but there is no " + id);
        return place;
    }

    private static Point point(Place place) {
        return new Point(place.x(), place.y());
    }
}
