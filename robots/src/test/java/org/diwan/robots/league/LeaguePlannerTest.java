package org.diwan.robots.league;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.diwan.base.Seeded;
import org.diwan.robots.league.Checker.Verdict;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.traffic.FleetPlanner.Budget;
import org.diwan.robots.traffic.Grid;
import org.diwan.robots.traffic.Poses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: [Checker], which agrees with the League's own simulator on its published games.
class LeaguePlannerTest {
    private static final long BYTES = 16 << 20;

    @TempDir
    Path folder;

    @Test
    void gamesOfBothYearsAreLegalAndSurviveTheFile() {
        Seeded.forAll(10, random -> {
            var free = new boolean[64];
            Arrays.fill(free, true);
            var grid = new Grid(8, 8, free);
            boolean pool = random.nextBoolean();
            var tasks = new int[20][];
            for (int i = 0; i < tasks.length; i++) {
                tasks[i] = new int[pool ? 1 + random.nextInt(4) : 1];
                for (int j = 0; j < tasks[i].length; j++) tasks[i][j] = random.nextInt(64);
            }
            int[] starts =
                    random.ints(0, 64).distinct().limit(1 + random.nextInt(12)).toArray();
            var rules = pool ? Rules.POOL : Rules.ROUND_ROBIN;
            var instance = new Instance(grid, starts, tasks, rules, pool ? 1.5 : 1);

            var game = play(instance, 200, 30, random.nextLong());
            // Alone, four errands in opposite corners take 4 * (14 steps + 4 turns).
            assertTrue(game.finished() >= 2, "only " + game.finished() + " tasks");
            Path file = folder.resolve("game.json");
            game.write(file);
            var accepted = new Verdict.Accepted(Optional.of(game.finished()));
            assertEquals(accepted, Checker.check(instance, Recording.read(file, instance)));
        });
    }

    @Test
    void theFirstStandingsAreReached() throws IOException {
        var instance = Instance.read(CheckerTest.problem("2024", "RANDOM-01"));
        var game = play(instance, 600, 0, 1);
        assertEquals(new Verdict.Accepted(Optional.of(game.finished())), Checker.check(instance, game.recording()));
        assertTrue(game.finished() >= 0.8 * 696, "four fifths of the best published, not " + game.finished());
    }

    @Test
    void aSeedPlaysTheSameFileAgain() throws IOException {
        var free = new boolean[36];
        Arrays.fill(free, true);
        var instance = new Instance(
                new Grid(6, 6, free),
                new int[] {0, 7, 14, 21},
                new int[][] {{35, 2}, {8}, {30, 5, 9}},
                Rules.POOL,
                1.5);
        for (String name : new String[] {"a", "b"}) play(instance, 100, 50, 3).write(folder.resolve(name));
        assertEquals(-1, Files.mismatch(folder.resolve("a"), folder.resolve("b")));
    }

    /// One stands in a dead end and has further to go than the one before it that wants to go in. When the nearer
    /// always came first and nothing else was tried, they stood there for ever, with no task done.
    @Test
    void whoIsInADeadEndIsLetOut() {
        var free = new boolean[] {false, true, true, true, true, true, true, true, false, true, true, true};
        var tasks = new int[][] {{7}, {4}, {4}, {7}};
        var instance = new Instance(new Grid(4, 3, free), new int[] {4, 5}, tasks, Rules.ROUND_ROBIN, 1);
        int finished = play(instance, 1000, 0, 1).finished();
        assertTrue(finished >= 20, "only " + finished);
    }

    /// Though all want the few tasks that are shortest.
    @Test
    void nobodyIsWithoutATaskWhileThereAreSome() {
        var free = new boolean[100];
        Arrays.fill(free, true);
        var tasks = new int[60][];
        for (int i = 0; i < tasks.length; i++) tasks[i] = new int[] {i, 99 - i};
        int[] starts = IntStream.range(40, 80).toArray();
        var instance = new Instance(new Grid(10, 10, free), starts, tasks, Rules.POOL, 1.5);
        Simulation.play(
                instance,
                world -> {
                    var planner = new LeaguePlanner(world, Budget.tries(0), BYTES, 1);
                    return (same, schedule, moves) -> {
                        planner.plan(same, schedule, moves);
                        assertTrue(Arrays.stream(schedule).allMatch(task -> task >= 0), Arrays.toString(schedule));
                    };
                },
                20);
    }

    /// 19 cells of 819 are free, so those with most to do stand by and make room. When all went their ways at once,
    /// and the search asked 30 vehicles at most, this game came to 74.
    @Test
    void aFullFloorKeepsMoving() throws IOException {
        var instance = Instance.read(CheckerTest.problem("2024", "RANDOM-05"));
        var game = play(instance, 60, 50, 1);
        assertEquals(new Verdict.Accepted(Optional.of(game.finished())), Checker.check(instance, game.recording()));
        assertTrue(game.finished() >= 90, "only " + game.finished());
    }

    @Test
    void aPlannerThatCollidesIsStopped() {
        var free = new boolean[] {true, true};
        var instance = new Instance(new Grid(2, 1, free), new int[] {0, 1}, new int[][] {{0}}, Rules.ROUND_ROBIN, 1);
        var thrown = assertThrows(
                IllegalStateException.class,
                () -> Simulation.play(instance, world -> (same, schedule, moves) -> moves[0] = Poses.FORWARD, 5));
        assertEquals("step 1: agents 1 and 0 are both on cell 1", thrown.getMessage());
    }

    private static Simulation play(Instance instance, int steps, int tries, long seed) {
        return Simulation.play(instance, world -> new LeaguePlanner(world, Budget.tries(tries), BYTES, seed), steps);
    }
}
