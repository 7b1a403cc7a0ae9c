package org.diwan.robots.control;

import static org.diwan.robots.control.World.deliver;
import static org.diwan.robots.control.World.go;
import static org.diwan.robots.control.World.urgent;
import static org.diwan.robots.fleet.Only.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.building.TowerPlan;
import org.diwan.robots.control.Copy.Start;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.twin.Pose;
import org.diwan.robots.twin.Skill;
import org.diwan.robots.twin.VehicleType;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a dry run foretells is held against what then happens, in the same world, with vehicles that draw other random
/// numbers.
class DryRunTest {
    /// Two actions take 8 to 15 s each.
    private static final double ACTIONS = 14;

    private static Building ministry =
            new Building("", List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    @BeforeAll
    static void read() throws IOException {
        ministry = BuildingFile.read(Path.of("../recipes/robots/ministry.yaml"));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    private static void near(Instant expected, DryRun.Result foretold, double tolerance) {
        assertEquals(Optional.empty(), foretold.fault().map(Cause::text), foretold.toString());
        double off = seconds(expected, foretold.done().orElseThrow());
        assertTrue(Math.abs(off) <= tolerance, () -> "off by " + off + " s, " + foretold);
    }

    /// Nothing is left to chance: no action, no other vehicle in the way.
    @Test
    void whereNobodyElseIsAtWorkItIsDoneToTheSecond() {
        var world = new World(ministry, "1-charger", "3-bay");
        var job = go("m-1", "101", "204");
        var foretold = world.rehearse(job);
        assertEquals(foretold, world.rehearse(job), "twice alike");
        world.fleet.submit(job);
        near(world.done("m-1"), foretold, 1);
        assertEquals(Optional.of("r-1"), foretold.vehicle());
        assertEquals(
                1,
                foretold.through().stream()
                        .filter(what -> what.startsWith("lift-"))
                        .count(),
                foretold.toString());
        assertTrue(foretold.metres() > 20);
        assertFalse(foretold.isLate());
        assertEquals(List.of(), foretold.leftOut());
    }

    @Test
    void aDeliveryIsForetoldButForHowLongPeopleTake() {
        var world = new World(ministry, "1-charger", "1-bay", "2-charger", "2-bay");
        var job = deliver("m-1", "101", "203");
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        near(world.done("m-1"), foretold, ACTIONS + 1);
        assertTrue(foretold.through().contains("records"), foretold.toString());
    }

    /// The only vehicle is at another job: on its way to it, at its stops, laden, before, in and behind the lift.
    @Test
    void whereverTheVehicleIsWithAnotherJobThatIsReckonedWith() {
        double worst = 0;
        for (int after = 3; after < 150; after += 7) {
            var world = new World(TowerPlan.of(3, 1), "1-bay1");
            world.fleet.submit(deliver("m-0", "103", "207"));
            world.run(after);
            if (world.status("m-0") == Status.DONE) break;
            var job = go("m-1", "209", "104");
            var foretold = world.rehearse(job);
            world.fleet.submit(job);
            var done = world.done("m-1");
            worst = Math.max(worst, Math.abs(seconds(done, foretold.done().orElse(World.NOW))));
            // An action under way is played from its beginning: 15 s more.
            near(done, foretold, ACTIONS + 15 + 5);
        }
        assertTrue(worst > 0);
    }

    /// Four want the only lift at once. Who comes last waits for three rides, and that is foretold.
    @Test
    void theQueueBeforeTheOnlyLiftIsInIt() {
        var world = new World(TowerPlan.of(3, 1), "1-bay1", "1-bay2", "103", "105");
        world.fleet.submit(only(go("m-1", "301"), "r-1"));
        world.fleet.submit(only(go("m-2", "303"), "r-2"));
        world.fleet.submit(only(go("m-3", "205"), "r-3"));
        world.run(2);
        var job = urgent(
                only(go("m-4", "210"), "r-4"),
                1,
                Optional.of(world.timeline.instant().plusSeconds(1)));
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        var done = world.done("m-4");
        near(done, foretold, 30);
        double waits = seconds(foretold.alone().orElseThrow(), foretold.done().orElseThrow());
        assertTrue(waits > 60, () -> "three rides before it cost only " + waits + " s");
    }

    /// One vehicle, two jobs that come before: alone it would be in time.
    @Test
    void whoIsLateForOthersIsToldSo() {
        var world = new World(ministry, "1-charger");
        world.fleet.submit(urgent(deliver("m-1", "103", "302"), 9, Optional.empty()));
        world.fleet.submit(urgent(deliver("m-2", "304", "102"), 9, Optional.empty()));
        world.run(1);
        var simple = deliver("m-3", "101", "104");
        var free = new World(ministry, "1-charger").rehearse(simple);
        var due = free.done().orElseThrow().plusSeconds(60);
        var job = urgent(simple, 2, Optional.of(due));
        var foretold = world.rehearse(job);
        assertTrue(foretold.isLateForOthers(), foretold.toString());
        world.fleet.submit(job);
        var done = world.done("m-3");
        assertTrue(done.isAfter(due), "and so it was");
        near(done, foretold, 3 * ACTIONS + 15 + 10);
        // Too late for everybody is not for others' sake.
        var hopeless = world.rehearse(urgent(deliver("m-4", "101", "104"), 2, Optional.of(World.NOW.plusSeconds(20))));
        assertTrue(hopeless.isLate() && !hopeless.isLateForOthers(), hopeless.toString());
    }

    /// A more urgent job is put before one that is due soon: that one is named.
    @Test
    void whoIsLateMeanwhileIsNamed() {
        var world = new World(ministry, "1-charger");
        world.fleet.submit(deliver("m-0", "103", "104"));
        world.run(1);
        world.fleet.submit(urgent(deliver("m-1", "104", "103"), 1, Optional.of(World.NOW.plusSeconds(200))));
        var foretold = world.rehearse(urgent(deliver("m-2", "101", "404"), 9, Optional.empty()));
        assertEquals(Optional.empty(), foretold.fault().map(Cause::text));
        assertEquals(List.of("m-1"), foretold.late());
    }

    /// The same world twice, one of them asked all the time: what is said in both is the same, byte for byte.
    @Test
    void nothingThatIsAliveHearsOfIt() {
        assertEquals(played(false), played(true));
    }

    private static String played(boolean asked) {
        var world = new World(ministry, "1-charger", "2-bay", "3-bay");
        world.fleet.submit(deliver("m-1", "101", "204"));
        world.fleet.submit(deliver("m-2", "302", "103"));
        for (int i = 0; i < 12; i++) {
            world.run(17);
            if (asked)
                assertEquals(
                        Optional.empty(),
                        world.rehearse(deliver("m-3", "201", "401")).fault().map(Cause::text));
        }
        return world.digest();
    }

    @Test
    void whoIsInAPersonsHandsIsThereAndDoesNothing() {
        var world = new World(ministry, "1-charger", "2-bay");
        world.vehicle("r-1").mode(OperatingMode.MANUAL);
        world.run(1);
        assertEquals(
                Optional.of("r-2"), world.rehearse(deliver("m-1", "101", "102")).vehicle());
        world.vehicle("r-2").mode(OperatingMode.MANUAL);
        world.run(1);
        assertEquals(
                Optional.of("no vehicle can be ordered about: r-1 is MANUAL, r-2 is MANUAL"),
                world.rehearse(deliver("m-1", "101", "102")).fault().map(Cause::text));
        assertEquals(
                Optional.of("no vehicle can be ordered about"),
                new World(ministry)
                        .rehearse(deliver("m-1", "101", "204"))
                        .fault()
                        .map(Cause::text));
    }

    /// On a lane between two places, where the planner does not know of it: positions alone show what would happen.
    @Test
    void whoStandsInTheWayUnknownToTheFleetIsSeen() {
        var map = new RoadMap(ministry);
        var charger = map.place(map.vertex("1-charger"));
        var self = new Address("uagv", Version.V3_0, "diwan", "r-1");
        var other = new Address("uagv", Version.V3_0, "diwan", "r-2");
        var stray = new Start(
                other,
                VehicleType.PORTER,
                Optional.empty(),
                new Pose(4, 5, 0, "1"),
                "",
                0.9,
                false,
                List.of(),
                /* able= */ true);
        var world = new World(ministry, List.of(Start.at(self, VehicleType.PORTER, charger, 0.9), stray));
        var foretold = world.rehearse(go("m-1", "101"));
        assertTrue(foretold.fault().map(Cause::text).orElse("").startsWith("r-1 and r-2 touch"), foretold.toString());
        assertEquals(Optional.empty(), foretold.done());
        assertEquals(
                Optional.empty(), world.rehearse(go("m-1", "reception")).fault().map(Cause::text), "that way is free");
    }

    @Test
    void whatIsBrokenStaysSo() {
        var world = new World(TowerPlan.of(2, 1), "1-bay1");
        var scene = world.scene();
        var broken = new Scene(scene.fleet(), scene.cabins(), Set.of("lift-1"));
        var dryRun = new DryRun(world.map, 1, () -> 0);
        assertEquals(
                Optional.empty(), dryRun.play(go("m-1", "201"), scene).fault().map(Cause::text));
        assertEquals(
                Optional.of("not done within 2 hours"),
                dryRun.play(go("m-1", "201"), broken).fault().map(Cause::text));
        var heavy = new Job(
                "m-1",
                go("m-1", "103").stops(),
                5,
                Optional.empty(),
                Optional.empty(),
                300,
                List.of(),
                Optional.empty());
        assertEquals(
                Optional.of("not done within 2 hours"),
                dryRun.play(heavy, scene).fault().map(Cause::text));
    }

    // --- kinds of vehicles -------------------------------------------------------------------------

    /// Half as fast, carries two hundred kilograms, cannot clean, and takes half a minute to be loaded.
    private static final VehicleType TUG = new VehicleType(
            "tug",
            0.6,
            0.3,
            0.4,
            1,
            0.8,
            2,
            0.38,
            1.2,
            200,
            2_000,
            0.05,
            40,
            800,
            VehicleType.PORTER.edgeMembers(),
            VehicleType.skills(
                    Skill.of("pick", 30, 30),
                    Skill.of("drop", 30, 30),
                    Skill.of("startCharging", 2, 2),
                    Skill.of("stopCharging", 2, 2)));

    /// A porter that cleans, which no other does.
    private static final VehicleType CLEANER = VehicleType.PORTER.with(Skill.of("clean", 40, 40));

    /// The first is the tug, and the farthest from everything.
    private static World mixed() {
        var map = new RoadMap(ministry);
        var starts = new ArrayList<Start>();
        var kinds = List.of(TUG, VehicleType.PORTER, CLEANER);
        for (String place : List.of("4-bay", "1-charger", "1-bay")) {
            // Before 3.0.0 no factsheet says how fast a vehicle turns.
            var version = starts.isEmpty() ? Version.V3_0 : Version.V2_1;
            var address = new Address("uagv", version, "diwan", "r-" + (starts.size() + 1));
            starts.add(Start.at(address, kinds.get(starts.size()), map.place(map.vertex(place)), 0.9));
        }
        return new World(ministry, starts);
    }

    private static Job heavy(String id, double kilograms) {
        return new Job(
                id,
                deliver(id, "101", "104").stops(),
                5,
                Optional.empty(),
                Optional.empty(),
                kilograms,
                List.of(),
                Optional.empty());
    }

    private static Job act(String id, String place, String type) {
        var action = new Action(type, id + "-1", null, BlockingType.HARD, List.of(), null);
        return new Job(
                id,
                List.of(new Job.Stop(place, List.of(action))),
                5,
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty());
    }

    /// As porters, none could carry it, and the way would take half as long.
    @Test
    void whoAloneCanCarryItDoesSoAtItsOwnPace() {
        var world = mixed();
        var light = world.rehearse(deliver("m-0", "101", "104"));
        assertTrue(Set.of("r-2", "r-3").contains(light.vehicle().orElseThrow()), light.toString());
        var job = heavy("m-1", 150);
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        // A factsheet does not say how long a pick takes: a porter's 8 to 15 s and 1 s before, not 30.
        near(world.done("m-1"), foretold, 2 * (30 - 8) + 5);
        assertEquals(Optional.of("r-1"), foretold.vehicle());
        assertEquals(foretold.vehicle(), world.doer("m-1"));
        double slow = seconds(World.NOW, foretold.done().orElseThrow());
        double quick = seconds(World.NOW, light.done().orElseThrow());
        assertTrue(slow > quick + 60, () -> slow + " s beside " + quick + " s");
        var hopeless = world.rehearse(heavy("m-2", 250));
        assertEquals(Optional.of("not done within 2 hours"), hopeless.fault().map(Cause::text));
    }

    /// Only by going there, so that pace alone counts: to the second.
    @Test
    void aSlowVehiclesWayIsForetoldToTheSecond() {
        var world = mixed();
        var job = only(go("m-1", "101", "204"), "r-1");
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        near(world.done("m-1"), foretold, 5);
    }

    @Test
    void whoAloneCanDoAnActionDoesIt() {
        var world = mixed();
        var job = act("m-1", "401", "clean");
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        // 40 s, of which a factsheet says nothing: 20.
        near(world.done("m-1"), foretold, 20 + 5);
        assertEquals(Optional.of("r-3"), foretold.vehicle());
        assertEquals(foretold.vehicle(), world.doer("m-1"));
        assertEquals(
                Optional.of("not done within 2 hours"),
                world.rehearse(act("m-2", "401", "paint")).fault().map(Cause::text));
    }

    /// Of such a one the fleet believes that it can act, and that it carries nothing.
    @Test
    void whoSaidNothingOfItselfIsBelievedWhatTheFleetBelieves() {
        var map = new RoadMap(ministry);
        var address = new Address("uagv", Version.V3_0, "diwan", "r-1");
        var start = Start.at(address, CLEANER, map.place(map.vertex("1-charger")), 0.9);
        var silent = new Start(
                address,
                CLEANER,
                Optional.empty(),
                start.pose(),
                start.nodeId(),
                0.9,
                /* charging= */ false,
                List.of(),
                /* able= */ true);
        var world = new World(ministry, List.of(silent));
        assertEquals(
                Optional.of("not done within 2 hours"),
                world.rehearse(heavy("m-1", 1)).fault().map(Cause::text));
        var job = act("m-2", "101", "clean");
        var foretold = world.rehearse(job);
        world.fleet.submit(job);
        near(world.done("m-2"), foretold, 20 + 5);
        world.fleet.submit(heavy("m-1", 1));
        world.run(600);
        assertEquals(Status.WAITING, world.fleet.view().jobs().getFirst().status());
    }

    @Test
    void whatIsBeyondTheLimitsIsNamed() {
        var world = new World(ministry, "1-charger");
        for (int i = 0; i < Cast.MAX_JOBS + 5; i++)
            world.fleet.submit(urgent(go("m-" + i, "101"), 1, Optional.empty()));
        var job = urgent(go("n-1", "103"), 9, Optional.empty());
        var foretold = world.rehearse(job);
        assertEquals(
                List.of("5 of 105 other jobs, beyond the limit of 100 or in the hands of a vehicle that is left out"),
                foretold.leftOut());
        // The first play takes too long, the second does not.
        var looks = new AtomicInteger();
        var slow = new DryRun(world.map, 1, () -> looks.incrementAndGet() < 10 ? 0 : 2 * DryRun.WALL.toNanos());
        var alone = slow.play(job, world.scene());
        assertEquals(Optional.empty(), alone.fault().map(Cause::text));
        assertTrue(alone.leftOut().contains("100 other jobs, which took longer than 20 s to play"), alone.toString());
    }

    /// It is not refused for that: nobody else is asked when it will be done.
    @Test
    void whoWaitsForHoursIsToldWhatIsKnown() {
        var world = new World(ministry, "1-charger");
        for (int i = 0; i < 3; i++) world.fleet.submit(urgent(World.stay("m-" + i, "101", 3_600), 9, Optional.empty()));
        world.run(1);
        var soon = World.NOW.plusSeconds(600);
        var last = world.rehearse(urgent(go("n-1", "103"), 5, Optional.of(soon)));
        assertEquals(Optional.empty(), last.fault().map(Cause::text));
        assertEquals(Optional.empty(), last.done());
        assertTrue(last.isLateForOthers(), last.toString());
        assertTrue(last.leftOut().getFirst().endsWith(": it waits then"), last.toString());
    }

    @Test
    void aJobForLaterIsPlayedAtItsHour() {
        var world = new World(ministry, "1-charger");
        world.fleet.submit(go("m-0", "101"));
        var from = World.NOW.plus(Duration.ofHours(20));
        var job = deliver("m-1", "101", "204");
        var later = new Job("m-1", job.stops(), 5, Optional.of(from), Optional.empty(), 1, List.of(), Optional.empty());
        var foretold = world.rehearse(later);
        assertEquals(Optional.empty(), foretold.fault().map(Cause::text));
        double took = seconds(from, foretold.done().orElseThrow());
        assertTrue(took > 0 && took < 600, foretold.toString());
        assertEquals(1, foretold.leftOut().size(), foretold.toString());
        var never = new Job(
                "m-1", job.stops(), 5, Optional.of(Instant.MAX), Optional.empty(), 1, List.of(), Optional.empty());
        assertTrue(world.rehearse(never).fault().map(Cause::text).orElseThrow().contains("the limit is"));
    }

    /// Its way out of the closed room is no trespass, the way in of another would be.
    @Test
    void eachJobsVehicleMayBeWhereThatJobMay() {
        var world = new World(ministry, "4-charger", "4-bay");
        world.fleet.submit(only(go("m-1", "minister", "401"), "r-1").withPermissions(List.of("minister-zone")));
        world.run(3);
        var foretold = world.rehearse(only(go("m-2", "402", "301"), "r-2"));
        assertEquals(Optional.empty(), foretold.fault().map(Cause::text));
        assertEquals(
                Optional.of("not done within 2 hours"),
                world.rehearse(go("m-3", "minister")).fault().map(Cause::text));
    }
}
