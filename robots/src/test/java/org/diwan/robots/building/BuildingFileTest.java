package org.diwan.robots.building;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: reading is the inverse of writing; each damage to a sound file is refused by name and line; the
/// shorthand is the same building as the long hand.
class BuildingFileTest {
    private static final String SOUND = """
            building: annex
            cut-off: [roof]
            floors:
              1:
                elevation: 0
                places:
                  c1..c4: [[0, 0], [6, 0]]
                  101: [2, 2, room, pickup, en: Room 101, ar: غرفة ١٠١, ko: "101호"]
                  dock: [0, -2, charger, parking]
                lanes:
                  - [c1..c4]
                  - [c2, 101, door: d1]
                  - [c1, dock]
                doors: {d1: 3}
                zones:
                  ward: [privacy, [1, 1], [3, 1], [3, 3], [1, 3]]
                  ramp: [speed: 0.4, [4, -1], [6, -1], [5, 1]]
                walls: [[[-1, -3], [8, -3], [8, 4]]]
              2:
                elevation: 4
                places:
                  hall: [6, 0]
                  201: [4, 0, room]
                  roof: [4, 4]
                lanes:
                  - [hall, 201, one-way: true, speed: 0.5]
                  - [201, hall, one-way: true]
            lifts:
              lift-1: {at: [8, 0], speed: 1.5, door-time: 3, landings: {1: c4, 2: hall}}
            """;

    @Test
    void writingAndReadingAreInverse() {
        var building = BuildingFile.parse(SOUND);
        assertEquals(building, BuildingFile.parse(BuildingFile.text(building)), BuildingFile.text(building));
    }

    @Test
    void everyMemberIsRead() {
        var building = BuildingFile.parse(SOUND);
        assertEquals("annex", building.name());
        assertEquals(Set.of("roof"), building.cutOff());
        assertEquals(10, building.places().size());
        var room = building.places().get(4);
        assertEquals(
                new Place(
                        "101",
                        "1",
                        2,
                        2,
                        Map.of("en", "Room 101", "ar", "غرفة ١٠١", "ko", "101호"),
                        Set.of(Use.ROOM, Use.PICKUP)),
                room);
        assertEquals(
                new Lane("c2", "101", false, Optional.empty(), Optional.of("d1")),
                building.lanes().get(3));
        assertEquals(
                new Lane("hall", "201", true, Optional.of(0.5), Optional.empty()),
                building.lanes().get(5));
        assertEquals(Zone.Kind.SPEED, building.zones().get(1).kind());
        assertEquals(Optional.of(0.4), building.zones().get(1).speed());
        assertEquals(2, building.floors().getFirst().walls().size());
        assertEquals(Map.of("1", "c4", "2", "hall"), building.lifts().getFirst().landings());
        assertEquals("1", building.places().getLast().floor());
    }

    @Test
    void shorthandIsLonghand() {
        String longhand = SOUND.replace(
                        "c1..c4: [[0, 0], [6, 0]]", "c1: [0, 0]\n      c2: [2, 0]\n      c3: [4, 0]\n      c4: [6, 0]")
                .replace("- [c1..c4]", "- [c1, c2]\n      - [c2, c3]\n      - [c3, c4]");
        assertEquals(BuildingFile.parse(SOUND), BuildingFile.parse(longhand));
    }

    @ParameterizedTest(name = "{0} → {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            elevation: 4              | elevation: high           | line 20, floors.2.elevation must be a number
            elevation: 4              | elevation: 1e5            | is 1e5, must be -10000 to 10000
            elevation: 4              | height: 4                 | floors.2.height is not known here; known are
            building: annex           | building: [annex]         | line 1, building must be a text
            building: annex           | name: annex               | name is not known here
            hall: [6, 0]              | hall: 6                   | places.hall must be a list
            hall: [6, 0]              | hall: [6]                 | must be [x, y, uses
            hall: [6, 0]              | hall: [6, 0, sauna]       | is none of room, pickup, dropoff, charger, parking
            hall: [6, 0]              | hall: [6, 0, room, en: ""] | a name in en that is not of 1 to 200
            hall: [6, 0]              | hall: [6, 0, english: H, e: H] | a name in 'e'; a language
            hall: [6, 0]              | hall: [1e6, 0]            | places.hall[0] is 1e6, must be -100000 to 100000
            hall: [6, 0]              | 201: [6, 0]               | places.201 is here twice
            roof: [4, 4]              | c1: [4, 4]                | line 24, place c1 is there twice
            roof: [4, 4]              | roof/x: [4, 4]            | is a name that cannot be used; 1 to 64 letters
            201: [4, 0, room] | 201: [5.5, 0, room] | place 201 is 0.50 m from hall on floor 2
            201: [4, 0, room]         | 201: [8, 0.5, room]       | place lift-1 is 0.50 m from 201 on floor 2
            c1..c4: [[0, 0], [6, 0]]  | c1..d4: [[0, 0], [6, 0]]  | two points are for a row
            - [c1..c4]                | - [c1..c99999]            | is no range, such as
            - [c1..c4]                | - [c1..c3]                | place c4
            - [c1..c4]                | - [c1..c4, hall]          | names 'hall', which is no place of floor 1
            - [c1..c4]                | - [c1..c4, c2]            | passes 0.00 m from c3
            - [c1..c4]                | - [c1..c4, c3]            | is there twice
            - [c1..c4]                | - [c1]                    | has fewer than two places
            one-way: true, speed: 0.5 | one-way: yes              | one-way must be true or false, is 'yes'
            one-way: true, speed: 0.5 | one-way: true, speed: 0   | has a speed of 0, must be more than 0
            one-way: true, speed: 0.5 | oneway: true              | oneway is not known here
            - [201, hall, one-way: true] |                        | place 201 cannot be left for
            - [c2, 101, door: d1] | - [c2, 101, door: d2] | line 12, lane c2 → 101 names the door 'd2', which is none
            - [c2, 101, door: d1]     | - [c2, 101]               | line 14, door d1 is on no lane
            doors: {d1: 3} | doors: {d1: 3, lift-1: 2} | door lift-1 is there twice; lifts, doors and zones share
            doors: {d1: 3}            | doors: {d1: 3, d1: 3}     | d1 is here twice
            - [c1, dock]              |                           | place dock is a charger without a way
            cut-off: [roof] | cut-off: [] | place roof cannot be reached from c1; join it by a lane, or name
            cut-off: [roof]           | cut-off: [roof, 101]      | place 101 is named in cut-off, but it can be
            cut-off: [roof]           | cut-off: [roof, attic]    | cut-off names 'attic', which is no place
            [1, 1], [3, 1], [3, 3], [1, 3]] | [1, 1], [3, 1]] | zone ward has 2 corners, must have 3
            [1, 1], [3, 1], [3, 3], [1, 3]] | [1, 1], [3, 3], [3, 1], [1, 3]] | has an outline that meets itself
            [1, 1], [3, 1], [3, 3], [1, 3]] | [1, 1], [2, 1], [3, 1]] | outline of no area
            privacy, [1, 1] | private, [1, 1] | is none of privacy, restricted, speed, release
            ramp: [speed: 0.4,        | ramp: [speed,             | zone ramp needs a speed of more than 0
            {1: c4, 2: hall}          | {1: c4}                   | lift lift-1 has 1 landings, needs two or more
            {1: c4, 2: hall}          | {1: c4, 3: hall}          | has a landing on floor '3', which is none
            {1: c4, 2: hall}          | {1: c4, 2: c1}            | has the landing c1 for floor 2, but it is on 1
            {1: c4, 2: hall}          | {1: c4, 2: lobby}         | has the landing 'lobby', which is no place
            speed: 1.5                | speed: 0                  | has a speed of 0 m/s, must be more than 0
            lift-1: {at               | lift-1: {cabin: c1, at    | place c1 is there twice
            [8, -3]                   | *wall                     | not YAML
            """)
    void whatContradictsItselfIsRefused(String sound, String damaged, String reason) {
        int at = SOUND.indexOf(sound);
        assertTrue(at >= 0, sound);
        String text = SOUND.substring(0, at) + (damaged == null ? "" : damaged) + SOUND.substring(at + sound.length());
        var refused = assertThrows(BuildingException.class, () -> BuildingFile.parse(text));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        String text = SOUND.replace("elevation: 4", "elevation: 4")
                .replace("door: d1", "door: d2")
                .replace("2: hall}", "2: lobby}");
        var refused = assertThrows(BuildingException.class, () -> BuildingFile.parse(text));
        assertEquals(3, refused.faults().size(), refused.getMessage());
    }

    @Test
    void crossingLanesNeedAPlace() {
        var places = List.of(place("n", 0, 2), place("s", 0, -2), place("e", 2, 0), place("w", -2, 0));
        var lanes = List.of(lane("n", "s"), lane("e", "w"), lane("n", "e"));
        var building = building(places, lanes);
        assertEquals(
                List.of("lane e → w crosses the lane n → s; let both go through a place there"),
                BuildingCheck.faults(building).stream().map(Object::toString).toList());
    }

    /// Against every pair of places and every lane with every place: the slow obvious way.
    @Test
    void nearIsFoundAsByTryingAll() {
        Seeded.forAll(300, random -> {
            var building = scattered(random);
            var found = new Spacing(building).faults();
            int expected = 0;
            var places = building.places();
            for (int i = 0; i < places.size(); i++)
                for (int j = 0; j < i; j++)
                    if (Math.hypot(
                                    places.get(i).x() - places.get(j).x(),
                                    places.get(i).y() - places.get(j).y())
                            < Spacing.LEAST) expected++;
            var lanes = building.lanes();
            for (int i = 0; i < lanes.size(); i++) {
                var a = building.places()
                        .get(Integer.parseInt(lanes.get(i).from().substring(1)));
                var b = building.places().get(Integer.parseInt(lanes.get(i).to().substring(1)));
                for (var place : places)
                    if (!place.equals(a)
                            && !place.equals(b)
                            && Outline.distance(at(place), at(a), at(b)) < Spacing.LEAST) expected++;
                for (int j = 0; j < i; j++) {
                    var c = building.places()
                            .get(Integer.parseInt(lanes.get(j).from().substring(1)));
                    var d = building.places()
                            .get(Integer.parseInt(lanes.get(j).to().substring(1)));
                    boolean joined = Set.of(a, b).contains(c) || Set.of(a, b).contains(d);
                    if (!joined && Outline.meet(at(a), at(b), at(c), at(d))) expected++;
                }
            }
            assertEquals(expected, found.size());
        });
    }

    /// Against a search from every place.
    @Test
    void cutOffIsFoundAsByTryingAll() {
        Seeded.forAll(300, random -> {
            int n = random.nextInt(2, 12);
            var places = new ArrayList<Place>();
            var lanes = new ArrayList<Lane>();
            for (int i = 0; i < n; i++) places.add(place("p" + i, i, 0));
            boolean[][] way = new boolean[n][n];
            for (int i = random.nextInt(2 * n); i > 0; i--) {
                int from = random.nextInt(n);
                int to = random.nextInt(n);
                if (from == to) continue;
                way[from][to] = true;
                lanes.add(new Lane("p" + from, "p" + to, true, Optional.empty(), Optional.empty()));
            }
            for (int i = 0; i < n; i++) way[i][i] = true;
            for (int k = 0; k < n; k++)
                for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) way[i][j] |= way[i][k] && way[k][j];
            int most = 0;
            for (int i = 0; i < n; i++) {
                int size = 0;
                for (int j = 0; j < n; j++) if (way[i][j] && way[j][i]) size++;
                most = Math.max(most, size);
            }
            var faults = Reach.faults(building(places, lanes));
            assertEquals(n - most, faults.size(), lanes.toString());
        });
    }

    @Test
    void damageIsReadOrRefusedNeverWorse() {
        byte[] whole = SOUND.getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(3000, random -> {
            String text = new String(Mutations.of(whole, random), StandardCharsets.UTF_8);
            try {
                var read = BuildingFile.parse(text);
                assertEquals(read, BuildingFile.parse(BuildingFile.text(read)), text);
            } catch (BuildingException refused) {
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
            }
        });
    }

    private static Place place(String id, double x, double y) {
        return new Place(id, "1", x, y, Map.of(), Set.of());
    }

    private static Lane lane(String from, String to) {
        return new Lane(from, to, false, Optional.empty(), Optional.empty());
    }

    private static Building building(List<Place> places, List<Lane> lanes) {
        var floors = List.of(new Floor("1", 0, List.of()));
        return new Building("b", floors, places, lanes, List.of(), List.of(), List.of());
    }

    private static Building.Point at(Place place) {
        return new Building.Point(place.x(), place.y());
    }

    private static Building scattered(SplittableRandom random) {
        var places = new ArrayList<Place>();
        var lanes = new ArrayList<Lane>();
        int n = random.nextInt(2, 20);
        for (int i = 0; i < n; i++) places.add(place("p" + i, random.nextDouble(-12, 12), random.nextDouble(-12, 12)));
        for (int i = 0; i < n; i++)
            if (random.nextBoolean()) lanes.add(lane("p" + i, "p" + (i + 1 + random.nextInt(n - 1)) % n));
        return building(places, lanes);
    }
}
