package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.diwan.base.Seeded;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// Five vehicles that always have somewhere to go, where two cannot pass each other but at blind alleys.
class DeadlocksTest {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int VEHICLES = 5;

    /// From the detector's first word until nobody is said to be stuck and somebody drives, 0 if that is so at the same
    /// look; and whatever the detector says, there is never a longer time in which nobody drives.
    @Test
    void areOverWithinFiveSeconds() {
        var lasted = new ArrayList<Long>();
        Seeded.forAll(10, random -> {
            var drive = new Drive(random);
            drive.tenMinutes();
            lasted.addAll(drive.lasted);
            assertTrue(drive.longestStandstill <= 5_000, () -> "all stood still for ms: " + drive.longestStandstill);
        });
        lasted.sort(null);
        System.out.printf(
                "%d deadlocks lasted %d ms (median), %d ms (95 %%), %d ms at most%n",
                lasted.size(), lasted.get(lasted.size() / 2), lasted.get(lasted.size() * 19 / 20), lasted.getLast());
        assertTrue(lasted.getLast() <= 5_000);
    }

    /// A corridor of twelve places with blind alleys of up to three.
    private static Building comb(SplittableRandom random) {
        var places = new ArrayList<Place>();
        var lanes = new ArrayList<Lane>();
        for (int column = 0; column < 12; column++) {
            int depth = column % 3 == 1 ? 1 + random.nextInt(3) : 0;
            for (int row = 0; row <= depth; row++) {
                String id = column + "." + row;
                places.add(new Place(id, "f0", 2.0 * column, 2.0 * row, Map.of(), Set.of()));
                String before = row > 0 ? column + "." + (row - 1) : column - 1 + ".0";
                if (row > 0 || column > 0) lanes.add(new Lane(before, id, false, Optional.empty(), Optional.empty()));
            }
        }
        return new Building(
                "comb", List.of(new Floor("f0", 0, List.of())), places, lanes, List.of(), List.of(), List.of());
    }

    /// Who arrives is sent on, to a place that is nobody's goal.
    private static final class Drive {
        private final Site site;
        private final SplittableRandom random;
        private final Map<String, String> goals = new TreeMap<>();
        /// Milliseconds of each deadlock.
        private final List<Long> lasted = new ArrayList<>();

        private long longestStandstill;

        Drive(SplittableRandom random) {
            this.random = random;
            site = new Site(comb(random), Version.V3_0, Quality.PERFECT, random.nextLong());
            for (int i = 0; i < VEHICLES; i++) {
                String place = somewhere();
                goals.put("r-" + i, place);
                site.vehicle("r-" + i, place);
            }
        }

        private String somewhere() {
            var free = site.map.building().places().stream()
                    .map(Place::id)
                    .filter(id -> !goals.containsValue(id))
                    .toList();
            return free.get(random.nextInt(free.size()));
        }

        void tenMinutes() {
            var poses = poses();
            long detected = 0;
            long word = -1;
            long driven = 0;
            for (long now = 0; now < 600_000; now += LOOK.toMillis()) {
                var traffic = site.fleet.traffic();
                var before = poses;
                poses = poses();
                boolean drives = !poses.equals(before);
                boolean isStuck = !traffic.stuck().isEmpty();
                if (word < 0 && (isStuck || traffic.deadlocks().detected() > detected)) word = now;
                detected = traffic.deadlocks().detected();
                if (drives) driven = now;
                longestStandstill = Math.max(longestStandstill, now - driven);
                if (word >= 0 && drives && !isStuck) {
                    lasted.add(now - word);
                    word = -1;
                }
                sendOn();
                site.timeline.run(LOOK);
            }
            if (word >= 0) lasted.add(600_000 - word);
        }

        private void sendOn() {
            for (var robot : site.fleet.view().robots())
                if (robot.errand().isEmpty()) {
                    goals.put(robot.serial(), somewhere());
                    site.fleet.send(robot.serial(), goals.get(robot.serial()));
                }
        }

        private List<Pose> poses() {
            return site.twins.values().stream().map(SimulatedVehicle::pose).toList();
        }
    }
}
