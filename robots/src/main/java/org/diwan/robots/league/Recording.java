package org.diwan.robots.league;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.league.World.Event;

/// A game as it was played, in the League's own output format.
///
/// A JSON object: `teamSize`, `makespan` (steps), `numTaskFinished`, `start` (`[row, column, "E"]` an agent),
/// `actualPaths` (`"F,R,C,W"` an agent: forward, clockwise, counter-clockwise, wait), and where the whole
/// record was published `actualSchedule` of 2024 (`"1:247,18:307"` an agent: in the step that ends at 1 it
/// took task 247; it keeps it until the next entry or the task's end) and `events`: 2024
/// `[step, agent, task, errand]`, 2023 a list an agent of `[task, step, "assigned" or "finished"]`.
final class Recording {
    /// Five times the longest published game.
    static final int MAX_STEPS = 25_000;

    private static final String MOVES = "FRCW";

    /// `agent` has `task` from the step that ends at `step`.
    record Assigned(int step, int agent, int task) {}

    private final int[] starts;
    /// `[steps, agents]`
    private final byte[][] moves;
    private final int finished;
    private final Optional<List<Assigned>> schedule;
    private final Optional<List<Event>> events;

    /// A game of `moves[step][agent]` that finished so many tasks; the schedule in order of steps.
    Recording(
            int[] starts,
            byte[][] moves,
            int finished,
            Optional<List<Assigned>> schedule,
            Optional<List<Event>> events) {
        this.starts = starts.clone();
        this.moves = moves.clone();
        this.finished = finished;
        this.schedule = schedule.map(List::copyOf);
        this.events = events.map(List::copyOf);
    }

    /// Reads a recording of a game on `instance`.
    ///
    /// @throws IllegalArgumentException naming the file, the agent and what is not as the class says
    static Recording read(Path file, Instance instance) throws IOException {
        JsonNode json = Instance.json(file);
        try {
            return of(json, instance);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Recording of(JsonNode json, Instance instance) {
        int agents = instance.agents();
        JsonNode start = sized(json, "start", agents);
        int[] starts = new int[agents];
        for (int agent = 0; agent < agents; agent++) {
            JsonNode at = start.get(agent);
            if (!at.path(2).asText().equals("E")) {
                throw new IllegalArgumentException("agent " + agent + " starts facing " + at.path(2) + ", must be E");
            }
            starts[agent] =
                    at.path(0).asInt(-1) * instance.grid().width() + at.path(1).asInt(-1);
        }
        int steps = json.path("makespan").asInt(-1);
        if (steps < 0 || steps > MAX_STEPS) {
            throw new IllegalArgumentException("makespan " + steps + ", must be 0 to " + MAX_STEPS);
        }
        var moves = new byte[steps][agents];
        JsonNode paths = sized(json, "actualPaths", agents);
        for (int agent = 0; agent < agents; agent++)
            path(moves, agent, paths.get(agent).asText());
        boolean pool = instance.rules() == Rules.POOL;
        Optional<List<Assigned>> schedule = Optional.empty();
        if (pool && json.has("actualSchedule")) schedule = Optional.of(schedule(sized(json, "actualSchedule", agents)));
        Optional<List<Event>> events = Optional.empty();
        if (json.has("events")) events = Optional.of(pool ? pooled(json.get("events")) : dealt(json.get("events")));
        return new Recording(starts, moves, json.path("numTaskFinished").asInt(-1), schedule, events);
    }

    private static JsonNode sized(JsonNode json, String key, int size) {
        JsonNode list = json.path(key);
        if (list.size() != size) {
            throw new IllegalArgumentException(key + " has " + list.size() + " entries for " + size + " agents");
        }
        return list;
    }

    private static void path(byte[][] moves, int agent, String path) {
        if (path.length() != Math.max(0, 2 * moves.length - 1)) {
            throw new IllegalArgumentException(
                    "the path of agent " + agent + " has not " + moves.length + " moves with commas between");
        }
        for (int step = 0; step < moves.length; step++) {
            int move = MOVES.indexOf(path.charAt(2 * step));
            if (move < 0) {
                throw new IllegalArgumentException("agent " + agent + " does '" + path.charAt(2 * step) + "' in step "
                        + (step + 1) + ", must be one of F, R, C, W");
            }
            moves[step][agent] = (byte) move;
        }
    }

    private static List<Assigned> schedule(JsonNode lists) {
        var schedule = new ArrayList<Assigned>();
        for (int agent = 0; agent < lists.size(); agent++) {
            String text = lists.get(agent).asText();
            for (int at = 0; at < text.length(); ) {
                int comma = text.indexOf(',', at);
                int end = comma < 0 ? text.length() : comma;
                int colon = text.indexOf(':', at);
                try {
                    int step = Integer.parseInt(text, at, colon, 10);
                    schedule.add(new Assigned(step, agent, Integer.parseInt(text, colon + 1, end, 10)));
                } catch (NumberFormatException | IndexOutOfBoundsException e) {
                    throw new IllegalArgumentException(
                            "the schedule of agent " + agent + " is not step:task at " + text.substring(at, end), e);
                }
                at = end + 1;
            }
        }
        schedule.sort(Comparator.comparingInt(Assigned::step));
        return schedule;
    }

    private static List<Event> pooled(JsonNode list) {
        var events = new ArrayList<Event>();
        for (JsonNode event : list) {
            events.add(new Event(
                    event.path(0).asInt(-1),
                    event.path(1).asInt(-1),
                    event.path(2).asInt(-1),
                    event.path(3).asInt(-1)));
        }
        return events;
    }

    /// In order of step, then agent, as [World#events].
    private static List<Event> dealt(JsonNode lists) {
        var events = new ArrayList<Event>();
        for (int agent = 0; agent < lists.size(); agent++) {
            for (JsonNode event : lists.get(agent)) {
                if (!event.path(2).asText().equals("finished")) continue;
                events.add(
                        new Event(event.path(1).asInt(-1), agent, event.path(0).asInt(-1), 1));
            }
        }
        events.sort(Comparator.comparingInt(Event::step));
        return events;
    }

    /// Writes the game; `world` is how it ended. Piece by piece: the largest published game takes 300 MB.
    void write(Path file, World world) throws IOException {
        Instance instance = world.instance();
        boolean pool = instance.rules() == Rules.POOL;
        try (var json = new ObjectMapper().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("actionModel", "MAPF_T");
            json.writeStringField(pool ? "version" : "AllValid", pool ? "2024 LoRR" : "Yes");
            json.writeNumberField("teamSize", starts.length);
            json.writeArrayFieldStart("start");
            for (int cell : starts) {
                json.writeStartArray();
                place(json, cell, instance);
                json.writeString("E");
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeNumberField("numTaskFinished", finished);
            json.writeNumberField("makespan", moves.length);
            for (String name : List.of("actualPaths", "plannerPaths")) {
                json.writeArrayFieldStart(name);
                for (int agent = 0; agent < starts.length; agent++) json.writeString(path(agent));
                json.writeEndArray();
            }
            for (String none : List.of("errors", "scheduleErrors")) {
                json.writeArrayFieldStart(none);
                json.writeEndArray();
            }
            if (pool) {
                for (String none : List.of("numPlannerErrors", "numScheduleErrors", "numEntryTimeouts"))
                    json.writeNumberField(none, 0);
                var schedules = schedules();
                for (String name : List.of("actualSchedule", "plannerSchedule")) {
                    json.writeArrayFieldStart(name);
                    for (var text : schedules) json.writeString(text.toString());
                    json.writeEndArray();
                }
            }
            json.writeArrayFieldStart("events");
            if (pool) pooled(json, world);
            else dealt(json, world);
            json.writeEndArray();
            json.writeArrayFieldStart("tasks");
            for (var shown : world.shown()) {
                json.writeStartArray();
                json.writeNumber(shown.task());
                if (pool) json.writeNumber(shown.release());
                if (pool) json.writeStartArray();
                for (int cell : world.errands(shown.task())) place(json, cell, instance);
                if (pool) json.writeEndArray();
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void place(JsonGenerator json, int cell, Instance instance) throws IOException {
        int width = instance.grid().width();
        json.writeNumber(cell / width);
        json.writeNumber(cell % width);
    }

    private String path(int agent) {
        var text = new StringBuilder(2 * moves.length);
        for (byte[] step : moves) {
            if (!text.isEmpty()) text.append(',');
            text.append(MOVES.charAt(step[agent]));
        }
        return text.toString();
    }

    /// `step:task,…` of each agent.
    private List<StringBuilder> schedules() {
        var texts = Stream.generate(StringBuilder::new).limit(starts.length).toList();
        for (Assigned entry : schedule.orElse(List.of())) {
            var text = texts.get(entry.agent());
            if (!text.isEmpty()) text.append(',');
            text.append(entry.step()).append(':').append(entry.task());
        }
        return texts;
    }

    private static void pooled(JsonGenerator json, World world) throws IOException {
        for (Event event : world.events()) {
            json.writeArray(new int[] {event.step(), event.agent(), event.task(), event.errand()}, 0, 4);
        }
    }

    /// An agent's tasks are dealt to it one after another: the next when the last is finished.
    private static void dealt(JsonGenerator json, World world) throws IOException {
        int agents = world.instance().agents();
        var lists = Stream.generate(ArrayList<Event>::new).limit(agents).toList();
        for (Event event : world.events()) lists.get(event.agent()).add(event);
        for (int agent = 0; agent < agents; agent++) {
            json.writeStartArray();
            int since = 0;
            for (Event event : lists.get(agent)) {
                dealt(json, event.task(), since, "assigned");
                dealt(json, event.task(), event.step(), "finished");
                since = event.step();
            }
            dealt(json, world.taskOf(agent), since, "assigned");
            json.writeEndArray();
        }
    }

    private static void dealt(JsonGenerator json, int task, int step, String what) throws IOException {
        json.writeStartArray();
        json.writeNumber(task);
        json.writeNumber(step);
        json.writeString(what);
        json.writeEndArray();
    }

    /// Start cells, a copy.
    int[] starts() {
        return starts.clone();
    }

    /// How many steps.
    int steps() {
        return moves.length;
    }

    /// The moves of step `step` (from 0), one for each agent as in [Poses], a copy.
    byte[] moves(int step) {
        return moves[step].clone();
    }

    /// Tasks finished by the record's own count.
    int finished() {
        return finished;
    }

    /// Who took which task when, in order of steps; absent from short records.
    Optional<List<Assigned>> schedule() {
        return schedule;
    }

    /// Errands done, in order of steps, then agents; absent from short records.
    Optional<List<Event>> events() {
        return events;
    }
}
