package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Wall;

/// Reads Open-RMF's building maps, as github.com/open-rmf/rmf_traffic_editor writes them: levels with vertices,
/// lanes, doors and walls in pixels of a drawing or in metres, lifts that join the levels.
///
/// Pixels become metres by the level's measurements; other levels are laid onto the reference level by fiducials of
/// the same name. Lanes of all graphs are joined. A door is on the lanes that its line crosses, a lift's landing is
/// the vertex that a lane joins to its cabin. Parameters that begin with `diwan_` are ours, see [OpenRmfWriter].
final class OpenRmfReader {
    /// The traffic editor's own, where a level has no measurement.
    private static final double USUAL_SCALE = 0.05;

    /// Supposed where the file does not say.
    private static final double USUAL_LIFT_SPEED = 1.5;

    private static final double USUAL_DOOR_TIME = 4;

    private static final Set<String> READ = Set.of(
            "is_charger",
            "is_parking_spot",
            "pickup_dispenser",
            "dropoff_ingestor",
            "lift_cabin",
            "bidirectional",
            "graph_idx",
            "speed_limit",
            "name");

    private record Vertex(Point at, Point drawn, String name, Map<String, String> params) {}

    private static final class Level {
        final String id;
        final List<Vertex> vertices = new ArrayList<>();
        final Map<Integer, String> places = new HashMap<>();

        Level(String id) {
            this.id = id;
        }
    }

    private final Losses losses;
    private final Ids ids = new Ids();
    private final Ids leased = new Ids();
    private final List<Floor> floors = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Door> doors = new ArrayList<>();

    /// Landings by lift, then by floor.
    private final Map<String, Map<String, String>> landings = new LinkedHashMap<>();

    /// The number of a lane by where it begins and ends.
    private final Map<List<String>, Integer> arcs = new HashMap<>();

    private final Set<String> drawnLifts = new TreeSet<>();
    private final Set<String> graphs = new TreeSet<>();

    OpenRmfReader(Losses losses) {
        this.losses = losses;
    }

    Building read(Cursor root) {
        String system = root.find("coordinate_system").map(Cursor::text).orElse("reference_image");
        if (!system.equals("reference_image") && !system.equals("cartesian_meters"))
            throw root.at("coordinate_system")
                    .wrong("is " + system + ", which is not flat; have the traffic editor write reference_image or"
                            + " cartesian_meters");
        var levels = root.at("levels").members(BuildingFile.MAX_FLOORS);
        if (levels.isEmpty()) throw root.at("levels").wrong("has none");
        String first = levels.keySet().iterator().next();
        String reference = root.find("reference_level_name").map(Cursor::text).orElse(first);
        if (!levels.containsKey(reference))
            throw root.at("reference_level_name").wrong("names no level");
        var alignments = new LinkedHashMap<String, Alignment>();
        levels.forEach((name, level) -> alignments.put(
                name,
                system.equals("cartesian_meters")
                        ? Alignment.NONE
                        : alignment(name, level, reference, root.at("levels").at(reference))));
        levels.forEach((name, level) -> level(name, level, alignments.getOrDefault(name, Alignment.NONE)));
        var lifts = new ArrayList<Lift>();
        root.find("lifts").ifPresent(all -> {
            if (all.isMapping())
                all.members(BuildingFile.MAX_LIST).forEach((name, at) -> lift(name, at, reference, alignments, lifts));
        });
        landings.keySet().removeAll(drawnLifts);
        for (String lift : landings.keySet())
            losses.say("lift " + lift + " is named by a vertex and nowhere else, and is left out");
        for (String part : root.members(BuildingFile.MAX_LIST).keySet())
            if (!Set.of("name", "coordinate_system", "levels", "lifts", "reference_level_name")
                    .contains(part)) losses.say("'" + part + "' is left out");
        if (graphs.size() > 1) losses.say("lanes of the graphs " + graphs + " are joined into one road map");
        String name = root.find("name").map(Cursor::text).orElse("building");
        return new Building(name, floors, places, lanes, lifts, doors, List.of());
    }

    // --- scale ---------------------------------------------------------------------------------------

    private Alignment alignment(String name, Cursor level, String reference, Cursor base) {
        if (name.equals(reference)) return Alignment.scaled(scale(name, level));
        var onto = Alignment.scaled(scale(reference, base));
        var there = fiducials(base);
        var from = new ArrayList<Point>();
        var to = new ArrayList<Point>();
        fiducials(level).forEach((fiducial, at) -> {
            var other = there.get(fiducial);
            if (other == null) return;
            from.add(at);
            to.add(onto.of(other.x(), other.y()));
        });
        if (from.stream().distinct().count() < 2) {
            losses.say("level " + name + " has fewer than two fiducials of " + reference + "; it lies as it is drawn");
            return Alignment.scaled(scale(name, level));
        }
        return Alignment.of(from, to);
    }

    private static Map<String, Point> fiducials(Cursor level) {
        var all = new LinkedHashMap<String, Point>();
        for (var one : list(level, "fiducials")) {
            var items = one.items(16);
            if (items.size() < 3) throw one.wrong("must be [x, y, name]");
            if (!items.get(2).text().isEmpty()) all.put(items.get(2).text(), point(one));
        }
        return all;
    }

    private static Point point(Cursor at) {
        var items = at.items(16);
        if (items.size() < 2) throw at.wrong("must begin with x and y");
        return new Point(items.get(0).number(-1e7, 1e7), items.get(1).number(-1e7, 1e7));
    }

    /// Metres for a pixel.
    private double scale(String name, Cursor level) {
        var vertices = list(level, "vertices");
        double sum = 0;
        int count = 0;
        for (var one : list(level, "measurements")) {
            var items = one.items(16);
            if (items.size() < 3) throw one.wrong("must be [vertex, vertex, {distance: [3, metres]}]");
            var from = point(vertices.get(index(items.get(0), vertices.size())));
            var to = point(vertices.get(index(items.get(1), vertices.size())));
            double pixels = Math.hypot(from.x() - to.x(), from.y() - to.y());
            String distance = params(items.get(2)).get("distance");
            if (distance == null || pixels == 0) throw one.wrong("measures nothing");
            sum += number(one, distance) / pixels;
            count++;
        }
        if (count > 0 && sum > 0) return sum / count;
        losses.say("level " + name + " has no measurement; " + USUAL_SCALE + " m for a pixel are supposed");
        return USUAL_SCALE;
    }

    private static double number(Cursor at, String text) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!Double.isFinite(value)) throw at.wrong("has '" + text + "' where a number must be");
        return value;
    }

    private static int index(Cursor at, int size) {
        double index = at.number(0, 1e9);
        if (index != Math.rint(index) || index >= size)
            throw at.wrong("is " + at.text() + ", must be the number of a vertex, 0 to " + (size - 1));
        return (int) index;
    }

    private static List<Cursor> list(Cursor level, String name) {
        return level.find(name)
                .filter(Cursor::isList)
                .map(all -> all.items(BuildingFile.MAX_LIST))
                .orElse(List.of());
    }

    /// A mapping of `name: [type, value]`.
    private static Map<String, String> params(Cursor at) {
        var params = new LinkedHashMap<String, String>();
        at.members(1000).forEach((name, pair) -> {
            var items = pair.items(2);
            if (items.size() != 2) throw pair.wrong("must be [type, value]");
            params.put(name, items.getLast().text());
        });
        return params;
    }

    // --- a level -------------------------------------------------------------------------------------

    private void level(String name, Cursor at, Alignment alignment) {
        var level = new Level(name);
        for (var one : list(at, "vertices")) {
            var items = one.items(16);
            if (items.size() < 4) throw one.wrong("must be [x, y, z, name, parameters]");
            var drawn = point(one);
            level.vertices.add(new Vertex(
                    alignment.of(drawn.x(), drawn.y()),
                    drawn,
                    items.get(3).text(),
                    items.size() > 4 ? params(items.get(4)) : Map.of()));
        }
        places(level, list(at, "lanes"));
        for (var vertex : level.vertices) unread("vertices with ", vertex.params());
        int before = lanes.size();
        list(at, "lanes").forEach(lane -> lane(level, lane));
        list(at, "doors").forEach(door -> door(level, door, before));
        var walls = new ArrayList<Wall>();
        for (var one : list(at, "walls")) {
            var items = one.items(16);
            if (items.size() < 2) throw one.wrong("must be [vertex, vertex, parameters]");
            var from = level.vertices
                    .get(index(items.get(0), level.vertices.size()))
                    .at();
            var to = level.vertices
                    .get(index(items.get(1), level.vertices.size()))
                    .at();
            walls.add(new Wall(from.x(), from.y(), to.x(), to.y()));
        }
        double elevation =
                at.find("elevation").map(one -> one.number(-10_000, 10_000)).orElse(0.0);
        floors.add(new Floor(name, elevation, walls));
        for (var part : at.members(1000).entrySet())
            if (!Set.of("vertices", "lanes", "doors", "walls", "elevation", "measurements", "fiducials")
                    .contains(part.getKey())) losses.count("'" + part.getKey() + "' of a level");
    }

    private void unread(String where, Map<String, String> params) {
        params.forEach((name, value) -> {
            boolean said = !value.isEmpty() && !value.equals("false") && !value.equals("0");
            if (!READ.contains(name) && !name.startsWith("diwan_") && said) losses.count(where + name);
        });
    }

    /// A place is a vertex that is on a lane, and no lift's cabin.
    private void places(Level level, List<Cursor> lanes) {
        var joined = new TreeSet<Integer>();
        for (var lane : lanes)
            for (var end : lane.items(16).subList(0, Math.min(2, lane.items(16).size())))
                joined.add(index(end, level.vertices.size()));
        for (int i = 0; i < level.vertices.size(); i++) {
            var vertex = level.vertices.get(i);
            if (vertex.params().containsKey("lift_cabin")) continue;
            if (!joined.contains(i) && !vertex.params().containsKey("diwan_id")) {
                if (!vertex.name().isEmpty())
                    losses.say("'" + vertex.name() + "' on level " + level.id + " is on no lane, and is left out");
                continue;
            }
            String name = vertex.name().isEmpty() ? level.id + "-" + i : vertex.name();
            String id = ids.of(vertex.params().getOrDefault("diwan_id", name), level.id);
            level.places.put(i, id);
            places.add(new Place(id, level.id, vertex.at().x(), vertex.at().y(), names(vertex), uses(vertex)));
        }
    }

    private static Map<String, String> names(Vertex vertex) {
        var names = new HashMap<String, String>();
        vertex.params().forEach((param, value) -> {
            if (param.startsWith("diwan_name_")) names.put(param.substring("diwan_name_".length()), value);
        });
        // Of a language that nobody says.
        if (!vertex.params().containsKey("diwan_id") && !vertex.name().isEmpty()) names.put("und", vertex.name());
        return names;
    }

    private static Set<Use> uses(Vertex vertex) {
        var params = vertex.params();
        var uses = EnumSet.noneOf(Use.class);
        if ("true".equals(params.get("is_charger"))) uses.add(Use.CHARGER);
        if ("true".equals(params.get("is_parking_spot"))) uses.add(Use.PARKING);
        if (params.containsKey("pickup_dispenser")) uses.add(Use.PICKUP);
        if (params.containsKey("dropoff_ingestor")) uses.add(Use.DROPOFF);
        boolean room = params.containsKey("diwan_id")
                ? "true".equals(params.get("diwan_room"))
                : !vertex.name().isEmpty() && !uses.contains(Use.CHARGER);
        if (room) uses.add(Use.ROOM);
        return uses;
    }

    private void lane(Level level, Cursor at) {
        var items = at.items(16);
        if (items.size() < 3) throw at.wrong("must be [vertex, vertex, parameters]");
        int from = index(items.get(0), level.vertices.size());
        int to = index(items.get(1), level.vertices.size());
        var params = params(items.get(2));
        unread("lanes with ", params);
        graphs.add(params.getOrDefault("graph_idx", "0"));
        if (from == to) {
            losses.count("lanes that end where they begin");
            return;
        }
        for (int[] way : new int[][] {{from, to}, {to, from}}) {
            String lift = level.vertices.get(way[0]).params().get("lift_cabin");
            if (lift == null) continue;
            String landing = level.places.get(way[1]);
            if (landing == null) losses.say("a lane joins two cabins on level " + level.id + ", and is left out");
            else if (landings.computeIfAbsent(lift, _ -> new LinkedHashMap<>()).putIfAbsent(level.id, landing) != null)
                losses.count("further doors of a lift on one level");
            return;
        }
        String a = level.places.getOrDefault(from, "");
        String b = level.places.getOrDefault(to, "");
        double limit = number(at, params.getOrDefault("speed_limit", "0"));
        var lane = new Lane(
                a,
                b,
                !"true".equals(params.get("bidirectional")),
                limit > 0 ? Optional.of(limit) : Optional.empty(),
                Optional.ofNullable(params.get("diwan_door")));
        var same = arcs.get(List.of(a, b));
        var back = arcs.get(List.of(b, a));
        if (same != null) lanes.set(same, joined(lanes.get(same), lane, false));
        else if (back != null && isOne(lanes.get(back), lane)) lanes.set(back, joined(lanes.get(back), lane, true));
        else {
            arcs.put(List.of(a, b), lanes.size());
            lanes.add(lane);
        }
    }

    /// Two one-way lanes with limits of their own stay two.
    private static boolean isOne(Lane lane, Lane back) {
        return !lane.oneWay() || !back.oneWay() || lane.speed().equals(back.speed());
    }

    private static Lane joined(Lane one, Lane other, boolean back) {
        boolean bothWays = !one.oneWay() || !other.oneWay() || back;
        double speed =
                Math.min(one.speed().orElse(Double.MAX_VALUE), other.speed().orElse(Double.MAX_VALUE));
        return new Lane(
                one.from(),
                one.to(),
                !bothWays,
                speed == Double.MAX_VALUE ? Optional.empty() : Optional.of(speed),
                one.door().or(other::door));
    }

    /// @param first the first of this level's lanes
    private void door(Level level, Cursor at, int first) {
        var items = at.items(16);
        if (items.size() < 3) throw at.wrong("must be [vertex, vertex, parameters]");
        var a = level.vertices.get(index(items.get(0), level.vertices.size())).at();
        var b = level.vertices.get(index(items.get(1), level.vertices.size())).at();
        var params = params(items.get(2));
        String name = params.getOrDefault("name", "door");
        if (params.containsKey("diwan_time")) {
            doors.add(
                    new Door(leased.of(name, level.id), level.id, number(at, params.getOrDefault("diwan_time", "0"))));
            return;
        }
        var crossed = new ArrayList<Integer>();
        var points = new HashMap<String, Point>();
        level.places.forEach((i, id) -> points.put(id, level.vertices.get(i).at()));
        for (int i = first; i < lanes.size(); i++) {
            var from = points.get(lanes.get(i).from());
            var to = points.get(lanes.get(i).to());
            if (from != null && to != null && Outline.meet(a, b, from, to)) crossed.add(i);
        }
        if (crossed.isEmpty()) {
            losses.count("doors on no lane");
            return;
        }
        String id = leased.of(name, level.id);
        doors.add(new Door(id, level.id, USUAL_DOOR_TIME));
        losses.count("doors without a time; " + USUAL_DOOR_TIME + " s are supposed");
        for (int i : crossed) {
            var lane = lanes.get(i);
            if (lane.door().isPresent())
                losses.say("lane " + lane.from() + " → " + lane.to() + " goes through "
                        + lane.door().get() + " and " + id + "; only the first is kept");
            else lanes.set(i, new Lane(lane.from(), lane.to(), lane.oneWay(), lane.speed(), Optional.of(id)));
        }
    }

    // --- lifts ---------------------------------------------------------------------------------------

    private void lift(String name, Cursor at, String reference, Map<String, Alignment> alignments, List<Lift> lifts) {
        drawnLifts.add(name);
        var stops = landings.getOrDefault(name, Map.of());
        if (stops.size() < 2) {
            losses.say("lift " + name + " is joined to " + stops.size() + " levels by lanes, and is left out");
            return;
        }
        String drawn = at.find("reference_floor_name").map(Cursor::text).orElse(reference);
        var alignment = alignments.getOrDefault(drawn, Alignment.NONE);
        var shaft = alignment.of(at.at("x").number(-1e7, 1e7), at.at("y").number(-1e7, 1e7));
        var ordered = new LinkedHashMap<String, String>();
        floors.forEach(
                floor -> Optional.ofNullable(stops.get(floor.id())).ifPresent(stop -> ordered.put(floor.id(), stop)));
        String id = leased.of(name, "lift");
        String cabin = ids.of(at.find("diwan_cabin").map(Cursor::text).orElse(id), "lift");
        String first = ordered.keySet().iterator().next();
        places.add(new Place(cabin, first, shaft.x(), shaft.y(), Map.of(), Set.of()));
        if (at.find("diwan_speed").isEmpty())
            losses.say("lift " + name + " has neither speed nor door time; " + USUAL_LIFT_SPEED + " m/s and "
                    + USUAL_DOOR_TIME + " s are supposed");
        lifts.add(new Lift(
                id,
                cabin,
                ordered,
                at.find("diwan_speed").map(one -> one.number(0, 100)).orElse(USUAL_LIFT_SPEED),
                at.find("diwan_door_time").map(one -> one.number(0, 600)).orElse(USUAL_DOOR_TIME)));
    }
}
