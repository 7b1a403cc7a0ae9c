package org.diwan.robots.league;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.traffic.Distances;
import org.diwan.robots.traffic.FleetPlanner;
import org.diwan.robots.traffic.Grid;
import org.diwan.robots.traffic.Guidance;

/// Our player: tasks to agents by what they will cost in all, moves by [FleetPlanner].
///
/// A task that has not begun may change hands in every step. Pairs of free agents and tasks are taken from
/// the cheapest on: the way to the first errand and between all errands. So short tasks come first,
/// and the pool keeps the long ones.
public final class LeaguePlanner implements Planner {
    /// An agent asks for so many of its cheapest tasks; if all of those are gone, it waits a step.
    private static final int CANDIDATES = 64;

    /// Vehicles look so many steps ahead: with 3 the instances of 2024 jam, 5 takes longer and finishes as much.
    private static final int DEPTH = 4;
    /// The price of going against a street, and against the stream, beside [Guidance#STEP].
    private static final int STREET = 5;

    private static final int CONTRAFLOW = 5;
    /// Prices are learned anew after so many steps.
    private static final int LEARN_EVERY = 50;
    /// In a pool, one task for so many free cells: agents without a task give way, and a full floor stands still.
    private static final int CELLS_A_TASK = 4;
    /// How much more than 10 a step of an agent is worth that is nearly done, times 20.
    private static final int NEARNESS = 10_000;

    private final World world;
    /// At most so many tasks are with agents at once.
    private final int active;

    private final Distances distances;
    private final FleetPlanner fleet;
    private final int[] goal;
    private final int[] after;
    private final int[] order;
    private final int[] weights;

    /// A player of `world`; distance tables take at most `tableBytes`.
    public LeaguePlanner(World world, FleetPlanner.Budget budget, long tableBytes, long seed) {
        this.world = world;
        Grid grid = world.instance().grid();
        active = Math.max(
                1, (int) IntStream.range(0, grid.cells()).filter(grid::isFree).count() / CELLS_A_TASK);
        var guidance = new Guidance(grid, STREET, CONTRAFLOW);
        distances = new Distances(guidance, tableBytes);
        fleet = new FleetPlanner(world.poses(), guidance, distances, DEPTH, LEARN_EVERY, budget, seed);
        int agents = world.instance().agents();
        goal = new int[agents];
        after = new int[agents];
        order = new int[agents];
        weights = new int[agents];
    }

    /// A budget that leaves a fifth of `step` for all that is not search.
    public static FleetPlanner.Budget within(Duration step) {
        return new FleetPlanner.Budget(Integer.MAX_VALUE, step.toNanos() * 4 / 5);
    }

    @Override
    public void plan(World world, int[] schedule, byte[] moves) {
        assert world == this.world : "a planner plays one game";
        if (world.instance().rules() == Rules.POOL) assign(schedule);
        var urgency = new long[schedule.length];
        for (int agent = 0; agent < schedule.length; agent++) {
            int task = schedule[agent];
            int left = Integer.MAX_VALUE;
            goal[agent] = -1;
            after[agent] = -1;
            if (task >= 0) {
                int[] errands = world.errands(task);
                int done = world.done(task);
                goal[agent] = errands[done];
                if (done + 1 < errands.length) after[agent] = errands[done + 1];
                left = toGo(agent, errands, done);
            }
            weights[agent] = weight(left);
            urgency[agent] = ((long) left << 32) | agent;
        }
        Arrays.sort(urgency);
        for (int i = 0; i < order.length; i++) order[i] = (int) urgency[i];
        fleet.plan(goal, after, order, weights, moves);
    }

    /// A step of one that is nearly done is worth more: it will be free for another task, the far one may lose time.
    private static int weight(int left) {
        return 10 + NEARNESS / (20 + Math.min(left, NEARNESS) / Guidance.STEP);
    }

    private int toGo(int agent, int[] errands, int done) {
        var poses = world.poses();
        return distances.to(errands[done])[4 * poses.cell(agent) + poses.heading(agent)] + length(errands, done);
    }

    /// The cost of the way from errand `from` to the last.
    private int length(int[] errands, int from) {
        int length = 0;
        for (int i = from + 1; i < errands.length; i++) length += distances.between(errands[i - 1], errands[i]);
        return length;
    }

    /// Gives all agents that have not begun a task the one that costs least among those left.
    private void assign(int[] schedule) {
        var held = new HashSet<Integer>();
        var free = new boolean[schedule.length];
        int agents = 0;
        for (int agent = 0; agent < schedule.length; agent++) {
            free[agent] = schedule[agent] < 0 || !world.started(schedule[agent]);
            if (free[agent]) {
                schedule[agent] = -1;
                agents++;
            } else {
                held.add(schedule[agent]);
            }
        }
        int[] tasks = world.open().stream()
                .mapToInt(i -> i)
                .filter(i -> !held.contains(i))
                .toArray();
        var lengths = new int[tasks.length];
        for (int i = 0; i < tasks.length; i++) lengths[i] = length(world.errands(tasks[i]), 0);
        var pairs = new long[agents * Math.min(CANDIDATES, tasks.length)];
        int count = 0;
        var costs = new long[tasks.length];
        var poses = world.poses();
        for (int agent = 0; agent < schedule.length; agent++) {
            if (!free[agent]) continue;
            int state = 4 * poses.cell(agent) + poses.heading(agent);
            for (int i = 0; i < tasks.length; i++) {
                long cost = (long) lengths[i] + distances.to(world.errands(tasks[i])[0])[state];
                costs[i] = (cost << 40) | ((long) agent << 20) | i;
            }
            Arrays.sort(costs);
            for (int i = 0; i < Math.min(CANDIDATES, tasks.length); i++) pairs[count++] = costs[i];
        }
        Arrays.sort(pairs);
        take(pairs, tasks, schedule, new HashSet<>(), active - held.size());
    }

    private static void take(long[] pairs, int[] tasks, int[] schedule, Set<Integer> taken, int room) {
        for (long pair : pairs) {
            int agent = (int) (pair >> 20) & 0xfffff;
            int task = tasks[(int) pair & 0xfffff];
            if (taken.size() < room && schedule[agent] < 0 && taken.add(task)) schedule[agent] = task;
        }
    }
}
