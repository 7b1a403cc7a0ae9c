package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Action;
import org.jspecify.annotations.Nullable;

/// A job as canonical JSON: what a decision is about, byte for byte.
final class JobText {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JobText() {}

    /// `{"id","stops":[{"place","actions":[{"id","type","parameters":{…}}]}],"priority",…}`
    static byte[] bytes(Job job) {
        var text = new HashMap<String, @Nullable Object>();
        text.put("id", job.id());
        text.put("stops", job.stops().stream().map(JobText::stop).toList());
        text.put("priority", job.priority());
        text.put("notBefore", job.notBefore().map(Instant::toString).orElse(null));
        text.put("due", job.due().map(Instant::toString).orElse(null));
        text.put("load", job.load());
        text.put("permissions", job.permissions());
        text.put("vehicle", job.vehicle().orElse(null));
        return CanonicalJson.bytes(text);
    }

    private static Map<String, Object> stop(Job.Stop stop) {
        return Map.of(
                "place",
                stop.place(),
                "actions",
                stop.actions().stream().map(JobText::action).toList());
    }

    private static Map<String, Object> action(Action action) {
        var parameters = new HashMap<String, String>();
        for (var parameter : action.actionParameters())
            parameters.put(parameter.key(), parameter.value().toString());
        return Map.of("id", action.actionId(), "type", action.actionType(), "parameters", parameters);
    }

    /// What an adapter holds an order's action against.
    static JsonNode node(Action action) {
        return MAPPER.valueToTree(action(action));
    }

    static String digest(byte[] text) {
        return Digest.hex(Digest.sha256(text));
    }
}
