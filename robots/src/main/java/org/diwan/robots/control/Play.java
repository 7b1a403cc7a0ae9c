package org.diwan.robots.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.control.Copy.Pair;
import org.diwan.robots.facility.FacilityDesk;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Snapshot.Task;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;
import org.jspecify.annotations.Nullable;

/// One course that things may take from a [Scene] on, with one more job: the fleet manager that commands the real
/// vehicles commands copies of them.
///
/// Every [#LOOK] it is checked, by positions alone and not by what the planner thinks, that no two vehicles touch that
/// did not touch from the start, and that none is in a restricted zone that its job does not open, unless it began
/// there.
final class Play {
    /// A job that takes longer is not waited for.
    static final Duration LIMIT = Duration.ofHours(2);

    /// How often positions are checked: half a metre at most between two looks.
    static final Duration LOOK = Duration.ofMillis(400);

    /// Lifts and doors have said how they are, once this is over; nothing else happens before.
    private static final Duration SETTLED = Duration.ofSeconds(5);

    /// Who was under way is so again, once this is over.
    private static final Duration RESUMED = Duration.ofMillis(100);

    /// How it came out.
    enum End {
        /// The job is over, or something happened that must not.
        OVER,
        /// After [#LIMIT] no vehicle had begun with it.
        WAITING,
        /// After [#LIMIT] it was under way.
        STUCK,
        /// There was no more time to play.
        TIRED
    }

    /// What was seen.
    ///
    /// @param fault what went wrong, if anything
    /// @param at when it ended
    /// @param vehicle that was at the job last
    /// @param through lifts, doors and zones of its way, in order
    /// @param late other jobs that were due meanwhile and not done by then
    /// @param metres that all vehicles drove
    record Course(
            End end,
            Optional<Cause> fault,
            Instant at,
            Optional<String> vehicle,
            List<String> through,
            List<String> late,
            double metres) {}

    private final RoadMap map;
    private final Job job;
    private final List<Task> others;
    private final Instant begin;
    private final SimulatedTimeline timeline;
    private final LocalBus bus;
    private final Copy copy;
    private final Fleet fleet;
    private final Map<String, Address> addresses = new HashMap<>();
    private final Map<String, Set<String>> permissions = new HashMap<>();

    /// By vehicle, the zones that it may be in now.
    private final Map<String, Set<String>> open = new HashMap<>();

    private final Map<String, Instant> ended = new HashMap<>();
    private final Set<String> through = new LinkedHashSet<>();
    private @Nullable JobView last;

    /// @param begin the job is submitted then
    Play(RoadMap map, Scene scene, Cast cast, Job job, Instant begin, long seed) {
        this.map = map;
        this.job = job;
        others = cast.others();
        this.begin = begin;
        timeline = new SimulatedTimeline(begin.minus(SETTLED));
        bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, seed);
        copy = new Copy(map.building(), cast.vehicles(), bus, timeline, seed);
        copy.furnish(scene.cabins(), scene.broken());
        var leases = new FacilityDesk(map.building(), bus, timeline);
        timeline.run(SETTLED);
        fleet = new Fleet(bus, timeline, map, leases, new Open(), this::heard, seed);
        for (var start : cast.vehicles()) {
            addresses.put(start.address().serialNumber(), start.address());
            fleet.enrol(start.address());
        }
        for (String zone : scene.fleet().closed()) fleet.stop(zone);
        for (var task : others) {
            permissions.put(task.job().id(), Set.copyOf(task.job().permissions()));
            fleet.adopt(task);
        }
        permissions.put(job.id(), Set.copyOf(job.permissions()));
        for (var vehicle : scene.fleet().vehicles()) {
            String serial = vehicle.address().serialNumber();
            if (addresses.containsKey(serial)) vehicle.towards().ifPresent(place -> fleet.send(serial, place));
        }
        timeline.run(RESUMED);
    }

    private void heard(JobView view) {
        if (view.id().equals(job.id())) last = view;
        if (view.status().isOver()) ended.put(view.id(), view.since());
        var may = view.status() == Status.UNDERWAY ? permissions.getOrDefault(view.id(), Set.of()) : Set.<String>of();
        view.vehicle().ifPresent(serial -> open.put(serial, may));
    }

    /// Plays until the job is over.
    ///
    /// @param tired asked at every look whether there is no more time
    Course run(BooleanSupplier tired) {
        fleet.submit(job);
        var touched = copy.touching();
        var inside = new ArrayList<Set<String>>();
        for (var vehicle : copy.vehicles()) inside.add(copy.within(vehicle, Zone.Kind.RESTRICTED));
        var limit = begin.plus(LIMIT);
        while (true) {
            var view = last;
            if (view != null && view.status().isOver())
                return course(End.OVER, view.status() == Status.DONE ? Optional.empty() : Optional.of(why(view)));
            if (tired.getAsBoolean()) return course(End.TIRED, Optional.empty());
            if (timeline.instant().isAfter(limit)) {
                boolean waits = view == null || view.status() == Status.WAITING;
                return course(waits ? End.WAITING : End.STUCK, Optional.empty());
            }
            timeline.run(LOOK);
            var fault = collision(touched).or(() -> trespass(inside));
            if (fault.isPresent()) return course(End.OVER, fault);
        }
    }

    private static Cause why(JobView view) {
        return view.reason()
                .map(reason -> reason.after(view.status() + ": "))
                .orElseGet(() -> Cause.of(Cause.Kind.CALLED_OFF, view.status().name()));
    }

    private Course course(End end, Optional<Cause> fault) {
        var view = last;
        var at = ended.getOrDefault(job.id(), timeline.instant());
        var late = new ArrayList<String>();
        for (var task : others) {
            var due = task.job().due().filter(when -> when.isAfter(begin) && when.isBefore(at));
            if (due.isEmpty()) continue;
            var done = ended.get(task.job().id());
            if (done == null || done.isAfter(due.get())) late.add(task.job().id());
        }
        return new Course(
                end,
                fault,
                at,
                view == null ? Optional.empty() : view.vehicle(),
                List.copyOf(through),
                late,
                copy.vehicles().stream().mapToDouble(SimulatedVehicle::odometer).sum());
    }

    private Optional<Cause> collision(Set<Pair> touched) {
        var touching = copy.touching();
        touched.retainAll(touching);
        touching.removeAll(touched);
        return touching.stream()
                .min(Comparator.comparing(Pair::one).thenComparing(Pair::other))
                .map(pair -> new Cause(
                        Cause.Kind.COLLISION,
                        Map.of("vehicle", pair.one(), "other", pair.other()),
                        pair.one() + " and " + pair.other() + " touch at " + timeline.instant()));
    }

    /// @param inside by vehicle, the zones in which it has been since it had leave, or since the beginning
    private Optional<Cause> trespass(List<Set<String>> inside) {
        for (int i = 0; i < inside.size(); i++) {
            var vehicle = copy.vehicles().get(i);
            String serial = vehicle.address().serialNumber();
            var zones = copy.within(vehicle, Zone.Kind.RESTRICTED);
            var may = new HashSet<>(inside.get(i));
            may.addAll(open.getOrDefault(serial, Set.of()));
            for (String zone : new TreeSet<>(zones))
                if (!may.contains(zone))
                    return Optional.of(new Cause(
                            Cause.Kind.TRESPASS,
                            Map.of("vehicle", serial, "zone", zone),
                            serial + " would enter " + zone + ", which is not opened to it"));
            inside.set(i, zones);
        }
        return Optional.empty();
    }

    /// In the copy nothing needs to be decided: it is what decisions are made after.
    private final class Open implements Clearances {
        @Override
        public Optional<String> clear(Job cleared, String vehicle) {
            return Optional.empty();
        }

        @Override
        public void send(String of, Order order) {
            if (of.equals(job.id())) follow(order);
            var address = addresses.get(order.header().serialNumber());
            if (address == null)
                throw new AssertionError("an order for " + order.header().serialNumber());
            bus.publish(Bus.Message.once(address.topic(Topic.ORDER), new Codec(address.version()).write(order)));
        }
    }

    /// Notes what the released part of an order leads through; its first node is where the one before it ended.
    private void follow(Order order) {
        int before = -1;
        for (var node : order.nodes()) {
            if (!node.released()) return;
            int vertex = map.vertex(node.nodeId());
            if (before >= 0)
                for (var arc : map.out(before)) {
                    if (arc.to() != vertex) continue;
                    arc.lift().ifPresent(lift -> through.add(lift.id()));
                    arc.door().ifPresent(door -> through.add(door.id()));
                }
            for (var zone : map.zones(vertex)) through.add(zone.id());
            before = vertex;
        }
    }
}
