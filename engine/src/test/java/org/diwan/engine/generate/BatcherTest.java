package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Slots, pages, cache and guesses on a clock of steps: the loop of the engine without its thread.
@Timeout(60)
class BatcherTest {
    private static final int CONTEXT = 512;

    @TempDir
    static Path folder;

    private static final Workers workers = new Workers(2);
    private static @Nullable Model loaded;

    private final Tenants tenants = new Tenants();
    private long submitted;

    @BeforeAll
    static void load() throws IOException {
        Path path = folder.resolve("model.gguf");
        RandomModel.write(path, Shape.tiny("llama"), TensorType.F32, 11);
        loaded = Model.load(path, workers);
    }

    @AfterAll
    static void close() {
        model().close();
        workers.close();
    }

    /// The bound that [Engine] states: whatever a tenant has queued, T - 1 others get their first
    /// tokens in ⌈P / ⌊chunk / T⌋⌉ steps after the one that lets them in, which is the next.
    @Test
    void aFloodHoldsNobodyElseUp() {
        Seeded.forAll(8, random -> {
            int chunk = random.nextInt(12, 65);
            int slots = random.nextInt(3, 7);
            int others = random.nextInt(1, 3);
            var batcher = batcher(new EngineLimits(slots, 1_000, chunk), 4 * CONTEXT);
            var queues = new Tenants();
            for (int i = 0; i < 60; i++) {
                submit(queues, request(random, random.nextInt(1, 200), 200).forTenant("flood"));
            }
            for (int step = random.nextInt(40); step > 0; step--) step(batcher, queues);
            List<Generation> waiting = new ArrayList<>();
            List<Integer> bounds = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                int prompt = random.nextInt(1, 150);
                waiting.add(submit(queues, request(random, prompt, 5).forTenant("other" + i)));
                bounds.add(Math.ceilDiv(prompt, chunk / (others + 1)));
            }
            for (int steps = 1; !bounds.stream().allMatch(bound -> bound < 0); steps++) {
                step(batcher, queues);
                for (int i = 0; i < others; i++) {
                    int bound = bounds.get(i);
                    if (bound < 0) continue;
                    if (tokens(waiting.get(i)) > 0) bounds.set(i, -1);
                    else assertTrue(steps <= bound, "step " + steps + " of " + bound + ", chunk " + chunk);
                }
            }
        });
    }

    /// Two tenants that always have work are served the same number of tokens, within what a slot
    /// can be ahead.
    @Test
    void tenantsWithWorkAreServedTheSame() {
        Seeded.forAll(4, random -> {
            var batcher = batcher(new EngineLimits(4, 1_000, 64), 4 * CONTEXT);
            var queues = new Tenants();
            for (int i = 0; i < 200; i++) {
                boolean longOnes = i % 2 == 0;
                int length = longOnes ? random.nextInt(100, 200) : random.nextInt(1, 20);
                submit(queues, request(random, length, random.nextInt(1, 40)).forTenant(longOnes ? "a" : "b"));
            }
            int most = 0;
            for (int i = 0; i < 150 && queues.waiting("a") > 0 && queues.waiting("b") > 0; i++) {
                step(batcher, queues);
                most = (int) Math.max(most, Math.abs(queues.served("a") - queues.served("b")));
            }
            assertTrue(most <= 2 * Tenants.QUANTUM, "one was ahead by " + most);
        });
    }

    @Test
    void aClosedGenerationFreesSlotAndPagesAtTheNextStep() {
        var batcher = batcher(new EngineLimits(2, 10, 64), CONTEXT);
        int all = batcher.availablePages();
        var first = submit(tenants, request(new SplittableRandom(1), 100, 100));
        for (int i = 0; i < 5; i++) step(batcher, tenants);
        assertTrue(batcher.availablePages() < all);
        first.close();
        batcher.admit(tenants);
        assertEquals(0, batcher.slots().size());
        assertEquals(all, batcher.availablePages(), "free, or cached and free to take");
    }

    /// Nothing is kept back for long answers: more requests run than the pool could finish together,
    /// some are put off on the way, and every one gets the tokens that it gets alone.
    @Test
    void aPoolTooSmallForAllPutsSomeOffAndLosesNothing() {
        Seeded.forAll(4, random -> {
            List<GenerateRequest> requests = new ArrayList<>();
            for (int i = 0; i < 6; i++) requests.add(request(random, random.nextInt(1, 100), 120));
            var batcher = batcher(new EngineLimits(6, 10, 64), CONTEXT);
            var queues = new Tenants();
            var running = requests.stream().map(r -> submit(queues, r)).toList();
            int putOff = 0;
            for (int i = 0; i < 3_000 && !running.stream().allMatch(Generation::ended); i++) {
                step(batcher, queues);
                putOff += batcher.putOff().size();
            }
            assertTrue(putOff > 0, "the pool was meant to be too small");
            for (int i = 0; i < requests.size(); i++) {
                assertEquals(alone(requests.get(i)), drain(running.get(i)), "request " + i);
            }
        });
    }

    @Test
    void aKnownPrefixIsNotReadAgainAndChangesNothing() {
        Seeded.forAll(4, random -> {
            int pages = random.nextInt(2, 8);
            int[] prefix = random.ints((long) pages * Page.POSITIONS, 0, 320).toArray();
            int[] prompt = Arrays.copyOf(prefix, prefix.length + random.nextInt(1, Page.POSITIONS));
            var limits = new EngineLimits(2, 10, Page.POSITIONS);
            var batcher = batcher(limits, CONTEXT);
            finish(batcher, plain(prompt, random.nextLong()));
            var request = plain(prompt, random.nextLong());
            var warm = submit(tenants, request);
            int steps = 0;
            for (; tokens(warm) == 0; steps++) step(batcher, tenants);
            assertEquals(1, steps, "the last, partial page is all that is read");
            while (!warm.ended()) step(batcher, tenants);
            assertEquals(alone(request), drain(warm));
        });
    }

    /// The time to the first token tells a tenant nothing about what another has asked, except where
    /// both said that the tokens are public.
    @Test
    void tenantsShareOnlyWhatIsPublic() {
        int[] prompt =
                new SplittableRandom(5).ints(8L * Page.POSITIONS + 1, 0, 320).toArray();
        int half = 4 * Page.POSITIONS;
        var batcher = batcher(new EngineLimits(2, 10, Page.POSITIONS), 4 * CONTEXT);
        finish(batcher, plain(prompt, 1).forTenant("a").withPublicTokens(half));
        assertEquals(9, stepsToFirstToken(batcher, plain(prompt, 1).forTenant("b")), "nothing is found");
        assertEquals(1, stepsToFirstToken(batcher, plain(prompt, 1).forTenant("b")), "its own is");
        var declared = plain(prompt, 1).withPublicTokens(half);
        assertEquals(5, stepsToFirstToken(batcher, declared.forTenant("c")), "the public half is");
        assertEquals(1, stepsToFirstToken(batcher, declared.forTenant("a")), "both halves are");
        assertEquals(9, stepsToFirstToken(batcher, plain(prompt, 1)), "no tenant is a tenant too");
    }

    /// The pages used longest ago go first, and of one text the deeper ones.
    @Test
    void theCacheForgetsWhatWasUsedLongestAgo() {
        var batcher = batcher(new EngineLimits(1, 10, Page.POSITIONS), CONTEXT);
        int length = CONTEXT / 4;
        var random = new SplittableRandom(6);
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 6; i++) requests.add(request(random, length, 1));
        for (int i = 0; i < 3; i++) finish(batcher, requests.get(i));
        finish(batcher, requests.getFirst());
        for (int i = 3; i < 5; i++) finish(batcher, requests.get(i));
        assertEquals(1, stepsToFirstToken(batcher, requests.getFirst()), "used again, so it stayed");
        assertTrue(stepsToFirstToken(batcher, requests.get(1)) > 1, "used least recently");
    }

    /// A text that repeats itself needs fewer steps with guessing, and gets the same tokens.
    @Test
    void guessesSaveStepsAndChangeNothing() {
        Seeded.forAll(4, random -> {
            // A bias of a few tokens makes a random model repeat itself.
            Map<Integer, Float> bias = Map.of(7, 50f, 9, 49.5f, 30, 49f);
            var sampling = new Sampling(random.nextBoolean() ? 0 : 0.7f, 0, 1, 0, 1, 0, 0, bias, random.nextLong(), 0);
            var request = new GenerateRequest(random.ints(40, 0, 320).toArray(), sampling, 100, Set.of());
            int[] steps = new int[2];
            List<List<SampledToken>> answers = new ArrayList<>();
            for (int guesses : new int[] {0, 8}) {
                var batcher = batcher(new EngineLimits(1, 1, 64).withDrafts(guesses), CONTEXT);
                var generation = submit(tenants, request);
                for (; !generation.ended(); steps[guesses / 8]++) step(batcher, tenants);
                batcher.admit(tenants);
                answers.add(drain(generation));
            }
            assertEquals(answers.get(0), answers.get(1));
            assertTrue(steps[1] < steps[0], steps[1] + " steps with guesses, " + steps[0] + " without");
        });
    }

    private static Batcher batcher(EngineLimits limits, int positions) {
        return new Batcher(model(), limits, positions / Page.POSITIONS);
    }

    private Generation submit(Tenants queues, GenerateRequest request) {
        var generation = new Generation(request, null);
        queues.add(new Slot(generation, submitted++, CONTEXT));
        return generation;
    }

    private static void step(Batcher batcher, Tenants queues) {
        batcher.admit(queues);
        if (!batcher.slots().isEmpty()) batcher.step();
    }

    private void finish(Batcher batcher, GenerateRequest request) {
        stepsToFirstToken(batcher, request);
    }

    private int stepsToFirstToken(Batcher batcher, GenerateRequest request) {
        var generation = submit(tenants, request);
        int first = 0;
        for (int steps = 1; !generation.ended(); steps++) {
            step(batcher, tenants);
            if (first == 0 && tokens(generation) > 0) first = steps;
        }
        batcher.admit(tenants);
        return first;
    }

    private static List<SampledToken> alone(GenerateRequest request) throws InterruptedException {
        try (var engine = new Engine(model(), new EngineLimits(1, 1, 1).withDrafts(0))) {
            return drain(engine.submit(request));
        }
    }

    private static int tokens(Generation generation) {
        return generation.waiting();
    }

    private static GenerateRequest request(SplittableRandom random, int prompt, int maxTokens) {
        return new GenerateRequest(
                random.ints(prompt, 0, 320).toArray(), Sampling.plain(random.nextLong()), maxTokens, Set.of());
    }

    private static GenerateRequest plain(int[] prompt, long seed) {
        return new GenerateRequest(prompt, Sampling.plain(seed), 8, Set.of());
    }

    private static List<SampledToken> drain(Generation generation) throws InterruptedException {
        var tokens = new ArrayList<SampledToken>();
        for (var token = generation.next(); token != null; token = generation.next()) tokens.add(token);
        return tokens;
    }

    private static Model model() {
        if (loaded == null) throw new AssertionError("not loaded");
        return loaded;
    }
}
