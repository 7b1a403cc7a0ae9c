package org.diwan.robots.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Lift;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.facility.SimulatedLift;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;

/// Looks on from outside: at where vehicles truly are, and at what lifts truly did. It knows no plan, order or
/// lease, and shares no code with who makes them.
///
/// A vehicle is *in* a lift while it is nearer to the cabin's middle than [#IN]; it passes the door while it
/// is between that and the landing.
final class Observer {
    /// Metres that two vehicles on one floor must be apart: each fits into a circle of 0.35 m.
    static final double APART = 0.8;

    /// Metres from the cabin's middle.
    static final double IN = 0.5;

    /// Faults that are told in words; more are counted.
    static final int MAX_TOLD = 20;

    private final Map<String, Lift> lifts = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, SimulatedLift.Moment> now = new HashMap<>();
    private final Map<String, Instant> atLanding = new HashMap<>();
    private final Map<String, String> within = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private long faults;
    private double nearest = Double.POSITIVE_INFINITY;
    private double lowest = 1;

    Observer(Building building) {
        for (var lift : building.lifts()) lifts.put(lift.id(), lift);
        for (var place : building.places()) places.put(place.id(), place);
    }

    /// What a lift did.
    void lift(String id, SimulatedLift.Moment moment) {
        now.put(id, moment);
    }

    /// Looks at everybody.
    void look(Instant instant, Collection<SimulatedVehicle> vehicles) {
        var poses = new ArrayList<Pose>();
        var names = new ArrayList<String>();
        for (var vehicle : vehicles) {
            poses.add(vehicle.pose());
            names.add(vehicle.address().serialNumber());
            double charge = vehicle.charge();
            lowest = Math.min(lowest, charge);
            if (charge <= 0) fault(instant, vehicle.address().serialNumber() + " has an empty battery");
        }
        apart(instant, poses, names);
        for (var lift : lifts.values()) ride(instant, lift, poses, names);
    }

    private void apart(Instant instant, List<Pose> poses, List<String> names) {
        var byFloor = new HashMap<String, List<Integer>>();
        for (int i = 0; i < poses.size(); i++) {
            var on = byFloor.computeIfAbsent(poses.get(i).mapId(), _ -> new ArrayList<>());
            for (int j : on) {
                double distance =
                        distance(poses.get(i), poses.get(j).x(), poses.get(j).y());
                nearest = Math.min(nearest, distance);
                if (distance < APART)
                    fault(instant, names.get(i) + " and " + names.get(j) + " are " + distance + " m apart");
            }
            on.add(i);
        }
    }

    /// Not by [Math#hypot], which guards against overflow at ten times the cost.
    private static double distance(Pose pose, double x, double y) {
        double dx = pose.x() - x;
        double dy = pose.y() - y;
        return Math.sqrt(dx * dx + dy * dy);
    }

    private void ride(Instant instant, Lift lift, List<Pose> poses, List<String> names) {
        var cabin = place(lift.cabin());
        var moment = now.get(lift.id());
        int riders = 0;
        for (int i = 0; i < poses.size(); i++) {
            var pose = poses.get(i);
            String landing = lift.landings().get(pose.mapId());
            if (landing == null) continue;
            var door = place(landing);
            double in = distance(pose, cabin.x(), cabin.y());
            double out = distance(pose, door.x(), door.y());
            String name = names.get(i);
            if (in < IN) {
                riders++;
                boarded(instant, lift, name);
                if (moment != null
                        && !moment.session().isEmpty()
                        && !moment.session().equals(name))
                    fault(instant, name + " is in " + lift.id() + ", which serves " + moment.session());
            } else {
                if (lift.id().equals(within.get(name))) within.remove(name);
                if (out < IN / 2) atLanding.putIfAbsent(name + " " + lift.id(), instant);
                else if (!isBetween(in, out, cabin, door)) atLanding.remove(name + " " + lift.id());
                else if (moment != null && !(moment.open() && moment.floor().equals(pose.mapId())))
                    fault(instant, name + " passes the shut door of " + lift.id() + " on floor " + pose.mapId());
            }
        }
        if (riders > 1) fault(instant, riders + " vehicles are in " + lift.id());
    }

    private static boolean isBetween(double in, double out, Place cabin, Place door) {
        double whole = Math.hypot(cabin.x() - door.x(), cabin.y() - door.y());
        return in + out < whole + 0.1;
    }

    private void boarded(Instant instant, Lift lift, String name) {
        if (lift.id().equals(within.put(name, lift.id()))) return;
        var since = atLanding.remove(name + " " + lift.id());
        if (since != null) waits.add(Duration.between(since, instant));
    }

    private Place place(String id) {
        var place = places.get(id);
        if (place == null) throw new IllegalArgumentException("no place " + id);
        return place;
    }

    /// Something is that must never be.
    void fault(Instant instant, String what) {
        faults++;
        if (told.size() < MAX_TOLD) told.add(instant + " " + what);
    }

    /// What must never happen and did: the first of them, in words.
    List<String> told() {
        return List.copyOf(told);
    }

    /// How often.
    long faults() {
        return faults;
    }

    /// From being at a landing to being in the cabin, of every ride.
    List<Duration> waits() {
        return List.copyOf(waits);
    }

    /// Metres between the two that came nearest.
    double nearest() {
        return nearest;
    }

    /// The least that any battery held, 0 to 1.
    double lowest() {
        return lowest;
    }
}
