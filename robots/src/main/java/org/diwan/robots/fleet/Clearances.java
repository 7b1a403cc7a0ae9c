package org.diwan.robots.fleet;

import java.util.Optional;
import org.diwan.robots.vda5050.Order;

/// Decides about and records each job before a vehicle hears of it, and carries every message out.
/// The fleet's only way to a vehicle: what was not cleared is not sent.
public interface Clearances {
    /// Decides and records; empty, or why not.
    Optional<String> clear(Job job, String vehicle);

    /// Sends an order of a job that was cleared for this vehicle.
    ///
    /// @throws IllegalStateException if it was not
    void send(String job, Order order);
}
