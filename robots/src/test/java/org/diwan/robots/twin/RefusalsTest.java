package org.diwan.robots.twin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.diwan.robots.twin.Rig.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A message in over the bus, an error out in the state: the cases of §6.1.4 by their number, and what is no message.
class RefusalsTest {
    private static String json(Rig rig, Order order) {
        return new String(new Codec(rig.address.version()).write(order), UTF_8);
    }

    /// Sends what is wrong and then what is right: refused by name until then, and untouched.
    private static void refused(Rig rig, String errorType, Runnable wrong) {
        var before = rig.vehicle.vehicle().order();
        var nodes = rig.vehicle.vehicle().nodes();
        wrong.run();
        rig.run(0.01);
        assertEquals(List.of(errorType), rig.errors());
        assertEquals(before, rig.vehicle.vehicle().order());
        assertTrue(nodes.size() >= rig.vehicle.vehicle().nodes().size());
    }

    private static void reported(Rig rig, ErrorLevel level, Reference... about) {
        var fault = rig.state().errors().getFirst();
        boolean three = rig.address.version() == Version.V3_0;
        assertEquals(three ? level : ErrorLevel.WARNING, fault.errorLevel());
        assertTrue(fault.errorReferences().containsAll(List.of(about)), fault::toString);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void tenCasesEachHaveTheirError(Version version) {
        var rig = new Rig(version).run(1);
        var o = new Reference("orderId", "o");
        // 1
        refused(rig, "VALIDATION_FAILURE", () -> rig.send(Topic.ORDER, "{\"orderId\":".getBytes(UTF_8)));
        refusedAfresh(rig, "VALIDATION_FAILURE", () -> rig.send(rig.order("o", 3, node("a", 0, 0, 0))));
        reported(rig, ErrorLevel.WARNING, o, new Reference("orderUpdateId", "3"));
        // 2
        var slow = Rig.edge(1, true, -1.0);
        refusedAfresh(
                rig,
                "UNSUPPORTED_PARAMETER",
                () -> rig.send(rig.order("o", 0, List.of(node("a", 0, 0, 0), node("b", 2, 1, 0)), List.of(slow))));
        reported(rig, ErrorLevel.CRITICAL, o, new Reference("parameter", "order.edges.maximumSpeed"));
        // 3
        var fly = rig.action("fly", BlockingType.HARD);
        refusedAfresh(rig, "INVALID_ORDER_ACTION", () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0, fly))));
        reported(rig, ErrorLevel.WARNING, o, new Reference("actionId", fly.actionId()));
        var wait = rig.action("wait", BlockingType.HARD, "seconds", "NaN");
        refusedAfresh(rig, "INVALID_ORDER_ACTION", () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0, wait))));
        // 7, 8, 10
        refusedAfresh(rig, "START_NODE_OUT_OF_RANGE", () -> rig.send(rig.order("o", 0, node("b", 0, 3, 0))));
        reported(rig, ErrorLevel.WARNING, o, new Reference("nodeId", "b"));
        refusedAfresh(
                rig,
                "NO_ROUTE_TO_TARGET",
                () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("moon", 2, 3.8e8, 0))));
        reported(rig, ErrorLevel.WARNING, o, new Reference("nodeId", "moon"));
        refusedAfresh(
                rig,
                "UNKNOWN_MAP_ID",
                () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, true, "9", 1, 0, null))));
        reported(rig, ErrorLevel.WARNING, o, new Reference("mapId", "9"));
        // 9
        rig.send(rig.order("fine", 0, node("a", 0, 0, 0)));
        rig.run(0.01);
        rig.vehicle.mode(OperatingMode.MANUAL);
        refused(rig, "MOBILE_ROBOT_NOT_AVAILABLE", () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0))));
        rig.vehicle.mode(OperatingMode.AUTOMATIC);
        rig.run(0.01);
        assertEquals(List.of(), rig.errors(), "until the mode allows it");
        // 4, 5, 6
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.send(rig.order("o", 1, node("b", 2, 9, 0), node("c", 4, 18, 0)));
        rig.run(0.01);
        assertEquals(List.of(), rig.errors());
        refused(
                rig,
                "OUTDATED_ORDER_UPDATE",
                () -> rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0))));
        rig.send(rig.order("o", 2, node("c", 4, 18, 0), node("d", 6, 27, 0)));
        rig.send(rig.order("o", 2, node("c", 4, 18, 0), node("d", 6, 27, 0)));
        rig.run(0.01);
        assertEquals(List.of(), rig.errors(), "the same again is ignored");
        refused(
                rig,
                "SAME_ORDER_UPDATE_ID",
                () -> rig.send(rig.order("o", 2, node("c", 4, 18, 0), node("e", 6, 20, 0))));
        rig.send(rig.order("o", 3, node("d", 6, 27, 0)));
        rig.run(0.01);
        refused(rig, "OTHER_ORDER_ACTIVE", () -> rig.send(rig.order("p", 0, node("a", 0, 0, 0))));
        rig.run(3);
        rig.instant("cancelOrder");
        rig.run(10);
        rig.send(rig.order("o", 4, node("d", 6, 27, 0), node("e", 8, 30, 0)));
        rig.run(0.01);
        assertEquals(List.of("OTHER_ORDER_ACTIVE", "ORDER_UPDATE_FOLLOWING_CANCEL"), rig.errors());
        assertTrue(rig.vehicle.odometer() > 1, "it drove all the while");
    }

    /// After an order that clears what was reported before.
    private static void refusedAfresh(Rig rig, String errorType, Runnable wrong) {
        rig.send(rig.order("fine" + rig.states.size(), 0, node("a", 0, 0, 0)));
        rig.run(0.01);
        assertEquals(List.of(), rig.errors());
        refused(rig, errorType, wrong);
    }

    @Test
    void tooLongAnOrderIsRefused() {
        var rig = new Rig(Version.V3_0);
        var nodes = new ArrayList<Order.Node>();
        for (int i = 0; i <= 1000; i++) nodes.add(node("n" + i, 2L * i, i, 0));
        rig.send(rig.order("o", 0, nodes.toArray(Order.Node[]::new)));
        rig.run(1);
        assertEquals(List.of("INSUFFICIENT_MEMORY"), rig.errors());
        assertEquals(ErrorLevel.URGENT, rig.state().errors().getFirst().errorLevel());
    }

    @Test
    void whatIsNoMessageForItNowIsRefusedByName() {
        var rig = new Rig(Version.V3_0).run(10);
        var good = rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 5, 0));
        String text = json(rig, good);
        refused(rig, "VALIDATION_FAILURE", () -> rig.send(Topic.ORDER, new byte[] {0, -1, 7}));
        assertTrue(description(rig).startsWith("order is not JSON"), description(rig));
        for (String number : List.of("NaN", "Infinity", "\"NaN\"", "1e999", "null"))
            bad(rig, text.replace("\"x\":5.0", "\"x\":" + number), "VALIDATION_FAILURE");
        bad(rig, text.replace("\"x\":5.0,", ""), "VALIDATION_FAILURE");
        assertEquals("order.nodes[1].nodePosition.x is missing", description(rig));
        bad(rig, text.replace("\"version\":\"3.0.0\"", "\"version\":\"2.1.0\""), "WRONG_VERSION");
        bad(rig, text.replace("\"r-1\"", "\"r-2\""), "WRONG_VEHICLE");
        bad(rig, text.replace("2026-", "2027-"), "MESSAGE_FROM_FUTURE");
        rig.send(good);
        rig.run(0.01);
        assertEquals(List.of(), rig.errors(), "after all of that the order is taken");
        assertEquals(2, rig.vehicle.vehicle().order().orElseThrow().nodes().size());
        rig.send(Topic.ORDER, text.getBytes(UTF_8));
        rig.run(0.01);
        assertEquals(List.of(), rig.errors(), "the very same bytes are no news");
        bad(rig, text.replace("\"orderUpdateId\":0", "\"orderUpdateId\":7"), "STALE_MESSAGE");
        for (int i = 0; i < 3; i++) rig.order("lost", 0, node("a", 0, 0, 0));
        rig.send(rig.order("o", 1, node("b", 2, 5, 0), node("c", 4, 6, 0)));
        rig.run(0.01);
        assertEquals(List.of(), rig.errors());
        assertEquals("3 before number 4", rig.state().information().getFirst().infoDescriptor());
        rig.run(20);
        assertEquals("c", rig.state().lastNodeId());
    }

    private static void bad(Rig rig, String text, String errorType) {
        rig.send(Topic.ORDER, text.getBytes(UTF_8));
        rig.run(0.01);
        assertEquals(errorType, rig.errors().getLast(), text);
    }

    private static String description(Rig rig) {
        return String.valueOf(rig.state().errors().getLast().errorDescription());
    }

    /// Damaged messages of all topics that it listens to: it says what is wrong, and then still drives.
    @Test
    void damageDoesNotStopIt() {
        Seeded.forAll(60, random -> {
            var rig = new Rig(List.of(Version.values()).get(random.nextInt(3)));
            var codec = new Codec(rig.address.version());
            for (int i = 0; i < 40; i++) {
                var pick = rig.action("pick", BlockingType.HARD);
                var order = codec.write(rig.order("o" + i, 0, node("a", 0, 0, 0), node("b", 2, 1, 0, pick)));
                rig.send(Topic.ORDER, Mutations.of(order, random));
                var header = new Header(
                        i, rig.timeline.instant(), rig.address.version().text(), "diwan", "r-1");
                var pause =
                        codec.write(new InstantActions(header, List.of(rig.action("startPause", BlockingType.NONE))));
                rig.send(Topic.INSTANT_ACTIONS, Mutations.of(pause, random));
                rig.run(random.nextDouble(5));
                assertTrue(rig.errors().size() <= 64);
            }
            rig.vehicle.restart(Duration.ofSeconds(1));
            rig.run(30);
            var pose = rig.vehicle.pose();
            var here = node("here", 0, true, pose.mapId(), pose.x(), pose.y(), null);
            rig.send(rig.order("last", 0, here, node("z", 2, true, pose.mapId(), pose.x() + 7, pose.y(), null)));
            rig.run(30);
            assertEquals("z", rig.state().lastNodeId(), () -> rig.state().toString());
        });
    }

    @Test
    void whatIsNotAdmittedIsNotTaken() {
        var rig = new Rig(Version.V3_0);
        var asked = new ArrayList<Topic>();
        rig.vehicle.admission((topic, payload, message) -> {
            asked.add(topic);
            assertEquals(message, new Codec(Version.V3_0).read(topic, payload));
            return Optional.of("no decision");
        });
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 1, 0)));
        rig.run(5);
        assertEquals(List.of("NO_CLEARANCE"), rig.errors());
        assertEquals("no decision", description(rig));
        assertEquals(0, rig.vehicle.odometer(), 0.0);
        assertTrue(rig.vehicle.vehicle().order().isEmpty());
        String charge = rig.instant("startCharging");
        rig.run(1);
        assertEquals("FAILED", rig.status(charge));
        rig.vehicle.admission(Admission.ALL);
        rig.send(rig.order("o", 0, node("a", 0, 0, 0), node("b", 2, 9, 0)));
        rig.run(3);
        assertEquals(List.of("NO_CLEARANCE"), rig.errors(), "that of the instant action");
        rig.vehicle.admission((_, _, _) -> Optional.of("no decision"));
        String pause = rig.instant("startPause");
        rig.run(5);
        assertEquals("FINISHED", rig.status(pause), "to stop is always allowed");
        String on = rig.instant("stopPause");
        rig.run(1);
        assertEquals("FAILED", rig.status(on), "to go on is not");
        String cancel = rig.instant("cancelOrder");
        rig.run(1);
        assertEquals("FINISHED", rig.status(cancel));
        assertEquals(List.of(Topic.ORDER, Topic.INSTANT_ACTIONS), asked);
    }

    /// What it is told it repeats in its states, so that a long name would leave no room for them.
    @Test
    void namesTooLongToRepeatAreRefusedAndItStillSpeaks() {
        var rig = new Rig(Version.V3_0).run(1);
        rig.vehicle.admission((_, _, _) -> Optional.of("no decision"));
        for (int length : List.of(1_025, Codec.MAX_BYTES - 300)) {
            int states = rig.states.size();
            var action = new Action("beep", "x".repeat(length), null, BlockingType.NONE, List.of(), null);
            var header = new Header(length, rig.timeline.instant(), "3.0.0", "diwan", "r-1");
            rig.send(new InstantActions(header, List.of(action)));
            rig.run(31);
            assertEquals("VALIDATION_FAILURE", rig.errors().getLast());
            assertEquals(Optional.empty(), rig.vehicle.vehicle().status("x".repeat(length)));
            assertTrue(rig.states.size() > states);
        }
    }
}
