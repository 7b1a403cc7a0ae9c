package org.diwan.robots.twin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.OfficialSchemas;
import org.diwan.robots.vda5050.OfficialSchemas.Spoken;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Order.ControlPoint;
import org.diwan.robots.vda5050.Order.Corridor;
import org.diwan.robots.vda5050.Order.Corridor.ReferencePoint;
import org.diwan.robots.vda5050.Order.NodePosition;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.Responses.GrantType;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.junit.jupiter.api.Test;

/// Hours of vehicles that are ordered about at random, with every fault there is: each message that they send is valid
/// against the official schema of its version, headers count, and no vehicle is ever faster than it can be or jumps.
///
/// `-Diterations=40` checks some 12,000 messages in half a minute of one core.
class TwinMessagesTest {
    private static final List<BlockingType> BLOCKING = List.of(BlockingType.values());

    @Test
    void everyMessageOfARandomLifeIsValid() {
        var schemas = new OfficialSchemas();
        long[] count = new long[1];
        double[] metres = new double[1];
        var errors = new TreeSet<String>();
        Seeded.forAll(6, random -> {
            var rig = new Rig(List.of(Version.values()).get(random.nextInt(3)));
            rig.vehicle.visualize(Duration.ofSeconds(random.nextInt(2, 20)));
            rig.vehicle.library(_ -> Optional.of(rig.zoneSet("w", rule(random), 3, 4)));
            for (int i = 0; i < 250; i++) {
                step(rig, random, i);
                var before = rig.vehicle.pose();
                double seconds = random.nextDouble() * random.nextDouble() * 30;
                double driven = rig.vehicle.odometer();
                rig.run(seconds);
                var after = rig.vehicle.pose();
                driven = rig.vehicle.odometer() - driven;
                assertTrue(driven <= 1.2 * seconds + 1e-6, "no faster than it can be");
                double moved = before.distance(after.x(), after.y());
                assertTrue(moved <= driven + 1e-6, () -> "it jumped from " + before + " to " + after);
            }
            metres[0] += rig.vehicle.odometer();
            for (var message : rig.said) {
                var topic = topic(message.topic());
                assertEquals(
                        List.of(),
                        schemas.errors(new Spoken(rig.address.version(), topic), message.payload()),
                        () -> new String(message.payload(), UTF_8));
                count[0]++;
            }
            headersCount(rig);
            for (var state : rig.states) for (var fault : state.errors()) errors.add(fault.errorType());
        });
        System.out.printf("%d messages are valid, %.0f m driven, reported: %s%n", count[0], metres[0], errors);
        assertTrue(count[0] > 100);
    }

    /// One more each, or 0 after a restart.
    private static void headersCount(Rig rig) {
        for (int i = 1; i < rig.states.size(); i++) {
            long before = rig.states.get(i - 1).header().headerId();
            long now = rig.states.get(i).header().headerId();
            assertTrue(now > before || now < 40, () -> before + " and then " + now);
        }
    }

    private static Topic topic(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        return List.of(Topic.values()).stream()
                .filter(topic -> topic.text().equals(last))
                .findFirst()
                .orElseThrow();
    }

    private static void step(Rig rig, SplittableRandom random, int i) {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> order(rig, random, "o" + i);
            case 8, 9, 10 -> update(rig, random);
            case 11, 12 -> rig.instant("cancelOrder");
            case 13 -> rig.instant(random.nextBoolean() ? "startPause" : "stopPause");
            case 14 -> {
                var action = List.of(PredefinedAction.values()).get(random.nextInt(29));
                if (action != PredefinedAction.SHUTDOWN) rig.instant(action.type(rig.address.version()));
            }
            case 15 -> rig.instant("downloadMap", "mapId", "m" + i % 3, "mapVersion", "1", "mapDownloadLink", "x");
            case 16 -> rig.vehicle.obstacle(random.nextInt(4) == 0);
            case 17 -> rig.vehicle.emergencyStop(random.nextInt(4) == 0);
            case 18 -> rig.vehicle.localized(random.nextInt(4) > 0);
            case 19 -> {
                if (random.nextInt(3) == 0)
                    rig.vehicle.mode(List.of(OperatingMode.values()).get(random.nextInt(7)));
            }
            case 20 -> {
                rig.vehicle.mode(OperatingMode.AUTOMATIC);
                rig.vehicle.obstacle(false);
                rig.vehicle.emergencyStop(false);
                rig.vehicle.localized(true);
                rig.vehicle.charge(random.nextInt(5) == 0 ? random.nextDouble() * 0.3 : 0.9);
            }
            case 21 -> {
                if (random.nextInt(4) == 0) rig.vehicle.restart(Duration.ofSeconds(random.nextInt(20)));
                else rig.vehicle.outage(Duration.ofSeconds(random.nextInt(40)));
            }
            case 22 -> {
                if (rig.address.version() != Version.V3_0) break;
                rig.zones("z" + i, rule(random), random.nextInt(10), random.nextInt(11, 16));
                rig.instant("enableZoneSet", "zoneSetId", "z" + i);
            }
            default -> {
                if (rig.states.isEmpty()) break;
                for (var request : rig.state().zoneRequests())
                    rig.respond(
                            request.requestId(),
                            List.of(GrantType.values()).get(random.nextInt(4)),
                            random.nextBoolean() ? null : rig.timeline.instant().plusSeconds(random.nextInt(20)));
                rig.vehicle.breakNext("pick");
            }
        }
    }

    private static ZoneSet.Rule rule(SplittableRandom random) {
        var beep = new ZoneSet.ZoneAction(
                "detectObject", null, BLOCKING.get(random.nextInt(4)), List.of(), random.nextBoolean());
        return switch (random.nextInt(8)) {
            case 0 -> new ZoneSet.Blocked();
            case 1 -> new ZoneSet.SpeedLimit(random.nextDouble());
            case 2 -> new ZoneSet.Actions(List.of(beep), List.of(beep), List.of(beep));
            case 3 -> new ZoneSet.CoordinatedReplanning();
            case 4 -> new ZoneSet.Directed(random.nextDouble(-3, 3), ZoneSet.DirectedLimitation.RESTRICTED);
            default ->
                new ZoneSet.Release(
                        List.of(ZoneSet.Release.LossBehavior.values()).get(random.nextInt(3)));
        };
    }

    private static void order(Rig rig, SplittableRandom random, String id) {
        var pose = rig.vehicle.pose();
        var nodes = new ArrayList<Order.Node>();
        nodes.add(Rig.node("start", 0, true, pose.mapId(), pose.x(), pose.y(), null, actions(rig, random)));
        way(rig, random, nodes);
        rig.send(rig.order(id, 0, nodes, edges(rig, random, nodes)));
    }

    private static void update(Rig rig, SplittableRandom random) {
        var order = rig.vehicle.vehicle().order();
        if (order.isEmpty()) return;
        var nodes = new ArrayList<Order.Node>();
        for (var node : order.get().nodes()) if (node.released()) nodes.add(node);
        nodes.subList(0, nodes.size() - 1).clear();
        way(rig, random, nodes);
        long update = order.get().orderUpdateId() + 1;
        rig.send(rig.order(order.get().orderId(), update, nodes, edges(rig, random, nodes)));
    }

    private static void way(Rig rig, SplittableRandom random, List<Order.Node> nodes) {
        boolean released = true;
        for (int i = random.nextInt(6); i > 0; i--) {
            long sequence = nodes.getLast().sequenceId() + 2;
            released &= random.nextInt(4) > 0;
            var last = nodes.getLast().nodePosition();
            String map = random.nextInt(8) == 0 ? "2" : "1";
            double x = (last == null ? 0 : last.x()) + random.nextInt(-1, 3);
            double y = random.nextInt(3) == 0 ? random.nextInt(-2, 3) : last == null ? 0 : last.y();
            Double theta = random.nextInt(5) == 0 ? (Double) random.nextDouble(-3, 3) : null;
            nodes.add(Rig.node("n" + random.nextInt(9), sequence, released, map, x, y, theta, actions(rig, random)));
        }
    }

    /// One in three along a curve, which one in ten times leads elsewhere; one in four in a corridor.
    private static List<Order.Edge> edges(Rig rig, SplittableRandom random, List<Order.Node> nodes) {
        var edges = new ArrayList<Order.Edge>();
        for (int i = 1; i < nodes.size(); i++) {
            var from = nodes.get(i - 1).nodePosition();
            var to = nodes.get(i).nodePosition();
            boolean bent = random.nextInt(3) == 0;
            var curve = bent && from != null && to != null ? curve(random, from, to) : null;
            boolean wide = random.nextInt(4) == 0 && rig.address.version() != Version.V2_0;
            var corridor = wide ? new Corridor(random.nextDouble(), 1, ReferencePoint.CONTOUR, null, null) : null;
            edges.add(Rig.edge(
                    2L * i - 1 + nodes.getFirst().sequenceId(), nodes.get(i).released(), null, curve, corridor));
        }
        return edges;
    }

    private static Trajectory curve(SplittableRandom random, NodePosition from, NodePosition to) {
        var points = new ArrayList<ControlPoint>();
        points.add(new ControlPoint(from.x(), from.y(), 1));
        int inner = random.nextInt(4);
        for (int i = 0; i < inner; i++)
            points.add(new ControlPoint(
                    from.x() + random.nextDouble(-2, 2),
                    from.y() + random.nextDouble(-2, 2),
                    0.1 + random.nextDouble()));
        points.add(new ControlPoint(to.x() + (random.nextInt(10) == 0 ? 1 : 0), to.y(), 1));
        int degree = 1 + random.nextInt(Math.min(3, inner + 1));
        return new Trajectory(degree, List.of(), points);
    }

    private static Action[] actions(Rig rig, SplittableRandom random) {
        var actions = new ArrayList<Action>();
        var types =
                List.of("pick", "drop", "wait", "detectObject", "openCompartment", "startCharging", "waitForTrigger");
        boolean three = rig.address.version() == Version.V3_0;
        for (int i = random.nextInt(3) - 1; i > 0; i--) {
            var blocking = three ? BLOCKING.get(random.nextInt(4)) : BlockingType.HARD;
            Boolean retriable = three ? (Boolean) random.nextBoolean() : null;
            actions.add(rig.action(
                    types.get(random.nextInt(types.size())),
                    blocking,
                    retriable,
                    "seconds",
                    random.nextInt(5),
                    "weight",
                    random.nextInt(20)));
        }
        return actions.toArray(Action[]::new);
    }
}
