package org.diwan.robots.building;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;

/// Writes what [LifReader] reads; all types of vehicles are one, called `any`.
final class LifWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANY = "any";

    private final Building building;
    private final Losses losses;
    private final Map<String, String> floorOf = new HashMap<>();

    LifWriter(Building building, Losses losses) {
        this.building = building;
        this.losses = losses;
        for (var place : building.places()) floorOf.put(place.id(), place.floor());
    }

    String write(Instant now) {
        var layouts = new ArrayList<Object>();
        for (var floor : building.floors()) layouts.add(layout(floor));
        for (var lift : building.lifts()) losses.say("lift " + lift.id() + " has no place in a LIF");
        for (var door : building.doors()) losses.say("door " + door.id() + " has no place in a LIF");
        for (var zone : building.zones())
            losses.say("zone " + zone.id() + " (" + BuildingFile.word(zone.kind()) + " on floor " + zone.floor()
                    + ") has no place in a LIF");
        var meta = new LinkedHashMap<String, Object>();
        meta.put("projectIdentification", building.name());
        meta.put("creator", "Diwan");
        meta.put("exportTimestamp", now.toString());
        meta.put("lifVersion", "1.0.0");
        var root = new LinkedHashMap<String, Object>();
        root.put("metaInformation", meta);
        root.put("layouts", layouts);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps, lists, texts and numbers can be written", e);
        }
    }

    private Map<String, Object> layout(Floor floor) {
        if (!floor.walls().isEmpty())
            losses.say("the " + floor.walls().size() + " walls of floor " + floor.id() + " have no place in a LIF");
        if (floor.elevation() != 0) losses.count("elevation of a floor");
        var cabins =
                Set.copyOf(building.lifts().stream().map(Building.Lift::cabin).toList());
        var nodes = new ArrayList<Object>();
        var edges = new ArrayList<Object>();
        var stations = new ArrayList<Object>();
        for (var place : building.places()) {
            if (!place.floor().equals(floor.id()) || cabins.contains(place.id())) continue;
            nodes.add(node(place));
            if (place.uses().contains(Use.ROOM)) stations.add(station(place));
        }
        for (var lane : building.lanes()) {
            if (!floor.id().equals(floorOf.get(lane.from()))) continue;
            edges.add(edge(lane, lane.from(), lane.to()));
            if (!lane.oneWay()) edges.add(edge(lane, lane.to(), lane.from()));
        }
        var layout = new LinkedHashMap<String, Object>();
        layout.put("layoutId", floor.id());
        layout.put("layoutVersion", "1");
        layout.put("layoutLevelId", floor.id());
        layout.put("nodes", nodes);
        layout.put("edges", edges);
        layout.put("stations", stations);
        return layout;
    }

    private Map<String, Object> node(Place place) {
        var actions = new ArrayList<Object>();
        for (var use : List.of(Use.PICKUP, Use.DROPOFF, Use.CHARGER))
            if (place.uses().contains(use))
                actions.add(Map.of(
                        "actionType",
                        use == Use.PICKUP ? "pick" : use == Use.DROPOFF ? "drop" : "startCharging",
                        "requirementType",
                        "OPTIONAL",
                        "blockingType",
                        "HARD"));
        if (place.uses().contains(Use.PARKING)) losses.count("places to park");
        if (place.names().size() > 1) losses.count("names of a place in further languages");
        var type = new LinkedHashMap<String, Object>();
        type.put("vehicleTypeId", ANY);
        if (!actions.isEmpty()) type.put("actions", actions);
        var node = new LinkedHashMap<String, Object>();
        node.put("nodeId", place.id());
        if (!place.names().isEmpty())
            node.put("nodeName", FloorDrawing.name(place, "und").orElse(place.id()));
        node.put("mapId", place.floor());
        node.put("nodePosition", Map.of("x", place.x(), "y", place.y()));
        node.put("vehicleTypeNodeProperties", List.of(type));
        return node;
    }

    private static Map<String, Object> station(Place place) {
        return Map.of("stationId", "station-" + place.id(), "interactionNodeIds", List.of(place.id()));
    }

    private static Map<String, Object> edge(Lane lane, String from, String to) {
        var type = new LinkedHashMap<String, Object>();
        type.put("vehicleTypeId", ANY);
        lane.speed().ifPresent(speed -> type.put("maxSpeed", speed));
        var edge = new LinkedHashMap<String, Object>();
        edge.put("edgeId", from + "--" + to);
        edge.put("startNodeId", from);
        edge.put("endNodeId", to);
        edge.put("vehicleTypeEdgeProperties", List.of(type));
        return edge;
    }
}
