package org.diwan.robots.twin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.ControlPoint;
import org.diwan.robots.vda5050.Order.Corridor;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Edges that are curves, against circles and corners worked out by hand: 1.2 m/s, 1.5 rad/s at most.
class TrajectoriesTest {
    private static Order order(Rig rig, @Nullable Trajectory curve, @Nullable Corridor corridor, Order.Node... nodes) {
        var edges = new java.util.ArrayList<Order.Edge>();
        for (int i = 1; i < nodes.length; i++)
            edges.add(Rig.edge(2L * i - 1, true, null, i == 1 ? curve : null, i == 1 ? corridor : null));
        return rig.order("o", 0, List.of(nodes), edges);
    }

    /// How far round the circle of [CurveTest#quarter] it is, radians, after a look whether it is on it.
    private static double round(Rig rig, double radius) {
        var pose = rig.vehicle.pose();
        assertEquals(radius, Math.hypot(pose.x(), pose.y() - radius), Curve.SAG + 1e-9, pose::toString);
        double angle = Math.atan2(pose.x(), radius - pose.y());
        if (rig.vehicle.speed() > 0) assertEquals(0, Pose.wrap(pose.theta() - angle), 1e-3, "along the tangent");
        return angle;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void ridesAlongAnArcAndSaysHowFarItIs(Version version) {
        var rig = new Rig(version).run(1);
        var arc = CurveTest.quarter(3);
        rig.send(order(rig, arc, null, node("a", 0, 0, 0), node("b", 2, 3, 3), node("c", 4, 3, 6)));
        for (int i = 0; i < 30; i++) {
            rig.run(0.1);
            assertEquals(3 * round(rig, 3), rig.vehicle.odometer(), 1e-3);
        }
        rig.instant("stateRequest");
        rig.run(0.05);
        var state = rig.state();
        assertEquals("a", state.lastNodeId());
        assertEquals(arc, state.edgeStates().getFirst().trajectory());
        assertEquals(3 * round(rig, 3), Objects.requireNonNull(state.distanceSinceLastNode()), 0.07);
        assertEquals(
                0.4,
                Objects.requireNonNull(Objects.requireNonNull(state.velocity()).omega()),
                1e-3);
        for (int i = 0; rig.state().lastNodeId().equals("a") && i < 40; i++) rig.run(0.1);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(1.2, rig.vehicle.speed(), 1e-6, "the line goes on as the arc ends");
        rig.run(10);
        assertEquals("c", rig.state().lastNodeId());
        assertEquals(3 * Math.PI / 2 + 3, rig.vehicle.odometer(), 1e-3);
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void brakesOnAnArcAndGoesOnFromThere() {
        var rig = new Rig(Version.V3_0).run(1);
        rig.send(order(rig, CurveTest.quarter(4), null, node("a", 0, 0, 0), node("b", 2, 4, 4)));
        rig.run(3);
        rig.vehicle.obstacle(true);
        rig.run(3);
        assertEquals(0, rig.vehicle.speed());
        double angle = round(rig, 4);
        rig.vehicle.obstacle(false);
        for (int i = 0; i < 30; i++) {
            rig.run(0.1);
            assertTrue(round(rig, 4) >= angle, "it does not turn round");
            angle = round(rig, 4);
        }
        rig.run(20);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(2 * Math.PI, rig.vehicle.odometer(), 1e-3);
    }

    @Test
    void takesANarrowArcNoFasterThanItTurns() {
        var rig = new Rig(Version.V3_0).run(1);
        rig.send(order(rig, CurveTest.quarter(0.4), null, node("a", 0, 0, 0), node("b", 2, 0.4, 0.4)));
        double fastest = 0;
        for (int i = 0; i < 40; i++) {
            rig.run(0.05);
            fastest = Math.max(fastest, rig.vehicle.speed());
        }
        assertEquals(0.6, fastest, 1e-2);
    }

    @Test
    void stopsAndTurnsAtACorner() {
        var rig = new Rig(Version.V2_1).run(1);
        var corner = new Trajectory(
                1,
                List.of(0.0, 0.0, 0.5, 1.0, 1.0),
                List.of(new ControlPoint(0, 0, 1), new ControlPoint(2, 0, 1), new ControlPoint(2, 2, 1)));
        rig.send(order(rig, corner, null, node("a", 0, 0, 0), node("b", 2, 2, 2)));
        boolean turned = false;
        for (int i = 0; i < 300; i++) {
            rig.run(0.05);
            var pose = rig.vehicle.pose();
            assertEquals(0, Math.min(Math.abs(pose.y()), Math.abs(pose.x() - 2)), 1e-6);
            turned |= pose.x() > 2 - 1e-6 && pose.y() < 1e-6 && pose.theta() > 0.1 && pose.theta() < 1.5;
        }
        assertTrue(turned);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(4, rig.vehicle.odometer(), 1e-6);
    }

    /// Begins and ends at one place, where it looks one way: only what it has driven tells the two apart.
    @Test
    void ridesAWholeCircleOnce() {
        var rig = new Rig(Version.V3_0).run(1);
        double w = Math.sqrt(0.5);
        var circle = new Trajectory(
                2,
                List.of(0.0, 0.0, 0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0, 1.0),
                List.of(
                        new ControlPoint(0, 0, 1),
                        new ControlPoint(2, 0, w),
                        new ControlPoint(2, 2, 1),
                        new ControlPoint(2, 4, w),
                        new ControlPoint(0, 4, 1),
                        new ControlPoint(-2, 4, w),
                        new ControlPoint(-2, 2, 1),
                        new ControlPoint(-2, 0, w),
                        new ControlPoint(0, 0, 1)));
        rig.send(order(rig, circle, null, node("a", 0, 0, 0), node("b", 2, 0, 0)));
        for (int i = 0; i < 120; i++) {
            rig.run(0.1);
            var pose = rig.vehicle.pose();
            assertEquals(2, Math.hypot(pose.x(), pose.y() - 2), 1e-3);
            if (i % 10 == 3) rig.instant("stateRequest");
        }
        rig.run(5);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(4 * Math.PI, rig.vehicle.odometer(), 1e-3);
    }

    @Test
    void keepsToTheMiddleOfACorridor() {
        var rig = new Rig(Version.V3_0).run(1);
        var corridor = new Corridor(0.5, 1, Corridor.ReferencePoint.CONTOUR, true, Corridor.ReleaseLossBehavior.STOP);
        rig.send(order(rig, null, corridor, node("a", 0, 0, 0), node("b", 2, 3, 0)));
        rig.run(20);
        assertEquals("b", rig.state().lastNodeId());
        assertEquals(List.of(), rig.state().edgeRequests(), "it never leaves it, and so asks for nothing");
    }

    private static void refused(Rig rig, String errorType, Reference about, byte[] order) {
        rig.send(Topic.ORDER, order);
        rig.run(0.01);
        var fault = rig.state().errors().getLast();
        assertEquals(errorType, fault.errorType());
        assertTrue(fault.errorReferences().contains(about), fault::toString);
    }

    private static byte[] bytes(Rig rig, Order order) {
        return new Codec(rig.address.version()).write(order);
    }

    @Test
    void whatItCannotFollowIsRefusedByName() {
        var straight = new Rig(Version.V3_0, VehicleType.PORTER.withEdgeMembers(Set.of("maximumSpeed"))).run(1);
        var arc = CurveTest.quarter(2);
        var a = node("a", 0, 0, 0);
        var b = node("b", 2, 2, 2);
        var any = new Corridor(1, 1, null, null, null);
        var parameter = new Reference("parameter", "order.edges.trajectory");
        refused(straight, "UNSUPPORTED_PARAMETER", parameter, bytes(straight, order(straight, arc, null, a, b)));
        parameter = new Reference("parameter", "order.edges.corridor");
        refused(straight, "UNSUPPORTED_PARAMETER", parameter, bytes(straight, order(straight, null, any, a, b)));

        var rig = new Rig(Version.V3_0).run(1);
        var many = new Trajectory(
                1, List.of(), java.util.Collections.nCopies(Curve.MAX_POINTS + 1, new ControlPoint(0, 0, 1)));
        parameter = new Reference("parameter", "order.edges.trajectory.controlPoints");
        refused(rig, "UNSUPPORTED_PARAMETER", parameter, bytes(rig, order(rig, many, null, a, b)));
    }

    @Test
    void whatLeadsElsewhereOrIsNoCurveIsRefused() {
        var rig = new Rig(Version.V3_0).run(1);
        var arc = CurveTest.quarter(2);
        var a = node("a", 0, 0, 0);
        var b = node("b", 2, 2, 2);
        var off = new Reference("nodeId", "c");
        refused(rig, "NO_ROUTE_TO_TARGET", off, bytes(rig, order(rig, arc, null, a, node("c", 2, 2, 2.3))));
        var other = node("c", 2, true, "2", 2, 2, null);
        rig = new Rig(Version.V3_0).run(1);
        refused(rig, "NO_ROUTE_TO_TARGET", off, bytes(rig, order(rig, arc, null, a, other)));
        rig = new Rig(Version.V3_0).run(1);
        var narrow = new Corridor(0.3, 1, Corridor.ReferencePoint.CONTOUR, null, null);
        var node = new Reference("nodeId", "b");
        refused(rig, "NO_ROUTE_TO_TARGET", node, bytes(rig, order(rig, null, narrow, a, b)));

        var sound = new String(bytes(rig, order(rig, arc, null, a, b)), UTF_8);
        for (String knots : List.of("0.0,0.0,0.0,1.0,1.0", "0.0,0.0,0.5,0.4,1.0,1.0", "0.0,0.1,0.2,0.3,0.4,0.5")) {
            rig = new Rig(Version.V3_0).run(1);
            var about = new Reference("orderId", "o");
            byte[] broken = sound.replace("0.0,0.0,0.0,1.0,1.0,1.0", knots).getBytes(UTF_8);
            refused(rig, "VALIDATION_FAILURE", about, broken);
        }
    }
}
