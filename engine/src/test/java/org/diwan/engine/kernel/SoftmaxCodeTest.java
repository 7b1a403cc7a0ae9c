package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The routine against the scalar twins of what it replaces, to the bit.
class SoftmaxCodeTest {
    @BeforeEach
    void machineCodeRunsHere() {
        assumeTrue(SoftmaxCode.available(), "no machine code can run here");
    }

    @Test
    void powersAndSumsAreThoseOfTheScalarTwin() {
        Seeded.forAll(200, random -> {
            int count = random.nextInt(1, 600);
            int offset = random.nextInt(20);
            float[] x = values(random, offset + count + SoftmaxCode.STEP);
            float[] expected = x.clone();
            float max = Softmax.max(x, offset, count);
            float sum = Softmax.exponentialsScalar(expected, offset, count, max, expected, offset);
            float[] results = new float[SoftmaxCode.RESULTS];
            SoftmaxCode.exponentials(x, offset, count, results);
            assertEquals(max, results[Lanes.GROUP]);
            assertEquals(sum, Lanes.sum(results));
            assertArrayEquals(Arrays.copyOf(expected, offset + count), Arrays.copyOf(x, offset + count));
        });
    }

    /// From next to each other to far apart, where powers are subnormal or 0, and -∞.
    private static float[] values(SplittableRandom random, int count) {
        float spread = new float[] {1e-3f, 1, 50, 200, 1e30f}[random.nextInt(5)];
        float[] values = Numbers.random(random, count);
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(40) == 0 ? Float.NEGATIVE_INFINITY : values[i] * spread;
        }
        return values;
    }

    /// A score that is no number makes an answer of no numbers, whatever its bits; so does +∞.
    @Test
    void whatIsNoNumberShows() {
        Seeded.forAll(50, random -> {
            int count = random.nextInt(1, 200);
            float[] x = Numbers.random(random, count + SoftmaxCode.STEP);
            int at = random.nextInt(count);
            x[at] = random.nextBoolean()
                    ? Float.POSITIVE_INFINITY
                    : Float.intBitsToFloat(random.nextInt() | 0x7fc00000);
            float[] results = new float[SoftmaxCode.RESULTS];
            SoftmaxCode.exponentials(x, 0, count, results);
            assertTrue(Float.isNaN(x[at]));
            assertTrue(Float.isNaN(Lanes.sum(results)));
        });
    }
}
