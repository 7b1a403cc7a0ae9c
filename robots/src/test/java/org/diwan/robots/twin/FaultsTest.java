package org.diwan.robots.twin;

import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.State.EmergencyStop;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet.Vertex;
import org.junit.jupiter.api.Test;

/// What goes wrong, what it says of that, and how it goes on.
class FaultsTest {
    @Test
    void causesOfAStopAreReported() {
        var rig = new Rig(Version.V3_0);
        rig.vehicle.obstacle(true);
        rig.run(0.1);
        assertTrue(rig.state().safetyState().fieldViolation());
        assertEquals(List.of("OBSTACLE"), rig.errors());
        rig.vehicle.obstacle(false);
        rig.vehicle.emergencyStop(true);
        rig.run(0.1);
        assertEquals(EmergencyStop.MANUAL, rig.state().safetyState().activeEmergencyStop());
        assertEquals(List.of(), rig.errors());
        rig.vehicle.emergencyStop(false);
        rig.vehicle.localized(false);
        rig.run(0.1);
        assertEquals(List.of("LOCALIZATION_ERROR"), rig.errors());
        assertEquals(ErrorLevel.FATAL, rig.state().errors().getFirst().errorLevel());
        rig.instant("initializePosition", "x", 1, "y", 2, "theta", 0.5, "mapId", "2", "lastNodeId", "k");
        rig.run(0.1);
        assertEquals(List.of(), rig.errors());
        assertEquals(new Pose(1, 2, 0.5, "2"), rig.vehicle.pose());
        assertEquals("k", rig.state().lastNodeId());
    }

    @Test
    void restartForgetsTheOrderAndCountsFromZero() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.run(4);
        assertTrue(rig.state().header().headerId() > 0);
        rig.vehicle.restart(Duration.ofSeconds(20));
        rig.run(1);
        assertEquals(
                ConnectionState.CONNECTION_BROKEN, rig.connections.getLast().connectionState());
        int states = rig.states.size();
        rig.run(18);
        assertEquals(states, rig.states.size(), "silent");
        rig.run(2);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());
        assertEquals(0, rig.states.get(states).header().headerId());
        assertEquals(OperatingMode.STARTUP, rig.state().operatingMode());
        assertEquals("", rig.state().orderId());
        assertEquals("", rig.state().lastNodeId(), "it stands between nodes");
        rig.send(rig.order("p", 0, node("here", 0, rig.vehicle.pose().x(), 0), node("b", 2, 9, 0)));
        rig.run(1);
        assertEquals(List.of("MOBILE_ROBOT_NOT_AVAILABLE"), rig.errors());
        rig.run(10);
        assertEquals(OperatingMode.AUTOMATIC, rig.state().operatingMode());
        assertEquals(List.of(), rig.errors());
        rig.send(rig.order("q", 0, node("here", 0, rig.vehicle.pose().x(), 0), node("b", 2, 9, 0)));
        rig.run(20);
        assertEquals("b", rig.state().lastNodeId());
    }

    @Test
    void buttonBrakesHarderThanAPauseDoes() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.run(4);
        rig.instant("startPause");
        rig.run(0.5);
        double speed = rig.vehicle.speed();
        double x = rig.vehicle.pose().x();
        rig.vehicle.emergencyStop(true);
        rig.run(5);
        assertEquals(speed * speed / (2 * 2.0), rig.vehicle.pose().x() - x, 1e-6);
    }

    @Test
    void restartOnTopOfAnOutageAndAnotherRestartEndsOnce() {
        var rig = new Rig(Version.V3_0);
        rig.vehicle.outage(Duration.ofSeconds(60));
        rig.vehicle.restart(Duration.ofSeconds(5));
        rig.run(3);
        rig.vehicle.restart(Duration.ofSeconds(30));
        int states = rig.states.size();
        rig.run(56);
        assertEquals(states, rig.states.size(), "the outage lasts");
        rig.run(20);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());
        assertEquals(
                1,
                rig.connections.stream()
                        .filter(it -> it.connectionState() == ConnectionState.ONLINE)
                        .skip(1)
                        .count());
        assertEquals(OperatingMode.AUTOMATIC, rig.state().operatingMode());
    }

    /// Taken over and given back while it rolls, it gets an order back, or to a node that it can only overshoot.
    @Test
    void orderThatLeadsElsewhereWaitsUntilItStands() {
        for (double to : List.of(0.0, 2.9)) {
            var rig = new Rig(Version.V3_0);
            rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
            rig.run(3);
            rig.vehicle.mode(OperatingMode.MANUAL);
            rig.vehicle.mode(OperatingMode.AUTOMATIC);
            double x = rig.vehicle.pose().x();
            rig.send(rig.order("p", 0, node("here", 0, x, 0), node("z", 2, to, 0)));
            double farthest = 0;
            for (int i = 0; i < 1000; i++) {
                rig.run(0.02);
                farthest = Math.max(farthest, rig.vehicle.pose().x());
            }
            assertEquals(x + 0.9, farthest, 0.01, "it brakes as it can, no faster");
            assertEquals("z", rig.state().lastNodeId());
            assertEquals(to, rig.vehicle.pose().x(), 1e-6);
            assertEquals(farthest + farthest - to, rig.vehicle.odometer(), 0.01);
        }
    }

    @Test
    void outageIsSurvivedDriving() {
        var rig = new Rig(Version.V2_1);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 24, 0)));
        rig.run(1);
        rig.vehicle.outage(Duration.ofMinutes(1));
        rig.run(20);
        assertEquals(
                ConnectionState.CONNECTION_BROKEN, rig.connections.getLast().connectionState());
        rig.instant("cancelOrder");
        rig.run(41);
        assertEquals(ConnectionState.ONLINE, rig.connections.getLast().connectionState());
        assertEquals("b", rig.state().lastNodeId());
    }

    @Test
    void lossyRadioLosesStatesAndOrders() {
        var rig = new Rig(Version.V2_1);
        rig.vehicle.radio(0.5);
        rig.run(30 * 400);
        assertEquals(200, rig.states.size(), 40, "half of 400");
        assertEquals(1, rig.connections.size(), "what is retained passes");
    }

    /// A pause at full speed rolls over two nodes half a metre apart: both count, and it never goes back.
    @Test
    void pauseRollsOverNodesThatAreTooNear() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order(
                "o",
                0,
                node("a", 0, 0, 0),
                node("b", 2, 2.2, 0),
                node("c", 4, 2.6, 0),
                node("d", 6, 3.0, 0),
                node("e", 8, 6, 0)));
        rig.run(2.5);
        assertEquals("a", rig.state().lastNodeId());
        rig.instant("startPause");
        rig.run(10);
        assertEquals("c", rig.state().lastNodeId());
        assertEquals(2, rig.state().nodeStates().size());
        rig.instant("stopPause");
        rig.run(20);
        assertEquals("e", rig.state().lastNodeId());
        assertEquals(6, rig.vehicle.odometer(), 1e-6);
    }

    @Test
    void nodeIsTraversedOnlyInItsDirection() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, true, "1", 3, 0, 1.5)));
        rig.run(4.8);
        assertEquals(3, rig.vehicle.pose().x(), 1e-6);
        assertEquals("a", rig.state().lastNodeId(), "not yet turned");
        rig.instant("startPause");
        rig.run(10);
        assertEquals(0, rig.vehicle.speed(), 0.0);
        assertEquals("a", rig.state().lastNodeId());
        rig.instant("stopPause");
        rig.run(3);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(1.5, rig.vehicle.pose().theta(), 1e-9);
    }

    @Test
    void camerasAreOffInPrivateAreas() {
        var bedroom = new Site.Private(
                "bedroom", "1", List.of(new Vertex(3, -1), new Vertex(5, -1), new Vertex(5, 1), new Vertex(3, 1)));
        var rig = new Rig(Version.V2_0, VehicleType.PORTER, new Site(Set.of("1"), Set.of(), List.of(bedroom)));
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        double on = Double.NaN;
        double off = Double.NaN;
        for (int i = 0; i < 1200; i++) {
            rig.run(0.01);
            boolean is = rig.state().information().stream()
                    .anyMatch(it -> it.infoType().equals(SimulatedVehicle.CAMERAS_OFF));
            if (is && Double.isNaN(off)) off = rig.vehicle.pose().x();
            if (!is && !Double.isNaN(off) && Double.isNaN(on))
                on = rig.vehicle.pose().x();
        }
        assertEquals(3 - 0.35, off, 0.02, "before any of it is inside");
        assertEquals(5 + 0.35, on, 0.02);
    }

    @Test
    void chargerIsWhereItIs() {
        var rig = new Rig(Version.V3_0);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 1, 0)));
        rig.run(10);
        String no = rig.instant("startCharging");
        rig.run(1);
        assertEquals("FAILED", rig.status(no));
        var charge = rig.action("startCharging", BlockingType.HARD);
        rig.send(rig.order("p", 0, node("b", 0, 1, 0), node("c", 2, 2, 0, charge)));
        rig.run(20);
        assertEquals("FINISHED", rig.status(charge.actionId()));
        assertTrue(rig.state().powerSupply().charging());
        rig.send(rig.order("q", 0, node("c", 0, 2, 0), node("b", 2, 1, 0)));
        rig.run(20);
        assertFalse(rig.state().powerSupply().charging(), "it drove off");
    }
}
