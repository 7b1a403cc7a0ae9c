package org.diwan.robots.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.Cause;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.control.Control.Result;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.FleetView.RobotView;
import org.diwan.robots.record.Ended;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.record.Trace;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// Answers what is asked of a building's robots.
///
/// | request | answer |
/// |---|---|
/// | `POST missions` `{"text"[,"here"][,"user"]}` | what was understood, and what became of it; or a question |
/// | `POST jobs` `{"stops":[{"place","pick","drop"}],…}` | without words, for programs; what the dry run said |
/// | `POST approvals/ID` `{"key"}` | a second person agrees to a job that needs one |
/// | `GET jobs`, `GET jobs/ID` | what is under way, and what was; also before a restart, with what was said |
/// | `DELETE jobs/ID` | called off |
/// | `GET trace/ID` | the job from the words to the last state, held against the log |
/// | `GET fleet` | vehicles: where, what they do, their batteries |
/// | `POST positions/ID` `{"place" or "floor","x","y";"theta"}` | tells that vehicle where it is; decided as a job is |
/// | `GET view` | what a page draws: vehicles, lifts, counts |
/// | `GET map` | the building, as its file |
/// | `POST stop` `{["zone"]}` | everything stops, or a zone or floor; recorded afterwards |
/// | `POST resume` `{["zone"]}` | and goes on |
///
/// Safe to share between threads.
public final class RobotsApi {
    /// The role of whoever has the operator's key.
    private static final String ROLE = "operator";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// What is asked.
    ///
    /// @param path below `/v1/robots/`
    /// @param actor names the caller in records
    public record Request(String method, String path, Map<String, String> query, String body, String actor) {}

    /// How a job's trace is walked; `app` knows where the log and its keys are.
    @FunctionalInterface
    public interface Traces {
        Trace of(String job) throws IOException, VerificationException;
    }

    private final Control control;
    private final Missions missions;
    private final Traces traces;

    public RobotsApi(Control control, Missions missions, Traces traces) {
        this.control = control;
        this.missions = missions;
        this.traces = traces;
    }

    /// The answer, JSON in UTF-8.
    ///
    /// @throws Refusal when there is none
    /// @throws IOException when something of the platform fails
    public byte[] answer(Request request) throws IOException {
        String path = request.path();
        String[] parts = path.split("/", 3);
        String id = parts.length == 2 ? parts[1] : "";
        return switch (request.method() + " " + (id.isEmpty() ? path : parts[0] + "/ID")) {
            case "GET fleet" -> json(map("robots", list(control.view().robots(), RobotsApi::robot)));
            case "GET view" -> control.look().json().getBytes(StandardCharsets.UTF_8);
            case "GET map" -> json(map("yaml", BuildingFile.text(control.map().building())));
            case "GET jobs" -> json(map("jobs", list(control.view().jobs(), RobotsApi::job)));
            case "GET jobs/ID" -> json(find(id));
            case "DELETE jobs/ID" -> json(map("job", id, "cancelled", control.cancel(id)));
            case "GET trace/ID" -> trace(id);
            case "POST missions" -> mission(request);
            case "POST jobs" -> job(request);
            case "POST approvals/ID" -> approve(id, request);
            case "POST positions/ID" -> place(id, request);
            case "POST stop" -> json(map("stopped", stop(request)));
            case "POST resume" -> resume(request);
            default ->
                throw new Refusal(404, "", "There is nothing at /v1/robots/" + path + " to " + request.method() + ".");
        };
    }

    /// What the fleet knows of a job, or what is on record of one that it does not know any more.
    private Map<String, @Nullable Object> find(String id) throws IOException {
        for (var job : control.view().jobs()) {
            if (!job.id().equals(id)) continue;
            var known = job(job);
            var reason = job.reason();
            if (reason.isPresent())
                control.desk().said(id).ifPresent(said -> known.put("say", missions.failed(said, reason.get())));
            return known;
        }
        var ended = control.desk().ended(id).orElseThrow(() -> new Refusal(404, "", "There is no job '" + id + "'."));
        return ended(ended, control.desk().said(id));
    }

    private byte[] job(Request request) throws IOException {
        var job = JobBody.read(newId(), tree(request.body()));
        try {
            return json(result(control.order(job, actor(request))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "stops", e.getMessage() + ".");
        }
    }

    private static Actor actor(Request request) {
        return new Actor(request.actor(), ROLE, Optional.empty());
    }

    private byte[] mission(Request request) throws IOException {
        var body = tree(request.body());
        if (!body.path("text").isTextual()) throw new Refusal(400, "text", "'text' must be what was said.");
        try {
            var heard = missions.say(
                    body.path("text").textValue(),
                    actor(request),
                    Optional.ofNullable(body.path("here").textValue()),
                    person(body));
            return json(map(
                    "status", heard.status(),
                    "say", heard.say(),
                    "choices", list(heard.choices(), choice -> map("id", choice.id(), "label", choice.label())),
                    "job", heard.job().orElse(null),
                    "entry", heard.entry().orElse(null)));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "here", e.getMessage() + ".");
        }
    }

    /// Who speaks, as a chat request names it: `safety_identifier`, else `user`, else nobody.
    private static String person(JsonNode body) {
        for (String member : List.of("safety_identifier", "user")) {
            var named = body.path(member);
            if (named.isTextual()) return named.textValue();
            if (!named.isMissingNode() && !named.isNull())
                throw new Refusal(400, member, "'" + member + "' must be a text.");
        }
        return "";
    }

    /// What nobody can guess, so that nobody can name another's job by chance.
    static String newId() {
        byte[] bytes = new byte[6];
        RANDOM.nextBytes(bytes);
        return "m-" + HexFormat.of().formatHex(bytes);
    }

    static Map<String, @Nullable Object> result(Result result) {
        return switch (result) {
            case Result.Taken(String job, long entry, var rehearsed) ->
                map(
                        "status",
                        "taken",
                        "job",
                        job,
                        "entry",
                        entry,
                        "rehearsed",
                        rehearsed.map(RobotsApi::rehearsed).orElse(null));
            case Result.Infeasible(Cause fault) -> map("status", "infeasible", "reason", fault.text());
            case Result.Denied(String job, long entry, Cause reason, boolean needsApproval) ->
                map(
                        "status",
                        needsApproval ? "needs approval" : "denied",
                        "job",
                        job,
                        "entry",
                        entry,
                        "reason",
                        reason.text());
        };
    }

    /// That it is here says that nobody touched anybody and no closed zone was entered.
    private static Map<String, @Nullable Object> rehearsed(DryRun.Result result) {
        return map(
                "done", text(result.done()),
                "until", result.until().toString(),
                "due", text(result.due()),
                "late", result.isLate(),
                "lateForOthers", result.isLateForOthers(),
                "alone", text(result.alone()),
                "vehicle", result.vehicle().orElse(null),
                "through", result.through(),
                "othersLate", result.late(),
                "leftOut", result.leftOut());
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    private byte[] approve(String id, Request request) throws IOException {
        String key = tree(request.body()).path("key").asText();
        return json(result(control.approve(id, key)
                .orElseThrow(() -> new Refusal(
                        404, "", "No job '" + id + "' waits for approval, or that is not the key of an approver."))));
    }

    private byte[] place(String vehicle, Request request) throws IOException {
        var job = PositionBody.read(newId(), vehicle, tree(request.body()), control.map());
        try {
            return json(result(control.locate(job, actor(request))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "", e.getMessage() + ".");
        }
    }

    private List<String> stop(Request request) {
        try {
            return control.stop(request.actor(), zone(request));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "zone", e.getMessage() + ".");
        }
    }

    private byte[] resume(Request request) throws IOException {
        control.resume(zone(request));
        return json(map("resumed", zone(request).orElse("everything")));
    }

    private static Optional<String> zone(Request request) {
        if (request.body().isBlank()) return Optional.empty();
        return Optional.ofNullable(tree(request.body()).path("zone").textValue());
    }

    private byte[] trace(String id) throws IOException {
        try {
            var trace = traces.of(id);
            return json(map(
                    "job", id,
                    "verified", trace.faults().isEmpty(),
                    "faults", trace.faults(),
                    "steps",
                            list(
                                    trace.steps(),
                                    step -> map("time", step.when(), "what", step.what(), "detail", step.detail()))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "", e.getMessage() + ".");
        } catch (VerificationException e) {
            throw new IOException("the log does not verify: " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> robot(RobotView robot) {
        return map(
                "serial", robot.serial(),
                "condition", robot.condition().name().toLowerCase(Locale.ROOT),
                "floor", robot.map().orElse(null),
                "x", robot.x(),
                "y", robot.y(),
                "theta", robot.theta(),
                "place", robot.place().orElse(null),
                "ahead", robot.ahead(),
                "goal", robot.goal().orElse(null),
                "job", robot.errand().orElse(null),
                "charge", robot.charge(),
                "charging", robot.charging(),
                "driving", robot.driving(),
                "stops", robot.stops(),
                "needs", robot.needs().orElse(null),
                "refused", robot.refused());
    }

    private static Map<String, @Nullable Object> job(JobView job) {
        return map(
                "job", job.id(),
                "status", job.status().name().toLowerCase(Locale.ROOT),
                "vehicle", job.vehicle().orElse(null),
                "reason", job.reason().map(Cause::text).orElse(null),
                "submitted", job.submitted().toString(),
                "since", job.since().toString());
    }

    private static Map<String, @Nullable Object> ended(Ended ended, Optional<String> said) {
        String[] outcome = ended.outcome().split(": ", 2);
        return map(
                "job", ended.job(),
                "status", outcome[0],
                "vehicle", ended.vehicle().orElse(null),
                "reason", outcome.length > 1 ? outcome[1] : null,
                "said", said.orElse(null),
                "since", ended.time().toString());
    }

    private static JsonNode tree(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "", "The body is not JSON: " + e.getOriginalMessage() + ".");
        }
    }

    private static byte[] json(Object tree) {
        return CanonicalJson.bytes(tree);
    }

    private static <T> List<Object> list(List<T> things, Function<T, Object> write) {
        return new ArrayList<>(things.stream().map(write).toList());
    }

    static Map<String, @Nullable Object> map(@Nullable Object... members) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < members.length; i += 2) map.put(String.valueOf(members[i]), members[i + 1]);
        return map;
    }
}
