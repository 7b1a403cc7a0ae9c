package org.diwan.robots.vda5050;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.robots.vda5050.Order.ControlPoint;
import org.diwan.robots.vda5050.Order.Corridor;
import org.diwan.robots.vda5050.Order.Edge;
import org.diwan.robots.vda5050.Order.Ellipse;
import org.diwan.robots.vda5050.Order.Node;
import org.diwan.robots.vda5050.Order.NodePosition;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.jspecify.annotations.Nullable;

/// Orders and instant actions (§7.3, §7.4).
///
/// Before 3.0.0 an edge names its two nodes. The records leave that to the sequence: the names are
/// written from it, and refused on reading where they contradict it.
final class OrderCodec {
    /// So 1.1 names the instant actions, and so does vda-5050-lib 1.4.0 when it speaks 2.0.0.
    private static final String ACTIONS_OF_1_1 = "instantActions";

    private OrderCodec() {}

    static void write(Out out, Order order) {
        out.put("orderId", order.orderId());
        out.put("orderUpdateId", order.orderUpdateId());
        out.put("orderDescription", order.orderDescription());
        out.put("zoneSetId", order.zoneSetId());
        out.list("nodes", order.nodes(), OrderCodec::node);
        var names = names(order.nodes());
        out.list("edges", order.edges(), (o, edge) -> edge(o, edge, names));
    }

    static Order order(In in, Header header) {
        var nodes = in.list("nodes", OrderCodec::node);
        var names = names(nodes);
        return new Order(
                header,
                in.text("orderId"),
                in.count("orderUpdateId"),
                in.optionalText("orderDescription"),
                in.optionalText("zoneSetId"),
                nodes,
                in.list("edges", i -> edge(i, names)));
    }

    static void write(Out out, InstantActions actions) {
        out.list("actions", actions.actions(), OrderCodec::instantAction);
        if (out.version() == Version.V2_0) out.list(ACTIONS_OF_1_1, actions.actions(), OrderCodec::instantAction);
    }

    private static void instantAction(Out o, Action action) {
        if (o.version() == Version.V3_0 && action.blockingType() != Action.BlockingType.NONE)
            throw o.refused("blockingType", "an instant action blocks nothing (§6.2.1)");
        if (o.version() == Version.V3_0 && action.retriable() != null)
            throw o.refused("retriable", "an instant action is not retried");
        if (o.version() == Version.V2_0) o.put("actionName", action.actionType());
        action(o, action);
    }

    static InstantActions instantActions(In in, Header header) {
        boolean old = in.version() == Version.V2_0 && !in.has("actions");
        return new InstantActions(header, in.list(old ? ACTIONS_OF_1_1 : "actions", i -> {
            var action = action(i);
            if (i.version() == Version.V3_0 && action.blockingType() != Action.BlockingType.NONE)
                throw new IllegalArgumentException("blockingType is " + action.blockingType() + ", must be NONE");
            return action;
        }));
    }

    private static Map<Long, String> names(List<Node> nodes) {
        var names = new HashMap<Long, String>();
        for (var node : nodes) names.put(node.sequenceId(), node.nodeId());
        return names;
    }

    private static void node(Out out, Node node) {
        out.put("nodeId", node.nodeId());
        out.put("sequenceId", node.sequenceId());
        out.put("nodeDescriptor", node.nodeDescriptor());
        out.put("released", node.released());
        out.put("nodePosition", node.nodePosition(), OrderCodec::position);
        out.list("actions", node.actions(), OrderCodec::action);
    }

    private static Node node(In in) {
        return new Node(
                in.text("nodeId"),
                in.count("sequenceId"),
                in.optionalText("nodeDescriptor"),
                in.flag("released"),
                in.optionalObject("nodePosition", OrderCodec::position),
                in.list("actions", OrderCodec::action));
    }

    private static void position(Out out, NodePosition position) {
        out.put("x", position.x());
        out.put("y", position.y());
        out.put("theta", position.theta());
        var ellipse = position.allowedDeviationXY();
        if (ellipse != null && out.version() != Version.V3_0) {
            if (ellipse.a() != ellipse.b() || ellipse.theta() != 0)
                throw out.refused("allowedDeviationXY", "only a circle (a = b, theta = 0) can");
            out.put("allowedDeviationXY", ellipse.a());
        } else {
            out.put("allowedDeviationXY", ellipse, (o, e) -> {
                o.put("a", e.a());
                o.put("b", e.b());
                o.put("theta", e.theta());
            });
        }
        out.put("allowedDeviationTheta", position.allowedDeviationTheta());
        out.put("mapId", position.mapId());
    }

    private static NodePosition position(In in) {
        return new NodePosition(
                in.number("x"),
                in.number("y"),
                in.optionalNumber("theta"),
                deviation(in),
                in.optionalNumber("allowedDeviationTheta"),
                in.text("mapId"));
    }

    private static @Nullable Ellipse deviation(In in) {
        if (in.version() == Version.V3_0)
            return in.optionalObject(
                    "allowedDeviationXY", i -> new Ellipse(i.number("a"), i.number("b"), i.number("theta")));
        var radius = in.optionalNumber("allowedDeviationXY");
        return radius == null ? null : new Ellipse(radius, radius, 0);
    }

    private static void edge(Out out, Edge edge, Map<Long, String> names) {
        out.put("edgeId", edge.edgeId());
        out.put("sequenceId", edge.sequenceId());
        out.put("edgeDescriptor", edge.edgeDescriptor());
        out.put("released", edge.released());
        if (out.version() != Version.V3_0) {
            end(out, "startNodeId", names.get(edge.sequenceId() - 1));
            end(out, "endNodeId", names.get(edge.sequenceId() + 1));
        }
        out.put("maximumSpeed", edge.maximumSpeed());
        out.put("maximumMobileRobotHeight", edge.maximumMobileRobotHeight());
        out.put("minimumLoadHandlingDeviceHeight", edge.minimumLoadHandlingDeviceHeight());
        out.put("orientation", edge.orientation());
        out.put("orientationType", edge.orientationType());
        out.put("direction", edge.direction());
        out.put("reachOrientationBeforeEntering", edge.reachOrientationBeforeEntering());
        out.put("rotationAllowed", edge.rotationAllowed());
        out.put("maxRotationSpeed", edge.maxRotationSpeed());
        out.put("trajectory", edge.trajectory(), OrderCodec::trajectory);
        out.put("length", edge.length());
        out.put("corridor", edge.corridor(), OrderCodec::corridor);
        out.list("actions", edge.actions(), OrderCodec::action);
    }

    private static void end(Out out, String name, @Nullable String nodeId) {
        if (nodeId == null) throw out.refused(name, "the order has no node with the sequenceId beside it");
        out.put(name, nodeId);
    }

    private static Edge edge(In in, Map<Long, String> names) {
        var edge = new Edge(
                in.text("edgeId"),
                in.count("sequenceId"),
                in.optionalText("edgeDescriptor"),
                in.flag("released"),
                in.optionalNumber("maximumSpeed"),
                in.optionalNumber("maximumMobileRobotHeight"),
                in.optionalNumber("minimumLoadHandlingDeviceHeight"),
                in.optionalNumber("orientation"),
                in.optionalChoice("orientationType", Order.OrientationType.class),
                in.optionalText("direction"),
                in.optionalFlag("reachOrientationBeforeEntering"),
                in.optionalFlag("rotationAllowed"),
                in.optionalNumber("maxRotationSpeed"),
                in.optionalObject("trajectory", OrderCodec::trajectory),
                in.optionalNumber("length"),
                in.optionalObject("corridor", OrderCodec::corridor),
                in.list("actions", OrderCodec::action));
        if (in.version() != Version.V3_0) {
            agree("startNodeId", in.text("startNodeId"), names.get(edge.sequenceId() - 1));
            agree("endNodeId", in.text("endNodeId"), names.get(edge.sequenceId() + 1));
        }
        return edge;
    }

    private static void agree(String name, String nodeId, @Nullable String bySequence) {
        if (bySequence != null && !nodeId.equals(bySequence))
            throw new IllegalArgumentException(name + " is not the node that the sequenceId says");
    }

    /// Only 3.0.0 lets knots go without saying.
    static void trajectory(Out out, Trajectory trajectory) {
        trajectory.fault().ifPresent(why -> {
            throw out.refused(why);
        });
        out.put("degree", trajectory.degree());
        if (out.version() != Version.V3_0 || !trajectory.knotVector().isEmpty())
            out.numbers("knotVector", trajectory.knots());
        out.list("controlPoints", trajectory.controlPoints(), (o, point) -> {
            o.put("x", point.x());
            o.put("y", point.y());
            o.put("weight", point.weight());
        });
    }

    /// Degree and weights are 1 where 3.0.0 leaves them out (§7.3).
    static Trajectory trajectory(In in) {
        return new Trajectory(
                in.has("degree") ? in.count("degree") : 1,
                in.optionalNumbers("knotVector"),
                in.list(
                        "controlPoints",
                        i -> new ControlPoint(i.number("x"), i.number("y"), i.has("weight") ? i.number("weight") : 1)));
    }

    private static void corridor(Out out, Corridor corridor) {
        out.put("leftWidth", corridor.leftWidth());
        out.put("rightWidth", corridor.rightWidth());
        out.put("corridorReferencePoint", corridor.corridorReferencePoint());
        out.put("releaseRequired", corridor.releaseRequired());
        out.put("releaseLossBehavior", corridor.releaseLossBehavior());
    }

    private static Corridor corridor(In in) {
        return new Corridor(
                in.number("leftWidth"),
                in.number("rightWidth"),
                in.optionalChoice("corridorReferencePoint", Corridor.ReferencePoint.class),
                in.optionalFlag("releaseRequired"),
                in.optionalChoice("releaseLossBehavior", Corridor.ReleaseLossBehavior.class));
    }

    private static void action(Out out, Action action) {
        out.put("actionType", action.actionType());
        out.put("actionId", action.actionId());
        out.put("actionDescriptor", action.actionDescriptor());
        out.put("blockingType", action.blockingType());
        out.optionalList("actionParameters", action.actionParameters(), OrderCodec::parameter);
        out.put("retriable", action.retriable());
    }

    private static Action action(In in) {
        boolean named = in.version() == Version.V2_0 && !in.has("actionType") && in.has("actionName");
        return new Action(
                in.text(named ? "actionName" : "actionType"),
                in.text("actionId"),
                in.optionalText("actionDescriptor"),
                in.choice("blockingType", Action.BlockingType.class),
                in.optionalList("actionParameters", OrderCodec::parameter),
                in.optionalFlag("retriable"));
    }

    static void parameter(Out out, Action.Parameter parameter) {
        out.put("key", parameter.key());
        if (out.version() == Version.V2_0 && parameter.value().isObject())
            throw out.refused("value", "it takes no objects, but arrays, texts, numbers and truth values");
        out.put("value", parameter.value());
    }

    static Action.Parameter parameter(In in) {
        return new Action.Parameter(in.text("key"), in.value("value"));
    }
}
