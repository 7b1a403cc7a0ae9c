package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /// `kat_vectors` of the authors' Random123 library, philox4x32 with 10 rounds.
    @Test
    void knownAnswers() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, Philox.words(0, 0, 0, 0, 0, 0));
        assertArrayEquals(
                new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, Philox.words(-1, -1, -1, -1, -1, -1));
        assertArrayEquals(
                new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                Philox.words(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    @Test
    void drawsFillTheUnitInterval() {
        int[] tenths = new int[10];
        for (int position = 0; position < 100_000; position++) {
            double u = Philox.uniform(42, position);
            assertTrue(u >= 0 && u < 1);
            tenths[(int) (u * 10)]++;
        }
        // 10,000 expected, standard deviation 95.
        for (int count : tenths) assertEquals(10_000, count, 500);
        assertNotEquals(Philox.uniform(42, 0), Philox.uniform(43, 0));
    }
}
