package org.diwan.robots.fleet;

import java.util.Optional;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Order;

/// Decides about and records each job before a vehicle hears of it, and carries every order out.
/// The fleet's only way to order a vehicle about: what was not cleared is not sent.
///
/// Jobs of others were decided when they came in, so that [#clear] only looks. The fleet's own ([#HOUSE]: to park, to
/// charge, to give way) are covered by a standing permission that each vehicle gets when it is enrolled.
/// Called on the timeline's thread; none of these waits for a disk or another process.
public interface Clearances {
    /// How the ids of the fleet's own jobs begin.
    String HOUSE = "house-";

    /// Between a job's id and a number, where one job takes several orders: `m-17~2`. The first is the id alone.
    String PART = "~";

    /// Whether this vehicle may do the job; empty, or why not.
    Optional<String> clear(Job job, String vehicle);

    /// Sends an order of a job that was cleared for this vehicle; its orderId is the job's id, or that and a part.
    ///
    /// @throws IllegalStateException if it was not cleared
    void send(String job, Order order);

    /// Sends instant actions of a job that was cleared for this vehicle.
    ///
    /// @throws IllegalStateException if it was not cleared
    default void send(String job, InstantActions actions) {
        throw new IllegalStateException("job " + job + " has no instant actions that were cleared");
    }
}
