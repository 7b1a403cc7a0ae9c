package org.diwan.robots.league;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.traffic.Distances;
import org.diwan.robots.traffic.FleetPlanner;
import org.diwan.robots.traffic.Grid;
import org.diwan.robots.traffic.Guidance;

/// Our player: tasks to agents by [Dispatcher], moves by [FleetPlanner].
public final class LeaguePlanner implements Planner {
    /// Memory for tables of distances: enough for 10,000 agents on 70,000 cells, and the whole stays below a
    /// gigabyte.
    public static final long TABLE_BYTES = 384 << 20;

    /// Vehicles look so many steps ahead. 5 finish 2 to 4 % more by tries, and a try takes three times as long.
    private static final int DEPTH = 4;
    /// The price of going against a street, where some stand by and elsewhere; against the stream; and into a
    /// crowd, unless some stand by: all wait somewhere then, and no way is round. Beside [Guidance#STEP].
    private static final int FULL_STREET = 20;

    private static final int STREET = 10;
    private static final int CONTRAFLOW = 5;
    private static final int CROWD = 60;
    /// Prices are learned anew after so many steps.
    private static final int LEARN_EVERY = 20;
    /// One agent is on its way for so many cells of the floor; those with most to do stand by and make room.
    private static final int CELLS_EACH = 2;
    /// Where some stand by, the weight of the agent with least to do: it will be free for another task, the far one
    /// may lose time.
    private static final int MOST_WEIGHT = 1000;
    /// Elsewhere, how much more than 10 an agent that is nearly done weighs, times 20.
    private static final int NEARNESS = 10_000;

    /// Who stood for so many steps may become bold, for as many; one of [#LOT] each step.
    private static final int PATIENCE = 16;

    private static final int LOT = 16;
    /// The weight of a bold one, beside which others hardly count.
    private static final int BOLDNESS = 20_000;

    /// A game is rehearsed for so many steps.
    private static final int REHEARSED = 12;

    private final World world;
    private final Distances distances;
    private final Dispatcher dispatcher;
    private final FleetPlanner fleet;
    private final int[] goal;
    private final int[] after;
    /// Where each agent stands, since which step, and until which it is bold.
    private final int[] stood;

    private final int[] since;
    private final int[] boldUntil;
    private final SplittableRandom random;
    private final int[] order;
    private final int[] weights;
    /// So many agents at most are on their way, whatever their tasks; and whether there are more.
    private final int underWay;

    private final boolean full;

    /// A player of `world`; distance tables take at most `tableBytes`.
    public LeaguePlanner(World world, FleetPlanner.Budget budget, long tableBytes, long seed) {
        this.world = world;
        Grid grid = world.instance().grid();
        int agents = world.instance().agents();
        underWay = (int) IntStream.range(0, grid.cells()).filter(grid::isFree).count() / CELLS_EACH;
        full = agents > underWay;
        var guidance = new Guidance(grid, full ? FULL_STREET : STREET, CONTRAFLOW, full ? 0 : CROWD);
        distances = new Distances(guidance, tableBytes);
        dispatcher = new Dispatcher(world, distances);
        fleet = new FleetPlanner(world.poses(), guidance, distances, DEPTH, LEARN_EVERY, budget, seed);
        goal = new int[agents];
        after = new int[agents];
        stood = new int[agents];
        since = new int[agents];
        boldUntil = new int[agents];
        random = new SplittableRandom(seed);
        order = new int[agents];
        weights = new int[agents];
    }

    /// A budget that leaves a fifth of `step` for all that is not search.
    public static FleetPlanner.Budget within(Duration step) {
        return new FleetPlanner.Budget(Integer.MAX_VALUE, step.toNanos() * 4 / 5);
    }

    /// Plays a few steps with tasks made up, so that the first of a real game are not spent on compiling. The
    /// League's rules give half an hour to prepare for a floor and its agents, before tasks are shown
    /// (`preprocessTimeLimit` in its start kit).
    public static void rehearse(Instance instance, FleetPlanner.Budget budget, long tableBytes) {
        int[] starts = instance.starts();
        var tasks = new int[starts.length][];
        for (int i = 0; i < tasks.length; i++) {
            int other = starts[(i + starts.length / 2) % starts.length];
            tasks[i] = instance.rules() == Rules.POOL ? new int[] {starts[i], other} : new int[] {other};
        }
        var madeUp = new Instance(instance.grid(), starts, tasks, instance.rules(), instance.reveal());
        Simulation.play(madeUp, world -> new LeaguePlanner(world, budget, tableBytes, 1), REHEARSED);
    }

    @Override
    public void plan(World world, int[] schedule, byte[] moves) {
        long start = System.nanoTime();
        if (world != this.world) throw new IllegalArgumentException("a planner plays one game, this is another");
        if (world.instance().rules() == Rules.POOL) dispatcher.assign(schedule);
        long[] line = line(schedule);
        var urgency = new long[line.length];
        for (int place = 0; place < line.length; place++) {
            int agent = (int) line[place];
            boolean bold = isBold(agent);
            boolean standsBy = schedule[agent] < 0 || place >= underWay;
            goal[agent] = -1;
            after[agent] = -1;
            weights[agent] = 1;
            if (!standsBy) {
                int[] errands = world.errands(schedule[agent]);
                int done = world.done(schedule[agent]);
                goal[agent] = errands[done];
                if (done + 1 < errands.length) after[agent] = errands[done + 1];
                weights[agent] += weight(place, (int) (line[place] >> 32)) + (bold ? BOLDNESS : 0);
            }
            urgency[place] = ((long) -weights[agent] << 32) | agent;
        }
        Arrays.sort(urgency);
        for (int i = 0; i < order.length; i++) order[i] = (int) urgency[i];
        fleet.plan(start, goal, after, order, weights, moves);
    }

    /// The agents, below, by what is left to do of their tasks, above; those without one come last.
    private long[] line(int[] schedule) {
        var line = new long[schedule.length];
        for (int agent = 0; agent < line.length; agent++) {
            int task = schedule[agent];
            int left = task < 0 ? Integer.MAX_VALUE : dispatcher.toGo(agent, world.errands(task), world.done(task));
            line[agent] = ((long) left << 32) | agent;
        }
        Arrays.sort(line);
        return line;
    }

    /// The weight of the agent at `place` in line, from 0, with `left` to go. On a full floor it falls with the square
    /// of the places; elsewhere with what is left, so that two who have about as much to do weigh about the same.
    private int weight(int place, int left) {
        if (!full) return 10 + NEARNESS / (20 + left / Guidance.STEP);
        double share = 1 - place / (double) weights.length;
        return (int) (MOST_WEIGHT * share * share);
    }

    /// Whether `agent` comes before all. One in a dead end that has far to go, and one that is nearly there and
    /// wants to go in, would stand there for ever. So who stood long is bold for a while, drawn by lot: all at
    /// once would be none.
    private boolean isBold(int agent) {
        int step = world.step();
        int cell = world.poses().cell(agent);
        if (cell != stood[agent]) {
            stood[agent] = cell;
            since[agent] = step;
        }
        if (step >= boldUntil[agent] && step - since[agent] >= PATIENCE && random.nextInt(LOT) == 0) {
            boldUntil[agent] = step + PATIENCE;
        }
        return step < boldUntil[agent];
    }
}
