package org.diwan.robots.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.facility.Leases;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;

/// A fleet in a small building, in simulated time, with all that was said in it.
final class Site {
    static final Instant START = Instant.parse("2026-11-28T06:00:00Z");

    final SimulatedTimeline timeline = new SimulatedTimeline(START);
    final LocalBus bus;
    final RoadMap map;
    final HandLeases leases = new HandLeases();
    final Fleet fleet;
    final Map<String, SimulatedVehicle> twins = new LinkedHashMap<>();
    final Map<String, List<FleetView.Status>> heard = new LinkedHashMap<>();
    final Set<String> cleared = new HashSet<>();
    final List<Order> orders = new ArrayList<>();
    /// Vehicles whose orders cannot be put on record.
    final Set<String> unrecorded = new HashSet<>();
    /// How often each action was begun by a twin, by actionId.
    final Map<String, Integer> begun = new HashMap<>();

    /// The last state of each vehicle, as it came.
    final Map<String, byte[]> said = new HashMap<>();
    /// Metres between the two twins that came nearest.
    double nearest = Double.POSITIVE_INFINITY;

    private final Set<String> running = new HashSet<>();
    private final Version version;

    Site(Building building, Version version, LocalBus.Quality quality, long seed) {
        this.version = version;
        bus = new LocalBus(timeline, quality, seed);
        map = new RoadMap(building);
        fleet = new Fleet(
                bus,
                timeline,
                map,
                leases,
                new PassThrough(),
                view -> heard.computeIfAbsent(view.id(), _ -> new ArrayList<>()).add(view.status()),
                seed);
    }

    /// A floor of `columns` by `rows` places, 2 m apart: `p00`, `p01` …, column first.
    static Building grid(int columns, int rows, Set<String> chargers, Set<String> parking) {
        var places = new ArrayList<Place>();
        var lanes = new ArrayList<Lane>();
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++) {
                String id = place(c, r);
                var uses = new HashSet<Use>();
                if (chargers.contains(id)) uses.add(Use.CHARGER);
                if (parking.contains(id)) uses.add(Use.PARKING);
                places.add(new Place(id, "f0", 2.0 * c, 2.0 * r, Map.of(), uses));
                if (c > 0) lanes.add(new Lane(place(c - 1, r), id, false, Optional.empty(), Optional.empty()));
                if (r > 0) lanes.add(new Lane(place(c, r - 1), id, false, Optional.empty(), Optional.empty()));
            }
        return new Building(
                "grid", List.of(new Floor("f0", 0, List.of())), places, lanes, List.of(), List.of(), List.of());
    }

    static String place(int column, int row) {
        return "p" + column + row;
    }

    SimulatedVehicle vehicle(String serial, String place) {
        return vehicle(serial, place, VehicleType.PORTER);
    }

    SimulatedVehicle vehicle(String serial, String place, VehicleType type) {
        var at = map.place(map.vertex(place));
        return vehicle(serial, new Pose(at.x(), at.y(), 0, at.floor()), place, type, true);
    }

    /// @param nodeId empty if it names none
    /// @param localized whether it knows where it is when the fleet meets it
    SimulatedVehicle vehicle(String serial, Pose pose, String nodeId, VehicleType type, boolean localized) {
        var address = address(serial);
        var chargers = new HashSet<String>();
        var maps = new HashSet<String>();
        for (var floor : map.building().floors()) maps.add(floor.id());
        for (var one : map.building().places()) if (one.uses().contains(Use.CHARGER)) chargers.add(one.id());
        var twin = new SimulatedVehicle(
                address,
                type,
                new org.diwan.robots.twin.Site(maps, chargers),
                pose,
                nodeId,
                bus,
                timeline,
                twins.size());
        twin.localized(localized);
        twins.put(serial, twin);
        fleet.enrol(address);
        bus.subscribe(address.topic(Topic.STATE), (_, payload) -> said.put(serial, payload));
        return twin;
    }

    Address address(String serial) {
        return new Address("uagv", version, "diwan", serial);
    }

    FleetView.RobotView robot(String serial) {
        return fleet.view().robots().stream()
                .filter(robot -> robot.serial().equals(serial))
                .findFirst()
                .orElseThrow();
    }

    FleetView.JobView job(String id) {
        return fleet.view().jobs().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// Jobs between random places, of those who have none beside them.
    static List<Job> deliveries(int count, List<String> places, SplittableRandom random) {
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < count; i++) {
            String from = places.get(random.nextInt(places.size()));
            String to = places.get(random.nextInt(places.size()));
            jobs.add(delivery("j-" + i, from, to));
        }
        return jobs;
    }

    /// Lets time pass and looks at all twins every half second: no action is shorter, and none may be seen to
    /// begin a second time; how near they come to each other is kept.
    void run(double seconds) {
        var end = timeline.instant().plus(Duration.ofMillis((long) (1e3 * seconds)));
        while (timeline.instant().isBefore(end)) {
            timeline.run(Duration.ofMillis(500));
            twins.forEach((serial, twin) -> {
                for (var action : twin.vehicle().actionStates()) count(serial, action);
            });
            var poses = twins.values().stream().map(SimulatedVehicle::pose).toList();
            for (int i = 0; i < poses.size(); i++)
                for (int j = 0; j < i; j++)
                    if (poses.get(i).mapId().equals(poses.get(j).mapId()))
                        nearest = Math.min(
                                nearest,
                                poses.get(i)
                                        .distance(poses.get(j).x(), poses.get(j).y()));
        }
    }

    private void count(String serial, ActionState action) {
        boolean runs =
                switch (action.actionStatus()) {
                    case INITIALIZING, RUNNING, PAUSED -> true;
                    case WAITING, RETRIABLE, FINISHED, FAILED -> false;
                };
        boolean ran = runs ? !running.add(serial + action.actionId()) : !running.remove(serial + action.actionId());
        if (runs && !ran) begun.merge(action.actionId(), 1, Integer::sum);
    }

    /// Until all jobs that were heard of are over, or so many seconds are.
    boolean runUntilOver(Set<String> jobs, double seconds) {
        for (double t = 0; t < seconds; t += 1) {
            run(1);
            if (jobs.stream()
                    .allMatch(id -> last(id).filter(FleetView.Status::isOver).isPresent())) return true;
        }
        return false;
    }

    Optional<FleetView.Status> last(String job) {
        return Optional.ofNullable(heard.get(job)).map(List::getLast);
    }

    /// To pick up at one place and set down at another.
    static Job delivery(String id, String from, String to) {
        return job(id, new Job.Stop(from, List.of(act(id, "pick"))), new Job.Stop(to, List.of(act(id, "drop"))));
    }

    static Job job(String id, Job.Stop... stops) {
        return new Job(id, Arrays.asList(stops), 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty());
    }

    static Action act(String job, String type) {
        return new Action(type, job + "." + type, null, BlockingType.HARD, List.of(), null);
    }

    /// Everything is allowed, and remembered.
    private final class PassThrough implements Clearances {
        @Override
        public Optional<String> clear(Job job, String vehicle) {
            cleared.add(job.id() + " " + vehicle);
            return Optional.empty();
        }

        @Override
        public void send(String job, Order order) {
            String serial = order.header().serialNumber();
            if (!cleared.contains(job + " " + serial)) throw new AssertionError(job + " was not cleared");
            if (!order.orderId().equals(job) && !order.orderId().startsWith(job + PART))
                throw new AssertionError(order.orderId() + " is no order of " + job);
            if (last(job).filter(FleetView.Status::isOver).isPresent()) throw new AssertionError(job + " is over");
            if (unrecorded.contains(serial)) throw new UncheckedIOException(new IOException("no space left"));
            orders.add(order);
            var address = new Address("uagv", version, "diwan", serial);
            bus.publish(Bus.Message.once(address.topic(Topic.ORDER), new Codec(version).write(order)));
        }

        @Override
        public void send(String job, InstantActions actions) {
            var address = address(actions.header().serialNumber());
            bus.publish(Bus.Message.once(address.topic(Topic.INSTANT_ACTIONS), new Codec(version).write(actions)));
        }
    }

    /// Grants to one after another, two seconds after they may.
    final class HandLeases implements Leases {
        private final Map<String, String> holders = new HashMap<>();
        private final Map<String, String> asked = new HashMap<>();
        private final Map<String, String> ready = new HashMap<>();
        private final List<Runnable> listeners = new ArrayList<>();

        @Override
        public void request(String facility, String holder, String floor) {
            String who = holders.putIfAbsent(facility, holder);
            if (who != null && !who.equals(holder)) return;
            if (floor.equals(asked.put(facility, floor))) return;
            ready.remove(facility);
            timeline.after(Duration.ofSeconds(2), () -> {
                if (!holder.equals(holders.get(facility)) || !floor.equals(asked.get(facility))) return;
                ready.put(facility, floor);
                listeners.forEach(Runnable::run);
            });
        }

        Optional<String> holder(String facility) {
            return Optional.ofNullable(holders.get(facility));
        }

        @Override
        public Standing standing(String facility, String holder) {
            if (!holder.equals(holders.get(facility))) return Standing.QUEUED;
            return ready.containsKey(facility) ? Standing.GRANTED : Standing.QUEUED;
        }

        @Override
        public void release(String facility, String holder) {
            if (!holders.remove(facility, holder)) return;
            asked.remove(facility);
            ready.remove(facility);
            timeline.post(() -> listeners.forEach(Runnable::run));
        }

        @Override
        public void listen(Runnable changed) {
            listeners.add(changed);
        }
    }
}
