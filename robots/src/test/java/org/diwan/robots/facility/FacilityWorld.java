package org.diwan.robots.facility;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.LocalBus;
import org.diwan.robots.bus.SimulatedTimeline;
import org.diwan.robots.facility.Leases.Standing;

/// A building of six floors with one lift and one door, its desk, and a log of what truly was and of what was
/// granted, for a checker that knows nothing of either.
final class FacilityWorld {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final LocalBus.Quality BAD = new LocalBus.Quality(0.2, 0.2, Duration.ofMillis(1), Duration.ofMillis(1500));

    /// How often standings are looked at.
    static final Duration STEP = Duration.ofMillis(100);

    /// Somebody was granted something, at that time.
    record Grant(Instant time, String facility, String holder, String floor) {}

    final Building building = BuildingFile.parse(yaml());
    final SimulatedTimeline timeline = new SimulatedTimeline(START);
    final LocalBus bus;
    final SimulatedFacilities devices;
    final FacilityDesk desk;
    final List<SimulatedLift.Moment> lift = new ArrayList<>();
    final List<SimulatedDoor.Moment> door = new ArrayList<>();
    final List<Grant> grants = new ArrayList<>();
    final Map<String, String> floors = new HashMap<>();

    FacilityWorld(LocalBus.Quality quality, long seed) {
        bus = new LocalBus(timeline, quality, seed);
        devices = new SimulatedFacilities(
                building, bus, timeline, Times.USUAL, (_, moment) -> lift.add(moment), (_, moment) -> door.add(moment));
        desk = new FacilityDesk(building, bus, timeline);
    }

    private static String yaml() {
        var text = new StringBuilder("building: b\nfloors:\n");
        for (int floor = 1; floor <= 6; floor++) {
            text.append("  %d:\n    elevation: %d\n".formatted(floor, (floor - 1) * 4));
            text.append("    places: {%d-hall: [0, 0], %d-room: [3, 0]}\n".formatted(floor, floor));
            text.append("    lanes: [[%d-hall, %d-room%s]]\n".formatted(floor, floor, floor == 1 ? ", door: d" : ""));
            if (floor == 1) text.append("    doors: {d: 3}\n    zones: {z: [release, [5, 5], [6, 5], [6, 6]]}\n");
        }
        text.append("lifts:\n  l: {at: [0, 2], speed: 2, door-time: 2, landings: {");
        for (int floor = 1; floor <= 6; floor++)
            text.append(floor == 1 ? "" : ", ").append("%d: %d-hall".formatted(floor, floor));
        return text.append("}}\n").toString();
    }

    /// Asks, and remembers with which floor.
    void request(String facility, String holder, String floor) {
        floors.put(facility + "/" + holder, floor);
        desk.request(facility, holder, floor);
    }

    /// What comes under a device's name, whoever sent it.
    void publish(String device, String state) {
        bus.publish(Message.once("building/v1/" + device + "/state", state.getBytes(StandardCharsets.UTF_8)));
        timeline.run(Duration.ofMillis(5));
    }

    void run(Duration span, List<String> holders) {
        var end = timeline.instant().plus(span);
        while (timeline.instant().isBefore(end)) {
            timeline.run(STEP);
            look(holders);
        }
    }

    private void look(List<String> holders) {
        for (String facility : List.of("l", "d"))
            for (String holder : holders)
                if (desk.standing(facility, holder) == Standing.GRANTED)
                    grants.add(new Grant(
                            timeline.instant(), facility, holder, floors.getOrDefault(facility + "/" + holder, "?")));
    }

    /// Somebody who wants to go from floor to floor, and through the door, all day.
    final class Rider {
        final String name;
        private final SplittableRandom random;
        private String floor;
        private String goal = "";
        private Instant busyUntil = START;
        private int stage;
        int trips;

        Rider(String name, SplittableRandom random) {
            this.name = name;
            this.random = random;
            floor = Integer.toString(random.nextInt(1, 7));
        }

        /// A move takes three seconds, an errand up to a minute; it looks at its lease each step.
        void step() {
            desk.alive(name);
            if (timeline.instant().isBefore(busyUntil)) return;
            switch (stage) {
                case 0 -> {
                    goal = Integer.toString(random.nextInt(1, 7));
                    if (goal.equals(floor)) through("d", 3);
                    else through("l", 1);
                }
                case 1 -> {
                    if (desk.standing("l", name) == Standing.GRANTED) busy(2, 3);
                }
                case 2 -> {
                    request("l", name, goal);
                    stage = 4;
                }
                case 3 -> {
                    if (desk.standing("d", name) == Standing.GRANTED) busy(6, 3);
                }
                case 4 -> {
                    if (desk.standing("l", name) == Standing.GRANTED) busy(5, 3);
                }
                case 5 -> {
                    floor = goal;
                    done("l");
                }
                default -> done("d");
            }
        }

        private void through(String facility, int next) {
            request(facility, name, facility.equals("l") ? floor : "1");
            stage = next;
        }

        private void busy(int next, int seconds) {
            stage = next;
            busyUntil = timeline.instant().plusSeconds(seconds);
        }

        private void done(String facility) {
            desk.release(facility, name);
            trips++;
            busy(0, random.nextInt(60));
        }
    }
}
