package org.diwan.robots.fleet;

import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.State;

/// Finds in a state's errors why an order was not taken (§6.1.4, table 9).
final class Rejections {
    private static final Set<String> TYPES = Set.of(
            "VALIDATION_FAILURE",
            "UNSUPPORTED_PARAMETER",
            "INVALID_ORDER_ACTION",
            "OUTDATED_ORDER_UPDATE",
            "SAME_ORDER_UPDATE_ID",
            "OTHER_ORDER_ACTIVE",
            "START_NODE_OUT_OF_RANGE",
            "NO_ROUTE_TO_TARGET",
            "MOBILE_ROBOT_NOT_AVAILABLE",
            "UNKNOWN_MAP_ID",
            "ORDER_UPDATE_FOLLOWING_CANCEL",
            "INSUFFICIENT_MEMORY");

    /// Of an old copy of a message, or of one that will pass: nothing is to be done.
    private static final Set<String> HARMLESS =
            Set.of("OUTDATED_ORDER_UPDATE", "SAME_ORDER_UPDATE_ID", "MOBILE_ROBOT_NOT_AVAILABLE");

    /// Of an adapter that stands before the vehicle.
    private static final String NO_CLEARANCE = "NO_CLEARANCE";

    private static final int UNCLEARED_SENDS = 3;

    private Rejections() {}

    /// Whether it is about an order that was not taken. Before 3.0.0 the types are the makers' own, and what
    /// names an order and is no more than a warning is one.
    static boolean isRejection(State.Fault error) {
        return TYPES.contains(error.errorType())
                || (error.errorLevel() == State.ErrorLevel.WARNING
                        && reference(error, "orderId").isPresent());
    }

    /// Why exactly the update under way was refused, if it was and that matters.
    static Optional<String> of(State state, OrderBook book) {
        return state.errors().stream()
                .filter(error -> isOf(error, book) || isUncleared(error, book))
                .map(State.Fault::errorType)
                .findFirst();
    }

    private static boolean isOf(State.Fault error, OrderBook book) {
        return isRejection(error)
                && !HARMLESS.contains(error.errorType())
                && reference(error, "orderId").filter(book.id()::equals).isPresent()
                && reference(error, "orderUpdateId")
                        .map(Long.toString(book.updateId())::equals)
                        .orElse(true);
    }

    /// A vehicle's adapter refuses what no warrant covers. The warrant travels beside the order and may be
    /// late, so the first such answers are not the last word.
    private static boolean isUncleared(State.Fault error, OrderBook book) {
        return error.errorType().equals(NO_CLEARANCE)
                && book.sends() > UNCLEARED_SENDS
                && reference(error, "headerId")
                        .filter(id -> id.matches("[0-9]{1,10}") && book.hasHeader(Long.parseLong(id)))
                        .isPresent();
    }

    private static Optional<String> reference(State.Fault error, String key) {
        return error.errorReferences().stream()
                .filter(reference -> reference.referenceKey().equals(key))
                .map(State.Reference::referenceValue)
                .findFirst();
    }
}
