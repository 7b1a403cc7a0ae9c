package org.diwan.robots.vda5050;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of orders: each rejection, the figures of §6.1, every short queue of actions, and random
/// streams of orders and events against a twin that keeps all history and works everything out anew.
class VehicleTest {
    private static final Header HEADER = new Header(0, Instant.EPOCH, "3.0.0", "maker", "7");

    /// Stands anywhere but on nodes called `far`, reaches all but `island`, and so on by name.
    private static final Abilities ABILITIES = new Abilities() {
        @Override
        public boolean isOn(Order.Node node) {
            return !node.nodeId().equals("far");
        }

        @Override
        public boolean reaches(Order.Node from, Order.Edge edge, Order.Node node) {
            return !node.nodeId().equals("island");
        }

        @Override
        public boolean knows(String mapId) {
            return mapId.equals("map");
        }

        @Override
        public Optional<String> unsupported(Order order) {
            return order.edges().stream().anyMatch(edge -> edge.length() != null)
                    ? Optional.of("order.edges.length")
                    : Optional.empty();
        }

        @Override
        public boolean can(Action action) {
            return !action.actionType().equals("fly");
        }

        @Override
        public boolean pauses(String actionType) {
            return !actionType.equals("stubborn");
        }

        @Override
        public boolean cancels(String actionType) {
            return !actionType.equals("stubborn");
        }
    };

    private final Vehicle vehicle = new Vehicle(ABILITIES);

    private static Action action(String type, String id, BlockingType blocking) {
        return new Action(type, id, null, blocking, List.of(), null);
    }

    private static Order.Node node(String id, long sequence, boolean released, Action... actions) {
        return new Order.Node(id, sequence, null, released, null, List.of(actions));
    }

    private static Order.Edge edge(long sequence, boolean released, Action... actions) {
        return edge(sequence, released, null, actions);
    }

    private static Order.Edge edge(long sequence, boolean released, @Nullable Double length, Action... actions) {
        return new Order.Edge(
                "e" + sequence,
                sequence,
                null,
                released,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                length,
                null,
                List.of(actions));
    }

    /// Nodes by name, `-` before those of the horizon: `f d g -b -h`.
    private static Order order(String id, long update, long first, String... names) {
        var nodes = new ArrayList<Order.Node>();
        var edges = new ArrayList<Order.Edge>();
        for (int i = 0; i < names.length; i++) {
            boolean released = !names[i].startsWith("-");
            if (i > 0) edges.add(edge(first + 2L * i - 1, released));
            nodes.add(node(names[i].substring(released ? 0 : 1), first + 2L * i, released));
        }
        return order(id, update, nodes, edges);
    }

    private static Order order(String id, long update, List<Order.Node> nodes, List<Order.Edge> edges) {
        return new Order(HEADER, id, update, null, null, nodes, edges);
    }

    private String error(Order order) {
        return vehicle.receive(order).map(Rejection::errorType).orElse("");
    }

    private String route() {
        var text = new StringBuilder();
        for (var node : vehicle.nodes())
            text.append(node.released() ? " " : " -").append(node.nodeId()).append(node.sequenceId());
        return text.toString();
    }

    private void driveOn() {
        vehicle.drive();
        vehicle.arrive();
    }

    private String status(String actionId) {
        return vehicle.actionStates().stream()
                .filter(state -> state.actionId().equals(actionId))
                .map(state -> state.actionStatus().name())
                .findFirst()
                .orElse("");
    }

    private String instantStatus(String actionId) {
        return vehicle.instantActionStates().stream()
                .filter(state -> state.actionId().equals(actionId))
                .map(state -> state.actionStatus().name())
                .findFirst()
                .orElse("");
    }

    /// Figures 4, 5 and 6 of §6.1.2.
    @Test
    void updateContinuesAtTheDecisionPointAndReplacesTheHorizon() {
        assertEquals("", error(order("1234", 0, 0, "f", "d", "g", "-b", "-h")));
        assertEquals(" d2 g4 -b6 -h8", route());
        driveOn();
        assertEquals("", error(order("1234", 1, 4, "g", "b", "h", "-i")));
        assertEquals(" g4 b6 h8 -i10", route());
        assertEquals("", error(order("1234", 2, 8, "h")));
        assertEquals(" g4 b6 h8", route(), "the horizon may be deleted");
        for (int i = 0; i < 3; i++) driveOn();
        assertTrue(vehicle.isIdle());
        assertEquals("", error(order("1234", 3, 8, "h", "k")), "a completed order may be continued");
        assertEquals(" k10", route());
    }

    @Test
    void eachReasonToRejectHasItsErrorType() {
        assertEquals("VALIDATION_FAILURE", error(order("o", 0, List.of(), List.of())));
        assertEquals("VALIDATION_FAILURE", error(order("o", 1, 0, "a", "b")), "a new order with update 1");
        assertEquals(
                "UNSUPPORTED_PARAMETER",
                error(order("o", 0, List.of(node("a", 0, true), node("b", 2, true)), List.of(edge(1, true, 2.0)))));
        var fly = action("fly", "x", BlockingType.NONE);
        assertEquals("INVALID_ORDER_ACTION", error(order("o", 0, List.of(node("a", 0, true, fly)), List.of())));
        assertEquals("START_NODE_OUT_OF_RANGE", error(order("o", 0, 0, "far", "b")));
        assertEquals("NO_ROUTE_TO_TARGET", error(order("o", 0, 0, "a", "island")));
        var moon = new Order.NodePosition(0, 0, null, null, null, "moon");
        assertEquals(
                "UNKNOWN_MAP_ID",
                error(order("o", 0, List.of(new Order.Node("a", 0, null, true, moon, List.of())), List.of())));
        vehicle.mode(OperatingMode.MANUAL);
        assertEquals("MOBILE_ROBOT_NOT_AVAILABLE", error(order("o", 0, 0, "a", "b")));
        vehicle.mode(OperatingMode.AUTOMATIC);
        assertTrue(vehicle.order().isEmpty(), "none of them was taken");

        assertEquals("", error(order("o", 0, 0, "a", "b", "-c")));
        assertEquals("", error(order("o", 1, 2, "b", "c", "-d")));
        assertEquals("OUTDATED_ORDER_UPDATE", error(order("o", 0, 0, "a", "b", "-c")));
        assertEquals("", error(order("o", 1, 2, "b", "c", "-d")), "the same once more is ignored");
        assertEquals("SAME_ORDER_UPDATE_ID", error(order("o", 1, 2, "b", "c", "-e")));
        assertEquals("OTHER_ORDER_ACTIVE", error(order("p", 0, 0, "a", "b")));
        assertEquals("VALIDATION_FAILURE", error(order("o", 2, 2, "b", "c")), "not at the decision point");
        assertEquals("VALIDATION_FAILURE", error(order("o", 2, 4, "x", "c")), "another node in its place");
        assertEquals(" b2 c4 -d6", route(), "none of them was taken");
        vehicle.receive(action("cancelOrder", "c", BlockingType.NONE));
        assertEquals("ORDER_UPDATE_FOLLOWING_CANCEL", error(order("o", 2, 4, "c", "d")));
        assertEquals("", error(order("p", 0, 0, "a", "b")), "a new order may follow");
        assertEquals(
                State.ErrorLevel.CRITICAL,
                new Rejection.UnsupportedParameter("x")
                        .fault(order("o", 0, 0, "a"))
                        .errorLevel());
    }

    @Test
    void cancelEndsWhenTheVehicleStandsAndItsActionsAreOver() {
        var waiting = action("beep", "w", BlockingType.NONE);
        var running = action("beep", "r", BlockingType.NONE);
        var stubborn = action("stubborn", "s", BlockingType.NONE);
        vehicle.receive(order(
                "o",
                0,
                List.of(node("a", 0, true, running, stubborn), node("b", 2, true, waiting)),
                List.of(edge(1, true))));
        assertEquals(List.of(running, stubborn), vehicle.start());
        vehicle.drive();
        var other = new Action(
                "cancelOrder",
                "c0",
                null,
                BlockingType.NONE,
                List.of(new Action.Parameter("orderId", new TextNode("p"))),
                null);
        assertEquals(Optional.of("NO_ORDER_TO_CANCEL"), vehicle.receive(other));
        assertEquals(Optional.empty(), vehicle.receive(action("cancelOrder", "c", BlockingType.NONE)));
        assertEquals("FAILED", status("w"));
        assertEquals("FAILED", status("r"));
        assertEquals("RUNNING", status("s"));
        assertEquals("", route());
        vehicle.halt();
        assertEquals("RUNNING", instantStatus("c"), "an action that cannot be cancelled still runs");
        assertEquals("OTHER_ORDER_ACTIVE", error(order("p", 0, 0, "a", "b")));
        vehicle.end("s", true);
        assertEquals("FINISHED", status("s"));
        assertEquals("FINISHED", instantStatus("c"));
        assertTrue(vehicle.isIdle());
        assertEquals(
                Optional.of("NO_ORDER_TO_CANCEL"), vehicle.receive(action("cancelOrder", "c2", BlockingType.NONE)));
        assertEquals("FAILED", instantStatus("c2"));
        assertEquals("o", vehicle.order().orElseThrow().orderId(), "the orderId is kept");
    }

    @Test
    void pauseHoldsDrivingAndWhatCanBePaused() {
        var beep = action("beep", "b", BlockingType.NONE);
        var stubborn = action("stubborn", "s", BlockingType.NONE);
        vehicle.receive(
                order("o", 0, List.of(node("a", 0, true, beep, stubborn), node("b", 2, true)), List.of(edge(1, true))));
        vehicle.start();
        assertTrue(vehicle.mayDrive());
        vehicle.receive(action("startPause", "p", BlockingType.NONE));
        assertFalse(vehicle.mayDrive());
        assertThrows(IllegalStateException.class, vehicle::drive);
        assertEquals("PAUSED", status("b"));
        assertEquals("RUNNING", status("s"));
        vehicle.receive(action("stopPause", "q", BlockingType.NONE));
        assertEquals("RUNNING", status("b"));
        assertTrue(vehicle.mayDrive());
        assertEquals(Optional.of("INVALID_INSTANT_ACTION"), vehicle.receive(action("dance", "d", BlockingType.NONE)));
    }

    /// All queues of up to four actions with every blocking type, ended in random order.
    @Test
    void blockingTypesHoldInEveryShortQueue() {
        for (int length = 1; length <= 4; length++)
            for (int code = 0; code < (1 << (2 * length)); code++) {
                var actions = new ArrayList<Action>();
                for (int i = 0; i < length; i++)
                    actions.add(action(
                            "beep", "a" + i, List.of(BlockingType.values()).get((code >> (2 * i)) & 3)));
                play(actions, new SplittableRandom(code));
            }
    }

    /// Table 3 and figure 11, said without a queue.
    private static void play(List<Action> actions, SplittableRandom random) {
        var vehicle = new Vehicle(ABILITIES);
        vehicle.receive(order(
                "o",
                0,
                List.of(node("a", 0, true, actions.toArray(Action[]::new)), node("b", 2, true)),
                List.of(edge(1, true))));
        var running = new ArrayList<Action>();
        int started = 0;
        int ended = 0;
        while (ended < actions.size()) {
            for (var next : vehicle.start()) {
                assertEquals(actions.get(started++), next, "in their order");
                running.add(next);
            }
            assertFalse(running.isEmpty(), "one can always start");
            assertTrue(running.size() == 1 || running.stream().allMatch(VehicleTest::shares), running::toString);
            if (started < actions.size())
                assertTrue(!shares(running.getFirst()) || !shares(actions.get(started)), "no one waits without reason");
            var open = new ArrayList<>(running);
            open.addAll(actions.subList(started, actions.size()));
            boolean held = open.stream()
                    .anyMatch(a -> a.blockingType() == BlockingType.SOFT || a.blockingType() == BlockingType.HARD);
            assertEquals(!held, vehicle.mayDrive());
            vehicle.end(running.remove(random.nextInt(running.size())).actionId(), random.nextBoolean());
            ended++;
        }
        assertTrue(vehicle.mayDrive());
    }

    private static boolean shares(Action action) {
        return action.blockingType() == BlockingType.NONE || action.blockingType() == BlockingType.SOFT;
    }

    /// Keeps every order that was taken and says from that alone what is true.
    private static final class Twin {
        final List<Order> taken = new ArrayList<>();
        boolean cancelled;
        long reached;

        /// The whole path: each order keeps what was released before it and adds all of its own.
        List<Order.Node> path() {
            var path = new ArrayList<Order.Node>();
            for (var order : taken) {
                path.removeIf(node -> !node.released());
                path.addAll(order.nodes()
                        .subList(path.isEmpty() ? 0 : 1, order.nodes().size()));
            }
            return path;
        }

        List<Order.Node> ahead() {
            return cancelled
                    ? List.of()
                    : path().stream()
                            .filter(node -> node.sequenceId() > reached)
                            .toList();
        }

        boolean takes(Order order) {
            boolean wellFormed = !order.nodes().isEmpty()
                    && order.nodes().getFirst().released()
                    && order.edges().size() == order.nodes().size() - 1;
            for (int i = 0; wellFormed && i < order.edges().size(); i++) {
                var before = order.nodes().get(i);
                var edge = order.edges().get(i);
                var after = order.nodes().get(i + 1);
                wellFormed = edge.sequenceId() == before.sequenceId() + 1
                        && after.sequenceId() == before.sequenceId() + 2
                        && edge.released() == after.released()
                        && (before.released() || !after.released());
            }
            if (!wellFormed) return false;
            var last = taken.isEmpty() ? null : taken.getLast();
            var first = order.nodes().getFirst();
            if (last == null || !last.orderId().equals(order.orderId()))
                return ahead().isEmpty() && order.orderUpdateId() == 0 && first.sequenceId() == 0;
            if (last.equals(order)) return true;
            return !cancelled
                    && order.orderUpdateId() > last.orderUpdateId()
                    && first.equals(path().stream()
                            .filter(Order.Node::released)
                            .toList()
                            .getLast());
        }

        void take(Order order) {
            if (!taken.isEmpty() && taken.getLast().equals(order)) return;
            if (taken.isEmpty() || !taken.getLast().orderId().equals(order.orderId())) {
                taken.clear();
                cancelled = false;
                reached = 0;
            }
            taken.add(order);
        }
    }

    @Test
    void randomStreamsOfOrdersAgreeWithTheTwin() {
        var seen = new TreeSet<String>();
        for (int i = 0; i < 200; i++) stream(new SplittableRandom(i), seen);
        assertEquals(
                new TreeSet<>(List.of(
                        "",
                        "ORDER_UPDATE_FOLLOWING_CANCEL",
                        "OTHER_ORDER_ACTIVE",
                        "OUTDATED_ORDER_UPDATE",
                        "SAME_ORDER_UPDATE_ID",
                        "VALIDATION_FAILURE")),
                seen,
                "the streams come by all of these");
        Seeded.forAll(300, random -> stream(random, new TreeSet<>()));
    }

    private static void stream(SplittableRandom random, Set<String> seen) {
        var vehicle = new Vehicle(ABILITIES);
        var twin = new Twin();
        for (int step = 0; step < 60; step++) {
            var base = twin.path().stream().filter(Order.Node::released).toList();
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    var order = random(random, twin);
                    boolean takes = twin.takes(order);
                    String error =
                            vehicle.receive(order).map(Rejection::errorType).orElse("");
                    seen.add(error);
                    assertEquals(takes, error.isEmpty(), () -> error + " " + order);
                    boolean update = !twin.taken.isEmpty()
                            && twin.taken.getLast().orderId().equals(order.orderId());
                    if (takes) twin.take(order);
                    if (update) assertEquals(base, twin.path().subList(0, base.size()), "the base never changes");
                }
                case 3, 4 -> {
                    boolean may =
                            !twin.ahead().isEmpty() && twin.ahead().getFirst().released();
                    assertEquals(may, vehicle.mayDrive());
                    if (may) {
                        vehicle.drive();
                        vehicle.arrive();
                        twin.reached += 2;
                    }
                }
                default -> {
                    boolean active = !twin.ahead().isEmpty();
                    if (random.nextInt(4) > 0) break;
                    vehicle.halt();
                    var refused = vehicle.receive(action("cancelOrder", "c" + step, BlockingType.NONE));
                    assertEquals(active, refused.isEmpty());
                    if (active) twin.cancelled = true;
                }
            }
            for (var started : vehicle.start()) vehicle.end(started.actionId(), random.nextBoolean());
            assertEquals(twin.ahead(), vehicle.nodes());
            assertEquals(
                    twin.path().stream()
                            .flatMap(node -> node.actions().stream())
                            .map(Action::actionId)
                            .toList(),
                    vehicle.actionStates().stream().map(ActionState::actionId).toList(),
                    "the actions of all of the path, base and horizon");
            sound(vehicle);
        }
    }

    /// Whatever was sent: continuous, and nothing released behind what is not.
    private static void sound(Vehicle vehicle) {
        var nodes = vehicle.nodes();
        var edges = vehicle.edges();
        assertEquals(nodes.size(), edges.size());
        for (int i = 0; i < nodes.size(); i++) {
            assertEquals(nodes.get(i).sequenceId(), edges.get(i).sequenceId() + 1);
            assertEquals(nodes.get(i).released(), edges.get(i).released());
            if (i > 0) {
                assertEquals(nodes.get(i - 1).sequenceId() + 2, nodes.get(i).sequenceId());
                assertTrue(nodes.get(i - 1).released() || !nodes.get(i).released());
            }
        }
        var ids = new HashSet<String>();
        for (ActionState state : vehicle.actionStates()) assertTrue(ids.add(state.actionId()), "one state each");
        assertEquals(
                vehicle.isIdle(),
                nodes.isEmpty()
                        && vehicle.actionStates().stream()
                                .allMatch(s -> s.actionStatus().ended()));
    }

    /// Mostly right, with one thing wrong now and then.
    private static Order random(SplittableRandom random, Twin twin) {
        var last = twin.taken.isEmpty() ? null : twin.taken.getLast();
        if (last != null && random.nextInt(12) == 0) return last;
        boolean update = last != null && random.nextInt(3) > 0;
        String id = last != null && update ? last.orderId() : "o" + random.nextInt(3);
        long number = random.nextInt(8) == 0 ? 1 : 0;
        if (last != null && update) number = last.orderUpdateId() + random.nextInt(-1, 3);
        var start = update
                ? twin.path().stream().filter(Order.Node::released).toList().getLast()
                : node("n" + random.nextInt(3), 0, true);
        if (random.nextInt(12) == 0)
            start = node(start.nodeId(), start.sequenceId() + 2L * random.nextInt(2), random.nextInt(3) > 0);
        var nodes = new ArrayList<>(List.of(start));
        var edges = new ArrayList<Order.Edge>();
        boolean released = true;
        for (int i = random.nextInt(4); i > 0; i--) {
            long sequence = nodes.getLast().sequenceId() + (random.nextInt(20) == 0 ? 2 : 0);
            released &= random.nextInt(3) > 0;
            if (random.nextInt(20) == 0) released = !released;
            edges.add(edge(sequence + 1, released));
            boolean together = random.nextInt(20) > 0;
            var beep = action("beep", "x" + random.nextLong(), BlockingType.NONE);
            nodes.add(node("n" + random.nextInt(3), sequence + 2, together == released, beep));
        }
        return order(id, Math.max(0, number), nodes, edges);
    }

    @Test
    void horizonActionsComeAndGoWithTheHorizon() {
        var beep = action("beep", "h", BlockingType.NONE);
        var horn = action("beep", "k", BlockingType.NONE);
        vehicle.receive(
                order("o", 0, List.of(node("a", 0, true), node("b", 2, false, beep)), List.of(edge(1, false, horn))));
        assertEquals("WAITING", status("h"));
        assertEquals(
                "",
                error(order("o", 1, List.of(node("a", 0, true), node("b", 2, true, beep)), List.of(edge(1, true)))));
        assertEquals("WAITING", status("h"), "given again");
        assertEquals("", status("k"), "not given again (§6.6.9.1)");
        assertEquals(ActionStatus.WAITING, vehicle.actionStates().getFirst().actionStatus());
        assertEquals(
                "VALIDATION_FAILURE",
                error(order(
                        "o", 2, List.of(node("b", 2, true, beep), node("c", 4, true, beep)), List.of(edge(3, true)))));
    }

    @Test
    void edgeActionsEndWithTheirEdge() {
        var light = action("light", "l", BlockingType.NONE);
        vehicle.receive(order("o", 0, List.of(node("a", 0, true), node("b", 2, true)), List.of(edge(1, true, light))));
        assertEquals(List.of(), vehicle.start(), "not before the edge");
        vehicle.drive();
        assertEquals(List.of(light), vehicle.start());
        vehicle.arrive();
        assertEquals("FINISHED", status("l"));
        assertTrue(vehicle.isIdle());
        assertThrows(IllegalArgumentException.class, () -> vehicle.end("l", true));
    }

    @Test
    void anOrderTakesNoNameOfAnActionOfAZone() {
        vehicle.enterZone(List.of(action("beep", "z", BlockingType.HARD)));
        assertEquals(1, vehicle.start().size());
        var order = order("o", 0, List.of(node("a", 0, true, action("pick", "z", BlockingType.HARD))), List.of());
        assertTrue(vehicle.receive(order).orElseThrow() instanceof Rejection.Malformed);
        vehicle.end("z", true);
        vehicle.clearZoneActions();
        assertEquals(Optional.empty(), vehicle.receive(order));
        assertEquals(1, vehicle.start().size());
    }

    @Test
    void noMoreActionsOfZonesAreRememberedThanThereIsRoom() {
        var many = new ArrayList<Action>();
        for (int i = 0; i < 20_000; i++) many.add(action("beep", "z" + i, BlockingType.NONE));
        vehicle.enterZone(many);
        assertEquals(Vehicle.MAX_INSTANT_ACTIONS, vehicle.zoneActionStates().size());
        vehicle.leaveZone(many);
        vehicle.enterZone(List.of(action("beep", "next", BlockingType.NONE)));
        assertEquals(Optional.of(ActionStatus.WAITING), vehicle.status("next"), "what has ended makes room");
        assertEquals(Vehicle.MAX_INSTANT_ACTIONS, vehicle.zoneActionStates().size());
    }
}
