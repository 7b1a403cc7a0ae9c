package org.diwan.robots.building;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A building as its file says it. That it is sound is what [BuildingCheck] says.
///
/// @param name as in `tower`
/// @param cutOff places that are known not to be reached, or not to be left
public record Building(
        String name,
        List<Floor> floors,
        List<Place> places,
        List<Lane> lanes,
        List<Lift> lifts,
        List<Door> doors,
        List<Zone> zones,
        Set<String> cutOff) {
    /// One storey.
    ///
    /// @param id the mapId of VDA 5050
    /// @param elevation of the floor, metres
    /// @param walls for drawings; lanes alone say where a robot may go
    public record Floor(String id, double elevation, List<Wall> walls) {
        public Floor {
            walls = List.copyOf(walls);
        }
    }

    /// From one point to another, metres.
    public record Wall(double x1, double y1, double x2, double y2) {}

    /// A point where a robot may stand; the nodeId of VDA 5050.
    ///
    /// @param names what people call it, by language as in RFC 5646 (`ar` → `غرفة ٣٠٥`); may be empty
    /// @param uses what it is for; empty for a mere waypoint
    public record Place(String id, String floor, double x, double y, Map<String, String> names, Set<Use> uses) {
        public Place {
            names = Map.copyOf(names);
            uses = Set.copyOf(uses);
        }
    }

    /// What a place is for.
    public enum Use {
        /// A goal of missions.
        ROOM,
        /// Loads are taken up here.
        PICKUP,
        /// Loads are set down here.
        DROPOFF,
        CHARGER,
        /// A robot without work may stay here.
        PARKING
    }

    /// A way between two places of one floor, straight.
    ///
    /// @param oneWay whether only from `from` to `to`
    /// @param speed the limit, metres per second
    /// @param door that has to be open
    public record Lane(String from, String to, boolean oneWay, Optional<Double> speed, Optional<String> door) {}

    /// A lift, which holds one robot at a time.
    ///
    /// @param cabin the place within it, on no lane; its x and y are the shaft's, its floor the first landing's
    /// @param landings the place before its door, by floor
    /// @param speed metres per second
    /// @param doorTime seconds until a door is open, or shut
    public record Lift(String id, String cabin, Map<String, String> landings, double speed, double doorTime) {
        public Lift {
            landings = Collections.unmodifiableMap(new LinkedHashMap<>(landings));
        }
    }

    /// A door that opens when asked.
    ///
    /// @param openTime seconds until it is open, or shut
    public record Door(String id, String floor, double openTime) {}

    /// A part of a floor where something else holds.
    ///
    /// @param outline corners in order, metres; at least three
    public record Zone(String id, String floor, Kind kind, List<Point> outline, Optional<Double> speed) {
        /// What holds there.
        public enum Kind {
            /// Cameras are off.
            PRIVACY,
            /// Only with a permission that names it.
            RESTRICTED,
            /// At most [Zone#speed].
            SPEED,
            /// One robot at a time, on a lease.
            RELEASE
        }

        public Zone {
            outline = List.copyOf(outline);
        }

        /// Whether `place` lies within, by the even-odd rule.
        public boolean holds(Place place) {
            if (!place.floor().equals(floor)) return false;
            boolean within = false;
            for (int i = 0, before = outline.size() - 1; i < outline.size(); before = i++) {
                var a = outline.get(i);
                var b = outline.get(before);
                boolean across = (a.y() > place.y()) != (b.y() > place.y());
                if (across && place.x() < a.x() + (b.x() - a.x()) * (place.y() - a.y()) / (b.y() - a.y()))
                    within = !within;
            }
            return within;
        }
    }

    /// Metres.
    public record Point(double x, double y) {}

    public Building {
        floors = List.copyOf(floors);
        places = List.copyOf(places);
        lanes = List.copyOf(lanes);
        lifts = List.copyOf(lifts);
        doors = List.copyOf(doors);
        zones = List.copyOf(zones);
        cutOff = Set.copyOf(cutOff);
    }

    /// A building of which nothing is cut off.
    public Building(
            String name,
            List<Floor> floors,
            List<Place> places,
            List<Lane> lanes,
            List<Lift> lifts,
            List<Door> doors,
            List<Zone> zones) {
        this(name, floors, places, lanes, lifts, doors, zones, Set.of());
    }
}
