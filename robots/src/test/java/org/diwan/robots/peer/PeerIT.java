package org.diwan.robots.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Broker;
import org.diwan.robots.bus.LiveTimeline;
import org.diwan.robots.bus.Mosquitto;
import org.diwan.robots.bus.MqttBus;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.twin.Site;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Oracle: vda-5050-lib of Siemens, which knows nothing of us, over Debian's mosquitto, in both directions.
/// `npm ci` in `robots/src/test/peer` installs it. `-Dvehicles=300` drives more of them and prints what it takes.
@Execution(ExecutionMode.CONCURRENT)
class PeerIT {
    private static final int VEHICLES = Integer.getInteger("vehicles", 4);
    private static final Path PEER = Path.of(System.getProperty("diwan.home", "."), "robots/src/test/peer");
    private static final Version VERSION = Version.V2_0;

    @TempDir
    Path folder;

    private static Process node(Path log, String script, String... arguments) throws Exception {
        assumeTrue(
                Files.exists(PEER.resolve("node_modules/vda-5050-lib")),
                "skipped: npm ci in " + PEER + " has not been run");
        var command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(PEER.toFile())
                .redirectError(log.toFile())
                .start();
    }

    private static BufferedReader said(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Address address(String serial) {
        return new Address("uagv", VERSION, "RobotCompany", serial);
    }

    private static Job job(int number, List<Place> places, SplittableRandom random) {
        var stops = new ArrayList<Job.Stop>();
        for (int s = 0; s < 2; s++) {
            var act = new Action(
                    "noop",
                    "j-" + number + "." + s,
                    null,
                    BlockingType.HARD,
                    List.of(new Action.Parameter("duration", new ObjectMapper().valueToTree(1))),
                    null);
            stops.add(new Job.Stop(places.get(random.nextInt(places.size())).id(), List.of(act)));
        }
        return new Job("j-" + number, stops, 5, Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty());
    }

    @Test
    void itsVehiclesDoAllJobsOfOurFleetWithoutRefusalAndNeverMeet() throws Exception {
        int side = (int) Math.ceil(Math.sqrt(3.0 * VEHICLES));
        var map = new RoadMap(Yard.grid(side, side));
        var places = map.building().places();
        var random = new SplittableRandom(1);
        var vehicles = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < VEHICLES; i++) {
            var at = places.get(i * places.size() / VEHICLES);
            vehicles.add(Map.of("serial", "a-" + i, "x", at.x(), "y", at.y(), "map", "f0", "node", at.id()));
        }
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < 2 * VEHICLES; i++) jobs.add(job(i, places, random));

        var log = folder.resolve("node.log");
        try (var broker = new Mosquitto(folder);
                var timeline = new LiveTimeline("fleet");
                var bus = new MqttBus(timeline, Broker.at(broker.address(), "fleet"))) {
            var peer = node(log, "vehicles.mjs");
            try (var in = peer.outputWriter(StandardCharsets.UTF_8);
                    var out = said(peer)) {
                in.write(new ObjectMapper().writeValueAsString(Map.of("broker", broker.address(), "vehicles", vehicles))
                        + "\n");
                in.flush();
                assertEquals("ready", out.readLine(), () -> read(log));
                var errors = new ConcurrentHashMap<String, Integer>();
                var statuses = new ConcurrentHashMap<String, Status>();
                var left = new CountDownLatch(jobs.size());
                var fleet = new Fleet[1];
                long cpu = cpu();
                long start = System.nanoTime();
                timeline.post(() -> {
                    bus.subscribe("uagv/v2/+/+/state", (_, payload) -> faults(payload)
                            .forEach(fault -> errors.merge(fault, 1, Integer::sum)));
                    fleet[0] = new Fleet(
                            bus,
                            timeline,
                            map,
                            new Yard.NoLeases(),
                            new Yard.Straight(bus, PeerIT::address),
                            view -> {
                                statuses.put(view.id(), view.status());
                                if (view.status().isOver()) left.countDown();
                            },
                            1);
                    for (int i = 0; i < VEHICLES; i++) fleet[0].enrol(address("a-" + i));
                    jobs.forEach(fleet[0]::submit);
                });
                boolean over = left.await(10 + VEHICLES / 20, TimeUnit.MINUTES);
                double seconds = (System.nanoTime() - start) / 1e9;
                var view = new FleetView[1];
                var seen = new CountDownLatch(1);
                timeline.post(() -> {
                    view[0] = fleet[0].view();
                    seen.countDown();
                });
                assertTrue(seen.await(60, TimeUnit.SECONDS));
                in.write("report\n");
                in.flush();
                var report = new ObjectMapper().readTree(out.readLine());
                report(report.toString().replaceAll("\"begun\":\\{[^}]*},", ""), seconds, cpu() - cpu, broker, bus);
                assertTrue(over, () -> statuses + "\n" + view[0] + "\n" + errors + read(log));
                var ends = jobs.stream().collect(Collectors.toMap(Job::id, job -> statuses.get(job.id())));
                assertEquals(Set.of(Status.DONE), Set.copyOf(ends.values()), ends::toString);
                assertEquals(Map.of(), errors, "every state is understood, and none tells of a refusal");
                var begun = new HashMap<String, Integer>();
                report.get("begun")
                        .properties()
                        .forEach(
                                each -> begun.put(each.getKey(), each.getValue().asInt()));
                var once = jobs.stream()
                        .flatMap(job -> job.stops().stream())
                        .flatMap(stop -> stop.actions().stream())
                        .collect(Collectors.toMap(Action::actionId, _ -> 1));
                assertEquals(once, begun, "each action is done once");
                assertTrue(report.get("nearest").asDouble() > 0.8, report.get("nearest")::toString);
            } finally {
                peer.destroyForcibly().onExit().join();
            }
        }
    }

    /// What a state complains about, or what is wrong with it.
    private static List<String> faults(byte[] payload) {
        try {
            var state = (State) new Codec(VERSION).read(Topic.STATE, payload);
            return state.errors().stream().map(State.Fault::errorType).toList();
        } catch (MalformedException e) {
            return List.of(e.toString());
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void report(String peer, double seconds, long cpu, Mosquitto broker, MqttBus bus) {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        System.out.printf(
                "%d vehicles, %d jobs in %.0f s; fleet %.1f s CPU, heap %d MiB; peer %s; mosquitto %s; %s%n",
                VEHICLES,
                2 * VEHICLES,
                seconds,
                cpu / 1e9,
                heap.getUsed() >> 20,
                peer,
                broker.process().info().totalCpuDuration().orElse(Duration.ZERO),
                bus.counters());
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    /// It calls an order `cancelled` only where one state both loses its nodes and finishes the action; ours first
    /// loses them, stops, and then finishes it (2.0.0, §6.6.3 and §6.8.2), so there are two.
    @Test
    void itsFleetControlIsServedByOurVehicle() throws Exception {
        var log = folder.resolve("node.log");
        try (var broker = new Mosquitto(folder);
                var timeline = new LiveTimeline("vehicle")) {
            var address = new Address("uagv", VERSION, "diwan", "r-1");
            var will = SimulatedVehicle.will(address, timeline.instant());
            try (var bus =
                    new MqttBus(timeline, Broker.at(broker.address(), "r-1").will(will))) {
                timeline.post(() -> new SimulatedVehicle(
                        address,
                        VehicleType.PORTER,
                        new Site(Set.of("f0"), Set.of()),
                        new Pose(0, 0, 0, "f0"),
                        "p0",
                        bus,
                        timeline,
                        1));
                var peer = node(log, "master.mjs", broker.address());
                timeline.after(Duration.ofMinutes(2), peer::destroyForcibly);
                try (var out = said(peer)) {
                    var lines = out.lines().toList();
                    var expected = new LinkedHashMap<String, String>();
                    for (String line : List.of(
                            "vehicle r-1 ONLINE",
                            "node p2",
                            "action pick-1 FINISHED",
                            "order o-1 done cancelled false active false",
                            "instant pause-1 FINISHED",
                            "instant go-1 FINISHED",
                            "node p3",
                            "instant cancel-1 FINISHED",
                            "action drop-1 FAILED",
                            "order o-2 done cancelled false active false",
                            "instant cancel-2 FAILED",
                            "end")) if (!lines.contains(line)) expected.put(line, "missing");
                    assertEquals(Map.of(), expected, () -> String.join("\n", lines) + read(log));
                } finally {
                    peer.destroyForcibly().onExit().join();
                }
            }
        }
    }
}
