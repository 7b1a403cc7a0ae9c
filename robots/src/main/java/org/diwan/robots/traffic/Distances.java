package org.diwan.robots.traffic;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much it costs a lone vehicle to reach a cell from any cell and heading, by [Guidance]'s prices.
///
/// A table of one goal covers a rectangle about the goal and who asked. On a large floor most goals are asked for
/// by one vehicle on its way, and its rectangle is a tenth of the floor; when it is half-way there, what lies
/// behind is dropped. Who asks from outside gets a rectangle that covers both, which is then kept as it is. A cell
/// takes 4 bytes: the least cost of its headings, and how much more each of them costs: at most two turns. Tables
/// are made when asked for, and those not asked for longest are dropped when all exceed the bytes given: as many as
/// there are vehicles should fit. Owned by one thread, but tables may be read by many.
public final class Distances {
    /// The cost where there is no way, or a longer one than 16 bits hold.
    public static final int UNREACHABLE = Character.MAX_VALUE;

    /// A rectangle goes so many cells beyond goal and vehicle: ways round an obstacle, and who is pushed aside.
    private static final int MARGIN = 8;
    /// A vehicle that is nearer to the edge of its rectangle is outside: operations must end within.
    private static final int EDGE = 5;

    /// A rectangle of the floor, its edges included.
    private record Box(int top, int left, int bottom, int right) {
        Box with(Box other) {
            return new Box(
                    Math.min(top, other.top),
                    Math.min(left, other.left),
                    Math.max(bottom, other.bottom),
                    Math.max(right, other.right));
        }

        Box within(Box other) {
            return new Box(
                    Math.max(top, other.top),
                    Math.max(left, other.left),
                    Math.min(bottom, other.bottom),
                    Math.min(right, other.right));
        }

        int area() {
            return (bottom - top + 1) * (right - left + 1);
        }
    }

    /// Costs to one goal from the cells of a rectangle.
    public static final class Table {
        private final Grid grid;
        private final int top;
        private final int left;
        private final int height;
        private final int width;
        /// Whether several asked for it, from far apart.
        private final boolean shared;
        /// `[height, width]`: the least cost above; below, for heading `h`, bits `4 h` on, half of what it costs
        /// beside.
        private final int[] cost;

        private Table(Grid grid, Box box, boolean shared) {
            this.grid = grid;
            this.shared = shared;
            top = box.top;
            left = box.left;
            height = box.bottom - top + 1;
            width = box.right - left + 1;
            cost = new int[height * width];
        }

        private Box box() {
            return new Box(top, left, top + height - 1, left + width - 1);
        }

        /// What is left to go for one on `cell` that faces `heading`; [#UNREACHABLE] outside the rectangle.
        public int cost(int cell, int heading) {
            return Distances.cost(cellCosts(cell), heading);
        }

        /// What is left to go from `cell`, whatever the heading.
        public int least(int cell) {
            return cellCosts(cell) >>> 16;
        }

        /// All that is known of `cell`, for [#cost(int, int)].
        int cellCosts(int cell) {
            int at = place(cell);
            return at < 0 ? UNREACHABLE << 16 : cost[at];
        }

        private int place(int cell) {
            int row = grid.row(cell) - top;
            int column = cell - (row + top) * grid.width() - left;
            return row < 0 || column < 0 || row >= height || column >= width ? -1 : row * width + column;
        }

        private int cell(int place) {
            int row = place / width;
            return (row + top) * grid.width() + left + place - row * width;
        }

        private boolean serves(int cell) {
            int row = grid.row(cell);
            int column = cell - row * grid.width();
            return (row - top >= EDGE || top == 0)
                    && (column - left >= EDGE || left == 0)
                    && (top + height - 1 - row >= EDGE || top + height == grid.height())
                    && (left + width - 1 - column >= EDGE || left + width == grid.width());
        }
    }

    /// What is left to go for one that faces `heading`, by what [Table#cellCosts] says of its cell.
    static int cost(int cellCosts, int heading) {
        return (cellCosts >>> 16) + 2 * ((cellCosts >> (4 * heading)) & 15);
    }

    private final Grid grid;
    private final Guidance guidance;
    private final long most;
    private long bytes;
    private final Map<Integer, Table> tables = new LinkedHashMap<>(16, 0.75f, true);
    /// Of the search: `[places of the rectangle, headings]`.
    private char[] cost = new char[0];

    private int[] queue = new int[0];
    private boolean[] queued = new boolean[0];

    /// Tables of at most `bytes` in all, but always room for one.
    public Distances(Guidance guidance, long bytes) {
        this.grid = guidance.grid();
        this.guidance = guidance;
        most = bytes;
    }

    /// The costs to `goal` for one at `from` and where it may be in the next steps; valid until prices change.
    public Table to(int goal, int from) {
        Table table = known(goal, from);
        var box = around(goal, from);
        if (table != null) {
            boolean large = !table.shared && 2 * box.within(table.box()).area() < table.cost.length;
            return large ? put(goal, cut(table, box.within(table.box()))) : table;
        }
        Table old = tables.get(goal);
        table = searched(goal, old == null ? box : box.with(old.box()), old != null);
        if (table.least(from) == UNREACHABLE) table = searched(goal, floor(), true);
        return put(goal, table);
    }

    /// The rectangle about `goal` and one at `from`.
    private Box around(int goal, int from) {
        int width = grid.width();
        int row = grid.row(goal);
        int column = goal - row * width;
        int fromRow = grid.row(from);
        int fromColumn = from - fromRow * width;
        return new Box(
                        Math.min(row, fromRow) - MARGIN,
                        Math.min(column, fromColumn) - MARGIN,
                        Math.max(row, fromRow) + MARGIN,
                        Math.max(column, fromColumn) + MARGIN)
                .within(floor());
    }

    private Box floor() {
        return new Box(0, 0, grid.height() - 1, grid.width() - 1);
    }

    private Table searched(int goal, Box box, boolean shared) {
        var table = new Table(grid, box, shared);
        search(table, goal);
        return table;
    }

    /// What `table` says of a rectangle within its own.
    private Table cut(Table table, Box box) {
        var part = new Table(grid, box, false);
        for (int row = 0; row < part.height; row++)
            System.arraycopy(
                    table.cost,
                    (box.top + row - table.top) * table.width + box.left - table.left,
                    part.cost,
                    row * part.width,
                    part.width);
        return part;
    }

    /// Keeps `table` in place of what there was, and drops others for it.
    private Table put(int goal, Table table) {
        Table old = tables.remove(goal);
        if (old != null) bytes -= 4L * old.cost.length;
        bytes += 4L * table.cost.length;
        var eldest = tables.values().iterator();
        while (bytes > most && eldest.hasNext()) {
            bytes -= 4L * eldest.next().cost.length;
            eldest.remove();
        }
        tables.put(goal, table);
        return table;
    }

    /// The table that [#to] gives if it need not be made, else nothing.
    public @Nullable Table known(int goal, int from) {
        Table table = tables.get(goal);
        return table != null && table.serves(from) ? table : null;
    }

    /// What is left to go from `cell` to `goal` as far as tables tell, else the length of the way if there were no
    /// walls.
    public int about(int cell, int heading, int goal) {
        Table table = tables.get(goal);
        int cost = table == null ? UNREACHABLE : table.cost(cell, heading);
        return cost == UNREACHABLE ? Guidance.STEP * grid.apart(cell, goal) : cost;
    }

    /// Whether tables of the whole floor to all goals could be held.
    boolean canHoldAll() {
        return 4L * grid.cells() * grid.cells() <= most;
    }

    /// Drops all tables: prices have changed.
    public void clear() {
        tables.clear();
        bytes = 0;
    }

    /// Bellman and Ford's corrections in the order of a queue, backwards from the goal. Prices differ little, so few
    /// places are corrected twice, and no heap is needed.
    private void search(Table table, int goal) {
        int states = 4 * table.cost.length;
        if (cost.length < states) {
            cost = new char[states];
            queue = new int[states];
            queued = new boolean[states];
        }
        Arrays.fill(cost, 0, states, (char) UNREACHABLE);
        int head = 0;
        int size = 4;
        int first = 4 * table.place(goal);
        for (int heading = 0; heading < 4; heading++) {
            cost[first + heading] = 0;
            queue[heading] = first + heading;
            queued[first + heading] = true;
        }
        int[] back = {-4, -4 * table.width, 4, 4 * table.width};
        while (size > 0) {
            int state = queue[head];
            head = head + 1 == states ? 0 : head + 1;
            size--;
            queued[state] = false;
            int heading = state & 3;
            int behind = grid.ahead(table.cell(state >> 2), (heading + 2) & 3);
            for (int way = 0; way < 3; way++) {
                int from = way == 0 ? state + back[heading] : (state & ~3) | ((heading + 2 * way - 1) & 3);
                if (way == 0 && (behind < 0 || table.place(behind) < 0)) continue;
                int price = cost[state] + (way == 0 ? guidance.forward(behind, heading) : Guidance.STEP);
                if (price >= cost[from]) continue;
                cost[from] = (char) price;
                if (queued[from]) continue;
                int tail = head + size;
                queue[tail >= states ? tail - states : tail] = from;
                queued[from] = true;
                size++;
            }
        }
        pack(table);
    }

    private void pack(Table table) {
        for (int i = 0; i < table.cost.length; i++) {
            int least = UNREACHABLE;
            for (int heading = 0; heading < 4; heading++) least = Math.min(least, cost[4 * i + heading]);
            int packed = least << 16;
            for (int heading = 0; heading < 4; heading++) {
                packed |= ((cost[4 * i + heading] - least) / 2) << (4 * heading);
            }
            table.cost[i] = packed;
        }
    }
}
