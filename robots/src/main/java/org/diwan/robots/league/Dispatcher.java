package org.diwan.robots.league;

import java.util.Arrays;
import java.util.HashSet;
import java.util.PriorityQueue;
import org.diwan.robots.traffic.Distances;

/// Gives tasks of the pool to agents. A task that has not begun may change hands in every step. Pairs of agents and
/// tasks are taken from the cheapest on: the way to the first errand and between all errands. So short
/// tasks come first, and the pool keeps the long ones.
final class Dispatcher {
    /// An agent asks at so many places where tasks begin; if all of those are taken, at so many others. Who has no
    /// task stands in the way of the others.
    private static final int PLACES = 16;
    /// So many agents may change their task in one step; on a larger floor they take turns.
    private static final int CHANGES = 800;
    /// And so many get one who had none; the first step of a large game is no longer than others.
    private static final int ARRIVALS = 2500;

    private final World world;
    private final Distances distances;
    /// Who is looked at first in the next step.
    private int turn;

    Dispatcher(World world, Distances distances) {
        this.world = world;
        this.distances = distances;
    }

    /// What it costs `agent` to do all `errands` but the first `done`, as far as tables tell.
    int toGo(int agent, int[] errands, int done) {
        return way(agent, errands[done]) + between(errands, done);
    }

    private int way(int agent, int cell) {
        var poses = world.poses();
        return distances.about(poses.cell(agent), poses.heading(agent), cell);
    }

    /// The cost of the way from errand `from` to the last.
    private int between(int[] errands, int from) {
        int length = 0;
        for (int i = from + 1; i < errands.length; i++) length += distances.about(errands[i - 1], 0, errands[i]);
        return length;
    }

    /// Changes `schedule` so that free agents have a task, and those that have not begun perhaps another.
    void assign(int[] schedule) {
        int[] agents = open(schedule);
        var places = new Places(schedule);
        var pairs = new PriorityQueue<Long>();
        int given = -1;
        while (given != 0) {
            for (int agent : agents) if (schedule[agent] < 0) offer(agent, places, pairs);
            given = 0;
            while (!pairs.isEmpty()) {
                long pair = pairs.remove();
                int agent = (int) (pair >> 20) & 0xfffff;
                int place = (int) pair & 0xfffff;
                if (schedule[agent] >= 0 || places.isEmpty(place)) continue;
                // The place's first task may have gone since; the next costs more.
                long now = pair(agent, place, places);
                if (now > pair) {
                    pairs.add(now);
                } else {
                    schedule[agent] = places.take(place);
                    given++;
                }
            }
        }
    }

    /// The agents that may get a task now; those of them that had one have lost it.
    private int[] open(int[] schedule) {
        var open = new int[schedule.length];
        int count = 0;
        int changes = 0;
        int arrivals = 0;
        int from = turn;
        for (int i = 0; i < schedule.length; i++) {
            int agent = (from + i) % schedule.length;
            boolean arrived = schedule[agent] < 0;
            if (arrived ? arrivals == ARRIVALS : changes == CHANGES || world.started(schedule[agent])) continue;
            if (arrived) arrivals++;
            else changes++;
            if (changes == CHANGES || arrivals == ARRIVALS) turn = (agent + 1) % schedule.length;
            schedule[agent] = -1;
            open[count++] = agent;
        }
        return Arrays.copyOf(open, count);
    }

    /// Adds the pairs of `agent` and the [#PLACES] places that cost least.
    private void offer(int agent, Places places, PriorityQueue<Long> pairs) {
        var least = new long[PLACES];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int place = 0; place < places.count; place++) {
            if (places.isEmpty(place)) continue;
            long pair = pair(agent, place, places);
            if (pair >= least[PLACES - 1]) continue;
            int at = PLACES - 1;
            for (; at > 0 && least[at - 1] > pair; at--) least[at] = least[at - 1];
            least[at] = pair;
        }
        for (long pair : least) if (pair < Long.MAX_VALUE) pairs.add(pair);
    }

    /// What it costs `agent` to go to `place` and do the shortest task there, above; then both numbers, 20 bits each.
    private long pair(int agent, int place, Places places) {
        long cost = (long) way(agent, places.cell(place)) + places.length(place);
        return (cost << 40) | ((long) agent << 20) | place;
    }

    /// The tasks that nobody has, by the cell where they begin, the shortest of each place first.
    private final class Places {
        final int[] tasks;
        /// Cell, length and index of each task, 20, 22 and 22 bits.
        final long[] sorted;
        final int[] next;
        final int[] end;
        int count;

        Places(int[] schedule) {
            var held = new HashSet<Integer>();
            for (int task : schedule) if (task >= 0) held.add(task);
            tasks = world.open().stream()
                    .filter(task -> !held.contains(task))
                    .mapToInt(i -> i)
                    .toArray();
            sorted = new long[tasks.length];
            for (int i = 0; i < tasks.length; i++) {
                int[] errands = world.errands(tasks[i]);
                long length = Math.min(between(errands, 0), (1 << 22) - 1);
                sorted[i] = ((long) errands[0] << 44) | (length << 22) | i;
            }
            Arrays.sort(sorted);
            next = new int[tasks.length];
            end = new int[tasks.length];
            for (int i = 0; i < sorted.length; i++) {
                if (i == 0 || cellOf(i) != cellOf(i - 1)) next[count++] = i;
                end[count - 1] = i + 1;
            }
        }

        boolean isEmpty(int place) {
            return next[place] == end[place];
        }

        int cell(int place) {
            return cellOf(next[place]);
        }

        private int cellOf(int i) {
            return (int) (sorted[i] >>> 44);
        }

        int length(int place) {
            return (int) (sorted[next[place]] >> 22) & 0x3fffff;
        }

        int take(int place) {
            int task = tasks[(int) sorted[next[place]] & 0x3fffff];
            next[place]++;
            return task;
        }
    }
}
