package org.diwan.robots.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.diwan.robots.bus.Bus.Message;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int ITERATIONS = Integer.getInteger("iterations", 300);

    private static Message message(int number, boolean atLeastOnce) {
        return new Message("n/" + number, new byte[10], atLeastOnce, false);
    }

    private static int number(Message message) {
        return Integer.parseInt(message.topic().substring(2));
    }

    /// A broker that takes messages when it likes and goes away with those it has not taken.
    private static final class Far {
        final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();
        final Deque<Message> on = new ArrayDeque<>();
        final List<Integer> taken = new ArrayList<>();

        CompletableFuture<Void> offer(Message message) {
            var future = new CompletableFuture<Void>();
            open.add(future);
            on.add(message);
            return future;
        }

        void take() {
            taken.add(number(on.remove()));
            open.remove().complete(null);
        }

        void die() {
            on.clear();
            while (!open.isEmpty()) open.remove().completeExceptionally(new IOException("gone"));
        }
    }

    @Test
    void whatIsSentAtLeastOnceArrivesInOrderThroughAnyNumberOfConnections() throws Exception {
        for (int seed = 0; seed < ITERATIONS; seed++) {
            var random = new SplittableRandom(seed);
            var outbox = new Outbox();
            var taken = new ArrayList<Integer>();
            Far far = null;
            int count = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> {
                        if (far != null) {
                            far.die();
                            taken.addAll(far.taken);
                        }
                        far = new Far();
                        outbox.connection(far::offer);
                    }
                    case 1, 2, 3 -> {
                        for (int i = random.nextInt(5); far != null && i > 0 && !far.on.isEmpty(); i--) far.take();
                    }
                    default -> outbox.add(message(count++, random.nextInt(2) == 0 || count % 2 == 0));
                }
            }
            if (far != null) {
                far.die();
                taken.addAll(far.taken);
            }
            far = new Far();
            outbox.connection(far::offer);
            while (!far.on.isEmpty()) far.take();
            taken.addAll(far.taken);
            assertEquals(taken.stream().distinct().toList(), taken, "none is sent again that was taken, seed " + seed);
            assertEquals(taken.stream().sorted().toList(), taken, "seed " + seed);
            assertEquals(count, taken.size() + outbox.dropped());
            assertEquals(taken.size(), outbox.sent());
            var missing = IntStream.range(0, count)
                    .boxed()
                    .filter(n -> !taken.contains(n))
                    .toList();
            assertTrue(missing.stream().allMatch(n -> n % 2 == 0), "only of those sent at most once, seed " + seed);
            assertTrue(outbox.await(java.time.Duration.ZERO));
        }
    }

    @Test
    void whileTheBrokerIsAwayTheOldestOfThoseSentAtMostOnceAreDropped() {
        var outbox = new Outbox();
        for (int i = 0; i < Outbox.MAX_WAITING + 500; i++) outbox.add(message(i, i % 1_000 == 0));
        assertEquals(500, outbox.dropped());
        var far = new Far();
        outbox.connection(far::offer);
        while (!far.on.isEmpty()) far.take();
        var expected = IntStream.range(0, Outbox.MAX_WAITING + 500)
                .filter(i -> i % 1_000 == 0 || i > 500)
                .boxed()
                .toList();
        assertEquals(expected, far.taken);
    }

    @Test
    void bytesCountToo() {
        var outbox = new Outbox();
        byte[] large = new byte[8 << 20];
        for (int i = 0; i < 10; i++) outbox.add(Message.once("large", large));
        assertEquals(2, outbox.dropped());
        assertEquals(8, outbox.size());
    }

    @Test
    void whatMayNotBeDroppedIsRefusedWhenThereIsNoRoom() {
        var outbox = new Outbox();
        for (int i = 0; i < Outbox.MAX_WAITING; i++) outbox.add(message(i, true));
        outbox.add(message(-1, false));
        assertEquals(1, outbox.dropped());
        var refused = assertThrows(IllegalStateException.class, () -> outbox.add(message(-2, true)));
        assertTrue(refused.toString().contains("10000"), refused.toString());
    }
}
