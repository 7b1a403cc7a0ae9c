package org.diwan.robots.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Broker;
import org.diwan.robots.bus.LiveTimeline;
import org.diwan.robots.bus.Mosquitto;
import org.diwan.robots.bus.MqttBus;
import org.diwan.robots.bus.Wire;
import org.diwan.robots.fleet.Condition;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Site;
import org.diwan.robots.twin.Skill;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A fleet and its vehicles on a real broker, with what goes wrong on one: a fifth of the messages lost and some
/// twice, the broker killed and started again, a vehicle out of reach of the radio.
@Execution(ExecutionMode.CONCURRENT)
class FaultsIT {
    private static final int VEHICLES = 3;
    private static final int JOBS = 4;
    private static final VehicleType TYPE =
            VehicleType.PORTER.with(Skill.of("detectObject", 0.6, 1.2), Skill.of("finePositioning", 0.6, 1.2));

    @TempDir
    Path folder;

    private final LiveTimeline timeline = new LiveTimeline("faults");
    private final Map<String, SimulatedVehicle> twins = new LinkedHashMap<>();
    private final Map<String, MqttBus> lines = new LinkedHashMap<>();
    private final Map<String, Status> statuses = new HashMap<>();
    private final Map<String, ConnectionState> connections = new TreeMap<>();
    private final Map<String, Integer> begun = new HashMap<>();
    private final Set<String> running = new HashSet<>();

    private static Address address(String serial) {
        return new Address("uagv", Version.V3_0, "diwan", serial);
    }

    /// A vehicle with a connection and a last will of its own.
    private void join(String serial, String broker, RoadMap map, String place, long seed) throws Exception {
        var will = SimulatedVehicle.will(address(serial), timeline.instant());
        var line = new MqttBus(
                timeline,
                Broker.at(broker, serial).keepAlive(Duration.ofSeconds(1)).will(will));
        lines.put(serial, line);
        var at = map.place(map.vertex(place));
        timeline.post(() -> {
            var twin = new SimulatedVehicle(
                    address(serial),
                    TYPE,
                    new Site(Set.of("f0"), Set.of()),
                    new Pose(at.x(), at.y(), 0, "f0"),
                    place,
                    new LossyBus(line, seed),
                    timeline,
                    seed);
            twins.put(serial, twin);
            line.whenConnected(twin::announce);
        });
    }

    /// Looked at more often than any action is long.
    private void count() {
        twins.forEach((serial, twin) -> {
            for (var action : twin.vehicle().actionStates()) {
                String id = serial + " " + action.actionId();
                boolean runs =
                        switch (action.actionStatus()) {
                            case INITIALIZING, RUNNING, PAUSED -> true;
                            case WAITING, RETRIABLE, FINISHED, FAILED -> false;
                        };
                if (runs && running.add(id)) begun.merge(action.actionId(), 1, Integer::sum);
                if (!runs) running.remove(id);
            }
        });
    }

    private boolean until(Duration patience, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            var answer = new CompletableFuture<Boolean>();
            timeline.post(() -> answer.complete(condition.getAsBoolean()));
            if (answer.get(30, TimeUnit.SECONDS)) return true;
            Thread.sleep(10);
        }
        return false;
    }

    private static Action act(String job, String type) {
        return new Action(type, job + "." + type, null, BlockingType.HARD, List.of(), null);
    }

    @Test
    void lossAKilledBrokerAndALostVehicleCostTimeOnly() throws Exception {
        var map = new RoadMap(Yard.grid(4, 3));
        try (timeline;
                var broker = new Mosquitto(folder);
                var radio = new Wire(broker.port());
                var fleetLine = new MqttBus(timeline, Broker.at(broker.address(), "fleet"))) {
            for (int i = 0; i < VEHICLES; i++) {
                String line = i == 0 ? radio.address() : broker.address();
                join("r-" + i, line, map, Yard.place(i, 0), i);
            }
            var jobs = new ArrayList<Job>();
            var random = new SplittableRandom(3);
            for (int i = 0; i < JOBS; i++) {
                String id = "j-" + i;
                var stops = new ArrayList<Job.Stop>();
                for (String type : List.of("detectObject", "finePositioning"))
                    stops.add(new Job.Stop(Yard.place(random.nextInt(4), random.nextInt(3)), List.of(act(id, type))));
                jobs.add(new Job(id, stops, 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty()));
            }
            var fleet = new CompletableFuture<Fleet>();
            timeline.post(() -> {
                fleetLine.subscribe("+/+/+/+/connection", (topic, payload) -> {
                    var said = (Connection) new Codec(Version.V3_0).read(Topic.CONNECTION, payload);
                    connections.put(said.header().serialNumber(), said.connectionState());
                });
                timeline.every(Duration.ofMillis(100), this::count);
                var made = new Fleet(
                        new LossyBus(fleetLine, 99),
                        timeline,
                        map,
                        new Yard.NoLeases(),
                        new Yard.Straight(new LossyBus(fleetLine, 98), FaultsIT::address),
                        view -> statuses.put(view.id(), view.status()),
                        1);
                for (int i = 0; i < VEHICLES; i++) made.enrol(address("r-" + i));
                jobs.forEach(made::submit);
                fleet.complete(made);
            });
            var patience = Duration.ofMinutes(5);
            assertTrue(until(patience, () -> !begun.isEmpty()), "the first action begins");

            broker.kill();
            Thread.sleep(4_000);
            broker.start();
            assertTrue(
                    until(
                            patience,
                            () -> statuses.size() == JOBS
                                    && statuses.values().stream().allMatch(Status::isOver)),
                    () -> "not over: " + statuses);
            assertEquals(Set.of(Status.DONE), Set.copyOf(statuses.values()), statuses::toString);
            var once = new HashMap<String, Integer>();
            for (var job : jobs)
                for (var stop : job.stops()) for (var action : stop.actions()) once.put(action.actionId(), 1);
            assertEquals(once, begun, "each action is done once");
            for (var line : lines.values()) assertEquals(2, line.counters().connections());

            // A vehicle under way falls silent.
            timeline.post(() -> fleet.join()
                    .submit(new Job(
                            "last",
                            List.of(
                                    new Job.Stop(Yard.place(3, 2), List.of()),
                                    new Job.Stop(Yard.place(0, 0), List.of())),
                            5,
                            Optional.empty(),
                            Optional.empty(),
                            0,
                            List.of(),
                            Optional.of("r-0"))));
            assertTrue(until(patience, () -> twins.get("r-0").speed() > 0.3));
            connections.clear();
            radio.fallSilent();
            long silent = System.nanoTime();
            assertTrue(until(patience, () -> condition(fleet.join(), "r-0") == Condition.LOST));
            long lost = System.nanoTime();
            assertTrue(until(patience, () -> connections.get("r-0") == ConnectionState.CONNECTION_BROKEN));
            System.out.printf(
                    "a silent vehicle: the fleet counts it as lost after %.2f s, its last will came after %.2f s%n",
                    (lost - silent) / 1e9, (System.nanoTime() - silent) / 1e9);

            // Who comes now is told at once how all of them are.
            try (var late = new MqttBus(timeline, Broker.at(broker.address(), "late"))) {
                var kept = new TreeMap<String, ConnectionState>();
                timeline.post(() -> late.subscribe("+/+/+/+/connection", (_, payload) -> {
                    var said = (Connection) new Codec(Version.V3_0).read(Topic.CONNECTION, payload);
                    kept.put(said.header().serialNumber(), said.connectionState());
                }));
                assertTrue(until(patience, () -> kept.size() == VEHICLES));
                assertEquals(
                        Map.of(
                                "r-0", ConnectionState.CONNECTION_BROKEN,
                                "r-1", ConnectionState.ONLINE,
                                "r-2", ConnectionState.ONLINE),
                        kept);
            }
            for (var line : lines.values()) line.close();
        }
    }

    private static Condition condition(Fleet fleet, String serial) {
        return fleet.view().robots().stream()
                .filter(robot -> robot.serial().equals(serial))
                .findFirst()
                .orElseThrow()
                .condition();
    }
}
