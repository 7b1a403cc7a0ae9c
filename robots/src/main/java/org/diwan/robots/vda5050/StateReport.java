package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.EdgeState;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Info;
import org.diwan.robots.vda5050.State.Load;
import org.diwan.robots.vda5050.State.MapEntry;
import org.diwan.robots.vda5050.State.NodeState;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.State.Pose;
import org.diwan.robots.vda5050.State.Position;
import org.diwan.robots.vda5050.State.PowerSupply;
import org.diwan.robots.vda5050.State.SafetyState;
import org.diwan.robots.vda5050.State.Velocity;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.State.ZoneSetEntry;
import org.jspecify.annotations.Nullable;

/// Puts a vehicle's state together as its version can say it (§6.6, §7.8).
///
/// What 2.x has no word for is said with the nearest one: an action that is `PAUSED` is running, an error
/// that is `URGENT` or `CRITICAL` is a warning, a vehicle in `STARTUP` is in service, one that is `INTERVENED`
/// is driven by hand; all actions stand in `actionStates`.
public record StateReport(Version version) {
    /// What a vehicle knows of itself beside its order.
    ///
    /// @param lastNodeId empty if it stands on no node that it knows
    /// @param distanceSinceLastNode metres driven since it passed that; null if it passed none
    /// @param driving whether it moves
    /// @param maps from 2.1.0 on
    /// @param zoneSets from 3.0.0 on, as `zoneRequests`
    public record Body(
            String lastNodeId,
            @Nullable Double distanceSinceLastNode,
            boolean driving,
            boolean newBaseRequest,
            Position position,
            Velocity velocity,
            List<Load> loads,
            PowerSupply powerSupply,
            SafetyState safetyState,
            List<Fault> errors,
            List<Info> information,
            List<MapEntry> maps,
            List<ZoneSetEntry> zoneSets,
            List<ZoneRequest> zoneRequests) {}

    /// The state of `vehicle` with what else there is to it.
    public State of(Header header, Vehicle vehicle, Body body) {
        boolean three = version == Version.V3_0;
        var order = vehicle.order();
        var actions = new ArrayList<>(vehicle.actionStates());
        if (!three) actions.addAll(vehicle.instantActionStates());
        return new State(
                header,
                version == Version.V2_0 ? List.of() : body.maps(),
                three ? body.zoneSets() : List.of(),
                order.map(Order::orderId).orElse(""),
                order.map(Order::orderUpdateId).orElse(0L),
                null,
                body.lastNodeId(),
                body.lastNodeId().isEmpty()
                        ? 0
                        : vehicle.lastNode().map(Order.Node::sequenceId).orElse(0L),
                vehicle.nodes().stream().map(this::node).toList(),
                vehicle.edges().stream()
                        .map(edge -> new EdgeState(
                                edge.edgeId(),
                                edge.sequenceId(),
                                edge.edgeDescriptor(),
                                edge.released(),
                                edge.trajectory()))
                        .toList(),
                null,
                null,
                body.position(),
                body.velocity(),
                body.loads(),
                body.driving(),
                vehicle.isPaused(),
                body.newBaseRequest(),
                three ? body.zoneRequests() : List.of(),
                List.of(),
                body.distanceSinceLastNode(),
                three ? actions : actions.stream().map(StateReport::older).toList(),
                three ? vehicle.instantActionStates() : List.of(),
                three ? vehicle.zoneActionStates() : List.of(),
                body.powerSupply(),
                mode(vehicle.mode()),
                three
                        ? body.errors()
                        : body.errors().stream().map(StateReport::older).toList(),
                body.information(),
                body.safetyState());
    }

    /// 2.0.0 requires the angle of a position: it is left out where the order has none.
    private NodeState node(Order.Node node) {
        var at = node.nodePosition();
        boolean said = at != null && (version != Version.V2_0 || at.theta() != null);
        return new NodeState(
                node.nodeId(),
                node.sequenceId(),
                node.nodeDescriptor(),
                node.released(),
                at != null && said ? new Pose(at.x(), at.y(), at.theta(), at.mapId()) : null);
    }

    private static ActionState older(ActionState state) {
        var status =
                switch (state.actionStatus()) {
                    case PAUSED, RETRIABLE -> ActionStatus.RUNNING;
                    case WAITING, INITIALIZING, RUNNING, FINISHED, FAILED -> state.actionStatus();
                };
        return new ActionState(
                state.actionId(), state.actionType(), state.actionDescriptor(), status, state.actionResult());
    }

    private static Fault older(Fault fault) {
        return new Fault(
                fault.errorType(),
                fault.errorReferences(),
                fault.errorDescription(),
                List.of(),
                null,
                List.of(),
                fault.errorLevel() == ErrorLevel.FATAL ? ErrorLevel.FATAL : ErrorLevel.WARNING);
    }

    private OperatingMode mode(OperatingMode mode) {
        if (version == Version.V3_0) return mode;
        return switch (mode) {
            case STARTUP -> OperatingMode.SERVICE;
            case INTERVENED -> OperatingMode.MANUAL;
            case AUTOMATIC, SEMIAUTOMATIC, MANUAL, SERVICE, TEACH_IN -> mode;
        };
    }
}
