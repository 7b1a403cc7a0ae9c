package org.diwan.robots.league;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.traffic.Grid;
import org.diwan.robots.traffic.Poses;

/// What a game is played on: floor, starts, tasks and the year's rules. Never changes.
///
/// A problem is a JSON file that names three others, relative to it: a map (`type octile`, `height`,
/// `width`, `map`, then rows in which `@` and `T` are walls), agents (a count, then a start cell a line) and tasks
/// (a count, then a task a line: cells with commas between, of which 2023 has one). Lines that begin
/// with `#` are comments.
public final class Instance {
    /// As many agents as the largest published instance, and room beside.
    public static final int MAX_AGENTS = 20_000;
    /// Ten times the tasks of the largest published instance.
    public static final int MAX_TASKS = 1_000_000;
    /// More errands than this in one task are refused; published ones have at most 5.
    public static final int MAX_ERRANDS = 64;
    /// Larger files are refused before they are read.
    private static final long MAX_BYTES = 64 << 20;

    /// Who gives out tasks.
    public enum Rules {
        /// 2023: task `k * agents + a` is the `k`-th of agent `a`, one errand each.
        ROUND_ROBIN,
        /// 2024: a pool of tasks is shown, the planner gives them out.
        POOL
    }

    private final Grid grid;
    private final int[] starts;
    private final int[][] tasks;
    private final Rules rules;
    private final double reveal;

    /// An instance from memory. `tasks[i]` are the cells that task `i` visits in order; `reveal` times the number
    /// of agents is how many unfinished tasks are shown in [Rules#POOL].
    ///
    /// @throws IllegalArgumentException if a start is a wall or taken twice, a task is empty or visits a wall, or
    ///     `reveal` is not in `[1, 100]`
    public Instance(Grid grid, int[] starts, int[][] tasks, Rules rules, double reveal) {
        if (!(reveal >= 1 && reveal <= 100)) {
            throw new IllegalArgumentException("numTasksReveal " + reveal + ", must be 1 to 100");
        }
        if (rules == Rules.ROUND_ROBIN && reveal != 1) {
            throw new IllegalArgumentException("numTasksReveal " + reveal + ", only 1 is played in round robin");
        }
        if (starts.length < 1 || tasks.length < 1) throw new IllegalArgumentException("no agents or no tasks");
        if (new Poses(grid, starts).agents() > MAX_AGENTS) {
            throw new IllegalArgumentException(starts.length + " agents, at most " + MAX_AGENTS);
        }
        this.grid = grid;
        this.starts = starts.clone();
        this.tasks = new int[tasks.length][];
        for (int i = 0; i < tasks.length; i++) {
            this.tasks[i] = tasks[i].clone();
            if (tasks[i].length < 1) throw new IllegalArgumentException("task " + i + " has no errand");
            for (int cell : tasks[i]) {
                if (!grid.isFree(cell)) throw new IllegalArgumentException("task " + i + " visits the wall " + cell);
            }
        }
        this.rules = rules;
        this.reveal = reveal;
    }

    /// Reads a problem and the three files it names.
    ///
    /// @throws IllegalArgumentException naming file, line and rule if one of them is not as the class says
    public static Instance read(Path problem) throws IOException {
        JsonNode json = json(problem);
        boolean pool = json.path("version").asText().equals("2024 LoRR");
        String strategy = json.path("taskAssignmentStrategy").asText();
        if (!pool && !strategy.equals("roundrobin")) {
            throw new IllegalArgumentException(problem + ": taskAssignmentStrategy \"" + strategy
                    + "\", must be \"roundrobin\", or \"version\" \"2024 LoRR\"");
        }
        Grid grid = map(named(problem, json, "mapFile"));
        int size = json.path("teamSize").asInt();
        int[][] starts = lists(named(problem, json, "agentFile"), grid, MAX_AGENTS, 1);
        if (size < 1 || size > starts.length) {
            throw new IllegalArgumentException(
                    problem + ": teamSize " + size + ", must be 1 to the " + starts.length + " of agentFile");
        }
        int[] cells = new int[size];
        for (int i = 0; i < size; i++) cells[i] = starts[i][0];
        int[][] tasks = lists(named(problem, json, "taskFile"), grid, MAX_TASKS, pool ? MAX_ERRANDS : 1);
        try {
            double reveal = json.path("numTasksReveal").asDouble(1);
            return new Instance(grid, cells, tasks, pool ? Rules.POOL : Rules.ROUND_ROBIN, reveal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem + ": " + e.getMessage(), e);
        }
    }

    static JsonNode json(Path file) throws IOException {
        limit(file);
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + ":" + line + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void limit(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException(file + " has " + Files.size(file) + " bytes, at most " + MAX_BYTES);
        }
    }

    private static Path named(Path problem, JsonNode json, String key) {
        String name = json.path(key).asText();
        if (name.isEmpty()) throw new IllegalArgumentException(problem + ": no " + key);
        return problem.resolveSibling(name);
    }

    private static Grid map(Path file) throws IOException {
        limit(file);
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.size() < 4 || !lines.get(3).strip().equals("map")) {
            throw refused(file, 4, "must be \"map\", after type, height and width");
        }
        int height = sized(file, lines, 1, "height ");
        int width = sized(file, lines, 2, "width ");
        if ((long) width * height > Grid.MAX_CELLS) {
            throw refused(file, 3, height + " rows of " + width + ", at most " + Grid.MAX_CELLS + " cells");
        }
        if (lines.size() < 4 + height) throw refused(file, lines.size(), "ends before row " + height);
        var free = new boolean[width * height];
        for (int row = 0; row < height; row++) {
            String line = lines.get(4 + row);
            if (line.length() != width) throw refused(file, 5 + row, line.length() + " columns, not " + width);
            for (int column = 0; column < width; column++) free[row * width + column] = isFree(line.charAt(column));
        }
        return new Grid(width, height, free);
    }

    /// `@` and `T` are walls; `S` and `E`, stations of warehouse maps, are entered as any other cell.
    private static boolean isFree(char tile) {
        return tile != '@' && tile != 'T';
    }

    private static int sized(Path file, List<String> lines, int index, String prefix) {
        String line = lines.get(index);
        if (!line.startsWith(prefix)) throw refused(file, index + 1, "must begin with \"" + prefix + "\"");
        return number(file, index + 1, line.substring(prefix.length()), 1, Grid.MAX_CELLS);
    }

    /// A file of a count and so many lines of one to `longest` free cells each.
    private static int[][] lists(Path file, Grid grid, int most, int longest) throws IOException {
        limit(file);
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < lines.size() && lines.get(at).startsWith("#")) at++;
        if (at == lines.size()) throw refused(file, at + 1, "ends before the count");
        int count = number(file, at + 1, lines.get(at), 1, most);
        var lists = new ArrayList<int[]>();
        for (at++; at < lines.size() && lists.size() < count; at++) {
            if (lines.get(at).startsWith("#") || lines.get(at).isBlank()) continue;
            lists.add(cells(file, at + 1, lines.get(at), grid, longest));
        }
        if (lists.size() < count) throw refused(file, at, "ends after " + lists.size() + " of " + count + " entries");
        return lists.toArray(int[][]::new);
    }

    private static int[] cells(Path file, int line, String text, Grid grid, int longest) {
        String[] parts = text.strip().split(",", longest + 1);
        if (parts.length > longest) throw refused(file, line, "more than " + longest + " cells");
        int[] cells = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            cells[i] = number(file, line, parts[i], 0, grid.cells() - 1);
            if (!grid.isFree(cells[i])) throw refused(file, line, "cell " + cells[i] + " is a wall");
        }
        return cells;
    }

    private static int number(Path file, int line, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            throw refused(file, line, "\"" + text + "\" is not a number from " + least + " to " + most);
        }
        throw refused(file, line, text.strip() + " must be " + least + " to " + most);
    }

    private static IllegalArgumentException refused(Path file, int line, String why) {
        return new IllegalArgumentException(file + ":" + line + ": " + why);
    }

    /// The floor.
    public Grid grid() {
        return grid;
    }

    /// How many agents.
    public int agents() {
        return starts.length;
    }

    /// Start cells, a copy.
    public int[] starts() {
        return starts.clone();
    }

    /// The cells that task `id` visits in order, a view: leave them as they are. The list repeats without end.
    int[] errands(int id) {
        return tasks[id % tasks.length];
    }

    /// The year's rules.
    public Rules rules() {
        return rules;
    }

    /// Unfinished tasks that are shown at once, for each agent.
    double reveal() {
        return reveal;
    }
}
