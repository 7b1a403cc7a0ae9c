package org.diwan.robots.traffic;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.robots.traffic.Distances.Table;
import org.jspecify.annotations.Nullable;

/// Moves for a whole fleet, step after step, that never collide.
///
/// Every vehicle always holds an operation of a few steps, and all operations held are free of collision: at
/// first all wait, and after a step what is left of them, with a wait at the end, is free again. From
/// there vehicles, most urgent first, take the cheapest operation they can get. Where it meets exactly one
/// other vehicle that is less urgent, that one must find another, which may push a third; if one of the
/// chain finds none, all is as before. This is PIBT [1] over operations instead of single steps [2]. What
/// remains of the budget goes to a search in large neighbourhoods: any vehicle may push any other, if
/// the sum of their weighted costs falls [2, 3].
///
/// Costs are those of [Distances]: an operation is worth what is left to go when it ends. Given a number of
/// tries, the result is a function of the seed; given time, it is not. Owned by one thread.
///
/// 1. Okumura, Machida, Défago, Tamura, "Priority Inheritance with Backtracking for Iterative Multi-agent
///    Path Finding", Artificial Intelligence 310 (2022).
/// 2. Yukhnevich, Andreychuk, "Enhancing PIBT via Multi-Action Operations" (2025).
/// 3. Jiang, Zhang, Veerapaneni, Li, "Scaling Lifelong Multi-Agent Path Finding to More Realistic Settings"
///    (SoCS 2024).
public final class FleetPlanner {
    /// How hard to try in each step: `tries` of improvement, fewer if `nanos` are over before.
    public record Budget(int tries, long nanos) {
        /// So many tries, however long they take.
        public static Budget tries(int tries) {
            return new Budget(tries, Long.MAX_VALUE);
        }
    }

    /// Chains longer than this are not followed: the stack is bounded, and they seldom pay.
    private static final int LONGEST_CHAIN = 32;
    /// A vehicle may be asked so often in one attempt. Once is too seldom: asked to leave at once it may be unable,
    /// and it would not be asked whether it can two steps later. Whole floors stood still for that.
    private static final int VISITS = 10;
    /// An attempt asks so many vehicles in all, and in the search of neighbourhoods.
    private static final int MOST_ASKED = 100;

    private static final int MOST_ASKED_IN_SEARCH = 1000;

    /// One in so many that could be asked in the search is passed over, by lot: the next attempt of the same vehicle
    /// then looks elsewhere.
    private static final int PASSED_OVER = 5;

    /// Operations of so many vehicles are valued on one thread.
    private static final int BLOCK = 256;

    private static final int BLOCKED = -2;
    private static final int NOBODY = -1;

    private final Poses poses;
    private final Grid grid;
    private final Distances distances;
    private final Guidance guidance;
    private final Operations operations;
    private final Budget budget;
    private final SplittableRandom random;
    private final int learnEvery;
    private int step;

    /// `[agents, nodes of operations]`: the cell a way comes to, or -1 beyond a wall.
    private final int[] cells;
    /// `[agents, nodes of operations]` at leaves: the cheapest operation of that way, and its cost.
    private final int[] cheapest;

    private final int[] cost;
    /// `[agents, ways]`: the leaves of possible ways by rising cost; and how many are possible.
    private final int[] ranked;

    private final int[] possible;
    /// The operation each vehicle holds, and its cost.
    private final int[] held;

    private final int[] heldCost;

    /// `[depth + 1, cells]`: who is on a cell after so many steps, or -1.
    private final int[][] holder;

    private final int[] weight;
    /// The place of a vehicle in the order of urgency; one that is less urgent has a larger one.
    private final int[] rank;
    /// The last attempt that asked a vehicle, how often that one did, and whether it is in the chain now.
    private final int[] asked;

    private final int[] visits;
    private final boolean[] chained;
    /// `[chain, nodes of operations]`: whom a way would meet, for each vehicle of the chain.
    private final int[][] met = new int[LONGEST_CHAIN + 1][];

    /// The tables of each vehicle's goal and of the next, where it may come to that within an operation.
    private final @Nullable Table[] toGoal;

    private final @Nullable Table[] toAfter;
    private int attempt;
    private int asking;
    private int first;
    /// Whether anyone may push anyone, if that pays.
    private boolean searching;
    /// No vehicle can gain more.
    private long mostGain;

    /// A planner of `poses`, looking `depth` steps ahead (1 to 5), that learns prices every `learnEvery` steps,
    /// unless the floor is so large that its tables cannot all be made anew.
    public FleetPlanner(
            Poses poses, Guidance guidance, Distances distances, int depth, int learnEvery, Budget budget, long seed) {
        if (depth < 1 || depth > 5) throw new IllegalArgumentException("depth " + depth + ", must be 1 to 5");
        if (learnEvery < 1) throw new IllegalArgumentException("learning every " + learnEvery + " steps, must be 1 on");
        this.poses = poses;
        this.grid = poses.grid();
        this.guidance = guidance;
        this.distances = distances;
        this.operations = new Operations(depth);
        this.budget = budget;
        this.random = new SplittableRandom(seed);
        this.learnEvery = learnEvery;
        int agents = poses.agents();
        int nodes = operations.nodes();
        cells = new int[Math.multiplyExact(agents, nodes)];
        cheapest = new int[cells.length];
        cost = new int[cells.length];
        ranked = new int[agents * operations.ways()];
        possible = new int[agents];
        held = new int[agents];
        heldCost = new int[agents];
        Arrays.fill(held, operations.stay());
        holder = new int[depth + 1][grid.cells()];
        for (int[] level : holder) Arrays.fill(level, NOBODY);
        weight = new int[agents];
        rank = new int[agents];
        asked = new int[agents];
        visits = new int[agents];
        chained = new boolean[agents];
        for (int i = 0; i < met.length; i++) met[i] = new int[nodes];
        toGoal = new Table[agents];
        toAfter = new Table[agents];
    }

    /// Fills `moves` for the next step. `goal` has the cell each vehicle is to visit or -1, `after` the one it is to
    /// visit then or -1, `order` all vehicles, most urgent first. The budget's time runs from `start`, a
    /// [System#nanoTime]. The caller does these moves before it asks again.
    public void plan(long start, int[] goal, int[] after, int[] order, int[] weights, byte[] moves) {
        System.arraycopy(weights, 0, weight, 0, weight.length);
        for (int i = 0; i < order.length; i++) {
            int agent = order[i];
            rank[agent] = i;
            boolean guided = goal[agent] >= 0
                    && (distances.known(goal[agent], poses.cell(agent)) != null
                            || System.nanoTime() - start < budget.nanos() / 2);
            int cell = poses.cell(agent);
            toGoal[agent] = guided ? distances.to(goal[agent], cell) : null;
            boolean near = guided && after[agent] >= 0 && grid.apart(cell, goal[agent]) <= operations.depth();
            toAfter[agent] = near ? distances.to(after[agent], goal[agent]) : null;
        }
        IntStream.range(0, (order.length + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
            var visited = new int[operations.nodes()];
            int end = Math.min(order.length, (block + 1) * BLOCK);
            for (int agent = block * BLOCK; agent < end; agent++) evaluate(agent, goal[agent], visited);
        });
        for (int agent = 0; agent < held.length; agent++) {
            holder[0][poses.cell(agent)] = agent;
            reserve(agent, agent);
        }
        searching = false;
        for (int i = 0; i < order.length && !isOver(start); i++) attempt(order[i]);
        searching = true;
        mostGain = 0;
        for (int agent : order) mostGain = Math.max(mostGain, gain(agent));
        for (int i = 0; i < budget.tries() && !isOver(start); i++) attempt(random.nextInt(held.length));
        for (int agent = 0; agent < held.length; agent++) {
            moves[agent] = operations.move(held[agent], 0);
            if (moves[agent] == Poses.FORWARD) guidance.seen(poses.cell(agent), poses.heading(agent));
            if (moves[agent] == Poses.WAIT) guidance.waited(poses.cell(agent));
        }
        for (int agent = 0; agent < held.length; agent++) {
            holder[0][poses.cell(agent)] = NOBODY;
            reserve(agent, NOBODY);
            held[agent] = operations.rest(held[agent]);
        }
        step++;
        if (step % learnEvery == 0 && distances.canHoldAll()) {
            guidance.learn();
            distances.clear();
        }
    }

    private boolean isOver(long start) {
        return System.nanoTime() - start > budget.nanos();
    }

    /// Cells and costs of all ways of `agent`, ranked by cost; `visited` is room for the step in which a way first
    /// comes to the goal.
    private void evaluate(int agent, int goal, int[] visited) {
        int base = agent * operations.nodes();
        int heading = poses.heading(agent);
        int count = 0;
        Table goalTable = toGoal[agent];
        Table afterTable = toAfter[agent];
        // Wherever a vehicle comes from, it gains by the visit itself, though it may then have to turn round.
        int link = afterTable == null ? 0 : afterTable.least(goal) + 2 * Guidance.STEP;
        for (int node = 0; node < visited.length; node++) {
            int parent = operations.parent(node);
            int from = parent < 0 ? poses.cell(agent) : cells[base + parent];
            int direction = operations.direction(node, heading);
            int cell = from < 0 || direction == Operations.STAY ? from : grid.ahead(from, direction);
            cells[base + node] = cell;
            visited[node] = parent < 0 ? 0 : visited[parent];
            if (cell < 0) continue;
            if (cell == goal && visited[node] == 0) visited[node] = operations.time(node);
            int[] ending = operations.ending(node);
            if (ending.length == 0) continue;
            Table table = visited[node] == 0 ? goalTable : afterTable;
            int costs = table == null ? 0 : table.cellCosts(cell);
            int beside = 0;
            if (visited[node] == 0) beside = link;
            else if (table == null) beside = -Guidance.STEP * (operations.depth() - visited[node]);
            int least = Integer.MAX_VALUE;
            for (int operation : ending) {
                int left;
                if (goalTable == null) left = grid.apart(cell, poses.cell(agent));
                else if (table == null) left = beside;
                else left = Distances.cost(costs, operations.heading(operation, heading)) + beside;
                if (operation == held[agent]) heldCost[agent] = left;
                if (left >= least) continue;
                least = left;
                cheapest[base + node] = operation;
            }
            cost[base + node] = least;
            insert(agent, node, count);
            count++;
        }
        possible[agent] = count;
    }

    /// Puts `leaf` among the `count` that are ranked; equal ones keep their order.
    private void insert(int agent, int leaf, int count) {
        int base = agent * operations.ways();
        int costs = agent * operations.nodes();
        int at = base + count;
        while (at > base && cost[costs + ranked[at - 1]] > cost[costs + leaf]) {
            ranked[at] = ranked[at - 1];
            at--;
        }
        ranked[at] = leaf;
    }

    private void attempt(int agent) {
        attempt++;
        asking = 0;
        first = agent;
        reserve(agent, NOBODY);
        if (!place(agent, 0, 1)) reserve(agent, agent);
    }

    /// The most that `agent` can gain by another operation, weighted.
    private long gain(int agent) {
        int cheapestLeaf = ranked[agent * operations.ways()];
        return (long) weight[agent] * (heldCost[agent] - cost[agent * operations.nodes() + cheapestLeaf]);
    }

    /// Gives `agent`, which holds no cells now, a new operation and all that it pushes too, or nothing changes and
    /// it still holds none. `sum` is what the others of the chain lost. While searching the whole chain must gain;
    /// else [#first], its head, must, and nobody more urgent may be pushed.
    private boolean place(int agent, long sum, int length) {
        if (asked[agent] != attempt) visits[agent] = 0;
        asked[agent] = attempt;
        visits[agent]++;
        asking++;
        chained[agent] = true;
        int[] whom = met[length];
        meet(agent, whom);
        int before = held[agent];
        int costBefore = heldCost[agent];
        for (int i = 0; i < possible[agent]; i++) {
            int leaf = ranked[agent * operations.ways() + i];
            int price = cost[agent * operations.nodes() + leaf];
            long total = sum + (long) weight[agent] * (price - costBefore);
            if (searching ? total >= mostGain : agent == first && price >= costBefore) break;
            int other = whom[leaf];
            if (other == BLOCKED) continue;
            if (other == NOBODY) {
                if (searching && total >= 0) continue;
            } else {
                if (!mayAsk(other, length)) continue;
                if (searching && (total >= gain(other) || random.nextInt(PASSED_OVER) == 0)) continue;
                reserve(other, NOBODY);
            }
            held[agent] = cheapest[agent * operations.nodes() + leaf];
            heldCost[agent] = price;
            reserve(agent, agent);
            if (other == NOBODY || place(other, total, length + 1)) {
                chained[agent] = false;
                return true;
            }
            reserve(agent, NOBODY);
            held[agent] = before;
            heldCost[agent] = costBefore;
            reserve(other, other);
        }
        chained[agent] = false;
        return false;
    }

    private boolean mayAsk(int other, int length) {
        return length < LONGEST_CHAIN
                && asking < (searching ? MOST_ASKED_IN_SEARCH : MOST_ASKED)
                && (asked[other] != attempt || visits[other] < VISITS);
    }

    /// Writes `who` on all cells of the operation that `agent` holds.
    private void reserve(int agent, int who) {
        int base = agent * operations.nodes();
        for (int node = operations.leaf(held[agent]); node >= 0; node = operations.parent(node)) {
            holder[operations.time(node)][cells[base + node]] = who;
        }
    }

    /// Whom each way of `agent` would meet: one vehicle, [#NOBODY], or [#BLOCKED] if several or one that cannot be
    /// pushed.
    private void meet(int agent, int[] whom) {
        int base = agent * operations.nodes();
        for (int node = 0; node < whom.length; node++) {
            int parent = operations.parent(node);
            int met = parent < 0 ? NOBODY : whom[parent];
            int cell = cells[base + node];
            if (cell < 0) met = BLOCKED;
            if (met != BLOCKED) {
                int time = operations.time(node);
                int from = parent < 0 ? poses.cell(agent) : cells[base + parent];
                int there = holder[time][cell];
                met = both(met, there);
                if (from != cell) {
                    int ahead = holder[time - 1][cell];
                    if (ahead != NOBODY && ahead == holder[time][from]) met = both(met, ahead);
                }
            }
            whom[node] = met;
        }
    }

    private int both(int met, int other) {
        if (other == NOBODY || met == other || met == BLOCKED) return met;
        if (met != NOBODY || chained[other] || (!searching && rank[other] < rank[first])) return BLOCKED;
        return other;
    }
}
