package org.diwan.robots.twin;

import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a vehicle does by the clock, worked out by hand: 1.2 m/s, 0.6 m/s² up, 0.8 m/s² down, 1.5 rad/s, 2 rad/s².
class SimulatedVehicleTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void drivesActsAndReports(Version version) {
        var rig = new Rig(version).run(1);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());
        var pick = rig.action("pick", BlockingType.HARD, "loadId", "parcel");
        rig.send(rig.order(
                "o", 0, node("a", 0, 0, 0), node("b", 2, 3, 0), node("c", 4, 6, 0, pick), node("d", 6, 6, 4)));
        rig.run(0.1);
        assertEquals("o", rig.state().orderId());
        assertTrue(rig.state().driving());
        // 2 s and 1.2 m up to speed, the next 1.8 m to b take 1.5 s: it passes b at 3.5 s at full speed.
        rig.run(3.5);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(1.2, rig.vehicle.speed(), 1e-9);
        // 0.9 m to stand: 3.9 m at speed take 3.25 s, then 1.5 s.
        rig.run(3.2);
        assertEquals("c", rig.state().lastNodeId());
        assertFalse(rig.state().driving());
        assertEquals(6, rig.vehicle.pose().x(), 1e-6);
        assertEquals("INITIALIZING", rig.status(pick.actionId()));
        rig.run(1);
        assertEquals("RUNNING", rig.status(pick.actionId()));
        rig.run(15);
        assertEquals("FINISHED", rig.status(pick.actionId()));
        assertEquals(List.of("parcel"), rig.loads());
        rig.run(20);
        assertEquals("d", rig.state().lastNodeId());
        assertTrue(rig.state().nodeStates().isEmpty());
        assertEquals(4, rig.vehicle.pose().y(), 1e-6);
        assertEquals(10, rig.vehicle.odometer(), 1e-6);
        assertEquals(List.of(), rig.errors());
        rig.vehicle.close();
        rig.run(1);
        assertEquals(ConnectionState.OFFLINE, rig.connections.getLast().connectionState());
        int count = rig.states.size();
        rig.run(100);
        assertEquals(count, rig.states.size(), "then it is silent");
    }

    @Test
    void standsAtTheEndOfItsBaseAndRollsOnWhenItGrowsInTime() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 6, 0), node("c", 4, false, "1", 12, 0, null)));
        rig.run(3);
        assertEquals(false, rig.state().newBaseRequest());
        rig.send(rig.order("o", 1, node("b", 2, 6, 0), node("c", 4, 12, 0), node("d", 6, false, "1", 18, 0, null)));
        rig.run(3.5);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(1.2, rig.vehicle.speed(), 1e-9, "it did not brake at b");
        rig.run(60);
        assertEquals(12, rig.vehicle.pose().x(), 1e-6);
        assertFalse(rig.state().driving());
        assertEquals(true, rig.state().newBaseRequest());
        assertEquals(1, rig.state().nodeStates().size(), "the horizon");
        rig.send(rig.order("o", 2, node("c", 4, 12, 0), node("d", 6, 18, 0)));
        rig.run(60);
        assertEquals("d", rig.state().lastNodeId());
    }

    @Test
    void statesComeEveryHalfMinuteWhenNothingHappens() {
        var rig = new Rig(Version.V2_1).run(301);
        assertEquals(11, rig.states.size());
        for (int i = 1; i < rig.states.size(); i++)
            assertEquals(
                    Duration.ofSeconds(30),
                    Duration.between(
                            rig.states.get(i - 1).header().timestamp(),
                            rig.states.get(i).header().timestamp()));
        rig.instant("stateRequest");
        rig.run(1);
        assertEquals(12, rig.states.size());
    }

    @Test
    void liftCarriesItToAnotherMap() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order(
                "o", 0, node("a", 0, 0, 0), node("cabin", 2, 2, 0), node("landing", 4, false, "2", 0, 0, null)));
        rig.run(20);
        assertEquals("cabin", rig.state().lastNodeId());
        assertEquals("1", rig.vehicle.pose().mapId());
        rig.send(rig.order("o", 1, node("cabin", 2, 2, 0), node("landing", 4, true, "2", 0, 0, null)));
        rig.run(1);
        assertEquals("2", rig.map());
        rig.run(20);
        assertEquals("landing", rig.state().lastNodeId());
        assertEquals(0, rig.vehicle.pose().x(), 1e-6);
    }

    @Test
    void stopsForWhatIsInTheWayForTheButtonAndForPause() {
        for (String cause : List.of("obstacle", "button", "pause", "lost")) {
            var rig = new Rig(Version.V3_0);
            rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 1, 0), node("c", 4, 2, 0), node("d", 6, 9, 0)));
            rig.run(2.4);
            held(rig, cause, true);
            rig.run(10);
            assertEquals(0, rig.vehicle.speed(), 0.0, cause);
            assertFalse(rig.state().driving());
            assertEquals(cause.equals("pause"), rig.state().paused());
            double rolled = cause.equals("button") ? 0.36 : 0.9;
            assertEquals(1.68 + rolled, rig.vehicle.pose().x(), 0.01, cause);
            assertEquals("c", rig.state().lastNodeId());
            held(rig, cause, false);
            rig.run(20);
            assertEquals("d", rig.state().lastNodeId());
            assertEquals(9, rig.vehicle.odometer(), 1e-6, "never back");
        }
    }

    private static void held(Rig rig, String cause, boolean on) {
        switch (cause) {
            case "obstacle" -> rig.vehicle.obstacle(on);
            case "button" -> rig.vehicle.emergencyStop(on);
            case "lost" -> rig.vehicle.localized(!on);
            default -> rig.instant(on ? "startPause" : "stopPause");
        }
    }

    @Test
    void cancelStopsBetweenNodesAndANewOrderFollowsFromThere() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 8, 0)));
        rig.run(3);
        String cancel = rig.instant("cancelOrder");
        rig.run(1);
        assertEquals("RUNNING", rig.status(cancel));
        rig.run(2);
        assertEquals("FINISHED", rig.status(cancel));
        assertTrue(rig.state().nodeStates().isEmpty());
        rig.send(rig.order("p", 0, node("a", 0, 0, 0), node("b", 2, 8, 0)));
        rig.run(0.1);
        assertEquals(List.of("START_NODE_OUT_OF_RANGE"), rig.errors());
        double x = rig.vehicle.pose().x();
        rig.send(rig.order("p", 0, node("here", 0, x, 0), node("a", 2, 0, 0)));
        rig.run(20);
        assertEquals(List.of(), rig.errors(), "until a new order is accepted");
        assertEquals(0, rig.vehicle.pose().x(), 1e-6);
        assertEquals(Math.PI, Math.abs(rig.vehicle.pose().theta()), 1e-6);
    }

    @Test
    void failedActionIsTriedAgainOrGivenUp() {
        var rig = new Rig(Version.V3_0);
        var pick = rig.action("pick", BlockingType.HARD, true);
        var beep = rig.action("wait", BlockingType.HARD, "seconds", 2);
        rig.vehicle.breakNext("pick");
        rig.send(rig.order("o", 0, node("a", 0, 0, 0, pick, beep), node("b", 2, 2, 0)));
        rig.run(20);
        assertEquals("RETRIABLE", rig.status(pick.actionId()));
        assertEquals("WAITING", rig.status(beep.actionId()));
        assertEquals(List.of("ACTION_FAILED"), rig.errors());
        rig.vehicle.breakNext("pick");
        rig.instant("retry", "actionId", pick.actionId());
        rig.run(2);
        assertEquals("RUNNING", rig.status(pick.actionId()));
        rig.run(20);
        assertEquals("RETRIABLE", rig.status(pick.actionId()));
        rig.instant("skipRetry", "actionId", pick.actionId());
        rig.run(20);
        assertEquals("FAILED", rig.status(pick.actionId()));
        assertEquals("FINISHED", rig.status(beep.actionId()));
        assertEquals("b", rig.state().lastNodeId());
    }

    @Test
    void batteryEmptiesAndIsChargedWithATaper() {
        var rig = new Rig(Version.V3_0);
        rig.run(3600);
        assertEquals(1 - 20 / 500.0, rig.vehicle.charge(), 1e-6, "20 Wh of 500 an hour");
        rig.vehicle.charge(0.1);
        rig.run(1);
        assertEquals(List.of("BATTERY_LOW"), rig.errors());
        assertEquals(ErrorLevel.URGENT, rig.state().errors().getFirst().errorLevel());
        rig.instant("startCharging");
        rig.run(1);
        assertTrue(rig.state().powerSupply().charging());
        rig.run(0.7 * 500 / 400 * 3600 - 1);
        assertEquals(0.8, rig.vehicle.charge(), 1e-3, "350 Wh at 400 W");
        // The last fifth: (1 − T)/0.9 · C/P · ln 10 hours.
        rig.run(0.2 / 0.9 * 500 / 400 * Math.log(10) * 3600 - 60);
        assertTrue(rig.vehicle.charge() > 0.99 && rig.vehicle.charge() < 1);
        rig.run(120);
        assertEquals(1, rig.vehicle.charge(), 1e-9);
        rig.vehicle.charge(0.005);
        rig.instant("stopCharging");
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 2, 0)));
        rig.run(60);
        assertEquals(List.of("BATTERY_EMPTY"), rig.errors());
        assertEquals(0, rig.vehicle.odometer(), 0.0);
    }
}
