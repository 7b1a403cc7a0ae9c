package org.diwan.robots.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.Action.BlockingType;

/// A job as a program sends it:
///
/// ```json
/// {"stops":[{"place":"101","pick":["coffee"]},{"place":"204","drop":["coffee"]}],
///  "priority":5,"load":1,"vehicle":"r-1","notBefore":"2026-03-01T09:00:00Z","due":"2026-03-01T09:30:00Z"}
/// ```
final class JobBody {
    private static final Set<String> MEMBERS = Set.of("stops", "priority", "load", "vehicle", "notBefore", "due");
    private static final Set<String> OF_STOP = Set.of("place", "pick", "drop");

    /// Most things that are taken up or set down at one stop.
    private static final int MAX_ITEMS = 64;

    private JobBody() {}

    /// @throws Refusal naming the member that is at fault
    static Job read(String id, JsonNode body) {
        known(body, MEMBERS, "the body");
        if (!body.path("stops").isArray()) throw new Refusal(400, "stops", "'stops' must be a list.");
        var stops = new ArrayList<Job.Stop>();
        int actions = 0;
        for (var stop : body.path("stops")) {
            known(stop, OF_STOP, "a stop");
            if (!stop.path("place").isTextual()) throw new Refusal(400, "stops", "A stop lacks 'place'.");
            var todo = new ArrayList<Action>();
            for (String type : List.of("pick", "drop"))
                for (var item : stop.path(type)) {
                    if (!item.isTextual() || todo.size() == MAX_ITEMS)
                        throw new Refusal(400, "stops", "'" + type + "' must be a list of at most 64 texts.");
                    todo.add(action(type, id + "-" + ++actions, item.textValue()));
                }
            stops.add(new Job.Stop(stop.path("place").textValue(), todo));
        }
        try {
            return new Job(
                    id,
                    stops,
                    body.path("priority").asInt(5),
                    time(body, "notBefore"),
                    time(body, "due"),
                    body.path("load").asDouble(0),
                    List.of(),
                    Optional.ofNullable(body.path("vehicle").textValue()));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "", e.getMessage() + ".");
        }
    }

    private static Optional<Instant> time(JsonNode body, String member) {
        if (body.path(member).isMissingNode()) return Optional.empty();
        try {
            return Optional.of(Instant.parse(body.path(member).asText()));
        } catch (DateTimeParseException e) {
            throw new Refusal(400, member, "'" + member + "' must be a time like 2026-03-01T09:30:00Z.");
        }
    }

    private static Action action(String type, String id, String item) {
        return new Action(
                type, id, null, BlockingType.HARD, List.of(new Action.Parameter("loadType", new TextNode(item))), true);
    }

    private static void known(JsonNode node, Set<String> members, String what) {
        if (!node.isObject()) throw new Refusal(400, "", what + " must be an object with " + members + ".");
        for (var member : node.properties())
            if (!members.contains(member.getKey()))
                throw new Refusal(
                        400,
                        member.getKey(),
                        "'" + member.getKey() + "' is not known; " + what + " has " + members + ".");
    }
}
