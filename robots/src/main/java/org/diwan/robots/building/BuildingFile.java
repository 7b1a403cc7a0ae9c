package org.diwan.robots.building;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Wall;
import org.diwan.robots.building.Building.Zone;

/// A [Building] as YAML, for people to write: a line for each place, lanes as chains, shorthand for rows.
///
/// ```yaml
/// building: ministry
/// cut-off: [roof]                # known not to be reached, or not to be left
/// floors:
///   3:                           # bottom up; the name is VDA 5050's mapId
///     elevation: 8               # metres
///     places:                    # [x, y, uses…, language: name…]
///       c1..c6: [[2, 4], [12, 4]]    # six in a row, evenly spaced, to the millimetre
///       301: [4, 6.5, room, en: Room 301, ar: غرفة ٣٠١, ko: 301호]
///       bay: [14, 4, charger, parking]
///     lanes:                     # ways through places, there and back
///       - [c1..c6, bay]
///       - [c2, 301, door: door-301]
///       - [c6, c1, one-way: true, speed: 0.5]
///     doors: {door-301: 3}       # seconds until it is open, or shut
///     zones:                     # [kind, corners…]
///       ward: [privacy, [0, 5], [8, 5], [8, 10], [0, 10]]
///       ramp: [speed: 0.4, [9, 3], [12, 3], [12, 5]]
///     walls: [[[0, 0], [16, 0], [16, 10]]]
/// lifts:
///   lift-1: {at: [1, 8], speed: 1.5, door-time: 3, landings: {1: 1-hall, 3: c1}}
/// ```
///
/// Uses are those of [Use], kinds those of [Zone.Kind], both in lower case. A lift's cabin is a place of the lift's
/// name unless `cabin:` names it otherwise. `a..b` counts from one number to the other, also downwards. What the
/// format does not know is refused.
public final class BuildingFile {
    /// Most storeys.
    public static final int MAX_FLOORS = 1000;

    /// Metres from the origin, of places, walls and corners.
    static final double MAX_METRES = 100_000;

    /// Most lanes, walls, doors, zones; and places in one chain.
    static final int MAX_LIST = 4 * RoadMap.MAX_VERTICES;

    static final int MAX_CORNERS = 256;

    private final List<Floor> floors = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Lift> lifts = new ArrayList<>();
    private final List<Door> doors = new ArrayList<>();
    private final List<Zone> zones = new ArrayList<>();
    private final Map<String, String> floorOf = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private BuildingFile() {}

    /// The sound building in `file`.
    ///
    /// @throws IOException when it cannot be read
    /// @throws BuildingException naming every fault with its line
    public static Building read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > Cursor.MAX_SIZE)
            throw new BuildingException(file + " has " + size + " bytes, the limit is " + Cursor.MAX_SIZE);
        try {
            return parse(Files.readString(file));
        } catch (BuildingException e) {
            throw new BuildingException(
                    e.faults().stream().map(fault -> file + ": " + fault).toList());
        }
    }

    /// The sound building that `yaml` describes.
    ///
    /// @throws BuildingException naming every fault with its line
    public static Building parse(String yaml) {
        var file = new BuildingFile();
        var building = file.building(Cursor.parse(yaml));
        var faults = BuildingCheck.faults(building);
        if (!faults.isEmpty())
            throw new BuildingException(faults.stream().map(file::located).toList());
        return building;
    }

    /// The file of `building`, which reads back equal if it is sound and its places are in the order of its floors.
    public static String text(Building building) {
        return new BuildingText(building).write();
    }

    private String located(BuildingCheck.Fault fault) {
        Integer line = lines.get(fault.subject());
        return line == null ? fault.toString() : "line " + line + ", " + fault;
    }

    // --- reading -------------------------------------------------------------------------------------

    private Building building(Cursor root) {
        root.members(Set.of("building", "cut-off", "floors", "lifts"));
        String name = root.at("building").text();
        var cutOff = new LinkedHashSet<String>();
        root.find("cut-off").ifPresent(list -> {
            for (var item : list.items(RoadMap.MAX_VERTICES)) cutOff.addAll(range(item));
        });
        root.at("floors").members(MAX_FLOORS).forEach(this::floor);
        root.find("lifts").ifPresent(at -> at.members(MAX_LIST).forEach(this::lift));
        return new Building(name, floors, places, lanes, lifts, doors, zones, cutOff);
    }

    private void floor(String id, Cursor at) {
        at.members(Set.of("elevation", "places", "lanes", "doors", "zones", "walls"));
        lines.put("floor " + id, at.line());
        var walls = new ArrayList<Wall>();
        at.find("walls").ifPresent(list -> list.items(MAX_LIST).forEach(wall -> walls(wall, walls)));
        floors.add(new Floor(id, at.at("elevation").number(-10_000, 10_000), walls));
        at.find("places").ifPresent(all -> all.members(RoadMap.MAX_VERTICES).forEach((name, place) -> {
            if (place.isList() && place.items(Integer.MAX_VALUE).stream().allMatch(Cursor::isList))
                row(name, id, place);
            else place(name, id, place);
        }));
        at.find("lanes").ifPresent(all -> all.items(MAX_LIST).forEach(chain -> lanes(id, chain)));
        at.find("doors").ifPresent(all -> all.members(MAX_LIST).forEach((door, time) -> {
            lines.put("door " + door, time.line());
            doors.add(new Door(door, id, time.number(0, 600)));
        }));
        at.find("zones").ifPresent(all -> all.members(MAX_LIST).forEach((zone, list) -> zone(zone, id, list)));
    }

    private static void walls(Cursor at, List<Wall> walls) {
        var corners = at.items(MAX_LIST).stream().map(BuildingFile::point).toList();
        if (corners.size() < 2) throw at.wrong("has " + corners.size() + " corners, a wall needs two or more");
        for (int i = 1; i < corners.size(); i++) {
            var from = corners.get(i - 1);
            var to = corners.get(i);
            walls.add(new Wall(from.x(), from.y(), to.x(), to.y()));
        }
    }

    private static Point point(Cursor at) {
        var both = at.items(2);
        if (both.size() != 2) throw at.wrong("must be [x, y]");
        return new Point(
                both.getFirst().number(-MAX_METRES, MAX_METRES), both.getLast().number(-MAX_METRES, MAX_METRES));
    }

    private void row(String name, String floor, Cursor at) {
        var ends = at.items(2).stream().map(BuildingFile::point).toList();
        var ids = Range.of(name).orElseThrow(() -> at.wrong("must be [x, y, …]; two points are for a row, `c1..c9`"));
        if (ends.size() != 2 || ids.size() < 2) throw at.wrong("must be [[x, y], [x, y]], the ends of two or more");
        for (int i = 0; i < ids.size(); i++) {
            var point = Range.between(ends.getFirst(), ends.getLast(), i, ids.size());
            add(new Place(ids.get(i), floor, point.x(), point.y(), Map.of(), Set.of()), at);
        }
    }

    private void place(String id, String floor, Cursor at) {
        var items = at.items(64);
        if (items.size() < 2) throw at.wrong("must be [x, y, uses…, language: name…]");
        var names = new HashMap<String, String>();
        var uses = EnumSet.noneOf(Use.class);
        for (var item : items.subList(2, items.size())) {
            if (item.isMapping())
                item.members(64).forEach((language, name) -> {
                    if (names.put(language, name.text()) != null) throw name.wrong("is here twice; leave one");
                });
            else uses.add(choice(item, Use.class));
        }
        double x = items.get(0).number(-MAX_METRES, MAX_METRES);
        double y = items.get(1).number(-MAX_METRES, MAX_METRES);
        add(new Place(id, floor, x, y, names, uses), at);
    }

    private void add(Place place, Cursor at) {
        if (places.size() == RoadMap.MAX_VERTICES)
            throw at.wrong("is one place too many, the limit is " + RoadMap.MAX_VERTICES);
        places.add(place);
        floorOf.put(place.id(), place.floor());
        lines.put("place " + place.id(), at.line());
    }

    private static <E extends Enum<E>> E choice(Cursor at, Class<E> type) {
        for (var constant : type.getEnumConstants()) if (word(constant).equals(at.text())) return constant;
        var words = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) words.add(word(constant));
        throw at.wrong("is none of " + String.join(", ", words));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void lanes(String floor, Cursor at) {
        var chain = new ArrayList<String>();
        var options = new LinkedHashMap<String, Cursor>();
        for (var item : at.items(MAX_LIST)) {
            if (item.isMapping()) options.putAll(item.members(Set.of("one-way", "speed", "door")));
            else chain.addAll(range(item));
            if (chain.size() + lanes.size() > MAX_LIST) throw at.wrong("makes more than " + MAX_LIST + " lanes");
        }
        if (chain.size() < 2) throw at.wrong("has fewer than two places");
        for (String id : chain) {
            String where = floorOf.get(id);
            if (where == null) throw at.wrong("names '" + id + "', which is no place of floor " + floor);
            if (!where.equals(floor)) throw at.wrong("names '" + id + "', which is on floor " + where);
        }
        boolean oneWay =
                options.containsKey("one-way") && options.get("one-way").truth();
        var speed = Optional.ofNullable(options.get("speed")).map(limit -> limit.number(0, 100));
        var door = Optional.ofNullable(options.get("door")).map(Cursor::text);
        for (int i = 1; i < chain.size(); i++) {
            var lane = new Lane(chain.get(i - 1), chain.get(i), oneWay, speed, door);
            lanes.add(lane);
            lines.putIfAbsent(BuildingCheck.subject(lane), at.line());
        }
    }

    private static List<String> range(Cursor at) {
        String text = at.text();
        return Range.of(text).orElseGet(() -> {
            if (text.contains("..")) throw at.wrong("is no range, such as `c1..c9`; a range has 2 to 10000 places");
            return List.of(text);
        });
    }

    private void zone(String id, String floor, Cursor at) {
        lines.put("zone " + id, at.line());
        var items = at.items(MAX_CORNERS + 1);
        if (items.isEmpty()) throw at.wrong("must be [kind, corners…]");
        var first = items.getFirst();
        var outline =
                items.subList(1, items.size()).stream().map(BuildingFile::point).toList();
        if (first.isMapping()) {
            var speed = first.members(Set.of("speed")).get("speed");
            if (speed == null) throw first.wrong("must be a kind, or speed: LIMIT");
            zones.add(new Zone(id, floor, Zone.Kind.SPEED, outline, Optional.of(speed.number(0, 100))));
        } else zones.add(new Zone(id, floor, choice(first, Zone.Kind.class), outline, Optional.empty()));
    }

    private void lift(String id, Cursor at) {
        at.members(Set.of("at", "cabin", "speed", "door-time", "landings"));
        lines.put("lift " + id, at.line());
        var landings = new LinkedHashMap<String, String>();
        at.at("landings").members(MAX_FLOORS).forEach((floor, place) -> landings.put(floor, place.text()));
        if (landings.isEmpty()) throw at.wrong("has no landings");
        String cabin = at.find("cabin").map(Cursor::text).orElse(id);
        var shaft = point(at.at("at"));
        String first = landings.keySet().iterator().next();
        add(new Place(cabin, first, shaft.x(), shaft.y(), Map.of(), Set.of()), at);
        lifts.add(new Lift(
                id,
                cabin,
                landings,
                at.at("speed").number(0, 100),
                at.at("door-time").number(0, 600)));
    }
}
