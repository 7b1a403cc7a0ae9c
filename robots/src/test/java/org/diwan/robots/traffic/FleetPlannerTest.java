package org.diwan.robots.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.base.Seeded;
import org.diwan.robots.traffic.FleetPlanner.Budget;
import org.junit.jupiter.api.Test;

/// Oracles: [Poses], which refuses every collision; a breadth-first search over (cell, heading) by hand; and
/// what a fleet must come to, all goals visited.
class FleetPlannerTest {
    private static final long BYTES = 1 << 20;

    @Test
    void distancesAreThoseOfABreadthFirstSearch() {
        Seeded.forAll(50, random -> {
            var grid = grid(random, 1 + random.nextInt(7), 1 + random.nextInt(7), 0.3);
            int goal = free(grid)[0];
            var table = new Distances(new Guidance(grid, 0, 10, 0), BYTES).to(goal, goal);
            for (int state = 0; state < 4 * grid.cells(); state++) {
                int expected = grid.isFree(state / 4) ? slow(grid, state, goal) : -1;
                int cost = table.cost(state / 4, state % 4);
                assertEquals(expected < 0 ? Distances.UNREACHABLE : 10 * expected, cost, "from " + state);
            }
        });
    }

    /// Steps forward from `state` to `goal`, or -1.
    private static int slow(Grid grid, int state, int goal) {
        var steps = new HashMap<Integer, Integer>();
        var queue = new ArrayDeque<Integer>();
        steps.put(state, 0);
        queue.add(state);
        while (!queue.isEmpty()) {
            int at = queue.remove();
            if (at / 4 == goal) return steps.getOrDefault(at, -1);
            int ahead = grid.ahead(at / 4, at % 4);
            int[] next = {at / 4 * 4 + (at + 1) % 4, at / 4 * 4 + (at + 3) % 4, ahead < 0 ? at : 4 * ahead + at % 4};
            for (int to : next) {
                if (steps.putIfAbsent(to, steps.getOrDefault(at, 0) + 1) == null) queue.add(to);
            }
        }
        return -1;
    }

    /// On a floor larger than a rectangle: no cost is below the whole floor's, whoever asks is told a way if there is
    /// one, and the same costs to any goal come again from a memory for one table alone.
    @Test
    void tablesOfRectanglesNeverPromiseTooMuch() {
        Seeded.forAll(10, random -> {
            var grid = grid(random, 40, 40, 0.35);
            int[] free = free(grid);
            var guidance = new Guidance(grid, 4, 0, 0);
            var all = new Distances(guidance, BYTES);
            var one = new Distances(guidance, 1);
            for (int i = 0; i < 10; i++) {
                int goal = free[random.nextInt(free.length)];
                int from = free[random.nextInt(free.length)];
                var table = new Distances(guidance, BYTES).to(goal, from);
                assertEquals(table.least(from), one.to(goal, from).least(from));
                var whole = all.to(goal, goal);
                for (int asker : new int[] {0, 39, 1560, 1599}) whole = all.to(goal, asker);
                assertEquals(whole.least(from) == Distances.UNREACHABLE, table.least(from) == Distances.UNREACHABLE);
                for (int cell : free) assertTrue(table.least(cell) >= whole.least(cell), "from " + cell);
            }
        });
    }

    /// On its way to the goal a vehicle is told nothing worse than one that asks for the first time, and what lies far
    /// behind is forgotten; a second one that asks from there brings it back, for both and for good.
    @Test
    void tablesShrinkOnTheWay() {
        Seeded.forAll(5, random -> {
            var grid = grid(random, 100, 30, 0.1);
            int[] free = free(grid);
            var guidance = new Guidance(grid, 4, 0, 0);
            var whole = new Distances(guidance, BYTES);
            int start = free[0];
            int goal = free[free.length - 1];
            if (whole.to(goal, start).least(start) == Distances.UNREACHABLE) return;
            var kept = new Distances(guidance, BYTES);
            int at = start;
            while (grid.apart(at, goal) > 5) {
                var table = kept.to(goal, at);
                int least = table.least(at);
                assertTrue(least >= whole.to(goal, at).least(at));
                assertTrue(least <= new Distances(guidance, BYTES).to(goal, at).least(at));
                int next = at;
                for (int heading = 0; heading < 4; heading++) {
                    int beside = grid.ahead(at, heading);
                    if (beside >= 0 && table.least(beside) < table.least(next)) next = beside;
                }
                assertTrue(next != at, "stands at " + at);
                at = next;
            }
            assertEquals(Distances.UNREACHABLE, kept.to(goal, at).least(start), "far behind");
            assertTrue(kept.to(goal, start).least(start) < Distances.UNREACHABLE);
            assertTrue(kept.to(goal, at).least(start) < Distances.UNREACHABLE, "another is there");
        });
    }

    /// Lanes between walls are streets, and neighbours go opposite ways, though they have odd numbers all.
    @Test
    void streetsBetweenShelvesAlternate() {
        var free = new boolean[9 * 5];
        for (int cell = 0; cell < free.length; cell++) free[cell] = cell % 9 % 2 == 1 || cell / 9 == 0;
        var guidance = new Guidance(new Grid(9, 5, free), 4, 0, 0);
        for (int column = 1; column < 9; column += 2) {
            int first = guidance.forward(2 * 9 + 1, 1);
            int south = guidance.forward(2 * 9 + column, 1);
            assertEquals(column % 4 == 1 ? first : 24 - first, south, "column " + column);
            assertEquals(24, south + guidance.forward(2 * 9 + column, 3));
        }
    }

    /// A wait for every three that pass, beside the four that are supposed, and then none at all.
    @Test
    void whoCanGoesRoundACrowd() {
        var guidance = new Guidance(open(5, 3), 0, 0, 70);
        int middle = 7;
        guidance.waited(middle);
        for (int i = 0; i < 3; i++) guidance.seen(middle, 1);
        guidance.learn();
        assertEquals(Guidance.STEP + 10, guidance.forward(middle - 1, 0));
        assertEquals(Guidance.STEP, guidance.forward(middle, 0), "out of the crowd");
        for (int i = 0; i < 100; i++) guidance.waited(middle);
        guidance.learn();
        assertEquals(7 * Guidance.STEP, guidance.forward(middle - 1, 0), "no more than six steps are added");
        int round = new Distances(guidance, BYTES).to(9, 5).cost(5, 0);
        assertEquals(9 * Guidance.STEP, round, "two steps more and three turns");
        for (int i = 0; i < 20; i++) guidance.learn();
        assertEquals(Guidance.STEP, guidance.forward(middle - 1, 0), "forgotten");
    }

    /// It once turned round and round, for four turns are as good as none and were found first.
    @Test
    void whoHasNothingToDoStandsStill() {
        var poses = new Poses(open(3, 3), new int[] {4});
        var guidance = new Guidance(poses.grid(), 4, 0, 0);
        var planner = new FleetPlanner(poses, guidance, new Distances(guidance, BYTES), 4, 50, Budget.tries(20), 1);
        var moves = new byte[1];
        for (int step = 0; step < 10; step++) {
            planner.plan(System.nanoTime(), new int[] {-1}, new int[] {-1}, new int[] {0}, new int[] {1}, moves);
            assertEquals(Poses.WAIT, moves[0]);
        }
    }

    /// Half of an open floor taken, goals without end, each with the next one known: as much is done at last as at
    /// first. Everything stood still for ever when a vehicle was asked only once in an attempt whether it can
    /// give way, and when one beside its goal would not go there because it would have to turn round afterwards.
    @Test
    void aCrowdNeverComesToAStandstill() {
        Seeded.forAll(5, random -> {
            var grid = open(12, 12);
            int[] free = free(grid);
            int agents = free.length / 2;
            var poses = new Poses(grid, Arrays.copyOf(shuffled(free, random), agents));
            var guidance = new Guidance(grid, 10, 0, 0);
            var distances = new Distances(guidance, BYTES);
            var planner = new FleetPlanner(poses, guidance, distances, 4, 50, Budget.tries(0), 1);
            int[] goal = random.ints(agents, 0, free.length).map(i -> free[i]).toArray();
            int[] after = random.ints(agents, 0, free.length).map(i -> free[i]).toArray();
            int[] weights = IntStream.generate(() -> 1).limit(agents).toArray();
            var moves = new byte[agents];
            int[] done = new int[2];
            for (int step = 0; step < 400; step++) {
                var urgency = new long[agents];
                for (int i = 0; i < agents; i++) {
                    int left = distances.to(goal[i], poses.cell(i)).cost(poses.cell(i), poses.heading(i));
                    urgency[i] = 1000L * left + i;
                }
                Arrays.sort(urgency);
                int[] order =
                        Arrays.stream(urgency).mapToInt(i -> (int) (i % 1000)).toArray();
                planner.plan(System.nanoTime(), goal, after, order, weights, moves);
                var violation = poses.step(moves);
                assertTrue(violation.isEmpty(), violation::toString);
                for (int i = 0; i < agents; i++) {
                    if (poses.cell(i) != goal[i]) continue;
                    done[step / 200]++;
                    goal[i] = after[i];
                    after[i] = free[random.nextInt(free.length)];
                }
            }
            assertTrue(done[1] > done[0] / 2, agents + " agents did " + done[0] + ", then " + done[1]);
        });
    }

    @Test
    void oneVehicleAloneTakesAShortestWay() {
        Seeded.forAll(50, random -> {
            var grid = grid(random, 6, 6, 0.2);
            int[] free = free(grid);
            int start = free[random.nextInt(free.length)];
            int goal = free[random.nextInt(free.length)];
            int expected = slow(grid, 4 * start, goal);
            if (expected < 1) return;
            assertEquals(expected, visit(grid, new int[] {start}, new int[] {goal}, Budget.tries(10), 1, 100));
        });
    }

    /// Where any cell can be gone round, all arrive, however they are mixed; nothing collides on the way, or
    /// `visit` would say so.
    @Test
    void everyVehicleOfASparseFleetArrives() {
        Seeded.forAll(40, random -> {
            var grid = open(5 + random.nextInt(4), 5 + random.nextInt(4));
            int[] free = free(grid);
            int agents = 1 + random.nextInt(free.length / 3);
            int[] starts = Arrays.copyOf(shuffled(free, random), agents);
            int[] goals = Arrays.copyOf(shuffled(free, random), agents);
            int steps = visit(grid, starts, goals, Budget.tries(random.nextInt(50)), random.nextLong(), 2000);
            assertTrue(steps >= 0, agents + " agents on " + free.length + " cells did not all arrive");
        });
    }

    @Test
    void aCrowdOnAnyFloorNeverCollides() {
        Seeded.forAll(60, random -> {
            var grid = grid(random, 2 + random.nextInt(7), 1 + random.nextInt(7), 0.3);
            int[] free = free(grid);
            int agents = 1 + random.nextInt(free.length);
            int[] starts = Arrays.copyOf(shuffled(free, random), agents);
            int[] goals = Arrays.copyOf(shuffled(free, random), agents);
            visit(grid, starts, goals, Budget.tries(20), random.nextLong(), 40);
        });
    }

    @Test
    void aSeedPlaysTheSameAgain() {
        var grid = open(8, 8);
        int[] starts = Arrays.copyOf(shuffled(free(grid), new SplittableRandom(1)), 20);
        int[] goals = Arrays.copyOf(shuffled(free(grid), new SplittableRandom(2)), 20);
        int once = visit(grid, starts, goals, Budget.tries(30), 7, 500);
        assertEquals(once, visit(grid, starts, goals, Budget.tries(30), 7, 500));
    }

    /// Steps until every vehicle has been at its goal once, or -1 if that takes more than `limit`. Who has been
    /// there gives way to all.
    private static int visit(Grid grid, int[] starts, int[] goals, Budget budget, long seed, int limit) {
        var poses = new Poses(grid, starts);
        var guidance = new Guidance(grid, 0, 0, 0);
        var distances = new Distances(guidance, BYTES);
        var planner = new FleetPlanner(poses, guidance, distances, 4, 50, budget, seed);
        int[] goal = goals.clone();
        int[] after = new int[starts.length];
        Arrays.fill(after, -1);
        int[] weights = new int[starts.length];
        Arrays.fill(weights, 1);
        var moves = new byte[starts.length];
        for (int step = 0; step <= limit; step++) {
            for (int agent = 0; agent < goal.length; agent++) {
                if (poses.cell(agent) == goal[agent]) goal[agent] = -1;
            }
            if (Arrays.stream(goal).allMatch(cell -> cell < 0)) return step;
            int[] order = IntStream.range(0, goal.length)
                    .boxed()
                    .sorted((a, b) -> Integer.compare(goal[b] < 0 ? 0 : 1, goal[a] < 0 ? 0 : 1))
                    .mapToInt(i -> i)
                    .toArray();
            planner.plan(System.nanoTime(), goal, after, order, weights, moves);
            var violation = poses.step(moves);
            assertTrue(violation.isEmpty(), violation::toString);
        }
        return -1;
    }

    private static Grid open(int width, int height) {
        var free = new boolean[width * height];
        Arrays.fill(free, true);
        return new Grid(width, height, free);
    }

    /// At least one cell is free.
    private static Grid grid(SplittableRandom random, int width, int height, double walls) {
        var free = new boolean[width * height];
        for (int i = 0; i < free.length; i++) free[i] = random.nextDouble() >= walls;
        free[random.nextInt(free.length)] = true;
        return new Grid(width, height, free);
    }

    private static int[] free(Grid grid) {
        return IntStream.range(0, grid.cells()).filter(grid::isFree).toArray();
    }

    private static int[] shuffled(int[] values, SplittableRandom random) {
        int[] shuffled = values.clone();
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        return shuffled;
    }
}
