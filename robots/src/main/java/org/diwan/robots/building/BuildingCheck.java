package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.Building.Zone;

/// What is wrong with a building, fault by fault: names, references and limits here; what robots would bump into in
/// [Spacing]; what they would not reach in [Reach]. These two are looked at only where all that is named is there.
public final class BuildingCheck {
    /// So many are found at most.
    public static final int MAX_FAULTS = 1000;

    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_.-]{0,63}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,8}");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cs}]{1,200}");

    /// One of them.
    ///
    /// @param subject as in `place 301`
    /// @param what is wrong, what the limit is, what would mend it
    public record Fault(String subject, String what) {
        @Override
        public String toString() {
            return subject + " " + what;
        }
    }

    private final Building building;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Floor> floors = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Door> doors = new HashMap<>();
    private final Set<String> cabins = new HashSet<>();
    private final Set<String> sharedCabins = new HashSet<>();
    private final Set<String> usedDoors = new HashSet<>();

    private BuildingCheck(Building building) {
        this.building = building;
    }

    /// All faults of `building`, at most [#MAX_FAULTS]; none if it is sound.
    public static List<Fault> faults(Building building) {
        var check = new BuildingCheck(building);
        check.run();
        return check.faults.stream().limit(MAX_FAULTS).toList();
    }

    static String subject(Lane lane) {
        return "lane " + lane.from() + " → " + lane.to();
    }

    private void run() {
        if (!NAME.matcher(building.name()).matches()) fault("the building", "needs a name of 1 to 200 characters");
        if (building.floors().isEmpty()) fault("the building", "has no floor");
        if (building.places().size() > RoadMap.MAX_VERTICES)
            fault("the building", "has " + building.places().size() + " places, the limit is " + RoadMap.MAX_VERTICES);
        names();
        building.places().forEach(this::place);
        building.lanes().forEach(this::lane);
        arcs();
        building.doors().forEach(this::door);
        building.lifts().forEach(this::lift);
        building.zones().forEach(this::zone);
        for (String id : building.cutOff())
            if (!places.containsKey(id)) fault("cut-off", "names '" + id + "', which is no place");
        if (!faults.isEmpty()) return;
        var found = new Spacing(building).faults();
        found.addAll(Reach.faults(building));
        faults.addAll(found);
    }

    private void fault(String subject, String what) {
        if (faults.size() < MAX_FAULTS) faults.add(new Fault(subject, what));
    }

    // --- names ---------------------------------------------------------------------------------------

    private void names() {
        for (var floor : building.floors()) unique("floor", floor.id(), floors.put(floor.id(), floor) != null);
        for (var place : building.places()) unique("place", place.id(), places.put(place.id(), place) != null);
        // One name space: each may be asked for a lease.
        var leased = new HashSet<String>();
        for (var lift : building.lifts()) unique("lift", lift.id(), !leased.add(lift.id()));
        for (var door : building.doors()) {
            unique("door", door.id(), !leased.add(door.id()));
            doors.put(door.id(), door);
        }
        for (var zone : building.zones()) unique("zone", zone.id(), !leased.add(zone.id()));
        for (var lift : building.lifts()) if (!cabins.add(lift.cabin())) sharedCabins.add(lift.cabin());
        for (var lane : building.lanes()) lane.door().ifPresent(usedDoors::add);
    }

    private void unique(String kind, String id, boolean again) {
        if (!ID.matcher(id).matches() || id.contains(".."))
            fault(
                    kind + " " + id,
                    "is a name that cannot be used; 1 to 64 letters, digits, '_', '-' and single '.' can, and the"
                            + " first is a letter, a digit or '_'");
        if (again) fault(kind + " " + id, "is there twice; lifts, doors and zones share their names");
    }

    // --- things --------------------------------------------------------------------------------------

    private void place(Place place) {
        String subject = "place " + place.id();
        if (!floors.containsKey(place.floor())) fault(subject, "is on floor '" + place.floor() + "', which is none");
        if (!(Math.abs(place.x()) <= BuildingFile.MAX_METRES && Math.abs(place.y()) <= BuildingFile.MAX_METRES))
            fault(subject, "is farther than " + NumberText.of(BuildingFile.MAX_METRES) + " m from the origin");
        place.names().forEach((language, name) -> {
            if (!LANGUAGE.matcher(language).matches())
                fault(subject, "has a name in '" + language + "'; a language is written as `ar` or `pt-BR`");
            if (!NAME.matcher(name).matches() || name.isBlank())
                fault(subject, "has a name in " + language + " that is not of 1 to 200 visible characters");
        });
    }

    private void lane(Lane lane) {
        String subject = subject(lane);
        for (String end : List.of(lane.from(), lane.to())) {
            if (!places.containsKey(end)) fault(subject, "names '" + end + "', which is no place");
            if (cabins.contains(end)) fault(subject, "ends in the cabin " + end + "; a lift is entered from a landing");
        }
        if (lane.from().equals(lane.to())) fault(subject, "ends where it begins");
        var from = places.get(lane.from());
        var to = places.get(lane.to());
        if (from != null && to != null && !from.floor().equals(to.floor()))
            fault(subject, "goes from floor " + from.floor() + " to " + to.floor() + "; only a lift does");
        if (lane.speed().isPresent() && !(lane.speed().get() > 0))
            fault(subject, "has a speed of " + NumberText.of(lane.speed().get()) + ", must be more than 0");
        lane.door().ifPresent(id -> {
            var door = doors.get(id);
            if (door == null) fault(subject, "names the door '" + id + "', which is none");
            else if (from != null && !door.floor().equals(from.floor()))
                fault(subject, "names the door " + id + ", which is on floor " + door.floor());
        });
    }

    private void arcs() {
        var arcs = new HashSet<List<String>>();
        for (var lane : building.lanes()) {
            boolean again = !arcs.add(List.of(lane.from(), lane.to()));
            if (!lane.oneWay()) again |= !arcs.add(List.of(lane.to(), lane.from()));
            if (again) fault(subject(lane), "is there twice; leave one, with what holds for it");
        }
    }

    private void door(Door door) {
        String subject = "door " + door.id();
        if (!floors.containsKey(door.floor())) fault(subject, "is on floor '" + door.floor() + "', which is none");
        if (!(door.openTime() >= 0 && door.openTime() <= 600))
            fault(subject, "takes " + NumberText.of(door.openTime()) + " s, must be 0 to 600");
        if (!usedDoors.contains(door.id()))
            fault(subject, "is on no lane; name it in one, `[a, b, door: " + door.id() + "]`, or take it out");
    }

    private void lift(Lift lift) {
        String subject = "lift " + lift.id();
        var cabin = places.get(lift.cabin());
        if (cabin == null) fault(subject, "names the cabin '" + lift.cabin() + "', which is no place");
        if (sharedCabins.contains(lift.cabin())) fault(subject, "shares its cabin " + lift.cabin() + " with another");
        if (!(lift.speed() > 0 && lift.speed() <= 100))
            fault(subject, "has a speed of " + NumberText.of(lift.speed()) + " m/s, must be more than 0, at most 100");
        if (!(lift.doorTime() >= 0 && lift.doorTime() <= 600))
            fault(subject, "has a door time of " + NumberText.of(lift.doorTime()) + " s, must be 0 to 600");
        if (lift.landings().size() < 2)
            fault(subject, "has " + lift.landings().size() + " landings, needs two or more");
        if (cabin != null && !lift.landings().containsKey(cabin.floor()))
            fault(subject, "has a cabin on floor " + cabin.floor() + ", where it has no landing");
        lift.landings().forEach((floor, id) -> {
            var landing = places.get(id);
            if (!floors.containsKey(floor)) fault(subject, "has a landing on floor '" + floor + "', which is none");
            if (landing == null) fault(subject, "has the landing '" + id + "', which is no place");
            else if (!landing.floor().equals(floor))
                fault(subject, "has the landing " + id + " for floor " + floor + ", but it is on " + landing.floor());
            if (cabins.contains(id)) fault(subject, "has the landing " + id + ", which is a cabin");
        });
    }

    private void zone(Zone zone) {
        String subject = "zone " + zone.id();
        if (!floors.containsKey(zone.floor())) fault(subject, "is on floor '" + zone.floor() + "', which is none");
        if (zone.kind() == Zone.Kind.SPEED && !(zone.speed().orElse(0.0) > 0))
            fault(subject, "needs a speed of more than 0, `[speed: 0.5, …]`");
        if (zone.kind() != Zone.Kind.SPEED && zone.speed().isPresent())
            fault(subject, "has a speed, which only zones of kind speed have");
        Outline.fault(zone.outline()).ifPresent(what -> fault(subject, what));
    }

    static boolean isPlaceToCharge(Place place) {
        return place.uses().contains(Use.CHARGER);
    }
}
