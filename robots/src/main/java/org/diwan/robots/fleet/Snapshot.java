package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.State;

/// All that a fleet manager knows at one instant, for another one that goes on from there with copies of the vehicles.
///
/// Not in it: which jobs meet ([Handover]).
///
/// @param tasks jobs that are not over, oldest first
/// @param closed zones and floors that were stopped
public record Snapshot(Instant at, List<Vehicle> vehicles, List<Task> tasks, Set<String> closed) {
    /// One vehicle.
    ///
    /// @param ready whether it can be ordered about
    /// @param place where it was last reported, or the next that it was told to go to, if it is nearer to that;
    ///     empty if the fleet does not know where it is. No two vehicles have the same
    /// @param towards where it was told to go on the fleet's own account; empty if it has a job, or stands
    /// @param state the last that was taken; empty if it was never heard of
    /// @param factsheet the last that came; empty if none did
    public record Vehicle(
            Address address,
            Condition condition,
            boolean ready,
            Optional<String> place,
            Optional<String> towards,
            Optional<State> state,
            Optional<Factsheet> factsheet) {}

    /// A job and how far it is.
    ///
    /// @param job without those actions of its next stop that have ended
    /// @param vehicle that is at it; empty: it waits
    /// @param stop the next, from 0; those before are done
    /// @param refusedBy vehicles that would not take it
    public record Task(Job job, Instant submitted, Optional<String> vehicle, int stop, Set<String> refusedBy) {
        public Task {
            refusedBy = Set.copyOf(refusedBy);
        }
    }

    public Snapshot {
        vehicles = List.copyOf(vehicles);
        tasks = List.copyOf(tasks);
        closed = Set.copyOf(closed);
    }
}
