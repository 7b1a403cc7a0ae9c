package org.diwan.robots.league;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.ZipInputStream;
import org.diwan.base.Seeded;
import org.diwan.robots.league.Checker.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: the best solutions that the League published. Their moves, events and task counts came out of
/// its own simulator, so rules that repeat all of them are its rules; and whatever is damaged must show.
class CheckerTest {
    @TempDir
    Path folder;

    @Test
    void publishedSolutionsOf2023CountTheSame() throws IOException {
        assertEquals(new Verdict.Accepted(Optional.of(1741)), verdict("2023", "MR23-I-04", "MR23-I-04"));
        assertEquals(new Verdict.Accepted(Optional.of(3042)), verdict("2023", "MR23-I-03", "MR23-I-03"));
        assertEquals(new Verdict.Accepted(Optional.of(7432)), verdict("2023", "MR23-I-05", "MR23-I-05"));
    }

    @Test
    void publishedSolutionOf2024CountsTheSame() throws IOException {
        assertEquals(new Verdict.Accepted(Optional.of(1260)), verdict("2024", "RANDOM-02", "MR24-RANDOM-02"));
    }

    @Test
    void publishedMovesAloneNeverCollide() throws IOException {
        for (int i : new int[] {1, 3, 4, 5}) {
            var verdict = verdict("2024", "RANDOM-0" + i, "MR24-RANDOM-0" + i);
            assertEquals(new Verdict.Accepted(Optional.empty()), verdict, "RANDOM-0" + i);
        }
    }

    /// Another move of one agent in one step, or another task, anywhere: either the replay breaks a rule or it
    /// does other errands than the record says. Moves are damaged in the
    /// first half only, since an agent may do nothing more in the last steps.
    @Test
    void damagedSolutionsAreRefused() throws IOException {
        var instance = Instance.read(problem("2024", "RANDOM-02"));
        var whole = (ObjectNode) Instance.json(unzipped("2024", "MR24-RANDOM-02"));
        Seeded.forAll(6, random -> {
            var json = whole.deepCopy();
            damage(json, random).accept(json);
            Path file = folder.resolve("damaged.json");
            new ObjectMapper().writeValue(file.toFile(), json);
            assertInstanceOf(Verdict.Refused.class, Checker.check(instance, Recording.read(file, instance)));
        });
    }

    private static Consumer<ObjectNode> damage(ObjectNode json, SplittableRandom random) {
        int agent = random.nextInt(200);
        var paths = (ArrayNode) json.get("actualPaths");
        var schedule = (ArrayNode) json.get("actualSchedule");
        return switch (random.nextInt(5)) {
            case 0 -> it -> paths.set(agent, other(paths.get(agent).asText(), random));
            case 1 -> it -> it.put("numTaskFinished", 1261);
            case 2 -> it -> schedule.set(agent, new TextNode("1:" + random.nextInt(300, 1500)));
            case 3 -> it -> schedule.set(agent, schedule.get((agent + 1) % 200));
            default -> it -> ((ArrayNode) it.get("events")).remove(random.nextInt(4485));
        };
    }

    private static TextNode other(String path, SplittableRandom random) {
        var text = new StringBuilder(path);
        int step = random.nextInt(300);
        char now = text.charAt(2 * step);
        text.setCharAt(2 * step, "FRCW".charAt(("FRCW".indexOf(now) + 1 + random.nextInt(3)) % 4));
        return new TextNode(text.toString());
    }

    @Test
    void refusalsNameFileLineAndRule() throws IOException {
        Files.writeString(folder.resolve("a.map"), "type octile\nheight 2\nwidth 3\nmap\n...\n.@.\n");
        Files.writeString(folder.resolve("a.agents"), "# LoRR\n2\n0\n1\n");
        Files.writeString(folder.resolve("a.tasks"), "2\n5\n2\n");
        var problem = """
                {"mapFile":"a.map","agentFile":"a.agents","taskFile":"a.tasks","teamSize":2,
                 "numTasksReveal":1,"taskAssignmentStrategy":"roundrobin"}""";
        Path file = Files.writeString(folder.resolve("a.json"), problem);
        assertEquals(2, Instance.read(file).agents());

        refused(file, "a.map", "type octile\nheight 2\nwidth 3\nmap\n...\n.@\n", "a.map:6: 2 columns, not 3");
        refused(file, "a.map", "type octile\nheight 2\nwidth 9999999\nmap\n", "a.map:3: 9999999 must be 1 to 1048576");
        refused(file, "a.map", "type octile\nheight 3\nwidth 3\nmap\n...\n.@.\n", "a.map:6: ends before row 3");
        refused(file, "a.agents", "# LoRR\n2\n0\n4\n", "a.agents:4: cell 4 is a wall");
        refused(file, "a.agents", "# LoRR\n2\n0\n0\n", "a.json: agents 0 and 1 both start on cell 0");
        refused(file, "a.agents", "# LoRR\n3\n0\n2\n", "a.agents:4: ends after 2 of 3 entries");
        refused(file, "a.tasks", "2\n5\nx\n", "a.tasks:3: \"x\" is not a number from 0 to 5");
        refused(file, "a.tasks", "2\n5,0\n2\n", "a.tasks:2: more than 1 cells");
        refused(file, "a.json", problem.replace("2,\n", "3,\n"), "a.json: teamSize 3, must be 1 to the 2 of agentFile");
        refused(file, "a.json", problem.replace("robin", ""), "a.json: taskAssignmentStrategy \"round\", must be");
        refused(file, "a.json", problem.replace("}", ""), "a.json:2: not JSON");
    }

    private void refused(Path problem, String name, String content, String message) throws IOException {
        Path file = folder.resolve(name);
        String whole = Files.readString(file);
        Files.writeString(file, content);
        var thrown = assertThrows(IllegalArgumentException.class, () -> Instance.read(problem));
        assertTrue(String.valueOf(thrown.getMessage()).contains(message), thrown.getMessage());
        Files.writeString(file, whole);
    }

    private Verdict verdict(String year, String name, String solution) throws IOException {
        var instance = Instance.read(problem(year, name));
        return Checker.check(instance, Recording.read(unzipped(year, solution), instance));
    }

    static Path problem(String year, String name) {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and the League's instances are not committed");
        return Path.of(data, "robots", "lorr", year, "random.domain", name + ".json");
    }

    private Path unzipped(String year, String solution) throws IOException {
        Path zip = problem(year, solution).resolve("../../best_solutions/" + solution + ".json.zip");
        try (var in = new ZipInputStream(Files.newInputStream(zip.normalize()))) {
            in.getNextEntry();
            return Files.write(folder.resolve(solution + ".json"), in.readAllBytes());
        }
    }
}
