package org.diwan.robots.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final int ITERATIONS = Integer.getInteger("iterations", 3_000);

    /// The slow obvious twin tries every way to give each row a column of its own. Costs are whole, so that
    /// sums are exact, and often equal or huge, as those of pairs that are impossible.
    @Test
    void costsAreThoseOfTheBestOfAllAssignments() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < ITERATIONS; i++) {
            int rows = random.nextInt(0, 6);
            int columns = random.nextInt(rows, 8);
            int range = random.nextBoolean() ? 3 : 1_000;
            double[][] costs = new double[rows][columns];
            for (double[] row : costs)
                for (int j = 0; j < columns; j++)
                    row[j] = random.nextInt(5) == 0 ? 1e12 : random.nextInt(-range, range);
            int[] columnOf = Assignment.solve(costs);
            assertEquals(rows, Arrays.stream(columnOf).distinct().count(), "a column was given twice");
            double sum = 0;
            for (int row = 0; row < rows; row++) sum += costs[row][columnOf[row]];
            assertEquals(best(costs, 0, 0), sum, Arrays.deepToString(costs));
        }
    }

    private static double best(double[][] costs, int row, int taken) {
        if (row == costs.length) return 0;
        double best = Double.POSITIVE_INFINITY;
        for (int j = 0; j < costs[row].length; j++)
            if ((taken >> j & 1) == 0) best = Math.min(best, costs[row][j] + best(costs, row + 1, taken | 1 << j));
        return best;
    }

    @Test
    void moreRowsThanColumnsAreRefused() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Assignment.solve(new double[2][1]));
        assertTrue(String.valueOf(refused.getMessage()).contains("2 rows for 1 columns"));
    }
}
