package org.diwan.robots.vda5050;

import java.util.List;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.EdgeRequest;
import org.diwan.robots.vda5050.State.EdgeState;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Info;
import org.diwan.robots.vda5050.State.IntermediatePath;
import org.diwan.robots.vda5050.State.Load;
import org.diwan.robots.vda5050.State.MapEntry;
import org.diwan.robots.vda5050.State.NodeState;
import org.diwan.robots.vda5050.State.PlannedPath;
import org.diwan.robots.vda5050.State.Position;
import org.diwan.robots.vda5050.State.PowerSupply;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.State.Translation;
import org.diwan.robots.vda5050.State.Velocity;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.State.ZoneSetEntry;
import org.jspecify.annotations.Nullable;

/// What vehicles say of themselves: state (§7.8) and visualization (§7.9).
final class StateCodec {
    private StateCodec() {}

    static void write(Out out, State state) {
        out.optionalList("maps", state.maps(), StateCodec::map);
        out.optionalList("zoneSets", state.zoneSets(), StateCodec::zoneSet);
        out.put("orderId", state.orderId());
        out.put("orderUpdateId", state.orderUpdateId());
        out.put("zoneSetId", state.zoneSetId());
        out.put("lastNodeId", state.lastNodeId());
        out.put("lastNodeSequenceId", state.lastNodeSequenceId());
        out.list("nodeStates", state.nodeStates(), StateCodec::node);
        out.list("edgeStates", state.edgeStates(), StateCodec::edge);
        out.put("plannedPath", state.plannedPath(), StateCodec::plannedPath);
        out.put("intermediatePath", state.intermediatePath(), StateCodec::intermediatePath);
        out.put("mobileRobotPosition", state.mobileRobotPosition(), StateCodec::position);
        out.put("velocity", state.velocity(), StateCodec::velocity);
        var loads = state.loads();
        if (loads != null) out.list("loads", loads, StateCodec::load);
        out.put("driving", state.driving());
        out.put("paused", state.paused());
        out.put("newBaseRequest", state.newBaseRequest());
        out.optionalList("zoneRequests", state.zoneRequests(), StateCodec::zoneRequest);
        out.optionalList("edgeRequests", state.edgeRequests(), StateCodec::edgeRequest);
        out.put("distanceSinceLastNode", state.distanceSinceLastNode());
        out.list("actionStates", state.actionStates(), StateCodec::action);
        out.list("instantActionStates", state.instantActionStates(), StateCodec::action);
        out.optionalList("zoneActionStates", state.zoneActionStates(), StateCodec::action);
        out.put("powerSupply", state.powerSupply(), StateCodec::powerSupply);
        out.put("operatingMode", state.operatingMode());
        out.list("errors", state.errors(), StateCodec::fault);
        out.optionalList("information", state.information(), StateCodec::info);
        out.put("safetyState", state.safetyState(), (o, safety) -> {
            o.put("activeEmergencyStop", safety.activeEmergencyStop());
            o.put("fieldViolation", safety.fieldViolation());
        });
    }

    static State state(In in, Header header) {
        return new State(
                header,
                in.optionalList("maps", StateCodec::map),
                in.optionalList("zoneSets", StateCodec::zoneSet),
                in.text("orderId"),
                in.count("orderUpdateId"),
                in.optionalText("zoneSetId"),
                in.text("lastNodeId"),
                in.count("lastNodeSequenceId"),
                in.list("nodeStates", StateCodec::node),
                in.list("edgeStates", StateCodec::edge),
                in.optionalObject("plannedPath", StateCodec::plannedPath),
                in.optionalObject("intermediatePath", StateCodec::intermediatePath),
                in.optionalObject("mobileRobotPosition", StateCodec::position),
                in.optionalObject("velocity", StateCodec::velocity),
                in.has("loads") ? in.list("loads", StateCodec::load) : null,
                in.flag("driving"),
                in.optionalFlag("paused"),
                in.optionalFlag("newBaseRequest"),
                in.optionalList("zoneRequests", StateCodec::zoneRequest),
                in.optionalList("edgeRequests", StateCodec::edgeRequest),
                in.optionalNumber("distanceSinceLastNode"),
                in.list("actionStates", StateCodec::action),
                in.list("instantActionStates", StateCodec::action),
                in.optionalList("zoneActionStates", StateCodec::action),
                in.object("powerSupply", StateCodec::powerSupply),
                in.choice("operatingMode", State.OperatingMode.class),
                in.list("errors", StateCodec::fault),
                in.optionalList("information", StateCodec::info),
                in.object(
                        "safetyState",
                        i -> new State.SafetyState(
                                i.choice("activeEmergencyStop", State.EmergencyStop.class), i.flag("fieldViolation"))));
    }

    static void write(Out out, Visualization visualization) {
        out.put("referenceStateHeaderId", visualization.referenceStateHeaderId());
        out.put("plannedPath", visualization.plannedPath(), StateCodec::plannedPath);
        out.put("intermediatePath", visualization.intermediatePath(), StateCodec::intermediatePath);
        out.put("mobileRobotPosition", visualization.mobileRobotPosition(), StateCodec::position);
        out.put("velocity", visualization.velocity(), StateCodec::velocity);
    }

    static Visualization visualization(In in, Header header) {
        return new Visualization(
                header,
                in.optionalCount("referenceStateHeaderId"),
                in.optionalObject("plannedPath", StateCodec::plannedPath),
                in.optionalObject("intermediatePath", StateCodec::intermediatePath),
                in.optionalObject("mobileRobotPosition", StateCodec::position),
                in.optionalObject("velocity", StateCodec::velocity));
    }

    private static void map(Out out, MapEntry map) {
        out.put("mapId", map.mapId());
        out.put("mapVersion", map.mapVersion());
        out.put("mapDescriptor", map.mapDescriptor());
        out.put("mapStatus", map.mapStatus());
    }

    private static MapEntry map(In in) {
        return new MapEntry(
                in.text("mapId"),
                in.text("mapVersion"),
                in.optionalText("mapDescriptor"),
                in.choice("mapStatus", State.Use.class));
    }

    private static void zoneSet(Out out, ZoneSetEntry set) {
        out.put("zoneSetId", set.zoneSetId());
        out.put("mapId", set.mapId());
        out.put("zoneSetStatus", set.zoneSetStatus());
    }

    private static ZoneSetEntry zoneSet(In in) {
        return new ZoneSetEntry(in.text("zoneSetId"), in.text("mapId"), in.choice("zoneSetStatus", State.Use.class));
    }

    private static void node(Out out, NodeState node) {
        out.put("nodeId", node.nodeId());
        out.put("sequenceId", node.sequenceId());
        out.put("nodeDescriptor", node.nodeDescriptor());
        out.put("released", node.released());
        out.put("nodePosition", node.nodePosition(), (o, pose) -> {
            if (o.version() == Version.V2_0 && pose.theta() == null)
                throw o.refused("theta", "it requires this member");
            o.put("x", pose.x());
            o.put("y", pose.y());
            o.put("theta", pose.theta());
            o.put("mapId", pose.mapId());
        });
    }

    private static NodeState node(In in) {
        return new NodeState(
                in.text("nodeId"),
                in.count("sequenceId"),
                in.optionalText("nodeDescriptor"),
                in.flag("released"),
                in.optionalObject(
                        "nodePosition",
                        i -> new State.Pose(
                                i.number("x"),
                                i.number("y"),
                                i.optionalNumber("theta"), // 2.0.0 requires it; vda-5050-lib 1.4.0 lets it off
                                i.text("mapId"))));
    }

    private static void edge(Out out, EdgeState edge) {
        out.put("edgeId", edge.edgeId());
        out.put("sequenceId", edge.sequenceId());
        out.put("edgeDescriptor", edge.edgeDescriptor());
        out.put("released", edge.released());
        out.put("trajectory", edge.trajectory(), OrderCodec::trajectory);
    }

    private static EdgeState edge(In in) {
        return new EdgeState(
                in.text("edgeId"),
                in.count("sequenceId"),
                in.optionalText("edgeDescriptor"),
                in.flag("released"),
                in.optionalObject("trajectory", OrderCodec::trajectory));
    }

    private static void plannedPath(Out out, PlannedPath path) {
        out.put("trajectory", path.trajectory(), OrderCodec::trajectory);
        out.optionalTexts("traversedNodes", path.traversedNodes());
    }

    private static PlannedPath plannedPath(In in) {
        return new PlannedPath(in.object("trajectory", OrderCodec::trajectory), in.optionalTexts("traversedNodes"));
    }

    private static void intermediatePath(Out out, IntermediatePath path) {
        out.list("polyline", path.polyline(), (o, point) -> {
            o.put("x", point.x());
            o.put("y", point.y());
            o.put("theta", point.theta());
            o.put("eta", point.eta());
        });
    }

    private static IntermediatePath intermediatePath(In in) {
        return new IntermediatePath(in.list(
                "polyline",
                i -> new State.Waypoint(i.number("x"), i.number("y"), i.optionalNumber("theta"), i.time("eta"))));
    }

    private static void position(Out out, Position position) {
        out.put("x", position.x());
        out.put("y", position.y());
        out.put("theta", position.theta());
        out.put("mapId", position.mapId());
        out.put("localized", position.localized());
        out.put("localizationScore", position.localizationScore());
        out.put("deviationRange", position.deviationRange());
    }

    private static Position position(In in) {
        return new Position(
                in.number("x"),
                in.number("y"),
                in.number("theta"),
                in.text("mapId"),
                in.flag("localized"),
                in.optionalNumber("localizationScore"),
                in.optionalNumber("deviationRange"));
    }

    private static void velocity(Out out, Velocity velocity) {
        out.put("vx", velocity.vx());
        out.put("vy", velocity.vy());
        out.put("omega", velocity.omega());
    }

    private static Velocity velocity(In in) {
        return new Velocity(in.optionalNumber("vx"), in.optionalNumber("vy"), in.optionalNumber("omega"));
    }

    private static void load(Out out, Load load) {
        out.put("loadId", load.loadId());
        out.put("loadType", load.loadType());
        out.put("loadPosition", load.loadPosition());
        out.put("boundingBoxReference", load.boundingBoxReference(), StateCodec::box);
        out.put("loadDimensions", load.loadDimensions(), StateCodec::dimensions);
        out.put("weight", load.weight());
    }

    private static Load load(In in) {
        return new Load(
                in.optionalText("loadId"),
                in.optionalText("loadType"),
                in.optionalText("loadPosition"),
                in.optionalObject("boundingBoxReference", StateCodec::box),
                in.optionalObject("loadDimensions", StateCodec::dimensions),
                in.optionalNumber("weight"));
    }

    static void box(Out out, State.BoundingBoxReference box) {
        out.put("x", box.x());
        out.put("y", box.y());
        out.put("z", box.z());
        out.put("theta", box.theta());
    }

    static State.BoundingBoxReference box(In in) {
        return new State.BoundingBoxReference(
                in.number("x"), in.number("y"), in.number("z"), in.optionalNumber("theta"));
    }

    static void dimensions(Out out, State.LoadDimensions dimensions) {
        out.put("length", dimensions.length());
        out.put("width", dimensions.width());
        out.put("height", dimensions.height());
    }

    static State.LoadDimensions dimensions(In in) {
        return new State.LoadDimensions(in.number("length"), in.number("width"), in.optionalNumber("height"));
    }

    private static void zoneRequest(Out out, ZoneRequest request) {
        out.put("requestId", request.requestId());
        out.put("requestType", request.requestType());
        out.put("zoneId", request.zoneId());
        out.put("zoneSetId", request.zoneSetId());
        out.put("requestStatus", request.requestStatus());
        out.put("trajectory", request.trajectory(), OrderCodec::trajectory);
    }

    private static ZoneRequest zoneRequest(In in) {
        return new ZoneRequest(
                in.text("requestId"),
                in.choice("requestType", State.ZoneRequestType.class),
                in.text("zoneId"),
                in.text("zoneSetId"),
                in.choice("requestStatus", State.RequestStatus.class),
                in.optionalObject("trajectory", OrderCodec::trajectory));
    }

    private static void edgeRequest(Out out, EdgeRequest request) {
        out.put("requestId", request.requestId());
        out.put("requestType", request.requestType());
        out.put("edgeId", request.edgeId());
        out.put("sequenceId", request.sequenceId());
        out.put("requestStatus", request.requestStatus());
    }

    private static EdgeRequest edgeRequest(In in) {
        return new EdgeRequest(
                in.text("requestId"),
                in.choice("requestType", State.EdgeRequestType.class),
                in.text("edgeId"),
                in.count("sequenceId"),
                in.choice("requestStatus", State.RequestStatus.class));
    }

    private static void action(Out out, ActionState action) {
        out.put("actionId", action.actionId());
        out.put("actionType", action.actionType());
        out.put("actionDescriptor", action.actionDescriptor());
        out.put("actionStatus", action.actionStatus());
        out.put("actionResult", action.actionResult());
    }

    private static ActionState action(In in) {
        return new ActionState(
                in.text("actionId"),
                in.optionalText("actionType"),
                in.optionalText("actionDescriptor"),
                in.choice("actionStatus", State.ActionStatus.class),
                in.optionalText("actionResult"));
    }

    private static void powerSupply(Out out, PowerSupply power) {
        out.put("stateOfCharge", power.stateOfCharge());
        out.put("batteryVoltage", power.batteryVoltage());
        out.put("batteryCurrent", power.batteryCurrent());
        out.put("batteryHealth", whole(out, power.batteryHealth()));
        out.put("charging", power.charging());
        out.put("range", whole(out, power.range()));
    }

    /// Percent and metres are integers in 2.0.0: rounded.
    private static @Nullable Double whole(Out out, @Nullable Double value) {
        return value == null || out.version() != Version.V2_0 ? value : (Double) Math.rint(value);
    }

    private static PowerSupply powerSupply(In in) {
        return new PowerSupply(
                in.number("stateOfCharge"),
                in.optionalNumber("batteryVoltage"),
                in.optionalNumber("batteryCurrent"),
                in.optionalNumber("batteryHealth"),
                in.flag("charging"),
                in.optionalNumber("range"));
    }

    private static void fault(Out out, Fault fault) {
        out.put("errorType", fault.errorType());
        out.optionalList("errorReferences", fault.errorReferences(), StateCodec::reference);
        out.put("errorDescription", fault.errorDescription());
        translations(out, "errorDescriptionTranslations", fault.errorDescriptionTranslations());
        out.put("errorHint", fault.errorHint());
        translations(out, "errorHintTranslations", fault.errorHintTranslations());
        out.put("errorLevel", fault.errorLevel());
    }

    private static Fault fault(In in) {
        return new Fault(
                in.text("errorType"),
                in.optionalList("errorReferences", StateCodec::reference),
                in.optionalText("errorDescription"),
                in.optionalList("errorDescriptionTranslations", StateCodec::translation),
                in.optionalText("errorHint"),
                in.optionalList("errorHintTranslations", StateCodec::translation),
                in.choice("errorLevel", State.ErrorLevel.class));
    }

    private static void reference(Out out, Reference reference) {
        out.put("referenceKey", reference.referenceKey());
        out.put("referenceValue", reference.referenceValue());
    }

    private static Reference reference(In in) {
        return new Reference(in.text("referenceKey"), in.text("referenceValue"));
    }

    private static void translations(Out out, String name, List<Translation> translations) {
        out.optionalList(name, translations, (o, translation) -> {
            o.put("translationKey", translation.translationKey());
            o.put("translationValue", translation.translationValue());
        });
    }

    private static Translation translation(In in) {
        return new Translation(in.text("translationKey"), in.text("translationValue"));
    }

    private static void info(Out out, Info info) {
        out.put("infoType", info.infoType());
        out.optionalList("infoReferences", info.infoReferences(), StateCodec::reference);
        out.put("infoDescriptor", info.infoDescriptor());
        out.put("infoLevel", info.infoLevel());
    }

    private static Info info(In in) {
        return new Info(
                in.text("infoType"),
                in.optionalList("infoReferences", StateCodec::reference),
                in.optionalText("infoDescriptor"),
                in.choice("infoLevel", State.InfoLevel.class));
    }
}
