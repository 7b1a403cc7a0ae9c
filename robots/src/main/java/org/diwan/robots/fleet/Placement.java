package org.diwan.robots.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;
import org.diwan.robots.vda5050.Vehicle;

/// That somebody says where a vehicle is, in the form of a job, so that it is decided about and put on record as one:
/// a single stop, at the place where the vehicle is, with the action `initializePosition` (table 4).
///
/// It is done by an instant action, not by an order, and before 3.0.0 it is called `initPosition`: rules, plans and
/// warrants say `initializePosition` for all.
public final class Placement {
    /// What rules call it.
    public static final String TYPE = "initializePosition";

    /// Behind the job's id it is the action's.
    private static final String ACTION = "-1";

    private Placement() {}

    /// The job `id`: `vehicle` is at `place`, its pose on `floor` is x, y in metres and theta in radians.
    public static Job job(String id, String vehicle, String place, String floor, double x, double y, double theta) {
        var parameters = List.of(
                parameter("x", DoubleNode.valueOf(x)),
                parameter("y", DoubleNode.valueOf(y)),
                parameter("theta", DoubleNode.valueOf(theta)),
                parameter("mapId", TextNode.valueOf(floor)),
                parameter("lastNodeId", TextNode.valueOf(place)));
        var action = new Action(TYPE, id + ACTION, null, BlockingType.NONE, parameters, null);
        var stops = List.of(new Job.Stop(place, List.of(action)));
        return new Job(id, stops, 0, Optional.empty(), Optional.empty(), 0, List.of(), Optional.of(vehicle));
    }

    private static Action.Parameter parameter(String key, JsonNode value) {
        return new Action.Parameter(key, value);
    }

    /// Whether `job` is one.
    public static boolean is(Job job) {
        return job.vehicle().isPresent()
                && job.stops().size() == 1
                && job.stops().getFirst().actions().size() == 1
                && job.stops().getFirst().actions().getFirst().actionType().equals(TYPE);
    }

    /// The id of the job that an action of that id belongs to.
    public static Optional<String> job(String actionId) {
        return actionId.endsWith(ACTION)
                ? Optional.of(actionId.substring(0, actionId.length() - ACTION.length()))
                : Optional.empty();
    }

    /// What is to be done.
    static Action action(Job job) {
        return job.stops().getFirst().actions().getFirst();
    }

    /// The floor that the vehicle is said to be on.
    static String floor(Job job) {
        return Vehicle.argument(action(job), "mapId").orElse("");
    }
}
