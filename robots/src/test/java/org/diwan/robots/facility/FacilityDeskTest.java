package org.diwan.robots.facility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.facility.Leases.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Oracles: the devices' own logs, which say what truly was; times that follow from speeds; each fault by name.
class FacilityDeskTest {
    private static final List<String> A = List.of("a");

    @Test
    void aLiftComesCarriesAndGoesToTheNext() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("l", "a", "4");
        assertEquals(Standing.QUEUED, world.desk.standing("l", "a"));
        // 12 m at 2 m/s, and two seconds for the door.
        world.run(Duration.ofMillis(7900), A);
        assertEquals(Standing.QUEUED, world.desk.standing("l", "a"));
        world.run(Duration.ofMillis(200), A);
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
        world.request("l", "b", "1");
        world.request("l", "a", "2");
        assertEquals(Standing.QUEUED, world.desk.standing("l", "a"));
        assertTrue(world.desk.holds("l", "a"));
        world.run(Duration.ofMillis(8100), A);
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
        assertEquals(Standing.QUEUED, world.desk.standing("l", "b"));
        world.desk.release("l", "a");
        assertEquals(Standing.NONE, world.desk.standing("l", "a"));
        world.run(Duration.ofMillis(6100), List.of("a", "b"));
        assertEquals(Standing.GRANTED, world.desk.standing("l", "b"));
        assertEquals(Duration.ZERO, GrantChecker.longestUntruth(world));
    }

    @Test
    void aDoorAndAZoneAreLentToo() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        int[] told = {0};
        world.desk.listen(() -> told[0]++);
        world.request("d", "a", "1");
        world.request("z", "a", "1");
        world.request("z", "b", "1");
        assertEquals(Standing.GRANTED, world.desk.standing("z", "a"));
        assertEquals(Standing.QUEUED, world.desk.standing("z", "b"));
        world.run(Duration.ofMillis(3100), A);
        assertEquals(Standing.GRANTED, world.desk.standing("d", "a"));
        world.desk.release("z", "a");
        assertEquals(Standing.GRANTED, world.desk.standing("z", "b"));
        world.run(Duration.ofMillis(100), A);
        assertTrue(told[0] >= 3, told[0] + " times");
    }

    @Test
    void whatIsNotThereIsRefusedByName() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        var unknown = assertThrows(IllegalArgumentException.class, () -> world.desk.request("x", "a", "1"));
        assertEquals("no lift, door or release zone 'x'; there are [l, d, z]", unknown.getMessage());
        var floor = assertThrows(IllegalArgumentException.class, () -> world.desk.request("l", "a", "9"));
        assertEquals("l does not stop on floor '9'; it does on [1, 2, 3, 4, 5, 6]", floor.getMessage());
    }

    // --- faults --------------------------------------------------------------------------------------

    /// The lift is asked to floor 6, fails after three seconds, and is mended after two minutes.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STUCK            | 10000 | l stands still since
            DOOR_ALWAYS_OPEN |  1100 | l says that its door is open
            DOOR_SHUT        | 17500 | l stands still since
            OFFLINE          | 12000 | l has been silent since
            LYING            |  1100 | l says that it went
            FIRE             |  1100 | l is in mode FIRE
            OUT_OF_SERVICE   |  1100 | l is in mode OUT_OF_SERVICE
            """)
    void aFaultIsNoticedInTimeByNameAndForgottenWhenMended(SimulatedLift.Fault fault, long withinMs, String why) {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.run(Duration.ofSeconds(2), A);
        world.request("l", "a", "6");
        world.run(Duration.ofSeconds(3), A);
        world.devices.lift("l").fail(fault);
        world.run(Duration.ofMillis(withinMs), A);
        assertEquals(Standing.REFUSED, world.desk.standing("l", "a"));
        assertTrue(world.desk.why("l", "a").orElse("").contains(why), world.desk.why("l", "a") + "");
        assertEquals(List.of(), world.grants);
        world.run(Duration.ofSeconds(30), A);
        world.desk.alive("a");
        world.devices.lift("l").repair();
        world.desk.repaired("l");
        world.run(Duration.ofSeconds(16), A);
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
        assertEquals(Duration.ZERO, GrantChecker.longestUntruth(world));
    }

    @Test
    void aLiftThatContradictedItselfIsTrustedOnlyAfterAPersonsWord() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.run(Duration.ofSeconds(2), A);
        world.devices.lift("l").fail(SimulatedLift.Fault.LYING);
        world.request("l", "a", "6");
        world.run(Duration.ofSeconds(2), A);
        world.devices.lift("l").repair();
        world.run(Duration.ofSeconds(30), A);
        assertEquals(Standing.REFUSED, world.desk.standing("l", "a"));
        world.desk.repaired("l");
        world.run(Duration.ofSeconds(2), A);
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
    }

    /// The ends of time and of numbers: nothing breaks, and a person's word is enough to begin anew.
    @Test
    void aDoorThatSaysNonsenseIsMendedByAPersonsWord() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("d", "a", "1");
        world.run(Duration.ofSeconds(5), A);
        assertEquals(Standing.GRANTED, world.desk.standing("d", "a"));
        String state = "{\"number\":%d,\"time\":\"%s\",\"request\":1,\"door\":\"%s\",\"mode\":\"ROBOT\"}";
        world.publish("door/d", state.formatted(Long.MAX_VALUE - 1, Instant.MIN, "CLOSED"));
        world.publish("door/d", state.formatted(Long.MAX_VALUE, Instant.MAX, "OPEN"));
        world.run(Duration.ofSeconds(15), A);
        assertTrue(world.desk.why("d", "a").orElse("").contains("has been silent"), world.desk.why("d", "a") + "");
        world.desk.repaired("d");
        world.run(Duration.ofSeconds(3), A);
        assertEquals(Standing.GRANTED, world.desk.standing("d", "a"));
    }

    @Test
    void aLiftThatStandsMaySetItsClock() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        String state = "{\"number\":%d,\"time\":\"%s\",\"request\":0,\"session\":\"\",\"floor\":\"1\","
                + "\"height\":0,\"motion\":\"STOPPED\",\"door\":\"CLOSED\",\"mode\":\"ROBOT\"}";
        long number = Long.MAX_VALUE - 1;
        world.publish("lift/l", state.formatted(number, FacilityWorld.START));
        world.publish("lift/l", state.formatted(number + 1, FacilityWorld.START.minusSeconds(3600)));
        assertEquals(Optional.empty(), world.desk.fault("l"));
    }

    @Test
    void whoeverIsInTheLiftKnowsBetterWhereItIs() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("l", "a", "3");
        world.run(Duration.ofSeconds(8), A);
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
        world.desk.witness("l", "3");
        assertEquals(Standing.GRANTED, world.desk.standing("l", "a"));
        world.desk.witness("l", "2");
        assertEquals(
                "l says that it is on floor 3, and is on floor 2; it needs a person's look",
                world.desk.why("l", "a").orElse(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            JAMMED  | 9500  | d does not open
            OFFLINE | 12000 | d has been silent since
            LYING   | 1100  | d says that it opened in
            FIRE    | 1100  | d is in mode FIRE
            """)
    void aDoorsFaultToo(SimulatedDoor.Fault fault, long withinMs, String why) {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.run(Duration.ofSeconds(2), A);
        world.devices.door("d").fail(fault);
        world.request("d", "a", "1");
        world.run(Duration.ofMillis(withinMs), A);
        assertEquals(Standing.REFUSED, world.desk.standing("d", "a"));
        assertTrue(world.desk.why("d", "a").orElse("").contains(why), world.desk.why("d", "a") + "");
        world.devices.door("d").repair();
        world.desk.repaired("d");
        world.run(Duration.ofSeconds(6), A);
        assertEquals(Standing.GRANTED, world.desk.standing("d", "a"));
    }

    // --- holders -------------------------------------------------------------------------------------

    @Test
    void whoFallsSilentInTheQueueLosesItsPlace() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("d", "a", "1");
        world.run(Duration.ofSeconds(4), A);
        world.request("d", "b", "1");
        world.request("d", "c", "1");
        for (int i = 0; i < 70; i++) {
            world.desk.alive("a");
            world.desk.alive("c");
            world.run(Duration.ofSeconds(1), A);
        }
        world.desk.release("d", "a");
        world.run(Duration.ofSeconds(4), A);
        assertEquals(Standing.NONE, world.desk.standing("d", "b"));
        assertEquals(Standing.GRANTED, world.desk.standing("d", "c"));
    }

    @Test
    void whoFallsSilentWithAGrantMayBeWithinAndNobodyElseIsLetIn() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("d", "a", "1");
        world.run(Duration.ofSeconds(4), A);
        world.request("d", "b", "1");
        for (int i = 0; i < 70; i++) {
            world.desk.alive("b");
            world.run(Duration.ofSeconds(1), A);
        }
        assertEquals(Standing.REFUSED, world.desk.standing("d", "a"));
        assertEquals(Standing.REFUSED, world.desk.standing("d", "b"));
        assertTrue(
                world.desk.why("d", "b").orElse("").startsWith("a may be within d, and nothing was heard of it"),
                world.desk.why("d", "b") + "");
        world.desk.release("d", "a");
        world.run(Duration.ofSeconds(4), A);
        assertEquals(Standing.GRANTED, world.desk.standing("d", "b"));
    }

    @Test
    void aVehiclesStateIsASignOfLife() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("d", "r-1", "1");
        for (int i = 0; i < 10; i++) {
            world.bus.publish(Message.once("uagv/v3/diwan/r-1/state", new byte[0]));
            world.run(Duration.ofSeconds(30), A);
        }
        assertEquals(Standing.GRANTED, world.desk.standing("d", "r-1"));
        world.run(Duration.ofSeconds(31), A);
        assertEquals(Standing.REFUSED, world.desk.standing("d", "r-1"));
    }

    // --- all at once, at random ----------------------------------------------------------------------

    /// Under 20 % loss, doubles and messages that overtake each other, a grant is always true and only one's.
    @Test
    void nothingIsGrantedTwiceOrFalsely() {
        Seeded.forAll(15, random -> {
            var world = new FacilityWorld(FacilityWorld.BAD, random.nextLong());
            var riders = riders(world, random.nextInt(1, 6), random.split());
            int trips = ride(world, riders, Duration.ofMinutes(15));
            assertEquals(List.of(), GrantChecker.doubles(world.grants));
            assertEquals(Duration.ZERO, GrantChecker.longestUntruth(world));
            assertTrue(trips >= 5, trips + " trips");
        });
    }

    /// With devices that fail and are mended, a grant is false at most until the fault must be noticed, and riders go
    /// on afterwards.
    @Test
    void faultsAreNoticedInTimeAndOvercome() {
        // Silence, the longest way of a message twice, a second between words.
        var bound = Times.USUAL.silent().plusSeconds(4);
        Seeded.forAll(15, random -> {
            var world = new FacilityWorld(FacilityWorld.BAD, random.nextLong());
            var riders = riders(world, random.nextInt(1, 6), random.split());
            for (int i = 0; i < 6; i++) {
                ride(world, riders, Duration.ofSeconds(random.nextInt(90)));
                var lift = world.devices.lift("l");
                var door = world.devices.door("d");
                lift.fail(any(SimulatedLift.Fault.values(), random));
                if (random.nextBoolean()) door.fail(any(SimulatedDoor.Fault.values(), random));
                ride(world, riders, Duration.ofSeconds(random.nextInt(90)));
                lift.repair();
                door.repair();
                // What it said before it was mended has come by then.
                ride(world, riders, Duration.ofSeconds(random.nextInt(2, 10)));
                world.desk.repaired("l");
                world.desk.repaired("d");
            }
            assertEquals(List.of(), GrantChecker.doubles(world.grants));
            var untruth = GrantChecker.longestUntruth(world);
            assertTrue(untruth.compareTo(bound) <= 0, "granted falsely for " + untruth);
            int before = riders.stream().mapToInt(rider -> rider.trips).sum();
            int after = ride(world, riders, Duration.ofMinutes(10));
            assertTrue(after >= before + 3, before + " trips, then " + after);
        });
    }

    @Test
    void damagedMessagesAreDropped() {
        var world = new FacilityWorld(Quality.PERFECT, 1);
        world.request("l", "a", "1");
        byte[] whole =
                ("{\"number\":5,\"time\":\"2026-01-01T00:00:00Z\",\"request\":1,\"session\":\"a\",\"floor\":\"1\","
                                + "\"height\":0.0,\"motion\":\"STOPPED\",\"door\":\"OPEN\",\"mode\":\"ROBOT\"}")
                        .getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(3000, random -> {
            world.bus.publish(Message.once("building/v1/lift/l/state", Mutations.of(whole, random)));
            world.bus.publish(Message.once("building/v1/lift/l/request", Mutations.of(whole, random)));
            world.bus.publish(Message.once("building/v1/door/d/state", Mutations.of(whole, random)));
            world.bus.publish(Message.once("building/v1/door/d/request", Mutations.of(whole, random)));
            world.timeline.run(Duration.ofMillis(5));
        });
        assertFalse(world.desk.dropped() == 0);
    }

    @ParameterizedTest
    @EnumSource(Wire.DoorMode.class)
    void messagesReadAsTheyWereWritten(Wire.DoorMode mode) {
        var lift = new Wire.LiftState(
                7, FacilityWorld.START, 6, "a", "1", -2.5, Wire.Motion.DOWN, mode, Wire.Mode.EMERGENCY);
        assertEquals(lift, Wire.liftState(Wire.write(lift)).orElseThrow());
        var door = new Wire.DoorState(7, FacilityWorld.START, 6, mode, Wire.Mode.HUMAN);
        assertEquals(door, Wire.doorState(Wire.write(door)).orElseThrow());
        var request = new Wire.Request(7, "a", "");
        assertEquals(request, Wire.request(Wire.write(request)).orElseThrow());
    }

    private static <T> T any(T[] all, SplittableRandom random) {
        return all[random.nextInt(all.length)];
    }

    private static List<FacilityWorld.Rider> riders(FacilityWorld world, int count, SplittableRandom random) {
        var riders = new ArrayList<FacilityWorld.Rider>();
        for (int i = 0; i < count; i++) riders.add(world.new Rider("r-" + i, random.split()));
        return riders;
    }

    /// All trips since the beginning.
    private static int ride(FacilityWorld world, List<FacilityWorld.Rider> riders, Duration span) {
        var names = riders.stream().map(rider -> rider.name).toList();
        for (int i = 0; i < span.toMillis() / FacilityWorld.STEP.toMillis(); i++) {
            riders.forEach(FacilityWorld.Rider::step);
            world.run(FacilityWorld.STEP, names);
        }
        return riders.stream().mapToInt(rider -> rider.trips).sum();
    }
}
