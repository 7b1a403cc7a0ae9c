package org.diwan.robots.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Outbox;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// 110 vehicles, each on a way of its own, with a delivery and then a rest of up to half an hour: lean enough for a
/// day in about a minute (`-Dhours=24`; an hour in the suite), and the same every time.
class TowerDayTest {
    private static final int VEHICLES = 110;

    @Test
    void sameSeedSameDay() {
        long hours = Long.getLong("hours", 1);
        var first = new Day(hours);
        System.out.println(first);
        assertTrue(first.deliveries > VEHICLES * hours);
        if (hours == 1) assertEquals(first.toString(), new Day(hours).toString());
    }

    private static final class Day {
        final SimulatedTimeline timeline = new SimulatedTimeline(Rig.START);
        final LocalBus bus = new LocalBus(timeline, LocalBus.Quality.PERFECT, 3);
        final List<SimulatedVehicle> vehicles = new ArrayList<>();
        final Set<SimulatedVehicle> resting = new HashSet<>();
        long states;
        long deliveries;
        final long hours;

        Day(long hours) {
            this.hours = hours;
            for (int i = 0; i < VEHICLES; i++) add(i);
            timeline.run(Duration.ofHours(hours));
        }

        private void add(int i) {
            var address = new Address("uagv", Version.V3_0, "diwan", "r-" + i);
            var codec = new Codec(Version.V3_0);
            var outbox = new Outbox(address);
            var random = new SplittableRandom(i);
            var vehicle = new SimulatedVehicle(
                    address,
                    VehicleType.PORTER,
                    new Site(Set.of("1"), Set.of()),
                    new Pose(0, 0, 0, "1"),
                    "n0",
                    bus,
                    timeline,
                    i);
            vehicles.add(vehicle);
            bus.subscribe(address.topic(Topic.STATE), (_, bytes) -> {
                states++;
                var state = (State) codec.read(Topic.STATE, bytes);
                boolean done = vehicle.vehicle().isIdle() && state.nodeStates().isEmpty();
                if (!done || resting.contains(vehicle)) return;
                resting.add(vehicle);
                timeline.after(Duration.ofSeconds(random.nextInt(1800)), () -> {
                    resting.remove(vehicle);
                    if (vehicle.charge() < 0.2) vehicle.charge(1);
                    deliveries++;
                    var order = way(random, vehicle.pose(), outbox, "o" + deliveries, state.lastNodeId());
                    bus.publish(Bus.Message.once(address.topic(Topic.ORDER), codec.write(order)));
                });
            });
        }

        /// To one place and on to another, two metres from node to node.
        private Order way(SplittableRandom random, Pose pose, Outbox outbox, String id, String start) {
            var nodes = new ArrayList<Order.Node>();
            var edges = new ArrayList<Order.Edge>();
            nodes.add(Rig.node(start, 0, pose.x(), pose.y()));
            double x = pose.x();
            double y = pose.y();
            int count = random.nextInt(10, 30);
            boolean along = random.nextBoolean();
            for (int i = 1; i <= count; i++) {
                if (random.nextInt(6) == 0) along = !along;
                if (along) x += x > 100 ? -2 : 2;
                else y += y > 100 ? -2 : 2;
                edges.add(Rig.edge(2L * i - 1, true, null));
                var pick =
                        new Action(i < count ? "pick" : "drop", id + "-" + i, null, BlockingType.HARD, List.of(), null);
                nodes.add(
                        i == count / 2 || i == count
                                ? Rig.node("n" + i, 2L * i, x, y, pick)
                                : Rig.node("n" + i, 2L * i, x, y));
            }
            return new Order(outbox.header(Topic.ORDER, timeline.instant()), id, 0, null, null, nodes, edges);
        }

        @Override
        public String toString() {
            double metres = 0;
            double charge = 0;
            for (var vehicle : vehicles) {
                metres += vehicle.odometer();
                charge += vehicle.charge();
            }
            return "%d vehicles, %d h: %d deliveries, %.3f km, %d states, %d events, charge %.9f"
                    .formatted(VEHICLES, hours, deliveries, metres / 1000, states, timeline.done(), charge);
        }
    }
}
