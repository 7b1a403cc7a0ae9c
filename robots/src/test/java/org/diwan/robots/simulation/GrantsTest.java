package org.diwan.robots.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.facility.Leases;
import org.junit.jupiter.api.Test;

/// The oracle is the rule itself: what was granted is another's only after it was given back.
class GrantsTest {
    /// Grants everything to everybody.
    private static final class Spendthrift implements Leases {
        @Override
        public void request(String facility, String holder, String floor) {}

        @Override
        public Standing standing(String facility, String holder) {
            return Standing.GRANTED;
        }

        @Override
        public void release(String facility, String holder) {}

        @Override
        public void listen(Runnable changed) {}
    }

    @Test
    void whatIsLentToASecondOneIsNoticed() {
        var told = new ArrayList<String>();
        var grants = new Grants(new Spendthrift(), told::add);
        grants.standing("lift-1", "r-1");
        grants.standing("lift-1", "r-1");
        grants.standing("lift-2", "r-2");
        grants.release("lift-1", "r-2");
        assertEquals(2, grants.lent());
        assertEquals(List.of(), told);

        grants.standing("lift-1", "r-2");
        assertEquals(1, grants.twice());
        assertEquals(List.of("lift-1 is lent to r-2, and r-1 has not given it back"), told);
        grants.release("lift-1", "r-2");
        grants.standing("lift-1", "r-3");
        assertEquals(4, grants.lent());
        assertEquals(1, grants.twice());
    }
}
