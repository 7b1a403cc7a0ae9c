package org.diwan.robots.traffic;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// How much it costs a lone vehicle to reach a cell from any cell and heading, by [Guidance]'s prices.
/// A table of one goal holds a 16-bit cost for each (cell, heading); tables are made when first asked for
/// and the one not asked for longest is dropped when they exceed the bytes given. Owned by one thread.
public final class Distances {
    /// The cost where there is no way, or a longer one than 16 bits hold.
    public static final int UNREACHABLE = Character.MAX_VALUE;

    private final Grid grid;
    private final Guidance guidance;
    private final int mostTables;
    private final Map<Integer, char[]> tables = new LinkedHashMap<>(16, 0.75f, true);
    private final int[] queue;
    private final boolean[] queued;

    /// Tables of at most `bytes` in all, but always room for one.
    public Distances(Guidance guidance, long bytes) {
        this.grid = guidance.grid();
        this.guidance = guidance;
        int states = 4 * grid.cells();
        mostTables = Math.clamp(bytes / (2L * states), 1, Integer.MAX_VALUE);
        queue = new int[states];
        queued = new boolean[states];
    }

    /// The costs to `goal`, `[cells, headings]`; a view, valid until prices change.
    public char[] to(int goal) {
        char[] table = tables.get(goal);
        if (table != null) return table;
        if (tables.size() >= mostTables)
            tables.remove(tables.keySet().iterator().next());
        table = search(goal);
        tables.put(goal, table);
        return table;
    }

    /// The least cost from `cell` to `goal`, whatever the heading at the start.
    public int between(int cell, int goal) {
        char[] table = to(goal);
        int least = UNREACHABLE;
        for (int heading = 0; heading < 4; heading++) least = Math.min(least, table[4 * cell + heading]);
        return least;
    }

    /// Drops all tables: prices have changed.
    public void clear() {
        tables.clear();
    }

    /// Bellman and Ford's corrections in the order of a queue, backwards from the goal. Prices differ little, so few
    /// places are corrected twice, and no heap is needed.
    private char[] search(int goal) {
        var cost = new char[4 * grid.cells()];
        Arrays.fill(cost, (char) UNREACHABLE);
        int head = 0;
        int size = 0;
        for (int heading = 0; heading < 4; heading++) {
            cost[4 * goal + heading] = 0;
            queue[size] = 4 * goal + heading;
            queued[queue[size]] = true;
            size++;
        }
        while (size > 0) {
            int state = queue[head];
            head = head + 1 == queue.length ? 0 : head + 1;
            size--;
            queued[state] = false;
            int cell = state >> 2;
            int heading = state & 3;
            int behind = grid.ahead(cell, (heading + 2) & 3);
            for (int way = 0; way < 3; way++) {
                int from = way == 0 ? 4 * behind + heading : 4 * cell + ((heading + (way == 1 ? 1 : 3)) & 3);
                if (from < 0) continue;
                int price = cost[state] + (way == 0 ? guidance.forward(behind, heading) : Guidance.STEP);
                if (price >= cost[from]) continue;
                cost[from] = (char) price;
                if (queued[from]) continue;
                int tail = head + size;
                queue[tail >= queue.length ? tail - queue.length : tail] = from;
                queued[from] = true;
                size++;
            }
        }
        return cost;
    }
}
