package org.diwan.robots.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building.Zone;
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
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;
import org.jspecify.annotations.Nullable;

/// Plays a job in a copy of the building before anything moves: the same fleet manager, simulated vehicles where the
/// real ones are now, lifts and doors that work. What other jobs will do meanwhile is not played: their vehicles stand
/// where they are and give way.
///
/// Every [#LOOK] it is checked, by positions alone and not by what the planner thinks, that no two vehicles
/// touch and that none is in a restricted zone that the job does not open, unless it began there.
public final class DryRun {
    /// A job that takes longer in the copy is said to be stuck.
    public static final Duration LIMIT = Duration.ofHours(2);

    /// How often positions are checked: half a metre at most between two looks.
    public static final Duration LOOK = Duration.ofMillis(400);

    /// What came of it.
    ///
    /// @param fault by name; empty if it would go well
    /// @param took simulated time until the last action was over
    /// @param metres that all vehicles drove for it
    public record Result(Optional<String> fault, Duration took, double metres) {}

    private final RoadMap map;
    private final long seed;

    public DryRun(RoadMap map, long seed) {
        this.map = map;
        this.seed = seed;
    }

    /// `job`, done by the vehicles of `starts`; a function of these, the seed and the hour.
    Result play(Job job, List<Start> starts, Instant now) {
        if (starts.isEmpty()) return new Result(Optional.of("no vehicle says where it is"), Duration.ZERO, 0);
        var timeline = new SimulatedTimeline(now);
        var bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, seed);
        var copy = new Copy(map.building(), starts, bus, timeline, seed);
        var leases = new FacilityDesk(map.building(), bus, timeline);
        var end = new End(job.id());
        var fleet = new Fleet(bus, timeline, map, leases, new Open(bus, starts), end::on, seed);
        for (var start : starts) fleet.enrol(start.address());
        timeline.run(Duration.ofSeconds(5));
        fleet.submit(job);
        var inside = new ArrayList<Set<String>>();
        for (var vehicle : copy.vehicles())
            inside.add(new HashSet<>(copy.within(map.building(), vehicle, Zone.Kind.RESTRICTED)));
        Optional<String> fault = Optional.empty();
        for (var passed = Duration.ZERO; end.status == null && fault.isEmpty(); passed = passed.plus(LOOK)) {
            if (passed.compareTo(LIMIT) > 0) fault = Optional.of("not done within " + LIMIT.toHours() + " hours");
            timeline.run(LOOK);
            fault = fault.or(copy::collision).or(() -> trespass(job, copy, inside));
        }
        if (fault.isEmpty() && end.status != Status.DONE)
            fault = Optional.of(end.status + (end.reason.isEmpty() ? "" : ": " + end.reason));
        double metres = copy.vehicles().stream()
                .mapToDouble(vehicle -> vehicle.odometer())
                .sum();
        return new Result(fault, Duration.between(now, timeline.instant()), metres);
    }

    private Optional<String> trespass(Job job, Copy copy, List<Set<String>> inside) {
        for (int i = 0; i < inside.size(); i++) {
            var vehicle = copy.vehicles().get(i);
            var zones = copy.within(map.building(), vehicle, Zone.Kind.RESTRICTED);
            inside.get(i).retainAll(zones);
            for (String zone : zones)
                if (!inside.get(i).contains(zone) && !job.permissions().contains(zone))
                    return Optional.of(
                            vehicle.address().serialNumber() + " would enter " + zone + ", which is not opened to it");
        }
        return Optional.empty();
    }

    /// Waits for the job's end.
    private static final class End {
        private final String job;
        private @Nullable Status status;
        private String reason = "";

        End(String job) {
            this.job = job;
        }

        void on(JobView view) {
            if (!view.id().equals(job) || !view.status().isOver()) return;
            status = view.status();
            reason = view.reason().orElse("");
        }
    }

    /// In the copy nothing needs to be decided: it is what decisions are made after.
    private record Open(Bus bus, List<Start> starts) implements Clearances {
        @Override
        public Optional<String> clear(Job job, String vehicle) {
            return Optional.empty();
        }

        @Override
        public void send(String job, Order order) {
            Address address = starts.stream()
                    .map(Start::address)
                    .filter(one -> one.serialNumber().equals(order.header().serialNumber()))
                    .findFirst()
                    .orElseThrow();
            bus.publish(Bus.Message.once(address.topic(Topic.ORDER), new Codec(address.version()).write(order)));
        }
    }
}
