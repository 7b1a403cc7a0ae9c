package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Action;

/// One robot alone in the building that does a job stop by stop: where it was, and where things are afterwards.
/// Things are wherever a job takes them up.
final class Errand {
    private final Routes routes;
    private final Asker asker;
    private Optional<String> at;
    private final List<String> visits = new ArrayList<>();
    private final Map<String, Action> carried = new HashMap<>();
    private final Map<String, Map<String, Integer>> delivered = new TreeMap<>();
    private int waitedMinutes;

    Errand(Premises premises, Asker asker) {
        routes = new Routes(premises.map());
        this.asker = asker;
        at = premises.home();
    }

    /// Does `job`; empty, or what went wrong.
    Optional<String> drive(Job job) {
        for (var stop : job.stops()) {
            if (routes.isForbidden(stop.place(), asker)) return Optional.of("entered " + stop.place());
            if (at.isPresent() && routes.seconds(at.get(), stop.place(), asker).isEmpty())
                return Optional.of("no way to " + stop.place());
            at = Optional.of(stop.place());
            visits.add(stop.place());
            for (var action : stop.actions()) {
                var fault = act(action, stop.place());
                if (fault.isPresent()) return fault;
            }
        }
        return carried.isEmpty() ? Optional.empty() : Optional.of("still carries " + carried.keySet());
    }

    private Optional<String> act(Action action, String place) {
        switch (action.actionType()) {
            case "pick" -> {
                if (carried.put(argument(action, "loadId").asText(), action) != null)
                    return Optional.of("took " + argument(action, "loadId") + " up twice");
            }
            case "drop" -> {
                var picked = carried.remove(argument(action, "loadId").asText());
                if (picked == null) return Optional.of("set down what it did not have");
                delivered
                        .computeIfAbsent(place, same -> new TreeMap<>())
                        .merge(
                                argument(picked, "loadType").asText(),
                                argument(picked, "count").asInt(),
                                Integer::sum);
            }
            case "wait" -> waitedMinutes += argument(action, "seconds").asInt() / 60;
            default -> {
                return Optional.of("cannot " + action.actionType());
            }
        }
        return Optional.empty();
    }

    private static JsonNode argument(Action action, String name) {
        return action.actionParameters().stream()
                .filter(parameter -> parameter.key().equals(name))
                .map(Action.Parameter::value)
                .findFirst()
                .orElseThrow();
    }

    /// The stops, in order.
    List<String> visits() {
        return visits;
    }

    /// What was set down where.
    Map<String, Map<String, Integer>> delivered() {
        return delivered;
    }

    int waitedMinutes() {
        return waitedMinutes;
    }
}
