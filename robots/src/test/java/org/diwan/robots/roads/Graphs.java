package org.diwan.robots.roads;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;

/// A small map for tests, drawn in letters: every letter or digit of a line of text is a place of that name, 2 m from
/// its neighbours, and `-` and `|` between two are lanes both ways; `>`, `<`, `v` and `^` one way only.
final class Graphs {
    private final List<Place> places = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Lift> lifts = new ArrayList<>();
    private final List<Zone> zones = new ArrayList<>();
    private final Map<String, Floor> floors = new LinkedHashMap<>();

    /// One floor, as in
    /// ```
    /// a-b-c
    ///   |
    ///   d
    /// ```
    static RoadMap drawn(String... lines) {
        return new Graphs().floor("0", lines).map();
    }

    Graphs floor(String name, String... lines) {
        floors.put(name, new Floor(name, 4.0 * floors.size(), List.of()));
        for (int row = 0; row < lines.length; row++)
            for (int column = 0; column < lines[row].length(); column++) {
                String at = at(lines, row, column);
                switch (at) {
                    case "-", ">", "<" ->
                        lane(at(lines, row, column - 1), at(lines, row, column + 1), "<".equals(at), "-".equals(at));
                    case "|", "v", "^" ->
                        lane(at(lines, row - 1, column), at(lines, row + 1, column), "^".equals(at), "|".equals(at));
                    case " " -> {}
                    default -> place(at, name, column, -row);
                }
            }
        return this;
    }

    private static String at(String[] lines, int row, int column) {
        return lines[row].substring(column, column + 1);
    }

    private void place(String id, String floor, double x, double y) {
        places.add(new Place(id, floor, x, y, Map.of(), Set.of()));
    }

    private void lane(String a, String b, boolean back, boolean both) {
        lanes.add(new Lane(back ? b : a, back ? a : b, !both, Optional.empty(), Optional.empty()));
    }

    /// A lift of the place `cabin`, which must be new, between landings on floors in the order drawn.
    Graphs lift(String cabin, String... landings) {
        var names = List.copyOf(floors.keySet());
        var byFloor = new LinkedHashMap<String, String>();
        for (int i = 0; i < landings.length; i++) byFloor.put(names.get(i), landings[i]);
        var first = places.stream()
                .filter(place -> place.id().equals(landings[0]))
                .findFirst()
                .orElseThrow();
        place(cabin, names.getFirst(), first.x() + 1, first.y() + 1);
        lifts.add(new Lift(cabin, cabin, byFloor, 1, 2));
        return this;
    }

    /// A zone around the places named, one character each, of which all stand in one rectangle with no other.
    Graphs zone(String id, Zone.Kind kind, String within) {
        var inside =
                places.stream().filter(place -> within.contains(place.id())).toList();
        double left = inside.stream().mapToDouble(Place::x).min().orElseThrow() - 0.5;
        double right = inside.stream().mapToDouble(Place::x).max().orElseThrow() + 0.5;
        double low = inside.stream().mapToDouble(Place::y).min().orElseThrow() - 0.5;
        double high = inside.stream().mapToDouble(Place::y).max().orElseThrow() + 0.5;
        var outline =
                List.of(new Point(left, low), new Point(right, low), new Point(right, high), new Point(left, high));
        zones.add(new Zone(id, inside.getFirst().floor(), kind, outline, Optional.empty()));
        return this;
    }

    RoadMap map() {
        return new RoadMap(new Building("test", List.copyOf(floors.values()), places, lanes, lifts, List.of(), zones));
    }

    /// `rows` times `columns` places, 2 m from each other; vertex `row * columns + column`.
    static RoadMap grid(int rows, int columns) {
        var graphs = new Graphs();
        graphs.floors.put("0", new Floor("0", 0, List.of()));
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) {
                int at = row * columns + column;
                graphs.place("p" + at, "0", 2 * column, 2 * row);
                if (column > 0) graphs.lane("p" + (at - 1), "p" + at, false, true);
                if (row > 0) graphs.lane("p" + (at - columns), "p" + at, false, true);
            }
        return graphs.map();
    }

    /// Vertices 0 to n − 1 and two-way lanes of any length between pairs of them.
    static RoadMap of(int places, List<int[]> lanes, SplittableRandom random) {
        var graphs = new Graphs();
        graphs.floors.put("0", new Floor("0", 0, List.of()));
        for (int i = 0; i < places; i++) graphs.place("p" + i, "0", random.nextDouble(30), random.nextDouble(30));
        for (int[] lane : lanes) graphs.lane("p" + lane[0], "p" + lane[1], false, true);
        return graphs.map();
    }

    /// A tree in which no vertex has more than three neighbours.
    static RoadMap tree(int places, SplittableRandom random) {
        return of(places, branches(places, random), random);
    }

    /// A tree and some lanes more.
    static RoadMap connected(int places, int more, SplittableRandom random) {
        var lanes = branches(places, random);
        for (int i = 0; i < more; i++) {
            int a = random.nextInt(places);
            int b = random.nextInt(places);
            if (a != b) lanes.add(new int[] {a, b});
        }
        return of(places, lanes, random);
    }

    private static List<int[]> branches(int places, SplittableRandom random) {
        var lanes = new ArrayList<int[]>();
        var degree = new int[places];
        for (int i = 1; i < places; i++) {
            int[] open = IntStream.range(0, i).filter(v -> degree[v] < 3).toArray();
            int to = open[random.nextInt(open.length)];
            degree[i]++;
            degree[to]++;
            lanes.add(new int[] {to, i});
        }
        return lanes;
    }

    /// A corridor of so many places, of which every third has a bay.
    static RoadMap corridor(int length, SplittableRandom random) {
        var lanes = new ArrayList<int[]>();
        int places = length;
        for (int i = 1; i < length; i++) {
            lanes.add(new int[] {i - 1, i});
            if (i % 3 == 1) {
                lanes.add(new int[] {i, places});
                places++;
            }
        }
        return of(places, lanes, random);
    }
}
