package org.diwan.robots.facility;

import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.Digest;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Point;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.State.Position;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;

/// A building's zones as zone sets of VDA 5050 3.0 (§6.4), one for each floor that has any: its RELEASE and SPEED
/// zones, a RELEASE zone round each lift's cabin on each floor where it stops, and one on each lane with a door. A
/// zone of a lift or door has the lift's or door's name. Privacy and restriction are fleet control's to keep.
final class ZoneMaps {
    /// From the middle of a cabin to each side, metres: a robot that touches it is within.
    private static final double CABIN = 0.9;

    /// The same for a door; less, for those who pass by before it need no door.
    private static final double DOOR = 0.5;

    /// Stands in place of the set's name while that is computed.
    private static final Header NOBODY = new Header(0, Instant.EPOCH, Version.V3_0.text(), "diwan", "nobody");

    /// @param id names its content, which may never change (§6.4.2)
    record Sheet(String id, String floor, List<ZoneSet.Zone> zones) {}

    private final Map<String, Sheet> byFloor = new LinkedHashMap<>();
    private final Map<String, Sheet> byId = new HashMap<>();

    ZoneMaps(Building building) {
        var zones = new LinkedHashMap<String, List<ZoneSet.Zone>>();
        for (var floor : building.floors()) zones.put(floor.id(), new ArrayList<>());
        var places = new HashMap<String, Place>();
        for (var place : building.places()) places.put(place.id(), place);
        for (var zone : building.zones())
            switch (zone.kind()) {
                case RELEASE -> add(zones, zone.floor(), zone.id(), zone.outline(), release());
                case SPEED ->
                    add(
                            zones,
                            zone.floor(),
                            zone.id(),
                            zone.outline(),
                            new ZoneSet.SpeedLimit(zone.speed().orElseThrow()));
                case PRIVACY, RESTRICTED -> {}
            }
        for (var lift : building.lifts()) {
            var cabin = Optional.ofNullable(places.get(lift.cabin())).orElseThrow();
            for (String floor : lift.landings().keySet())
                add(zones, floor, lift.id(), box(cabin.x(), cabin.y(), cabin.x(), cabin.y(), CABIN), release());
        }
        for (var door : building.doors())
            add(zones, door.floor(), door.id(), around(building, door, places), release());
        zones.forEach((floor, of) -> {
            if (of.isEmpty()) return;
            String id = building.name() + "-" + floor + "-" + digest(floor, of);
            var set = new Sheet(id, floor, List.copyOf(of));
            byFloor.put(floor, set);
            byId.put(id, set);
        });
    }

    /// Round the middles of all lanes with that door.
    private static List<Point> around(Building building, Door door, Map<String, Place> places) {
        var x = new DoubleSummaryStatistics();
        var y = new DoubleSummaryStatistics();
        for (var lane : building.lanes()) {
            if (!lane.door().equals(Optional.of(door.id()))) continue;
            var from = Optional.ofNullable(places.get(lane.from())).orElseThrow();
            var to = Optional.ofNullable(places.get(lane.to())).orElseThrow();
            x.accept((from.x() + to.x()) / 2);
            y.accept((from.y() + to.y()) / 2);
        }
        return box(x.getMin(), y.getMin(), x.getMax(), y.getMax(), DOOR);
    }

    private static ZoneSet.Rule release() {
        return new ZoneSet.Release(ZoneSet.Release.LossBehavior.STOP);
    }

    private static List<Point> box(double x1, double y1, double x2, double y2, double margin) {
        return List.of(
                new Point(x1 - margin, y1 - margin),
                new Point(x2 + margin, y1 - margin),
                new Point(x2 + margin, y2 + margin),
                new Point(x1 - margin, y2 + margin));
    }

    private static void add(
            Map<String, List<ZoneSet.Zone>> zones, String floor, String id, List<Point> outline, ZoneSet.Rule rule) {
        var corners = outline.stream()
                .map(corner -> new ZoneSet.Vertex(corner.x(), corner.y()))
                .toList();
        zones.computeIfAbsent(floor, _ -> new ArrayList<>()).add(new ZoneSet.Zone(id, null, corners, rule));
    }

    private static String digest(String floor, List<ZoneSet.Zone> zones) {
        byte[] content = new Codec(Version.V3_0).write(new ZoneSet(NOBODY, floor, "", null, zones));
        return Digest.hex(Digest.sha256(content)).substring(0, 12);
    }

    Optional<Sheet> floor(String floor) {
        return Optional.ofNullable(byFloor.get(floor));
    }

    Optional<Sheet> set(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /// Whether something at `position` is within the zone of `facility` on its floor.
    boolean isWithin(Position position, String facility) {
        return floor(position.mapId()).stream()
                .flatMap(set -> set.zones().stream())
                .anyMatch(zone -> zone.zoneId().equals(facility) && holds(zone.vertices(), position));
    }

    /// By the even-odd rule.
    private static boolean holds(List<ZoneSet.Vertex> corners, Position at) {
        boolean within = false;
        for (int i = 0, before = corners.size() - 1; i < corners.size(); before = i++) {
            var a = corners.get(i);
            var b = corners.get(before);
            boolean across = (a.y() > at.y()) != (b.y() > at.y());
            if (across && at.x() < a.x() + (b.x() - a.x()) * (at.y() - a.y()) / (b.y() - a.y())) within = !within;
        }
        return within;
    }
}
