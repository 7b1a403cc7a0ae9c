package org.diwan.robots.vda5050;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.Reference;

/// Why a vehicle does not take an order: the ten cases of §6.1.4, an update to a cancelled order
/// (§6.1.3.1), and one that is too long (§7.1.2). The error types are those of table 9.
public sealed interface Rejection {
    /// Not an order by §6.1.1, or an update that does not continue the order at its decision point.
    record Malformed(String why) implements Rejection {}

    /// Carries an optional member that this vehicle cannot use, by its path.
    record UnsupportedParameter(String parameter) implements Rejection {}

    /// Asks for an action that this vehicle cannot do.
    record InvalidAction(String actionId) implements Rejection {}

    /// Older than what the vehicle has.
    record OutdatedUpdate(long current) implements Rejection {}

    /// As old as what the vehicle has, but different.
    record SameUpdate() implements Rejection {}

    /// The vehicle is not done with another one.
    record OtherActive(String orderId) implements Rejection {}

    /// The vehicle is not on the first node.
    record StartOutOfRange(String nodeId) implements Rejection {}

    /// A node that cannot be reached.
    record NoRoute(String nodeId) implements Rejection {}

    /// Fleet control may not order in this mode.
    record NotAvailable(State.OperatingMode mode) implements Rejection {}

    /// A node is on a map that the vehicle does not have.
    record UnknownMap(String mapId) implements Rejection {}

    /// The order was cancelled; only a new one can follow.
    record AfterCancel() implements Rejection {}

    /// More nodes than the vehicle can hold (§7.1.2).
    record TooLong(int nodes, int limit) implements Rejection {}

    /// `errorType` as in table 9.
    default String errorType() {
        return switch (this) {
            case Malformed _ -> "VALIDATION_FAILURE";
            case UnsupportedParameter _ -> "UNSUPPORTED_PARAMETER";
            case InvalidAction _ -> "INVALID_ORDER_ACTION";
            case OutdatedUpdate _ -> "OUTDATED_ORDER_UPDATE";
            case SameUpdate _ -> "SAME_ORDER_UPDATE_ID";
            case OtherActive _ -> "OTHER_ORDER_ACTIVE";
            case StartOutOfRange _ -> "START_NODE_OUT_OF_RANGE";
            case NoRoute _ -> "NO_ROUTE_TO_TARGET";
            case NotAvailable _ -> "MOBILE_ROBOT_NOT_AVAILABLE";
            case UnknownMap _ -> "UNKNOWN_MAP_ID";
            case AfterCancel _ -> "ORDER_UPDATE_FOLLOWING_CANCEL";
            case TooLong _ -> "INSUFFICIENT_MEMORY";
        };
    }

    /// The entry in the state's `errors` that tells fleet control.
    default Fault fault(Order order) {
        var level =
                switch (this) {
                    case UnsupportedParameter _ -> ErrorLevel.CRITICAL;
                    case TooLong _ -> ErrorLevel.URGENT;
                    default -> ErrorLevel.WARNING;
                };
        var references = new ArrayList<>(List.of(
                new Reference("orderId", order.orderId()),
                new Reference("orderUpdateId", Long.toString(order.orderUpdateId()))));
        switch (this) {
            case UnsupportedParameter it -> references.add(new Reference("parameter", it.parameter()));
            case InvalidAction it -> references.add(new Reference("actionId", it.actionId()));
            case StartOutOfRange it -> references.add(new Reference("nodeId", it.nodeId()));
            case NoRoute it -> references.add(new Reference("nodeId", it.nodeId()));
            case UnknownMap it -> references.add(new Reference("mapId", it.mapId()));
            case Malformed _,
                    OutdatedUpdate _,
                    SameUpdate _,
                    OtherActive _,
                    NotAvailable _,
                    AfterCancel _,
                    TooLong _ -> {}
        }
        return new Fault(errorType(), references, toString(), List.of(), null, List.of(), level);
    }
}
