package org.diwan.robots.vda5050;

import java.util.Optional;

/// What one vehicle can do and where it is: all that the rules of orders need to know of it.
public interface Abilities {
    /// Whether it stands on `node`, or within its allowed deviation (§6.1.1).
    boolean isOn(Order.Node node);

    /// Whether it can drive along `edge` from a node to the next.
    boolean reaches(Order.Node from, Order.Edge edge, Order.Node to);

    /// Whether it has a map of that name.
    boolean knows(String mapId);

    /// The path of an optional member that it cannot use, if there is one (§7.1.1).
    Optional<String> unsupported(Order order);

    /// Whether it can do `action` on a node or an edge, with its arguments.
    boolean can(Action action);

    /// Whether a running action of that type may be paused (the factsheet's `pauseAllowed`).
    boolean pauses(String actionType);

    /// Whether a running action of that type may be cancelled (`cancelAllowed`).
    boolean cancels(String actionType);

    /// Whether an action of that type is `INITIALIZING` before it runs (table 12); its world then calls
    /// [Vehicle#run].
    default boolean prepares(String actionType) {
        return false;
    }
}
