package org.diwan.robots.control;

import com.fasterxml.jackson.databind.node.TextNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.facility.FacilityDesk;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;

/// The real thing, as far as a dry run can tell: a building with vehicles at work, of which it is shown a [#scene],
/// and which then goes on by itself.
final class World {
    static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");

    final SimulatedTimeline timeline = new SimulatedTimeline(NOW);
    final RoadMap map;
    final Fleet fleet;
    private final Map<String, SimulatedVehicle> vehicles = new LinkedHashMap<>();
    private final Map<String, JobView> heard = new HashMap<>();
    private final FacilityDesk desk;
    private final MessageDigest said;

    /// Porters at places.
    World(Building building, String... places) {
        this(building, starts(new RoadMap(building), places));
    }

    private static List<Start> starts(RoadMap map, String... places) {
        var starts = new ArrayList<Start>();
        for (String place : places) {
            var address = new Address("uagv", Version.V3_0, "diwan", "r-" + (starts.size() + 1));
            starts.add(Start.at(address, VehicleType.PORTER, map.place(map.vertex(place)), 0.95));
        }
        return starts;
    }

    /// With a seed that is none of the dry runs'.
    World(Building building, List<Start> starts) {
        map = new RoadMap(building);
        try {
            said = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        var bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 77);
        for (String topic : List.of("+/+/+/+/+", "building/v1/+/+/+"))
            bus.subscribe(topic, (name, payload) -> {
                said.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                said.update(payload);
            });
        var copy = new Copy(building, starts, bus, timeline, 77);
        for (var vehicle : copy.vehicles()) vehicles.put(vehicle.address().serialNumber(), vehicle);
        desk = new FacilityDesk(building, bus, timeline);
        run(5);
        var clearances = new Clearances() {
            @Override
            public Optional<String> clear(Job job, String vehicle) {
                return Optional.empty();
            }

            @Override
            public void send(String job, Order order) {
                var address = vehicle(order.header().serialNumber()).address();
                bus.publish(Bus.Message.once(address.topic(Topic.ORDER), new Codec(address.version()).write(order)));
            }
        };
        fleet = new Fleet(bus, timeline, map, desk, clearances, view -> heard.put(view.id(), view), 77);
        for (var start : starts) fleet.enrol(start.address());
        run(0.5);
    }

    void run(double seconds) {
        timeline.run(Duration.ofMillis((long) (1e3 * seconds)));
    }

    SimulatedVehicle vehicle(String serial) {
        return Optional.ofNullable(vehicles.get(serial)).orElseThrow();
    }

    Status status(String job) {
        return Optional.ofNullable(heard.get(job)).orElseThrow().status();
    }

    /// Who is at a job, or did it.
    Optional<String> doer(String job) {
        return Optional.ofNullable(heard.get(job)).orElseThrow().vehicle();
    }

    /// When a job is done.
    Instant done(String job) {
        for (int i = 0; i < 7_200; i++) {
            var view = heard.get(job);
            if (view != null && view.status().isOver()) return view.since();
            run(1);
        }
        throw new AssertionError(job + " is not over: " + fleet.view());
    }

    Scene scene() {
        var cabins = new HashMap<String, FacilityDesk.Cabin>();
        for (var lift : map.building().lifts()) desk.cabin(lift.id()).ifPresent(cabin -> cabins.put(lift.id(), cabin));
        var broken = new HashSet<String>();
        for (String facility : desk.facilities()) if (desk.fault(facility).isPresent()) broken.add(facility);
        return new Scene(fleet.snapshot(), cabins, broken);
    }

    DryRun.Result rehearse(Job job) {
        return new DryRun(map, 1, () -> 0).play(job, scene());
    }

    /// Of all that was said in it.
    String digest() {
        return HexFormat.of().formatHex(said.digest());
    }

    /// To be at one place after the other.
    static Job go(String id, String... places) {
        var stops = new ArrayList<Job.Stop>();
        for (String place : places) stops.add(new Job.Stop(place, List.of()));
        return new Job(id, stops, 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty());
    }

    static Job deliver(String id, String from, String to) {
        var stops = List.of(
                new Job.Stop(from, List.of(action("pick", id + "-1"))),
                new Job.Stop(to, List.of(action("drop", id + "-2"))));
        return new Job(id, stops, 5, Optional.empty(), Optional.empty(), 1, List.of(), Optional.empty());
    }

    /// To stand at a place for so many seconds.
    static Job stay(String id, String place, int seconds) {
        var how = new Action.Parameter("seconds", new TextNode(Integer.toString(seconds)));
        var wait = new Action("wait", id + "-1", null, BlockingType.HARD, List.of(how), null);
        var stops = List.of(new Job.Stop(place, List.of(wait)));
        return new Job(id, stops, 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty());
    }

    static Job urgent(Job job, int priority, Optional<Instant> due) {
        return new Job(
                job.id(), job.stops(), priority, job.notBefore(), due, job.load(), job.permissions(), job.vehicle());
    }

    private static Action action(String type, String id) {
        var what = new Action.Parameter("loadType", new TextNode("coffee"));
        return new Action(type, id, null, BlockingType.HARD, List.of(what), true);
    }
}
