package org.diwan.robots.fleet;

import static org.diwan.robots.fleet.Only.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A person takes a vehicle over in the middle of a job and gives it back, or it goes out and comes up again knowing
/// nothing. No action is done twice, and what nobody can know fails by name.
class InterruptionsTest {
    private static final Quality BAD = new Quality(0.15, 0.05, Duration.ofMillis(2), Duration.ofMillis(200));

    private final Site site =
            new Site(Site.grid(10, 3, Set.of(), Set.of("p00", "p02")), Version.V3_0, Quality.PERFECT, 3);

    private void until(String action) {
        for (int i = 0; !site.begun.containsKey(action); i++) {
            assertTrue(i < 600, () -> action + " was not begun: " + site.fleet.view());
            site.run(0.5);
        }
    }

    /// It has picked, and is under way to the drop, more than two places before it.
    private void laden(SimulatedVehicle vehicle) {
        for (int i = 0; vehicle.speed() == 0 || site.robot("r-1").goal().equals(Optional.of("p20")); i++) {
            assertTrue(i < 600, () -> "it never drove off: " + site.fleet.view());
            site.run(0.5);
        }
        site.run(2);
        assertTrue(vehicle.speed() > 0);
    }

    private void done(String job, String vehicle) {
        assertTrue(site.runUntilOver(Set.of(job), 900), () -> "not over: " + site.fleet.view());
        assertEquals(Status.DONE, site.job(job).status(), () -> site.job(job).toString());
        assertEquals(Optional.of(vehicle), site.job(job).vehicle());
        assertEquals(1, site.begun.get(job + ".pick"));
        assertEquals(1, site.begun.get(job + ".drop"));
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
    }

    private void failed(String job, String reason) {
        assertTrue(site.runUntilOver(Set.of(job), 900), () -> "not over: " + site.fleet.view());
        assertEquals(Status.FAILED, site.job(job).status());
        assertEquals(Optional.of(reason), site.job(job).reason().map(Cause::text));
    }

    /// Nothing of it was released: another does it, at once.
    @Test
    void whoIsTakenOverBeforeItPicksLosesItsJobToAnother() {
        var taken = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p92");
        site.run(1);
        site.fleet.submit(Site.delivery("j-1", "p40", "p51"));
        site.run(3);
        assertEquals(Optional.of("r-1"), site.job("j-1").vehicle());
        taken.mode(OperatingMode.MANUAL);
        site.run(1);
        assertEquals(Condition.MANUAL, site.robot("r-1").condition());
        var pose = taken.pose();
        done("j-1", "r-2");
        assertTrue(taken.pose().distance(pose.x(), pose.y()) < 0.5, "nobody ordered it about");
    }

    /// The only vehicle: the job waits until it is given back, however long.
    @ParameterizedTest
    @EnumSource(
            value = OperatingMode.class,
            names = {"MANUAL", "SERVICE", "TEACH_IN"})
    void whoIsGivenBackBeforeItPickedDoesIt(OperatingMode mode) {
        var taken = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p51"));
        site.run(5);
        taken.mode(mode);
        site.run(200);
        assertEquals(Status.WAITING, site.job("j-1").status());
        taken.mode(OperatingMode.AUTOMATIC);
        done("j-1", "r-1");
    }

    /// With the load aboard nobody else can do it, and it is not forgotten, however long the person takes.
    @ParameterizedTest
    @EnumSource(
            value = OperatingMode.class,
            names = {"MANUAL", "SERVICE", "INTERVENED"})
    void whoIsGivenBackBetweenPickAndDropGoesOn(OperatingMode mode) {
        var taken = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p92");
        site.fleet.submit(only(Site.delivery("j-1", "p20", "p90"), "r-1"));
        laden(taken);
        taken.mode(mode);
        site.run(200);
        assertEquals(
                Status.UNDERWAY, site.job("j-1").status(), () -> site.job("j-1").toString());
        taken.mode(OperatingMode.AUTOMATIC);
        done("j-1", "r-1");
    }

    /// Whether it holds the load or not, only the person can see.
    @Test
    void whoIsTakenOverWhileItPicksFailsItsJobAndTakesTheNext() {
        var taken = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p10", "p90"));
        until("j-1.pick");
        taken.mode(OperatingMode.MANUAL);
        failed("j-1", "interrupted at stop 1: somebody took control of it");
        taken.mode(OperatingMode.AUTOMATIC);
        site.fleet.submit(Site.delivery("j-2", "p20", "p31"));
        done("j-2", "r-1");
    }

    /// It stands between two places, names no node until it comes to the next, and is heard all the same.
    @Test
    void whoRestartedBetweenTwoPlacesIsHeardBeforeItIsAtOne() {
        var vehicle = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p71"));
        while (site.robot("r-1").place().equals(Optional.of("p00"))) site.run(0.5);
        vehicle.restart(Duration.ofSeconds(1));
        for (int i = 0; i < 300 && !(i > 20 && vehicle.speed() > 0); i++) site.timeline.run(Duration.ofMillis(100));
        assertTrue(vehicle.speed() > 0);
        vehicle.emergencyStop(true);
        site.timeline.run(Duration.ofMillis(300));
        assertEquals(Condition.EMERGENCY_STOP, site.robot("r-1").condition());
        assertEquals(0, site.robot("r-1").refused().getOrDefault("UNKNOWN_UPDATE", 0L));
        vehicle.emergencyStop(false);
        done("j-1", "r-1");
    }

    private static void restart(SimulatedVehicle vehicle) {
        vehicle.restart(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whoRestartsBeforeItPicksDoesItAfterwards(Version version) {
        var site = new Site(Site.grid(10, 3, Set.of(), Set.of("p00", "p02")), version, Quality.PERFECT, 3);
        var vehicle = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p71"));
        site.run(8);
        assertTrue(vehicle.speed() > 0);
        restart(vehicle);
        site.run(5);
        assertEquals(Status.WAITING, site.job("j-1").status());
        assertTrue(site.runUntilOver(Set.of("j-1"), 900), () -> "not over: " + site.fleet.view());
        assertEquals(Status.DONE, site.job("j-1").status());
        assertEquals(1, site.begun.get("j-1.pick"));
        assertEquals(1, site.begun.get("j-1.drop"));
    }

    @Test
    void anotherDoesWhatARestartLeftUndone() {
        var vehicle = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p92");
        site.run(1);
        site.fleet.submit(Site.delivery("j-1", "p40", "p51"));
        site.run(2.5);
        assertEquals(Optional.of("r-1"), site.job("j-1").vehicle());
        vehicle.restart(Duration.ofMinutes(2));
        done("j-1", "r-2");
        site.run(200);
        assertEquals(Condition.READY, site.robot("r-1").condition());
        site.fleet.submit(only(Site.delivery("j-2", "p22", "p31"), "r-1"));
        done("j-2", "r-1");
    }

    /// The load is still aboard, and its order is not known to it any more: it gets another one for the rest.
    @Test
    void whoRestartsBetweenPickAndDropGoesOn() {
        var vehicle = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p92");
        site.fleet.submit(only(Site.delivery("j-1", "p20", "p90"), "r-1"));
        laden(vehicle);
        restart(vehicle);
        site.run(5);
        assertEquals(Status.UNDERWAY, site.job("j-1").status());
        done("j-1", "r-1");
        assertTrue(site.orders.stream().anyMatch(order -> order.orderId().equals("j-1~2")));
    }

    @Test
    void whoRestartsWhileItPicksFailsItsJobAndTakesTheNext() {
        var vehicle = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p10", "p90"));
        until("j-1.pick");
        restart(vehicle);
        failed("j-1", "interrupted at stop 1: it was started anew");
        site.fleet.submit(Site.delivery("j-2", "p20", "p31"));
        done("j-2", "r-1");
    }

    /// It stands where nobody sees it, and what was released to it stays closed.
    @Test
    void nobodyIsSentIntoWhoRestarts() {
        var vehicle = site.vehicle("r-1", "p01");
        site.vehicle("r-2", "p91");
        site.fleet.submit(only(Site.delivery("j-1", "p81", "p80"), "r-1"));
        site.run(9);
        vehicle.restart(Duration.ofMinutes(1));
        site.run(3);
        assertFalse(site.robot("r-1").condition() == Condition.READY);
        site.fleet.submit(only(Site.delivery("j-2", "p01", "p11"), "r-2"));
        done("j-2", "r-2");
        done("j-1", "r-1");
    }

    /// Four at work in one hall; any of them is taken over, given back, stopped, out of reach or started anew at any
    /// time. Nobody touches anybody, nothing is done twice, and once all is over every job is and everybody works.
    @Test
    void whateverIsDoneToThemNobodyTouchesAnybodyAndNothingIsDoneTwice() {
        for (int seed = 0; seed < Integer.getInteger("iterations", 6); seed++) {
            var random = new SplittableRandom(seed);
            var radio = seed % 2 == 0 ? Quality.PERFECT : BAD;
            var site = new Site(Site.grid(7, 4, Set.of(), Set.of("p00", "p01")), Version.V3_0, radio, seed);
            var vehicles = new ArrayList<SimulatedVehicle>();
            for (int i = 0; i < 4; i++) vehicles.add(site.vehicle("r-" + i, Site.place(i, 0)));
            var places = site.map.building().places().stream().map(Place::id).toList();
            var jobs = Site.deliveries(12, places, random);
            jobs.forEach(site.fleet::submit);
            for (int i = 0; i < 12; i++) {
                site.run(random.nextInt(1, 25));
                disturb(vehicles.get(random.nextInt(4)), site, random);
            }
            site.run(60);
            for (var vehicle : vehicles) {
                vehicle.emergencyStop(false);
                vehicle.mode(OperatingMode.AUTOMATIC);
            }
            var ids = jobs.stream().map(Job::id).collect(Collectors.toSet());
            String what = "seed " + seed + ": ";
            // What failed with a load aboard is seen to by a person.
            for (int i = 0; i < 20 && !site.runUntilOver(ids, 200); i++)
                for (var vehicle : vehicles)
                    if (site.robot(vehicle.address().serialNumber())
                            .errand()
                            .filter(ids::contains)
                            .isEmpty()) vehicle.unload();
            assertTrue(site.runUntilOver(ids, 1), () -> what + "not over: " + site.fleet.view());
            for (String id : ids) {
                var job = site.job(id);
                boolean done = job.status() == Status.DONE;
                boolean named = job.reason()
                        .map(Cause::text)
                        .filter(why -> why.contains("interrupted") || why.contains("failed"))
                        .isPresent();
                assertTrue(done || named, () -> what + job);
                assertTrue(site.begun.getOrDefault(id + ".pick", 0) <= 1, () -> what + job);
                assertTrue(site.begun.getOrDefault(id + ".drop", 0) <= 1, () -> what + job);
                if (done) assertEquals(1, site.begun.get(id + ".drop"), () -> what + job);
            }
            // Who rests says how it is every half minute.
            site.run(100);
            assertTrue(site.nearest > 0.8, () -> what + "as near as " + site.nearest);
            for (var robot : site.fleet.view().robots()) assertEquals(Condition.READY, robot.condition(), what + robot);
        }
    }

    private static void disturb(SimulatedVehicle vehicle, Site site, SplittableRandom random) {
        var span = Duration.ofSeconds(random.nextInt(1, 60));
        var modes =
                List.of(OperatingMode.MANUAL, OperatingMode.SERVICE, OperatingMode.TEACH_IN, OperatingMode.INTERVENED);
        switch (random.nextInt(4)) {
            case 0 -> vehicle.restart(span);
            case 1 -> vehicle.outage(span);
            case 2 -> {
                vehicle.emergencyStop(true);
                site.timeline.after(span, () -> vehicle.emergencyStop(false));
            }
            default -> {
                vehicle.mode(modes.get(random.nextInt(modes.size())));
                site.timeline.after(span, () -> vehicle.mode(OperatingMode.AUTOMATIC));
            }
        }
    }
}
