package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EngineTest {
    private static final int[] PROMPT = {1, 2, 3};

    @TempDir
    Path folder;

    private final Workers workers = new Workers(2);
    private @Nullable Model loaded;

    @BeforeEach
    void load() throws IOException {
        loaded = Model.load(write(), workers);
    }

    @AfterEach
    void close() {
        model().close();
        workers.close();
    }

    @Test
    void endsAtMaxTokensWithAllOfThem() throws InterruptedException {
        try (var engine = new Engine(model(), EngineLimits.DEFAULT);
                var generation = engine.submit(request(7))) {
            assertEquals(7, drain(generation).size());
            assertEquals(FinishReason.LENGTH, generation.finish());
            assertNull(generation.next(), "null stays null");
        }
    }

    @Test
    void theEndTokenIsDeliveredLast() throws InterruptedException {
        try (var engine = new Engine(model(), EngineLimits.DEFAULT)) {
            List<SampledToken> whole = drain(engine.submit(request(20)));
            int end = whole.get(4).id();
            int first = 0;
            while (whole.get(first).id() != end) first++;
            var generation = engine.submit(new GenerateRequest(PROMPT, Sampling.greedy(), 20, Set.of(end)));
            assertEquals(whole.subList(0, first + 1), drain(generation));
            assertEquals(FinishReason.END, generation.finish());
        }
    }

    /// A constraint is its request's own: one that fails takes nobody with it.
    @Test
    void aFailingConstraintFailsItsRequestAlone() throws InterruptedException {
        var broken = new TokenConstraint() {
            int left = 3;

            @Override
            public void mask(long[] allowed) {
                if (left-- == 0) throw new IllegalStateException("lost its place");
                Arrays.fill(allowed, -1);
            }

            @Override
            public void accept(int token) {}
        };
        try (var engine = new Engine(model(), EngineLimits.DEFAULT);
                var failing = engine.submit(request(20), broken);
                var other = engine.submit(request(20))) {
            List<SampledToken> free = drain(other);
            assertEquals(20, free.size());
            for (int i = 0; i < 3; i++) assertEquals(free.get(i), failing.next(), "a mask of ones changes nothing");
            var failure = assertThrows(EngineFailure.class, () -> drain(failing));
            assertEquals("the constraint failed at position 6: lost its place", failure.getMessage());
        }
    }

    @Test
    void theContextIsUsedToItsLastPosition() throws InterruptedException {
        try (var engine = new Engine(model(), EngineLimits.DEFAULT)) {
            var generation = engine.submit(new GenerateRequest(new int[500], Sampling.greedy(), 100, Set.of()));
            assertEquals(12, drain(generation).size());
            assertEquals(FinishReason.CONTEXT, generation.finish());
            assertEquals(
                    1,
                    drain(engine.submit(new GenerateRequest(new int[511], Sampling.greedy(), 9, Set.of())))
                            .size());
            var e = assertThrows(
                    PromptTooLong.class,
                    () -> engine.submit(new GenerateRequest(new int[512], Sampling.greedy(), 1, Set.of())));
            assertEquals(512, e.tokens());
            assertEquals(511, e.limit());
        }
    }

    @Test
    void tokensOutsideTheVocabularyAreRefusedAtTheDoor() {
        try (var engine = new Engine(model(), EngineLimits.DEFAULT)) {
            for (int token : new int[] {-1, 320}) {
                var e = assertThrows(
                        IllegalArgumentException.class,
                        () -> engine.submit(new GenerateRequest(new int[] {5, token}, Sampling.greedy(), 1, Set.of())));
                assertTrue(e.toString().contains("prompt[1] " + token), e.toString());
            }
            var biased = new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(320, 1f), 0, 0);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> engine.submit(new GenerateRequest(PROMPT, biased, 1, Set.of())));
        }
    }

    @Test
    void oneMoreThanTheQueueHoldsIsOverload() throws InterruptedException {
        try (var engine = new Engine(model(), new EngineLimits(1, 2, 16))) {
            var running = List.of(engine.submit(request(400)), engine.submit(request(400)), engine.submit(request(1)));
            assertThrows(Overloaded.class, () -> engine.submit(request(1)));
            running.get(1).close();
            try (var instead = engine.submit(request(1))) {
                running.getFirst().close();
                assertEquals(1, drain(instead).size());
            }
            assertEquals(1, drain(running.get(2)).size());
        }
    }

    /// A client that goes away: its slot serves the next request at once, not after 400 tokens.
    @Test
    void closingFreesTheSlotWithinAStep() throws InterruptedException {
        try (var engine = new Engine(model(), new EngineLimits(1, 1, 16))) {
            var first = engine.submit(request(400));
            first.next();
            var second = engine.submit(request(1));
            assertEquals(1, engine.active());
            assertEquals(1, engine.queued());
            first.close();
            first.close();
            assertEquals(1, drain(second).size());
            assertEquals(FinishReason.CANCELLED, first.finish());
            assertNull(first.next(), "what had come is gone with it");
            while (engine.active() > 0) Thread.sleep(Duration.ofMillis(1));
        }
    }

    @Test
    void aSlowReaderHoldsNobodyUp() throws InterruptedException {
        try (var engine = new Engine(model(), new EngineLimits(2, 8, 16))) {
            var slow = engine.submit(request(300));
            for (int i = 0; i < 3; i++)
                assertEquals(50, drain(engine.submit(request(50))).size());
            assertEquals(300, drain(slow).size(), "and loses nothing");
        }
    }

    @Test
    void closingTheEngineEndsEverything() throws InterruptedException {
        var engine = new Engine(model(), new EngineLimits(1, 8, 16));
        var running = engine.submit(request(400));
        var waiting = engine.submit(request(400));
        engine.close();
        drain(running);
        drain(waiting);
        assertEquals(FinishReason.CANCELLED, running.finish());
        assertEquals(FinishReason.CANCELLED, waiting.finish());
        assertThrows(EngineFailure.class, () -> engine.submit(request(1)));
    }

    /// A weight that is no number spoils one generation with a sentence; the engine lives.
    @Test
    void damagedWeightsFailTheGeneration() throws IOException {
        Path path = write();
        long at;
        try (var file = GgufFile.open(path)) {
            at = file.size() - file.data(file.tensor("blk.1.ffn_down.weight")).byteSize();
        }
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            var nan = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN);
            channel.write(nan.flip(), at);
        }
        try (var damaged = Model.load(path, workers);
                var engine = new Engine(damaged, EngineLimits.DEFAULT)) {
            for (int i = 0; i < 2; i++) {
                var generation = engine.submit(request(5));
                var e = assertThrows(EngineFailure.class, () -> drain(generation));
                assertTrue(e.toString().contains("no numbers"), e.toString());
            }
        }
    }

    private Model model() {
        if (loaded == null) throw new AssertionError("not loaded");
        return loaded;
    }

    private Path write() throws IOException {
        Path path = folder.resolve("model.gguf");
        RandomModel.write(path, Shape.tiny("llama"), TensorType.F32, 11);
        return path;
    }

    private static GenerateRequest request(int maxTokens) {
        return new GenerateRequest(PROMPT, Sampling.greedy(), maxTokens, Set.of());
    }

    private static List<SampledToken> drain(Generation generation) throws InterruptedException {
        var tokens = new ArrayList<SampledToken>();
        for (var token = generation.next(); token != null; token = generation.next()) tokens.add(token);
        return tokens;
    }
}
