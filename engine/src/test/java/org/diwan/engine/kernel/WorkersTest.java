package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void everyPartRunsOnceInEveryRun() {
        for (int threads = 1; threads <= 4; threads++) {
            try (var workers = new Workers(threads)) {
                var counts = new AtomicIntegerArray(37);
                for (int run = 0; run < 2_000; run++) {
                    workers.run(run % 38, counts::getAndIncrement);
                }
                for (int part = 0; part < 37; part++) {
                    int expected = 0;
                    for (int run = 0; run < 2_000; run++) {
                        expected += part < run % 38 ? 1 : 0;
                    }
                    assertEquals(expected, counts.get(part), threads + " threads, part " + part);
                }
            }
        }
    }

    @Test
    void whatAPartThrowsReachesTheCaller() {
        try (var workers = new Workers(2)) {
            var e = assertThrows(
                    IllegalStateException.class,
                    () -> workers.run(10, part -> {
                        if (part == 7) {
                            throw new IllegalStateException("part 7");
                        }
                    }));
            assertEquals("part 7", e.getMessage());
            var counts = new AtomicIntegerArray(5);
            workers.run(5, counts::getAndIncrement);
            assertEquals(1, counts.get(4), "a failure does not end the workers");
        }
    }
}
