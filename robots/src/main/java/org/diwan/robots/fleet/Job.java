package org.diwan.robots.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.vda5050.Action;

/// What is to be done, one stop after another, by one vehicle unless the load is handed over.
///
/// @param id unique; what orders, records and traces name
/// @param priority 0 (whenever) to 9 (before all others)
/// @param notBefore the first stop is not left earlier
/// @param due the last stop should be done by then
/// @param load kilograms that the vehicle must be able to carry
/// @param permissions restricted zones that it may enter
/// @param vehicle only that one, by serial number
public record Job(
        String id,
        List<Stop> stops,
        int priority,
        Optional<Instant> notBefore,
        Optional<Instant> due,
        double load,
        List<String> permissions,
        Optional<String> vehicle) {
    /// Most stops of one job.
    public static final int MAX_STOPS = 64;

    /// A place and what to do there, in this order.
    public record Stop(String place, List<Action> actions) {
        public Stop {
            actions = List.copyOf(actions);
        }
    }

    public Job {
        if (stops.isEmpty() || stops.size() > MAX_STOPS)
            throw new IllegalArgumentException("a job of " + stops.size() + " stops, must be 1 to " + MAX_STOPS);
        if (priority < 0 || priority > 9)
            throw new IllegalArgumentException("priority " + priority + ", must be 0 to 9");
        stops = List.copyOf(stops);
        permissions = List.copyOf(permissions);
    }

    /// The same, with leave to enter these restricted zones.
    public Job withPermissions(List<String> zones) {
        return new Job(id, stops, priority, notBefore, due, load, zones, vehicle);
    }
}
