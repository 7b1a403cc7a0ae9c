package org.diwan.robots.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.facility.FacilityDesk;
import org.diwan.robots.facility.SimulatedFacilities;
import org.diwan.robots.facility.SimulatedLift;
import org.diwan.robots.facility.Times;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Site;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;

/// A building with robots, lifts, doors and a day of deliveries, in simulated time.
public final class TowerSimulation {
    /// Midnight of the first day.
    public static final Instant START = Instant.parse("2026-11-28T00:00:00Z");

    /// How often the observer looks: at 1.2 m/s nobody gets past it.
    private static final Duration LOOK = Duration.ofMillis(500);

    /// Devices tell every change at once: where nothing is lost, a word every half minute is enough besides. A lift
    /// on its way to another floor says nothing else, so it is stuck only after more than that.
    private static final Times SELDOM =
            new Times(Duration.ofSeconds(30), Duration.ofSeconds(100), Duration.ofSeconds(35), Duration.ofSeconds(120));

    /// What is played.
    ///
    /// @param wishes deliveries of a day
    /// @param quality of the bus
    public record Plan(Building building, int robots, int wishes, LocalBus.Quality quality, long seed) {}

    private final SimulatedTimeline timeline = new SimulatedTimeline(START);
    private final Map<String, SimulatedVehicle> vehicles = new LinkedHashMap<>();
    private final Map<String, SimulatedLift.Moment> lifts = new LinkedHashMap<>();
    private final List<Duration> deliveries = new ArrayList<>();
    private final Tape tape;
    private final Observer observer;
    private final SimulatedFacilities facilities;
    private final Grants grants;
    private final Fleet fleet;
    private int submitted;
    private int done;
    private int failed;

    /// A day at midnight, nobody under way yet.
    ///
    /// @throws IllegalArgumentException if there are more robots than places to park
    public TowerSimulation(Plan plan) {
        var building = plan.building();
        tape = new Tape(new LocalBus(timeline, plan.quality(), plan.seed()));
        observer = new Observer(building);
        var map = new RoadMap(building);
        var times = plan.quality().equals(LocalBus.Quality.PERFECT) ? SELDOM : Times.USUAL;
        facilities = new SimulatedFacilities(building, tape, timeline, times, this::lift, (_, _) -> {});
        var desk = new FacilityDesk(building, tape, timeline, times);
        grants = new Grants(desk, what -> observer.fault(timeline.instant(), what));
        fleet = new Fleet(tape, timeline, map, grants, new Everything(), this::hear, plan.seed());
        populate(plan);
        for (var wish : new Demand(building).day(START, plan.wishes(), plan.seed()))
            timeline.after(Duration.between(START, wish.at()), () -> {
                submitted++;
                fleet.submit(wish.job());
            });
        timeline.every(LOOK, () -> observer.look(timeline.instant(), vehicles.values()));
    }

    /// On chargers and parking places, evenly over the building.
    private void populate(Plan plan) {
        var places = plan.building().places().stream()
                .filter(place ->
                        place.uses().contains(Use.PARKING) || place.uses().contains(Use.CHARGER))
                .toList();
        if (places.size() < plan.robots())
            throw new IllegalArgumentException(plan.robots() + " robots for " + places.size() + " places to park");
        var maps = new HashSet<String>();
        for (var floor : plan.building().floors()) maps.add(floor.id());
        var chargers = new HashSet<String>();
        for (var place : places) if (place.uses().contains(Use.CHARGER)) chargers.add(place.id());
        var site = new Site(maps, chargers);
        for (int i = 0; i < plan.robots(); i++) {
            var at = places.get((int) ((long) i * places.size() / plan.robots()));
            var address = new Address("uagv", Version.V3_0, "diwan", "r-%03d".formatted(i + 1));
            var pose = new Pose(at.x(), at.y(), 0, at.floor());
            var vehicle = new SimulatedVehicle(
                    address, VehicleType.PORTER, site, pose, at.id(), tape, timeline, plan.seed() * 1_000 + i);
            vehicles.put(address.serialNumber(), vehicle);
            fleet.enrol(address);
        }
    }

    private void lift(String id, SimulatedLift.Moment moment) {
        lifts.put(id, moment);
        observer.lift(id, moment);
    }

    private void hear(JobView job) {
        if (job.status() == Status.DONE) {
            done++;
            deliveries.add(Duration.between(job.submitted(), job.since()));
        } else if (job.status().isOver()) {
            failed++;
        }
    }

    /// Lets time pass.
    public void run(Duration span) {
        timeline.run(span);
    }

    /// The fleet manager, to be given more to do.
    public Fleet fleet() {
        return fleet;
    }

    /// Its lifts and doors, to be broken and repaired.
    public SimulatedFacilities facilities() {
        return facilities;
    }

    /// What there is to see at one instant.
    ///
    /// @param poses where each vehicle truly is, by serial number
    /// @param lifts where each lift truly is
    public record View(Instant at, FleetView fleet, Map<String, Pose> poses, Map<String, SimulatedLift.Moment> lifts) {}

    /// What there is to see now.
    public View view() {
        var poses = new LinkedHashMap<String, Pose>();
        vehicles.forEach((serial, vehicle) -> poses.put(serial, vehicle.pose()));
        return new View(timeline.instant(), fleet.view(), poses, new LinkedHashMap<>(lifts));
    }

    /// What was done until now, and what went wrong.
    public TowerReport report() {
        return new TowerReport(
                submitted,
                done,
                failed,
                submitted - done - failed,
                TowerReport.quantile(deliveries, 0.5),
                TowerReport.quantile(deliveries, 0.95),
                observer.waits().size(),
                TowerReport.quantile(observer.waits(), 0.5),
                TowerReport.quantile(observer.waits(), 0.95),
                grants.lent(),
                grants.twice(),
                observer.nearest(),
                observer.lowest(),
                observer.faults(),
                observer.told(),
                tape.messages(),
                tape.digest());
    }

    /// Nobody decides here: the simulation has no law.
    private final class Everything implements Clearances {
        private final Codec codec = new Codec(Version.V3_0);

        @Override
        public Optional<String> clear(Job job, String vehicle) {
            return Optional.empty();
        }

        @Override
        public void send(String job, Order order) {
            var header = order.header();
            var address = new Address("uagv", Version.V3_0, header.manufacturer(), header.serialNumber());
            tape.publish(Bus.Message.once(address.topic(Topic.ORDER), codec.write(order)));
        }
    }
}
