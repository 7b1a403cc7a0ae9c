package org.diwan.robots.fleet;

import static org.diwan.robots.fleet.Only.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.Cause;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.LocalBus.Quality;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.twin.SimulatedVehicle;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;

/// What happens to vehicles, and what the fleet does about it.
class ReactionsTest {
    private final Site site =
            new Site(Site.grid(10, 3, Set.of(), Set.of("p00", "p02")), Version.V3_0, Quality.PERFECT, 3);

    private double until(Condition condition, double seconds) {
        double t = 0;
        while (site.robot("r-1").condition() != condition) {
            assertTrue(t < seconds, () -> "still " + site.robot("r-1"));
            site.run(0.1);
            t += 0.1;
        }
        return t;
    }

    private void done(String job) {
        assertTrue(site.runUntilOver(Set.of(job), 900), () -> "not over: " + site.fleet.view());
        assertEquals(
                Optional.of(Status.DONE), site.last(job), () -> site.job(job).toString());
        assertEquals(1, site.begun.get(job + ".pick"));
        assertEquals(1, site.begun.get(job + ".drop"));
    }

    /// Under way a vehicle is missed within two seconds, and what it might stand on stays closed to others.
    @Test
    void silenceUnderWayIsNoticedInTwoSecondsAndNobodyDrivesIntoTheSilentOne() {
        var lost = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p02");
        site.fleet.submit(only(Site.delivery("j-1", "p90", "p91"), "r-1"));
        site.run(9);
        lost.radio(1);
        assertTrue(until(Condition.LOST, 10) <= 2.0);
        assertEquals(Status.WAITING, site.job("j-1").status(), "nothing of it was released: it may go to another");
        // Across the row in which the lost one stands, or drives on by what it was told.
        site.fleet.submit(only(Site.delivery("j-2", "p10", "p40"), "r-2"));
        site.runUntilOver(Set.of("j-2"), 300);
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
        lost.radio(0);
        site.run(3);
        assertEquals(Condition.READY, site.robot("r-1").condition());
        done("j-1");
        done("j-2");
        assertTrue(site.nearest > 0.8, () -> "as near as " + site.nearest);
    }

    /// A vehicle that rests says something every 30 s, and that is enough: also if it is given a job meanwhile and
    /// no order yet, since another has to make way first.
    @Test
    void whoRestedSilentlyIsNotLostWhenItGetsAJob() {
        var lane = new Site(Site.grid(4, 1, Set.of(), Set.of()), Version.V3_0, Quality.PERFECT, 3);
        lane.vehicle("r-1", "p00");
        lane.vehicle("r-2", "p10");
        lane.run(20);
        lane.fleet.submit(only(Site.delivery("j-1", "p10", "p00"), "r-1"));
        assertTrue(lane.runUntilOver(Set.of("j-1"), 300), () -> "not over: " + lane.fleet.view());
        assertEquals(List.of(Status.UNDERWAY, Status.DONE), lane.heard.get("j-1"));
    }

    @Test
    void theBrokersWordThatAVehicleIsGoneCountsAtOnceAndItsJobGoesToAnother() {
        site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p91"));
        site.run(3);
        assertEquals(Optional.of("r-1"), site.job("j-1").vehicle());
        var will =
                new Connection(new Header(0, Site.START, "3.0.0", "diwan", "r-1"), ConnectionState.CONNECTION_BROKEN);
        site.twins.values().forEach(twin -> twin.radio(1));
        site.bus.publish(
                Bus.Message.retained(site.address("r-1").topic(Topic.CONNECTION), new Codec(Version.V3_0).write(will)));
        site.run(0.5);
        assertEquals(Condition.LOST, site.robot("r-1").condition());
        assertEquals(Status.WAITING, site.job("j-1").status());
        site.vehicle("r-2", "p02");
        done("j-1");
        assertEquals(Optional.of("r-2"), site.job("j-1").vehicle());
    }

    /// Its order is for a job that is over by then, and nothing may be sent for that any more.
    @Test
    void whoseJobIsOverWhenItIsBackTakesAnother() {
        for (boolean calledOff : new boolean[] {false, true}) {
            var site = new Site(Site.grid(10, 3, Set.of(), Set.of("p00", "p02")), Version.V3_0, Quality.PERFECT, 3);
            var lost = site.vehicle("r-1", "p00");
            site.run(3);
            lost.radio(1);
            site.fleet.submit(Site.delivery("j-1", "p90", "p91"));
            site.run(1);
            assertEquals(Optional.of("r-1"), site.job("j-1").vehicle());
            site.run(5);
            assertEquals(Status.WAITING, site.job("j-1").status());
            if (calledOff) site.fleet.cancel("j-1");
            else site.vehicle("r-2", "p02");
            assertTrue(site.runUntilOver(Set.of("j-1"), 900));
            lost.radio(0);
            site.fleet.submit(only(Site.delivery("j-2", "p21", "p41"), "r-1"));
            site.runUntilOver(Set.of("j-2"), 900);
            assertEquals(Optional.of(Status.DONE), site.last("j-2"), () -> site.fleet
                    .view()
                    .toString());
        }
    }

    /// A full disk, say: it is tried again, and the others drive on.
    @Test
    void anOrderThatCannotBeSentHoldsUpItsVehicleAlone() {
        site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p02");
        site.unrecorded.add("r-1");
        site.fleet.submit(only(Site.delivery("j-1", "p30", "p40"), "r-1"));
        site.fleet.submit(only(Site.delivery("j-2", "p32", "p42"), "r-2"));
        done("j-2");
        assertEquals(Status.UNDERWAY, site.job("j-1").status());
        site.unrecorded.clear();
        done("j-1");
    }

    @Test
    void whoComesWhileEverythingIsStoppedStandsToo() {
        site.vehicle("r-1", "p00");
        site.fleet.stop();
        var second = site.vehicle("r-2", "p02");
        site.fleet.submit(only(Site.delivery("j-1", "p32", "p42"), "r-2"));
        site.run(60);
        assertTrue(second.vehicle().isPaused());
        assertEquals(Status.WAITING, site.job("j-1").status());
        site.fleet.resume("everything");
        done("j-1");
    }

    /// Between `pick` and `drop` nobody else can do it, and nobody may say that it is done.
    @Test
    void aJobThatWasBegunWaitsForItsLostVehicle() {
        var lost = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p02");
        site.fleet.submit(only(Site.delivery("j-1", "p10", "p50"), "r-1"));
        while (!site.begun.containsKey("j-1.pick")) site.run(1);
        lost.radio(1);
        site.run(60);
        assertEquals(Condition.LOST, site.robot("r-1").condition());
        assertEquals(Status.UNDERWAY, site.job("j-1").status());
        lost.radio(0);
        done("j-1");
    }

    @Test
    void anEmergencyStopAtTheVehicleHoldsItUntilItIsReleased() {
        var stopped = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p91"));
        site.run(10);
        stopped.emergencyStop(true);
        until(Condition.EMERGENCY_STOP, 2);
        var pose = stopped.pose();
        site.run(100);
        assertEquals(Status.WAITING, site.job("j-1").status());
        assertTrue(stopped.pose().distance(pose.x(), pose.y()) < 1);
        stopped.emergencyStop(false);
        done("j-1");
    }

    @Test
    void aFatalErrorHoldsItAndTheJobGoesToAnother() {
        var broken = site.vehicle("r-1", "p00");
        site.vehicle("r-2", "p92");
        site.fleet.submit(Site.delivery("j-1", "p40", "p51"));
        site.run(2);
        assertEquals(Optional.of("r-1"), site.job("j-1").vehicle());
        broken.charge(0);
        until(Condition.BROKEN, 2);
        done("j-1");
        assertEquals(Optional.of("r-2"), site.job("j-1").vehicle());
    }

    @Test
    void anObstacleCostsTimeOnly() {
        var vehicle = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p30", "p51"));
        site.run(8);
        vehicle.obstacle(true);
        site.run(60);
        vehicle.obstacle(false);
        done("j-1");
    }

    @Test
    void anActionThatFailsFailsTheJobAndTheVehicleGoesOn() {
        var vehicle = site.vehicle("r-1", "p00");
        vehicle.breakNext("pick");
        site.fleet.submit(Site.delivery("j-1", "p30", "p51"));
        assertTrue(site.runUntilOver(Set.of("j-1"), 300));
        assertEquals(Status.FAILED, site.job("j-1").status());
        assertEquals(Optional.of("pick failed"), site.job("j-1").reason().map(Cause::text));
        site.fleet.submit(Site.delivery("j-2", "p31", "p51"));
        done("j-2");
    }

    /// Its factsheet promises nothing of the kind, so it is never asked.
    @Test
    void aVehicleIsNotAskedForWhatItCannotDo() {
        site.vehicle("r-1", "p00");
        var act = new Job.Stop("p30", List.of(Site.act("j-1", "juggle")));
        site.fleet.submit(Site.job("j-1", act));
        site.run(120);
        assertEquals(Status.WAITING, site.job("j-1").status());
        assertTrue(site.orders.stream().noneMatch(order -> order.orderId().startsWith("j-1")));
    }

    @Test
    void aVehicleThatRefusesAnOrderIsNotAskedForThatJobAgain() {
        var stubborn = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p10", "p51"));
        stubborn.admission((topic, _, _) -> topic == Topic.ORDER ? Optional.of("no") : Optional.empty());
        site.run(30);
        assertEquals(Status.WAITING, site.job("j-1").status());
        site.vehicle("r-2", "p02");
        done("j-1");
        assertEquals(Optional.of("r-2"), site.job("j-1").vehicle());
    }

    @Test
    void aJobThatIsCalledOffStopsItsVehicleWhichThenTakesANewOrder() {
        var vehicle = site.vehicle("r-1", "p00");
        site.fleet.submit(Site.delivery("j-1", "p90", "p91"));
        site.run(9);
        assertTrue(site.fleet.cancel("j-1"));
        assertEquals(Status.CANCELLED, site.job("j-1").status());
        site.fleet.submit(Site.delivery("j-2", "p02", "p12"));
        done("j-2");
        assertFalse(site.begun.containsKey("j-1.pick"));
        assertFalse(site.fleet.cancel("j-1"), "it is over");
        assertTrue(vehicle.odometer() < 2 * 18 + 10, "it did not go to the end of the hall first");
    }

    @Test
    void aVehicleThatWasTakenAwayLeavesItsPlaceToOthers() {
        var gone = site.vehicle("r-1", "p20");
        site.vehicle("r-2", "p02");
        site.run(2);
        gone.close();
        site.run(1);
        assertEquals(Condition.OFFLINE, site.robot("r-1").condition());
        site.twins.remove("r-1");
        site.fleet.withdraw("r-1");
        site.fleet.submit(Site.delivery("j-1", "p20", "p51"));
        done("j-1");
    }

    /// Stopping comes before everything: the messages are out when the call returns, though the fleet has other
    /// work.
    @Test
    void stoppingTellsEverybodyBeforeItReturns() {
        for (int i = 0; i < 6; i++) site.vehicle("r-" + i, Site.place(i, 1));
        site.run(2);
        for (int i = 0; i < 6; i++) site.fleet.submit(Site.delivery("j-" + i, Site.place(i, 2), Site.place(5 - i, 0)));
        site.run(8);
        var told = new java.util.ArrayList<String>();
        var bus = site.bus;
        bus.subscribe("+/+/+/+/instantActions", (topic, payload) -> told.add(topic));
        int orders = site.orders.size();
        assertEquals(6, site.fleet.stop().size());
        site.timeline.run(Duration.ofMillis(1));
        assertEquals(6, told.size(), "one hop of the bus later all have it");
        site.run(3);
        assertTrue(site.twins.values().stream().allMatch(twin -> twin.speed() == 0));
        site.run(60);
        assertTrue(site.twins.values().stream().allMatch(twin -> twin.vehicle().isPaused()));
        assertEquals(orders, site.orders.size(), "nothing is sent to who stands still");
        site.fleet.resume("everything");
        for (int i = 0; i < 6; i++) done("j-" + i);
    }

    @Test
    void aStopThatIsLostIsRepeated() {
        site.bus.quality(new Quality(0.7, 0, Duration.ofMillis(1), Duration.ofMillis(50)));
        for (int i = 0; i < 6; i++) site.vehicle("r-" + i, Site.place(i, 1));
        site.run(30);
        site.fleet.stop();
        site.run(15);
        assertTrue(site.twins.values().stream().allMatch(twin -> twin.vehicle().isPaused()));
    }

    @Test
    void stoppingAFloorStopsThoseOnItOnly() {
        site.vehicle("r-1", "p00");
        site.run(1);
        assertEquals(List.of("r-1"), site.fleet.stop("f0"));
        site.run(1);
        assertTrue(site.twins.values().stream().map(SimulatedVehicle::vehicle).allMatch(twin -> twin.isPaused()));
        site.fleet.resume("f0");
        site.fleet.submit(Site.delivery("j-1", "p10", "p51"));
        done("j-1");
    }
}
