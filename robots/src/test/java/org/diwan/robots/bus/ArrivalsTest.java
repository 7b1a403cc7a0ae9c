package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.stream.IntStream;
import org.diwan.robots.bus.Arrivals.Arrival;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final Runnable ACKNOWLEDGED = new Thread();

    private static Arrival arrival(int number, @Nullable Runnable handled) {
        return new Arrival(1, "" + number, new byte[10], handled);
    }

    @Test
    void whereTooMuchWaitsTheOldestSentAtMostOnceGoesAndTheOthersStay() {
        var arrivals = new Arrivals();
        int count = Arrivals.MAX_WAITING + 500;
        for (int i = 0; i < count; i++) assertTrue(arrivals.add(arrival(i, i % 1_000 == 0 ? ACKNOWLEDGED : null)));
        var came = new ArrayList<Integer>();
        for (var next = arrivals.poll(); next != null; next = arrivals.poll()) came.add(Integer.valueOf(next.topic()));
        assertEquals(
                IntStream.range(0, count)
                        .filter(i -> i % 1_000 == 0 || i > 500)
                        .boxed()
                        .toList(),
                came);
        assertEquals(500, arrivals.dropped());
        assertEquals(count, arrivals.received());
        assertTrue(arrivals.isEmpty());
    }

    @Test
    void aBrokerThatSendsMoreUnacknowledgedThanThereIsRoomIsNoticed() {
        var arrivals = new Arrivals();
        for (int i = 0; i < Arrivals.MAX_WAITING; i++) assertTrue(arrivals.add(arrival(i, ACKNOWLEDGED)));
        assertTrue(arrivals.add(arrival(-1, null)), "it is only dropped");
        assertEquals(1, arrivals.dropped());
        assertFalse(arrivals.add(arrival(-2, ACKNOWLEDGED)));
    }
}
