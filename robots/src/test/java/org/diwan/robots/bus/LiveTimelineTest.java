package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.diwan.robots.bus.Timeline.Scheduled;
import org.junit.jupiter.api.Test;

class LiveTimelineTest {
    @Test
    void whatIsPostedRunsInOrderOnOneThread() throws Exception {
        try (var timeline = new LiveTimeline("one")) {
            var ran = new ConcurrentLinkedQueue<Integer>();
            var threads = new ConcurrentLinkedQueue<String>();
            var done = new CountDownLatch(1_000);
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                timeline.post(() -> {
                    ran.add(number);
                    threads.add(Thread.currentThread().getName());
                    done.countDown();
                });
            }
            assertTrue(done.await(30, TimeUnit.SECONDS));
            assertEquals(IntStream.range(0, 1_000).boxed().toList(), List.copyOf(ran));
            assertEquals(List.of("one"), threads.stream().distinct().toList());
        }
    }

    @Test
    void laterRunsLaterAndWhatIsCalledOffDoesNotRun() throws Exception {
        try (var timeline = new LiveTimeline("one")) {
            var ran = new ConcurrentLinkedQueue<String>();
            var done = new CountDownLatch(1);
            timeline.after(Duration.ofMillis(60), () -> {
                ran.add("last");
                done.countDown();
            });
            Scheduled off = timeline.after(Duration.ofMillis(40), () -> ran.add("called off"));
            timeline.after(Duration.ofMillis(20), () -> ran.add("first"));
            off.cancel();
            assertTrue(done.await(30, TimeUnit.SECONDS));
            assertEquals(List.of("first", "last"), List.copyOf(ran));
            assertThrows(IllegalArgumentException.class, () -> timeline.after(Duration.ofMillis(-1), () -> {}));
        }
    }

    @Test
    void aWorkThatThrowsEndsNeitherTheThreadNorItsOwnRepetition() throws Exception {
        try (var timeline = new LiveTimeline("one")) {
            var runs = new AtomicInteger();
            var done = new CountDownLatch(1);
            timeline.every(Duration.ofMillis(1), () -> {
                if (runs.incrementAndGet() == 3) done.countDown();
                throw new IllegalStateException("on purpose: nothing is wrong");
            });
            timeline.post(() -> {
                throw new AssertionError("on purpose: nothing is wrong");
            });
            assertTrue(done.await(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void timeNeverGoesBack() throws Exception {
        try (var timeline = new LiveTimeline("one")) {
            var last = timeline.instant();
            for (int i = 0; i < 10_000; i++) {
                var next = timeline.instant();
                assertFalse(next.isBefore(last));
                last = next;
            }
        }
    }

    @Test
    void nothingRunsAfterClosing() throws Exception {
        var timeline = new LiveTimeline("one");
        var ran = new ArrayList<String>();
        var closed = new CountDownLatch(1);
        timeline.post(() -> {
            timeline.after(Duration.ofMillis(1), () -> ran.add("scheduled before"));
            timeline.close();
            timeline.post(() -> ran.add("posted after"));
            closed.countDown();
        });
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        timeline.close();
        timeline.post(() -> ran.add("posted after"));
        assertEquals(List.of(), ran);
    }

    /// Further away than 2^63 nanoseconds, some 292 years.
    @Test
    void whatIsDueInThousandsOfYearsWaits() throws Exception {
        try (var timeline = new LiveTimeline("one")) {
            var ran = new ConcurrentLinkedQueue<String>();
            var done = new CountDownLatch(1);
            Scheduled far = timeline.after(Duration.ofDays(8_000 * 365), () -> ran.add("far"));
            timeline.after(Duration.ofMillis(20), () -> {
                ran.add("near");
                done.countDown();
            });
            assertTrue(done.await(30, TimeUnit.SECONDS));
            far.cancel();
            assertEquals(List.of("near"), List.copyOf(ran));
        }
    }
}
