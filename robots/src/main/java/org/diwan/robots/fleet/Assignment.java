package org.diwan.robots.fleet;

import java.util.Arrays;

/// Who does what, at least cost in all: the assignment problem, solved exactly.
///
/// Shortest augmenting paths with potentials (Jonker and Volgenant, Computing 38, 1987): row after row finds
/// the cheapest way to a free column over reduced costs, in O(rows² · columns).
final class Assignment {
    private Assignment() {}

    /// The column of each row, all different, so that the sum of costs is least.
    ///
    /// @param costs `[row][column]`, finite, with at least as many columns as rows
    static int[] solve(double[][] costs) {
        int rows = costs.length;
        int columns = rows == 0 ? 0 : costs[0].length;
        if (columns < rows) throw new IllegalArgumentException(rows + " rows for " + columns + " columns");
        // Index 0 stands for none; rows and columns count from 1.
        double[] u = new double[rows + 1];
        double[] v = new double[columns + 1];
        int[] rowOf = new int[columns + 1];
        int[] before = new int[columns + 1];
        for (int row = 1; row <= rows; row++) {
            double[] least = new double[columns + 1];
            boolean[] done = new boolean[columns + 1];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            rowOf[0] = row;
            int column = 0;
            do {
                done[column] = true;
                int at = rowOf[column];
                int next = 0;
                double delta = Double.POSITIVE_INFINITY;
                for (int j = 1; j <= columns; j++) {
                    if (done[j]) continue;
                    double reduced = costs[at - 1][j - 1] - u[at] - v[j];
                    if (reduced < least[j]) {
                        least[j] = reduced;
                        before[j] = column;
                    }
                    if (least[j] < delta) {
                        delta = least[j];
                        next = j;
                    }
                }
                for (int j = 0; j <= columns; j++) {
                    if (done[j]) {
                        u[rowOf[j]] += delta;
                        v[j] -= delta;
                    } else {
                        least[j] -= delta;
                    }
                }
                column = next;
            } while (rowOf[column] != 0);
            for (int back = before[column]; column != 0; column = back, back = before[column])
                rowOf[column] = rowOf[back];
        }
        int[] columnOf = new int[rows];
        for (int j = 1; j <= columns; j++) if (rowOf[j] != 0) columnOf[rowOf[j] - 1] = j - 1;
        return columnOf;
    }
}
