package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.robots.bus.Timeline.Scheduled;
import org.junit.jupiter.api.Test;

class SimulatedTimelineTest {
    private static final int ITERATIONS = Integer.getInteger("iterations", 500);

    private record Due(long at, int number) {}

    /// Oracle: all that was scheduled, less what was called off, sorted by time and then by when it was scheduled.
    @Test
    void whatIsDueRunsInOrderWithoutWhatWasCalledOff() {
        for (int seed = 0; seed < ITERATIONS; seed++) {
            var random = new SplittableRandom(seed);
            var timeline = new SimulatedTimeline(Instant.EPOCH);
            var expected = new ArrayList<Due>();
            var ran = new ArrayList<Due>();
            for (int i = 0; i < 50; i++) {
                var due = new Due(random.nextLong(20), i);
                Scheduled scheduled = timeline.after(Duration.ofMillis(due.at()), () -> {
                    assertEquals(due.at(), timeline.instant().toEpochMilli());
                    ran.add(due);
                });
                if (random.nextInt(3) == 0) scheduled.cancel();
                else expected.add(due);
            }
            timeline.run(Duration.ofMillis(20));
            expected.sort(Comparator.comparingLong(Due::at).thenComparingInt(Due::number));
            assertEquals(List.copyOf(expected), ran, "seed " + seed);
            assertEquals(expected.size(), timeline.done());
            assertEquals(20, timeline.instant().toEpochMilli());
        }
    }
}
