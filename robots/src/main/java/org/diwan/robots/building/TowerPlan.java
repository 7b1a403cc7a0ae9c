package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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

/// An invented government tower of any height, 40 m by 24 m. Each floor has a ring of corridor around a lift hall
/// of two rows joined like a ladder, so that everybody in corridor and hall can give way; twelve rooms (floor 7 has
/// 701 to 712), a service room and bays hang on the ring as dead ends, as they do in buildings.
///
/// ```text
///   svc  02 04 06 08 10  depot      y 17 to 24   rooms above the ring
///        ┌──────ring──────┐
///   bay ─┤ b1 … b9   lifts ├─ bay    y 7 to 17    hall: rows a and b, lifts at every second rung
///        └────────────────┘
///   11   01 03 05 07 09    12       y 0 to 7     rooms below the ring
/// ```
///
/// `recipes/robots/tower.yaml` is the one of 36 floors and 8 lifts.
public final class TowerPlan {
    /// Of the hall: half of them on each side.
    public static final int MAX_LIFTS = 8;

    private static final double LEFT = 6;
    private static final double STEP = 2.8;
    private static final double RIGHT = 34;
    private static final double SOUTH = 7;
    private static final double NORTH = 17;
    private static final double STOREY = 4;

    /// What a service room is, by floor; from bottom to top.
    private static final Map<Integer, Service> SERVICES = services();

    /// Floors with a depot of chargers where others have a meeting room.
    private static final Set<Integer> DEPOTS = Set.of(1, 12, 24);

    private record Service(String id, String en, String ar, String ko, Set<Use> uses) {}

    private final int count;
    private final int liftCount;
    private final List<Floor> floors = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Lift> lifts = new ArrayList<>();
    private final List<Door> doors = new ArrayList<>();
    private final List<Zone> zones = new ArrayList<>();
    private final List<Wall> walls = new ArrayList<>();
    private String floor = "";

    private TowerPlan(int count, int liftCount) {
        this.count = count;
        this.liftCount = liftCount;
    }

    /// A sound building.
    ///
    /// @param floors 2 to 99
    /// @param lifts 1 to [#MAX_LIFTS]
    public static Building of(int floors, int lifts) {
        if (floors < 2 || floors > 99) throw new IllegalArgumentException(floors + " floors, must be 2 to 99");
        if (lifts < 1 || lifts > MAX_LIFTS)
            throw new IllegalArgumentException(lifts + " lifts, must be 1 to " + MAX_LIFTS);
        return new TowerPlan(floors, lifts).build();
    }

    private static Map<Integer, Service> services() {
        var all = new LinkedHashMap<Integer, Service>();
        var counter = Set.of(Use.ROOM, Use.PICKUP, Use.DROPOFF);
        all.put(1, new Service("reception", "Reception", "الاستقبال", "안내 데스크", counter));
        all.put(2, new Service("pharmacy", "Pharmacy", "الصيدلية", "약국", counter));
        all.put(3, new Service("mail-room", "Mail room", "غرفة البريد", "우편실", counter));
        all.put(4, new Service("coffee-bar-4", "Coffee bar 4", "ركن القهوة ٤", "4층 커피 바", counter));
        all.put(10, new Service("coffee-bar-10", "Coffee bar 10", "ركن القهوة ١٠", "10층 커피 바", counter));
        all.put(12, new Service("canteen", "Canteen", "المطعم", "구내식당", counter));
        all.put(16, new Service("archive", "Archive", "الأرشيف", "문서 보관소", counter));
        all.put(18, new Service("server-room", "Server room", "غرفة الخوادم", "서버실", counter));
        all.put(20, new Service("coffee-bar-20", "Coffee bar 20", "ركن القهوة ٢٠", "20층 커피 바", counter));
        all.put(22, new Service("print-shop", "Print shop", "المطبعة", "인쇄실", counter));
        all.put(24, new Service("treasury", "Treasury", "الخزينة", "금고실", counter));
        all.put(28, new Service("laboratory", "Laboratory", "المختبر", "검사실", counter));
        all.put(30, new Service("coffee-bar-30", "Coffee bar 30", "ركن القهوة ٣٠", "30층 커피 바", counter));
        all.put(36, new Service("cabinet", "Cabinet room", "قاعة مجلس الوزراء", "국무회의실", counter));
        return all;
    }

    private Building build() {
        for (int number = 1; number <= count; number++) floor(number);
        for (int i = 1; i <= liftCount; i++) lift(i);
        return new Building("tower", floors, places, lanes, lifts, doors, zones);
    }

    private String id(String name) {
        return floor + "-" + name;
    }

    private void floor(int number) {
        floor = Integer.toString(number);
        walls.clear();
        corridors();
        rooms(number);
        service(number);
        if (DEPOTS.contains(number)) depot();
        else meetingRoom(number);
        bays();
        law(number);
        core();
        floors.add(new Floor(floor, (number - 1) * STOREY, walls));
    }

    // --- ways ----------------------------------------------------------------------------------------

    /// The ring, `c1` in its south-west corner and counter-clockwise on; the hall's rows `a` and `b`.
    private void corridors() {
        row("c", 1, 11, LEFT, SOUTH, RIGHT, SOUTH);
        row("c", 12, 15, RIGHT, 9, RIGHT, 15);
        row("c", 16, 26, RIGHT, NORTH, LEFT, NORTH);
        row("c", 27, 30, LEFT, 15, LEFT, 9);
        row("a", 1, 9, LEFT + STEP, 11, RIGHT - STEP, 11);
        row("b", 1, 9, LEFT + STEP, 13, RIGHT - STEP, 13);
        var ring = new ArrayList<String>();
        for (int i = 1; i <= 30; i++) ring.add(id("c" + i));
        ring.add(id("c1"));
        chain(ring);
        var a = new ArrayList<>(List.of(id("c29")));
        var b = new ArrayList<>(List.of(id("c28")));
        for (int i = 1; i <= 9; i++) {
            a.add(id("a" + i));
            b.add(id("b" + i));
        }
        a.add(id("c13"));
        b.add(id("c14"));
        chain(a);
        chain(b);
        for (int i = 1; i <= 9; i++) chain(List.of(id("a" + i), id("b" + i)));
    }

    private void row(String stem, int first, int last, double x1, double y1, double x2, double y2) {
        int size = last - first + 1;
        for (int i = 0; i < size; i++) {
            var at = Range.between(new Point(x1, y1), new Point(x2, y2), i, size);
            places.add(new Place(id(stem + (first + i)), floor, at.x(), at.y(), Map.of(), Set.of()));
        }
    }

    private void chain(List<String> ids) {
        for (int i = 1; i < ids.size(); i++)
            lanes.add(new Lane(ids.get(i - 1), ids.get(i), false, Optional.empty(), Optional.empty()));
    }

    /// A lift on the south side if `number` is odd, so that neighbours in number are across the hall.
    private void lift(int number) {
        boolean south = number % 2 == 1;
        int rung = 2 * ((number + 1) / 2);
        var landings = new LinkedHashMap<String, String>();
        for (int n = 1; n <= count; n++) landings.put(Integer.toString(n), n + (south ? "-a" : "-b") + rung);
        String id = "lift-" + number;
        var at = Range.between(new Point(LEFT + STEP, 0), new Point(RIGHT - STEP, 0), rung - 1, 9);
        places.add(new Place(id, "1", at.x(), south ? 9 : 15, Map.of(), Set.of()));
        lifts.add(new Lift(id, id, landings, 2.5, 2));
    }

    // --- rooms ---------------------------------------------------------------------------------------

    private void rooms(int number) {
        for (int i = 1; i <= 12; i++) {
            String room = number + (i < 10 ? "0" : "") + i;
            var names = Map.of("en", "Room " + room, "ar", "غرفة " + arabic(room), "ko", room + "호");
            var uses = Set.of(Use.ROOM, Use.PICKUP, Use.DROPOFF);
            boolean below = i % 2 == 1;
            if (i <= 10) {
                // 01 is opposite 02: the second, fourth … place of the ring's long sides.
                int nth = 2 * ((i + 1) / 2);
                String ring = id("c" + (below ? nth : 27 - nth));
                double x = LEFT + STEP * (nth - 1);
                spur(ring, place(room, x, below ? 4.4 : 19.6, names, uses), Optional.empty());
            } else {
                String ring = id(i == 11 ? "c1" : "c11");
                spur(ring, place(room, i == 11 ? 3.2 : 36.8, SOUTH, names, uses), Optional.empty());
            }
        }
    }

    private static String arabic(String digits) {
        var text = new StringBuilder();
        digits.chars().forEach(c -> text.append((char) ('٠' + c - '0')));
        return text.toString();
    }

    private String place(String id, double x, double y, Map<String, String> names, Set<Use> uses) {
        places.add(new Place(id, floor, millimetres(x), millimetres(y), names, uses));
        return id;
    }

    private static double millimetres(double metres) {
        return Math.rint(metres * 1000) / 1000;
    }

    private void spur(String from, String to, Optional<Door> door) {
        lanes.add(new Lane(from, to, false, Optional.empty(), door.map(Door::id)));
        door.ifPresent(doors::add);
    }

    private void service(int number) {
        var service = SERVICES.get(number);
        if (service == null) {
            var names = Map.of("en", "Pantry " + floor, "ar", "مطبخ " + arabic(floor), "ko", floor + "층 탕비실");
            spur(id("c26"), place(id("pantry"), 3.2, NORTH, names, Set.of(Use.ROOM)), Optional.empty());
        } else {
            var names = Map.of("en", service.en(), "ar", service.ar(), "ko", service.ko());
            var door = new Door("door-" + service.id(), floor, 3);
            boolean shut =
                    Set.of("server-room", "treasury", "pharmacy", "cabinet").contains(service.id());
            String id = place(service.id(), 3.2, NORTH, names, service.uses());
            spur(id("c26"), id, shut ? Optional.of(door) : Optional.empty());
        }
    }

    private void meetingRoom(int number) {
        var names =
                Map.of("en", "Meeting room " + floor, "ar", "قاعة اجتماعات " + arabic(floor), "ko", floor + "층 회의실");
        var door = new Door("door-" + number + "-meeting", floor, 3);
        spur(id("c16"), place(id("meeting"), 36.8, NORTH, names, Set.of(Use.ROOM)), Optional.of(door));
    }

    /// Six more chargers on a spine.
    private void depot() {
        String[] spine = new String[3];
        for (int i = 0; i < 3; i++) spine[i] = place(id("d" + (i + 1)), 37.7, NORTH + 2 * i, Map.of(), Set.of());
        chain(List.of(id("c16"), spine[0], spine[1], spine[2]));
        int bay = 0;
        for (int i = 1; i < 3; i++)
            for (double x : new double[] {36.3, 39.1}) {
                String id = place(id("dock" + ++bay), x, NORTH + 2 * i, Map.of(), Set.of(Use.CHARGER, Use.PARKING));
                spur(spine[i], id, Optional.empty());
            }
        spur(spine[0], place(id("dock5"), 39.1, NORTH, Map.of(), Set.of(Use.CHARGER, Use.PARKING)), Optional.empty());
        spur(spine[2], place(id("dock6"), 37.7, 23, Map.of(), Set.of(Use.CHARGER, Use.PARKING)), Optional.empty());
    }

    private void bays() {
        spur(id("c29"), place(id("charger"), 3.2, 11, Map.of(), Set.of(Use.CHARGER, Use.PARKING)), Optional.empty());
        spur(id("c28"), place(id("bay1"), 3.2, 13, Map.of(), Set.of(Use.PARKING)), Optional.empty());
        spur(id("c13"), place(id("bay2"), 36.8, 11, Map.of(), Set.of(Use.PARKING)), Optional.empty());
    }

    /// Where something else holds: clinics without cameras, rooms that need a permission, a slow floor.
    private void law(int number) {
        switch (number) {
            case 2, 28 -> zones.add(zone("clinic-" + number, Zone.Kind.PRIVACY, 0, 18, 34.4, 24));
            case 18 -> zones.add(zone("server-room-zone", Zone.Kind.RESTRICTED, 0, 14, 4.6, 24));
            case 24 -> zones.add(zone("treasury-zone", Zone.Kind.RESTRICTED, 0, 14, 4.6, 24));
            case 36 -> {
                zones.add(zone("cabinet-zone", Zone.Kind.RESTRICTED, 0, 14, 4.6, 24));
                zones.add(zone("ministers", Zone.Kind.PRIVACY, 4.6, 18, 34.4, 24));
            }
            default -> {}
        }
        if (number == 1)
            zones.add(new Zone(
                    "lobby",
                    floor,
                    Zone.Kind.SPEED,
                    List.of(new Point(4.6, 6), new Point(35.4, 6), new Point(35.4, 8), new Point(4.6, 8)),
                    Optional.of(0.7)));
    }

    private Zone zone(String id, Zone.Kind kind, double x1, double y1, double x2, double y2) {
        var corners = List.of(new Point(x1, y1), new Point(x2, y1), new Point(x2, y2), new Point(x1, y2));
        return new Zone(id, floor, kind, corners, Optional.empty());
    }

    // --- walls, for drawings -------------------------------------------------------------------------

    private void core() {
        wall(0, 0, 40, 0, 40, 24, 0, 24, 0, 0);
        for (boolean below : new boolean[] {true, false}) {
            double front = below ? 6 : 18;
            double back = below ? 0 : 24;
            for (int i = 0; i <= 5; i++) wall(x(i), back, x(i), front);
            // The front has a gap of 1.4 m before each room.
            for (int i = 0; i < 5; i++) {
                double middle = LEFT + STEP * (2 * i + 1);
                wall(x(i), front, middle - 0.7, front);
                wall(middle + 0.7, front, x(i + 1), front);
            }
        }
        for (double x : new double[] {4.6, 35.4}) {
            double out = x < 20 ? 0 : 40;
            wall(out, 10, x, 10, x, 7.7);
            wall(x, 6.3, x, 6);
            wall(out, 14, x, 14, x, 16.3);
            wall(x, 17.7, x, 18);
        }
        // Shafts stand in the hall's long walls.
        wall(7.4, 9.8, 7.4, 8.2, 32.6, 8.2, 32.6, 9.8, 7.4, 9.8);
        wall(7.4, 14.2, 7.4, 15.8, 32.6, 15.8, 32.6, 14.2, 7.4, 14.2);
    }

    /// The walls between rooms, in line with the corner rooms' fronts at both ends.
    private static double x(int i) {
        return switch (i) {
            case 0 -> 4.6;
            case 5 -> 35.4;
            default -> LEFT + 2 * STEP * i;
        };
    }

    private void wall(double... corners) {
        for (int i = 2; i < corners.length; i += 2) {
            double[] wall = Arrays.stream(corners, i - 2, i + 2)
                    .map(TowerPlan::millimetres)
                    .toArray();
            walls.add(new Wall(wall[0], wall[1], wall[2], wall[3]));
        }
    }
}
