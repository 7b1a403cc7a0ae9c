package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;

/// Reads VDA's Layout Interchange Format 1.0 (VDMA, "LIF – Layout Interchange Format", 2024): layouts with nodes,
/// edges and stations, in metres.
///
/// A layout is a floor of the name of its level, or its own. Two edges there and back with one speed are one lane; an
/// edge's speed is that of the slowest type of vehicle. A station's node is a room; `pick`, `drop` and `startCharging`
/// among a node's actions say what else it is for.
final class LifReader {
    /// Metres between floors, where nothing is said of that.
    private static final double STOREY = 4;

    private static final Map<String, Use> ACTIONS =
            Map.of("pick", Use.PICKUP, "drop", Use.DROPOFF, "startCharging", Use.CHARGER);

    private final Losses losses;
    private final Ids ids = new Ids();
    private final Map<String, String> idOf = new HashMap<>();
    private final List<Floor> floors = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<List<String>, Integer> arcs = new HashMap<>();

    LifReader(Losses losses) {
        this.losses = losses;
    }

    Building read(Cursor root) {
        var meta = root.at("metaInformation");
        String version = meta.at("lifVersion").text();
        if (!version.startsWith("1.")) throw meta.at("lifVersion").wrong("is " + version + ", must be 1.x");
        var layouts = root.at("layouts").items(BuildingFile.MAX_FLOORS);
        var taken = new Ids();
        for (var layout : layouts) nodes(layout, taken);
        for (int i = 0; i < layouts.size(); i++)
            edges(layouts.get(i), floors.get(i).id());
        if (layouts.size() > 1)
            losses.say("heights of floors are not in the file; " + NumberText.of(STOREY) + " m each are supposed");
        return new Building(
                meta.at("projectIdentification").text(),
                floors,
                List.copyOf(places.values()),
                lanes,
                List.of(),
                List.of(),
                List.of());
    }

    private void nodes(Cursor layout, Ids taken) {
        String name = layout.find("layoutLevelId").orElse(layout.at("layoutId")).text();
        String floor = taken.of(name, "layout");
        floors.add(new Floor(floor, floors.size() * STOREY, List.of()));
        for (String unread : List.of("layoutName", "layoutDescription"))
            if (layout.find(unread).isPresent()) losses.count(unread);
        for (var node : layout.at("nodes").items(RoadMap.MAX_VERTICES)) {
            String said = node.at("nodeId").text();
            String id = ids.of(said, floor);
            if (idOf.put(said, id) != null) throw node.at("nodeId").wrong("is '" + said + "', as another's");
            if (!id.equals(said)) losses.say("node '" + said + "' is called " + id);
            var at = node.at("nodePosition");
            double x = at.at("x").number(-BuildingFile.MAX_METRES, BuildingFile.MAX_METRES);
            double y = at.at("y").number(-BuildingFile.MAX_METRES, BuildingFile.MAX_METRES);
            Map<String, String> names =
                    node.find("nodeName").map(one -> Map.of("und", one.text())).orElse(Map.of());
            if (node.find("nodeDescription").isPresent()) losses.count("nodeDescription");
            if (!node.find("mapId").map(Cursor::text).orElse(floor).equals(floor))
                losses.count("mapId that is not the layout's level");
            places.put(id, new Place(id, floor, x, y, names, uses(node)));
        }
        for (var station : layout.at("stations").items(RoadMap.MAX_VERTICES)) station(station);
    }

    private Set<Use> uses(Cursor node) {
        var uses = EnumSet.noneOf(Use.class);
        for (var type : node.at("vehicleTypeNodeProperties").items(1000)) {
            if (type.find("theta").isPresent()) losses.count("theta of a node");
            for (var action : list(type, "actions")) {
                var use = ACTIONS.get(action.at("actionType").text());
                if (use == null)
                    losses.count("actions " + action.at("actionType").text());
                else uses.add(use);
            }
        }
        return uses;
    }

    private static List<Cursor> list(Cursor at, String name) {
        return at.find(name).map(all -> all.items(BuildingFile.MAX_LIST)).orElse(List.of());
    }

    private void station(Cursor at) {
        for (String unread : List.of("stationDescription", "stationHeight", "stationPosition"))
            if (at.find(unread).isPresent()) losses.count(unread);
        for (var node : at.at("interactionNodeIds").items(1000)) {
            String id = idOf.get(node.text());
            var place = id == null ? null : places.get(id);
            if (place == null) throw node.wrong("names '" + node.text() + "', which is no node");
            var uses = EnumSet.of(Use.ROOM);
            uses.addAll(place.uses());
            var names = new HashMap<>(place.names());
            at.find("stationName").ifPresent(name -> {
                if (names.putIfAbsent("und", name.text()) != null
                        && !name.text().equals(names.get("und")))
                    losses.say("station '" + name.text() + "' at node " + place.id() + " has the node's name");
            });
            places.put(place.id(), new Place(place.id(), place.floor(), place.x(), place.y(), names, uses));
        }
    }

    private void edges(Cursor layout, String floor) {
        for (var edge : layout.at("edges").items(BuildingFile.MAX_LIST)) {
            String from = end(edge.at("startNodeId"));
            String to = end(edge.at("endNodeId"));
            var speed = speed(edge);
            if (!isOn(from, floor) || !isOn(to, floor)) {
                losses.say("edge " + edge.at("edgeId").text() + " leaves floor " + floor + ", and is left out");
                continue;
            }
            var back = arcs.get(List.of(to, from));
            if (back != null
                    && lanes.get(back).oneWay()
                    && lanes.get(back).speed().equals(speed)) {
                lanes.set(back, new Lane(to, from, false, speed, Optional.empty()));
            } else if (arcs.putIfAbsent(List.of(from, to), lanes.size()) == null) {
                lanes.add(new Lane(from, to, true, speed, Optional.empty()));
            } else losses.count("edges beside another from and to the same node");
        }
    }

    private String end(Cursor at) {
        String id = idOf.get(at.text());
        if (id == null) throw at.wrong("names '" + at.text() + "', which is no node");
        return id;
    }

    private boolean isOn(String id, String floor) {
        var place = places.get(id);
        return place != null && place.floor().equals(floor);
    }

    private Optional<Double> speed(Cursor edge) {
        double slowest = Double.MAX_VALUE;
        for (var type : edge.at("vehicleTypeEdgeProperties").items(1000)) {
            double limit = type.find("maxSpeed").map(one -> one.number(0, 100)).orElse(0.0);
            if (limit > 0) slowest = Math.min(slowest, limit);
            if (type.find("trajectory").isPresent()) losses.count("curves, taken as straight");
            for (var member : type.members(1000).keySet())
                if (!Set.of("vehicleTypeId", "maxSpeed", "trajectory").contains(member))
                    losses.count(member + " of an edge");
        }
        return slowest == Double.MAX_VALUE ? Optional.empty() : Optional.of(slowest);
    }
}
