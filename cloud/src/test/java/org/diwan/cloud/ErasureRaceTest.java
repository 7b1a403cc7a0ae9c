package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.base.Seeded;
import org.diwan.cloud.api.ApiError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many ask and are answered while receipts, persons and tenants are erased: afterwards each text is
/// readable, or the ledger says that it was erased.
class ErasureRaceTest {
    private static final int SEALERS = 8;
    private static final int REQUESTS = 12;
    private static final int ERASURES = 12;
    private static final List<String> TENANTS = List.of("a", "b");

    @TempDir
    Path folder;

    private record Done(String receipt, String tenant) {}

    @Test
    void whatAnErasureMakesUnreadableIsNamed() {
        Seeded.forAll(2, random -> {
            try (var desk = new Desk(Files.createTempDirectory(folder, "desk"))) {
                var asked = new ConcurrentLinkedQueue<Done>();
                try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    var running = new ArrayList<Future<?>>();
                    for (int i = 0; i < SEALERS; i++) {
                        var own = random.split();
                        running.add(threads.submit(() -> {
                            for (int n = 0; n < REQUESTS; n++) ask(desk, own, asked);
                            return null;
                        }));
                    }
                    var own = random.split();
                    running.add(threads.submit(() -> {
                        for (int n = 0; n < ERASURES; n++) erase(desk, own, asked);
                        return null;
                    }));
                    for (var each : running) each.get();
                }
                assertEquals(SEALERS * REQUESTS, new HashSet<>(asked).size());
                desk.check(Set.of(), desk.store.tenant("a"), desk.store.tenant("b"));
            }
        });
    }

    private static void ask(Desk desk, SplittableRandom random, ConcurrentLinkedQueue<Done> asked) throws Exception {
        String tenant = TENANTS.get(random.nextInt(4) / 3);
        var decided = desk.ask(desk.caller(tenant, List.of("", "ali", "layla").get(random.nextInt(3))));
        asked.add(new Done(decided.receipt(), tenant));
        try {
            desk.answer(decided);
        } catch (ApiError e) {
            assertEquals("receipt_erased", e.code());
        }
    }

    private static void erase(Desk desk, SplittableRandom random, ConcurrentLinkedQueue<Done> asked) throws Exception {
        String tenant = TENANTS.get(random.nextInt(4) / 3);
        switch (random.nextInt(6)) {
            case 0 -> desk.erasure.tenant(desk.caller(tenant, "").tenant());
            case 1, 2 -> {
                var done = asked.stream().skip(random.nextInt(asked.size() + 1)).findFirst();
                if (done.isPresent())
                    desk.erasure.receipt(
                            done.get().receipt(),
                            desk.caller(done.get().tenant(), "").tenant());
            }
            default ->
                desk.erasure.person(
                        random.nextBoolean() ? "ali" : "layla",
                        desk.caller(tenant, "").tenant());
        }
    }
}
