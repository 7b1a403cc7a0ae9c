package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Use;

/// Writes what [OpenRmfReader] reads, in metres (`coordinate_system: cartesian_meters`).
///
/// What Open-RMF has no word for stands in parameters that its tools pass over: `diwan_id`, `diwan_room` and
/// `diwan_name_ar` of a vertex, `diwan_door` of a lane, `diwan_time` of a door, `diwan_speed`, `diwan_door_time` and
/// `diwan_cabin` of a lift. Zones have none.
final class OpenRmfWriter {
    private final Building building;
    private final Losses losses;
    private final Map<String, Place> places = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    OpenRmfWriter(Building building, Losses losses) {
        this.building = building;
        this.losses = losses;
        for (var place : building.places()) places.put(place.id(), place);
    }

    String write() {
        out.append("name: ").append(BuildingText.scalar(building.name())).append('\n');
        out.append("coordinate_system: cartesian_meters\ngraphs: {}\nlevels:\n");
        building.floors().forEach(this::level);
        out.append(building.lifts().isEmpty() ? "lifts: {}\n" : "lifts:\n");
        building.lifts().forEach(this::lift);
        for (var zone : building.zones())
            losses.say("zone " + zone.id() + " (" + BuildingFile.word(zone.kind()) + " on floor " + zone.floor()
                    + ") has no place in an Open-RMF map");
        if (!building.lifts().isEmpty() || !building.doors().isEmpty())
            losses.say("speeds of lifts and times of doors stand in parameters that only Diwan reads");
        if (building.places().stream().anyMatch(place -> place.names().size() > 1))
            losses.say("names in several languages stand in parameters that only Diwan reads");
        return out.toString();
    }

    private static String text(String value) {
        return "[1, " + quoted(value) + "]";
    }

    private static String quoted(String value) {
        String scalar = BuildingText.scalar(value);
        // A reader with types would take these for a number or a truth.
        return scalar.startsWith("\"") ? scalar : "\"" + scalar + "\"";
    }

    private static String number(double value) {
        return "[3, " + NumberText.of(value) + "]";
    }

    private void level(Floor floor) {
        var vertices = new ArrayList<String>();
        var index = new HashMap<String, Integer>();
        var corners = new HashMap<Point, Integer>();
        var lanes = new ArrayList<String>();
        for (var place : building.places()) {
            if (!place.floor().equals(floor.id()) || isCabin(place)) continue;
            index.put(place.id(), vertices.size());
            vertices.add(vertex(place));
        }
        for (var lane : building.lanes()) {
            var from = index.get(lane.from());
            var to = index.get(lane.to());
            if (from == null || to == null) continue;
            var params = new LinkedHashMap<String, String>();
            params.put("bidirectional", "[4, " + !lane.oneWay() + "]");
            params.put("graph_idx", "[2, 0]");
            params.put("orientation", "[1, \"\"]");
            params.put("speed_limit", number(lane.speed().orElse(0.0)));
            lane.door().ifPresent(door -> params.put("diwan_door", text(door)));
            lanes.add(edge(from, to, params));
        }
        for (var lift : building.lifts()) {
            var landing = index.get(lift.landings().getOrDefault(floor.id(), ""));
            var cabin = places.get(lift.cabin());
            if (landing == null || cabin == null) continue;
            lanes.add(edge(landing, vertices.size(), Map.of("bidirectional", "[4, true]")));
            vertices.add(point(cabin.x(), cabin.y()) + ", 0, \"\", {lift_cabin: " + text(lift.id()) + "}]");
        }
        var doors = new ArrayList<String>();
        for (var door : building.doors()) if (door.floor().equals(floor.id())) door(door, vertices, doors);
        var walls = new ArrayList<String>();
        for (var wall : floor.walls())
            walls.add(edge(
                    corner(wall.x1(), wall.y1(), vertices, corners),
                    corner(wall.x2(), wall.y2(), vertices, corners),
                    Map.of()));
        out.append("  ").append(quoted(floor.id())).append(":\n    elevation: ");
        out.append(NumberText.of(floor.elevation())).append('\n');
        block("vertices", vertices);
        block("lanes", lanes);
        block("doors", doors);
        block("walls", walls);
    }

    private boolean isCabin(Place place) {
        return building.lifts().stream().anyMatch(lift -> lift.cabin().equals(place.id()));
    }

    private void block(String name, List<String> lines) {
        if (!lines.isEmpty()) out.append("    ").append(name).append(":\n");
        for (String line : lines) out.append("      - ").append(line).append('\n');
    }

    private static String point(double x, double y) {
        return "[" + NumberText.of(x) + ", " + NumberText.of(y);
    }

    private static String edge(int from, int to, Map<String, String> params) {
        var items = new ArrayList<String>();
        params.forEach((name, value) -> items.add(name + ": " + value));
        return "[" + from + ", " + to + ", {" + String.join(", ", items) + "}]";
    }

    private static int corner(double x, double y, List<String> vertices, Map<Point, Integer> corners) {
        return corners.computeIfAbsent(new Point(x, y), _ -> {
            vertices.add(point(x, y) + ", 0, \"\"]");
            return vertices.size() - 1;
        });
    }

    private static String vertex(Place place) {
        var params = new LinkedHashMap<String, String>();
        if (place.uses().contains(Use.CHARGER)) params.put("is_charger", "[4, true]");
        if (place.uses().contains(Use.PARKING)) params.put("is_parking_spot", "[4, true]");
        if (place.uses().contains(Use.PICKUP)) params.put("pickup_dispenser", text(place.id()));
        if (place.uses().contains(Use.DROPOFF)) params.put("dropoff_ingestor", text(place.id()));
        params.put("diwan_id", text(place.id()));
        if (place.uses().contains(Use.ROOM)) params.put("diwan_room", "[4, true]");
        new TreeMap<>(place.names()).forEach((language, name) -> params.put("diwan_name_" + language, text(name)));
        var items = new ArrayList<String>();
        params.forEach((name, value) -> items.add(name + ": " + value));
        boolean bare = place.names().isEmpty() && place.uses().isEmpty();
        String name = FloorDrawing.name(place, "und").orElse(place.id());
        return point(place.x(), place.y()) + ", 0, " + quoted(bare ? "" : name) + ", {" + String.join(", ", items)
                + "}]";
    }

    /// A line across the first of its lanes.
    private void door(Door door, List<String> vertices, List<String> doors) {
        for (var lane : building.lanes()) {
            var from = places.get(lane.from());
            var to = places.get(lane.to());
            if (!lane.door().equals(Optional.of(door.id())) || from == null || to == null) continue;
            double length = Math.max(0.01, Math.hypot(to.x() - from.x(), to.y() - from.y()));
            double dx = -(to.y() - from.y()) / length * 0.5;
            double dy = (to.x() - from.x()) / length * 0.5;
            double x = (from.x() + to.x()) / 2;
            double y = (from.y() + to.y()) / 2;
            int at = vertices.size();
            vertices.add(point(x - dx, y - dy) + ", 0, \"\"]");
            vertices.add(point(x + dx, y + dy) + ", 0, \"\"]");
            var params = new LinkedHashMap<String, String>();
            params.put("name", text(door.id()));
            params.put("type", text("sliding"));
            params.put("diwan_time", number(door.openTime()));
            doors.add(edge(at, at + 1, params));
            return;
        }
        losses.say("door " + door.id() + " is on no lane, and is left out");
    }

    private void lift(Lift lift) {
        var cabin = places.get(lift.cabin());
        if (cabin == null || lift.landings().isEmpty()) return;
        var floors = List.copyOf(lift.landings().keySet());
        String doors = "[" + quoted(lift.id() + "_door") + "]";
        var levelDoors =
                floors.stream().map(floor -> quoted(floor) + ": " + doors).toList();
        out.append("  ").append(quoted(lift.id())).append(":\n");
        out.append("    x: ").append(NumberText.of(cabin.x())).append('\n');
        out.append("    y: ").append(NumberText.of(cabin.y())).append('\n');
        out.append("    yaw: 0\n    width: 1.5\n    depth: 1.5\n    plugins: true\n");
        out.append("    reference_floor_name: ")
                .append(quoted(floors.getFirst()))
                .append('\n');
        out.append("    initial_floor_name: ").append(quoted(floors.getFirst())).append('\n');
        out.append("    lowest_floor: ").append(quoted(floors.getFirst())).append('\n');
        out.append("    highest_floor: ").append(quoted(floors.getLast())).append('\n');
        out.append("    doors:\n      ").append(quoted(lift.id() + "_door"));
        out.append(": {door_type: 2, motion_axis_orientation: 0, width: 1, x: 0, y: 0.75}\n");
        out.append("    level_doors: {").append(String.join(", ", levelDoors)).append("}\n");
        out.append("    diwan_cabin: ").append(quoted(lift.cabin())).append('\n');
        out.append("    diwan_speed: ").append(NumberText.of(lift.speed())).append('\n');
        out.append("    diwan_door_time: ")
                .append(NumberText.of(lift.doorTime()))
                .append('\n');
    }
}
