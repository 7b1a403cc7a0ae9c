package org.diwan.robots.fleet;

import java.util.EnumMap;
import java.util.Map;

/// What vehicles sent and was not taken, by name and counted. A refused message changes nothing else, so that
/// one vehicle that raves holds up nobody but itself.
final class Refusals {
    /// Why a message, or an entry of it, was not taken.
    enum Reason {
        /// Not JSON, a member missing, mistyped or out of range, NaN, too long
        /// ([org.diwan.robots.vda5050.Codec]).
        MALFORMED,
        WRONG_VERSION,
        WRONG_VEHICLE,
        /// Late, doubled, or the number before the last one again.
        STALE,
        FROM_FUTURE,
        /// Numbers are missing before it; the message itself is taken.
        GAP,
        /// Names a node that no map has.
        UNKNOWN_NODE,
        /// The position's map is not that of the last node or the next.
        WRONG_MAP,
        /// Farther than [Progress#MAX_OFF_ROUTE] from where its nodes say it is.
        OFF_ROUTE,
        /// Of the order in hand an update that was never sent, or a node at another place in it.
        UNKNOWN_UPDATE,
        /// Past a node that was not released.
        BEYOND_BASE,
        /// Before a node that it had passed.
        BACKWARDS,
        /// On a place that is somebody else's; the vehicle is not placed until it is free.
        OCCUPIED,
        /// The entry of an action that is not in the order; the rest of the state is taken.
        UNKNOWN_ACTION
    }

    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

    void count(Reason reason, long times) {
        counts.merge(reason, times, Long::sum);
    }

    /// By name; what never happened is absent.
    Map<Reason, Long> counts() {
        return new EnumMap<>(counts);
    }
}
