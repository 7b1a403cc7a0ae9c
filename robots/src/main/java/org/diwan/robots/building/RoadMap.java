package org.diwan.robots.building;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building.Door;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Zone;

/// A building's places as vertices 0 to n − 1 and its lanes as arcs 0 to m − 1, one for each direction.
/// A lift is one vertex, its cabin, with an arc from and to each of its landings: who is on the vertex has the lift.
public final class RoadMap {
    /// More vertices than that are refused.
    public static final int MAX_VERTICES = 1_000_000;

    /// One direction of a lane, or a way into or out of a lift.
    ///
    /// @param length metres; of a lift's arc that from landing to cabin
    /// @param speed the limit, metres per second, or infinite
    public record Arc(int from, int to, double length, double speed, Optional<Door> door, Optional<Lift> lift) {}

    private final Building building;
    private final List<Place> places;
    private final Map<String, Integer> index = new HashMap<>();
    private final List<List<Arc>> out = new ArrayList<>();
    private final List<List<Arc>> in = new ArrayList<>();
    private final List<List<Zone>> zones = new ArrayList<>();

    public RoadMap(Building building) {
        this.building = building;
        places = building.places();
        if (places.size() > MAX_VERTICES)
            throw new IllegalArgumentException(places.size() + " places, the limit is " + MAX_VERTICES);
        for (int i = 0; i < places.size(); i++) {
            index.put(places.get(i).id(), i);
            out.add(new ArrayList<>());
            in.add(new ArrayList<>());
            var place = places.get(i);
            zones.add(
                    building.zones().stream().filter(zone -> zone.holds(place)).toList());
        }
        var doors = new HashMap<String, Door>();
        for (var door : building.doors()) doors.put(door.id(), door);
        for (var lane : building.lanes()) {
            int from = vertex(lane.from());
            int to = vertex(lane.to());
            double speed = lane.speed().orElse(Double.POSITIVE_INFINITY);
            var door = lane.door().map(doors::get);
            add(new Arc(from, to, distance(from, to), speed, door, Optional.empty()));
            if (!lane.oneWay()) add(new Arc(to, from, distance(from, to), speed, door, Optional.empty()));
        }
        for (var lift : building.lifts()) {
            int cabin = vertex(lift.cabin());
            for (String landing : lift.landings().values()) {
                int at = vertex(landing);
                double length = distance(at, cabin);
                add(new Arc(at, cabin, length, Double.POSITIVE_INFINITY, Optional.empty(), Optional.of(lift)));
                add(new Arc(cabin, at, length, Double.POSITIVE_INFINITY, Optional.empty(), Optional.of(lift)));
            }
        }
    }

    private void add(Arc arc) {
        out.get(arc.from()).add(arc);
        in.get(arc.to()).add(arc);
    }

    private double distance(int a, int b) {
        var p = places.get(a);
        var q = places.get(b);
        return Math.hypot(p.x() - q.x(), p.y() - q.y());
    }

    /// What it was made of.
    public Building building() {
        return building;
    }

    /// How many vertices.
    public int size() {
        return places.size();
    }

    /// The place at `vertex`.
    public Place place(int vertex) {
        return places.get(vertex);
    }

    /// The vertex of the place `id`.
    ///
    /// @throws IllegalArgumentException if there is none
    public int vertex(String id) {
        Integer vertex = index.get(id);
        if (vertex == null) throw new IllegalArgumentException("no place " + id + " in " + building.name());
        return vertex;
    }

    /// The zones that `vertex` lies in.
    public List<Zone> zones(int vertex) {
        return zones.get(vertex);
    }

    /// The vertex of the place `id`, if there is one.
    public Optional<Integer> find(String id) {
        return Optional.ofNullable(index.get(id));
    }

    /// The arcs that leave `vertex`.
    public List<Arc> out(int vertex) {
        return out.get(vertex);
    }

    /// The arcs that end at `vertex`.
    public List<Arc> in(int vertex) {
        return in.get(vertex);
    }
}
