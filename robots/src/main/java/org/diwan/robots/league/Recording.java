package org.diwan.robots.league;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.diwan.base.AtomicFile;
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

    /// Writes the game on `instance` whole; `world` is how it ended.
    void write(Path file, World world) throws IOException {
        var mapper = new ObjectMapper();
        var json = mapper.createObjectNode();
        Instance instance = world.instance();
        boolean pool = instance.rules() == Rules.POOL;
        json.put("actionModel", "MAPF_T");
        if (pool) json.put("version", "2024 LoRR");
        else json.put("AllValid", "Yes");
        json.put("teamSize", starts.length);
        ArrayNode start = json.putArray("start");
        for (int cell : starts) place(start.addArray(), cell, instance).add("E");
        json.put("numTaskFinished", finished);
        json.put("makespan", moves.length);
        ArrayNode paths = json.putArray("actualPaths");
        for (int agent = 0; agent < starts.length; agent++) paths.add(path(agent));
        json.set("plannerPaths", paths);
        json.putArray("errors");
        if (pool) {
            json.put("numPlannerErrors", 0).put("numScheduleErrors", 0).put("numEntryTimeouts", 0);
            ArrayNode agents = json.putArray("actualSchedule");
            for (int agent = 0; agent < starts.length; agent++) agents.add(schedule(agent));
            json.set("plannerSchedule", agents);
            json.putArray("scheduleErrors");
            ArrayNode list = json.putArray("events");
            for (Event event : world.events()) {
                list.addArray()
                        .add(event.step())
                        .add(event.agent())
                        .add(event.task())
                        .add(event.errand());
            }
        } else {
            dealt(json.putArray("events"), world);
        }
        ArrayNode tasks = json.putArray("tasks");
        for (var shown : world.shown()) {
            ArrayNode task = tasks.addArray().add(shown.task());
            ArrayNode places = pool ? task.add(shown.release()).addArray() : task;
            for (int cell : world.errands(shown.task())) place(places, cell, instance);
        }
        AtomicFile.write(file, mapper.writeValueAsBytes(json));
    }

    private static ArrayNode place(ArrayNode list, int cell, Instance instance) {
        int width = instance.grid().width();
        return list.add(cell / width).add(cell % width);
    }

    private String path(int agent) {
        var text = new StringBuilder();
        for (byte[] step : moves) {
            if (!text.isEmpty()) text.append(',');
            text.append(MOVES.charAt(step[agent]));
        }
        return text.toString();
    }

    private String schedule(int agent) {
        var text = new StringBuilder();
        for (Assigned entry : schedule.orElse(List.of())) {
            if (entry.agent() != agent) continue;
            if (!text.isEmpty()) text.append(',');
            text.append(entry.step()).append(':').append(entry.task());
        }
        return text.toString();
    }

    /// An agent's tasks are dealt to it one after another: the next when the last is finished.
    private static void dealt(ArrayNode lists, World world) {
        var since = new int[world.instance().agents()];
        for (int agent = 0; agent < since.length; agent++) lists.addArray();
        for (Event event : world.events()) {
            ArrayNode list = (ArrayNode) lists.get(event.agent());
            list.addArray().add(event.task()).add(since[event.agent()]).add("assigned");
            list.addArray().add(event.task()).add(event.step()).add("finished");
            since[event.agent()] = event.step();
        }
        for (int agent = 0; agent < since.length; agent++) {
            ((ArrayNode) lists.get(agent))
                    .addArray()
                    .add(world.taskOf(agent))
                    .add(since[agent])
                    .add("assigned");
        }
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
