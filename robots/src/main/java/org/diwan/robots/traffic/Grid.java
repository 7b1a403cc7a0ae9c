package org.diwan.robots.traffic;

/// A floor of square cells, some of them blocked; never changes. A cell is `row * width + column`, a
/// heading is 0 east, 1 south, 2 west, 3 north, so that a clockwise turn adds one.
public final class Grid {
    /// The largest floor: its neighbours take 16 MiB.
    public static final int MAX_CELLS = 1 << 20;

    private final int width;
    private final int height;
    private final boolean[] free;
    /// `[cells, headings]`: the cell ahead, or -1 at a wall.
    private final int[] ahead;
    /// `[cells]`: a division saved where it is asked for a million times a step.
    private final int[] row;

    /// The floor whose cell `c` can be entered where `free[c]`, rows from north to south.
    ///
    /// @throws IllegalArgumentException unless `free` has `width * height` cells, at least 1, at most [#MAX_CELLS]
    public Grid(int width, int height, boolean[] free) {
        if (width < 1 || height < 1 || (long) width * height > MAX_CELLS || free.length != width * height) {
            throw new IllegalArgumentException("a grid of " + height + " rows of " + width + " with " + free.length
                    + " cells: rows and columns must be positive, cells their product and at most " + MAX_CELLS);
        }
        this.width = width;
        this.height = height;
        this.free = free.clone();
        ahead = new int[4 * free.length];
        row = new int[free.length];
        for (int cell = 0; cell < free.length; cell++) {
            row[cell] = cell / width;
            int column = cell % width;
            ahead[4 * cell] = enterable(row[cell], column + 1);
            ahead[4 * cell + 1] = enterable(row[cell] + 1, column);
            ahead[4 * cell + 2] = enterable(row[cell], column - 1);
            ahead[4 * cell + 3] = enterable(row[cell] - 1, column);
        }
    }

    private int enterable(int row, int column) {
        if (row < 0 || column < 0 || row >= height || column >= width) return -1;
        int cell = row * width + column;
        return free[cell] ? cell : -1;
    }

    /// Columns.
    public int width() {
        return width;
    }

    /// Rows.
    public int height() {
        return height;
    }

    /// Cells, blocked ones too.
    public int cells() {
        return free.length;
    }

    /// The row of `cell`, from 0 in the north.
    public int row(int cell) {
        return row[cell];
    }

    /// Steps from `a` to `b` if there were no walls.
    public int apart(int a, int b) {
        return Math.abs(row[a] - row[b]) + Math.abs(a - row[a] * width - b + row[b] * width);
    }

    /// Whether a vehicle may stand on `cell`; false outside the floor.
    public boolean isFree(int cell) {
        return cell >= 0 && cell < free.length && free[cell];
    }

    /// The cell one step ahead, or -1 where there is a wall.
    public int ahead(int cell, int heading) {
        return ahead[4 * cell + heading];
    }
}
