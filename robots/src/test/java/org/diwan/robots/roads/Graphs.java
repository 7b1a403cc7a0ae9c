package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;

/// Small maps for tests.
final class Graphs {
    private Graphs() {}

    /// Places 0 to n − 1 on a circle of 2 m steps, and two-way lanes between pairs of them.
    static RoadMap of(int places, int[]... lanes) {
        var all = new ArrayList<Place>();
        double radius = Math.max(2, places / Math.PI);
        for (int i = 0; i < places; i++) {
            double angle = 2 * Math.PI * i / places;
            all.add(place("p" + i, radius * Math.cos(angle), radius * Math.sin(angle)));
        }
        return map(all, lanes);
    }

    /// `rows` times `columns` places, 2 m from each other; vertex `row * columns + column`.
    static RoadMap grid(int rows, int columns) {
        var all = new ArrayList<Place>();
        var lanes = new ArrayList<int[]>();
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) {
                int at = row * columns + column;
                all.add(place("p" + at, 2 * column, 2 * row));
                if (column > 0) lanes.add(new int[] {at - 1, at});
                if (row > 0) lanes.add(new int[] {at - columns, at});
            }
        return map(all, lanes.toArray(int[][]::new));
    }

    private static Place place(String id, double x, double y) {
        return new Place(id, "0", x, y, Map.of(), Set.of());
    }

    private static RoadMap map(List<Place> places, int[]... lanes) {
        var all = new ArrayList<Lane>();
        for (int[] lane : lanes)
            all.add(new Lane("p" + lane[0], "p" + lane[1], false, Optional.empty(), Optional.empty()));
        var floor = new Floor("0", 0, List.of());
        return new RoadMap(new Building("test", List.of(floor), places, all, List.of(), List.of(), List.of()));
    }
}
