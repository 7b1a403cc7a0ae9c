package org.diwan.robots.traffic;

import java.util.Arrays;
import java.util.SplittableRandom;
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

    private static final int SEVERAL = -2;
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

    /// `[agents, operations]`: how many are possible, which by rising cost, what they cost.
    private final int[] possible;

    private final int[] ranked;
    private final int[] cost;
    /// `[agents, operations, depth]`: the cell after each step.
    private final int[] cells;
    /// The operation each vehicle holds, and its cost.
    private final int[] held;

    /// `[depth + 1, cells]`: who is on a cell after so many steps, or -1.
    private final int[][] holder;

    private final int[] weight;
    /// The place of a vehicle in the order of urgency; one that is less urgent has a larger one.
    private final int[] rank;
    /// The number of the last try that touched a vehicle.
    private final int[] touched;

    private int attempt;

    /// A planner of `poses`, looking `depth` steps ahead (1 to 5), that learns streets every `learnEvery` steps.
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
        possible = new int[agents];
        ranked = new int[agents * operations.count()];
        cost = new int[agents * operations.count()];
        cells = new int[Math.multiplyExact(agents * operations.count(), depth)];
        held = new int[agents];
        Arrays.fill(held, operations.stay());
        holder = new int[depth + 1][grid.cells()];
        for (int[] level : holder) Arrays.fill(level, NOBODY);
        weight = new int[agents];
        rank = new int[agents];
        touched = new int[agents];
    }

    /// Fills `moves` for the next step. `goal` has the cell each vehicle is to visit or -1, `after` the one it is to
    /// visit then or -1, `order` all vehicles, most urgent first. The caller does these moves before it asks again.
    public void plan(int[] goal, int[] after, int[] order, int[] weights, byte[] moves) {
        long start = System.nanoTime();
        System.arraycopy(weights, 0, weight, 0, weight.length);
        for (int agent = 0; agent < held.length; agent++) {
            rank[order[agent]] = agent;
            evaluate(agent, goal[agent], after[agent]);
            holder[0][poses.cell(agent)] = agent;
            reserve(agent, agent);
        }
        for (int agent : order) attempt(agent, false);
        for (int i = 0; i < budget.tries(); i++) {
            if ((i & 63) == 0 && System.nanoTime() - start > budget.nanos()) break;
            attempt(random.nextInt(held.length), true);
        }
        for (int agent = 0; agent < held.length; agent++) {
            moves[agent] = operations.move(held[agent], 0);
            if (moves[agent] == Poses.FORWARD) guidance.seen(poses.cell(agent), poses.heading(agent));
        }
        for (int agent = 0; agent < held.length; agent++) {
            holder[0][poses.cell(agent)] = NOBODY;
            reserve(agent, NOBODY);
            held[agent] = operations.rest(held[agent]);
        }
        step++;
        if (step % learnEvery == 0) {
            guidance.learn();
            distances.clear();
        }
    }

    /// Costs and cells of all operations of `agent`, ranked by cost.
    private void evaluate(int agent, int goal, int after) {
        int base = agent * operations.count();
        int count = 0;
        char @Nullable [] toGoal = goal < 0 ? null : distances.to(goal);
        char @Nullable [] toAfter = goal < 0 || after < 0 ? null : distances.to(after);
        int link = toAfter == null ? 0 : distances.between(goal, after);
        for (int operation = 0; operation < operations.count(); operation++) {
            int cell = poses.cell(agent);
            int heading = poses.heading(agent);
            int visited = -1;
            int path = (base + operation) * operations.depth();
            for (int t = 0; t < operations.depth() && cell >= 0; t++) {
                byte move = operations.move(operation, t);
                if (move == Poses.FORWARD) cell = grid.ahead(cell, heading);
                heading = Poses.turned(heading, move);
                cells[path + t] = cell;
                if (cell == goal && visited < 0) visited = t;
            }
            if (cell < 0) continue;
            int left;
            if (toGoal == null) left = 0;
            else if (visited < 0) left = toGoal[4 * cell + heading] + link;
            else if (toAfter == null) left = -Guidance.STEP * (operations.depth() - 1 - visited);
            else left = toAfter[4 * cell + heading];
            cost[base + operation] = left;
            ranked[base + count] = operation;
            count++;
        }
        possible[agent] = count;
        sort(base, count);
    }

    /// By insertion: a hundred entries, many equal, and equal ones keep their order.
    private void sort(int base, int count) {
        for (int i = 1; i < count; i++) {
            int operation = ranked[base + i];
            int at = i;
            while (at > 0 && cost[base + ranked[base + at - 1]] > cost[base + operation]) {
                ranked[base + at] = ranked[base + at - 1];
                at--;
            }
            ranked[base + at] = operation;
        }
    }

    private void attempt(int agent, boolean anyone) {
        attempt++;
        reserve(agent, NOBODY);
        if (!place(agent, 0, 1, agent, anyone)) reserve(agent, agent);
    }

    /// Gives `agent`, which holds no cells now, a new operation and all that it pushes too, or nothing changes and it
    /// still holds none. `sum` is what the others of the chain lost; with `anyone` the whole chain must gain, else
    /// `first`, its head, must, and nobody more urgent may be pushed.
    private boolean place(int agent, long sum, int length, int first, boolean anyone) {
        touched[agent] = attempt;
        int base = agent * operations.count();
        int before = held[agent];
        for (int i = 0; i < possible[agent]; i++) {
            int operation = ranked[base + i];
            long total = sum + (long) weight[agent] * (cost[base + operation] - cost[base + before]);
            if (agent == first && cost[base + operation] >= cost[base + before]) break;
            int other = met(agent, operation);
            if (other == SEVERAL || (other == NOBODY && anyone && total >= 0)) continue;
            if (other != NOBODY) {
                if (touched[other] == attempt || length == LONGEST_CHAIN) continue;
                if (!anyone && rank[other] < rank[first]) continue;
                reserve(other, NOBODY);
            }
            held[agent] = operation;
            reserve(agent, agent);
            if (other == NOBODY || place(other, total, length + 1, first, anyone)) return true;
            reserve(agent, NOBODY);
            held[agent] = before;
            reserve(other, other);
        }
        return false;
    }

    /// Writes `who` on all cells of the operation that `agent` holds.
    private void reserve(int agent, int who) {
        int path = (agent * operations.count() + held[agent]) * operations.depth();
        for (int t = 0; t < operations.depth(); t++) holder[t + 1][cells[path + t]] = who;
    }

    /// The one vehicle that `operation` of `agent` would meet, [#NOBODY] or [#SEVERAL].
    private int met(int agent, int operation) {
        int path = (agent * operations.count() + operation) * operations.depth();
        int met = NOBODY;
        int from = poses.cell(agent);
        for (int t = 0; t < operations.depth(); t++) {
            int cell = cells[path + t];
            int other = holder[t + 1][cell];
            if (other != NOBODY && other != met) {
                if (met != NOBODY) return SEVERAL;
                met = other;
            }
            other = from == cell ? NOBODY : holder[t][cell];
            if (other != NOBODY && other != met && other == holder[t + 1][from]) {
                if (met != NOBODY) return SEVERAL;
                met = other;
            }
            from = cell;
        }
        return met;
    }
}
