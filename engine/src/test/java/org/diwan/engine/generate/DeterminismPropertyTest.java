package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The promise that replay rests on: a request gets the same tokens, logits and trace, to the bit,
/// alone on one thread and among random others that come in random order, with prompts cut into
/// random chunks, on random numbers of slots and threads, with guesses or without, with its prefix in
/// the cache or not, in so little memory that requests are put off. Each type of cache has its own
/// reference.
class DeterminismPropertyTest {
    private static final List<KvType> CACHES = List.of(KvType.values());

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "llama, F32",
        "qwen3, F16",
        "llama, BF16",
        "qwen3, Q8_0",
        "llama, Q4_0",
        "qwen3, Q6_K",
        "qwen2, Q8_0",
        "gemma2, F32",
        "gemma3, Q8_0",
        "cohere2, Q4_0",
        "exaone4, Q8_0",
        "apertus, F16",
        "qwen3moe, Q8_0"
    })
    void companyChangesNothing(String architecture, TensorType type) throws IOException {
        Path path = folder.resolve("model.gguf");
        RandomModel.write(path, Shape.tiny(architecture), type, 5);
        Seeded.forAll(3, random -> {
            List<GenerateRequest> requests = new ArrayList<>();
            for (int i = random.nextInt(2, 13); i > 0; i--) requests.add(request(random));
            KvType cache = CACHES.get(random.nextInt(CACHES.size()));
            List<List<SampledToken>> alone = new ArrayList<>();
            try (var workers = new Workers(1);
                    var model = Model.load(path, workers)) {
                for (GenerateRequest request : requests) {
                    try (var engine = new Engine(
                            model, new EngineLimits(1, 1, 1).withDrafts(0).withCacheType(cache))) {
                        alone.add(drain(engine.submit(request)));
                    }
                }
            }
            var wide = new EngineLimits(random.nextInt(1, 65), 64, random.nextInt(1, 70))
                    .withDrafts(random.nextBoolean() ? 0 : random.nextInt(1, 20))
                    .withCacheType(cache);
            try (var workers = new Workers(random.nextInt(1, 5));
                    var model = Model.load(path, workers);
                    var engine = new Engine(model, wide.withCacheBytes(pages(random) * model.pageBytes(cache)))) {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < 2 * requests.size(); i++) {
                    order.add(random.nextInt(order.size() + 1), i % requests.size());
                }
                List<Generation> running = new ArrayList<>();
                for (int i : order) {
                    running.add(engine.submit(requests.get(i).forTenant("t" + random.nextInt(2))));
                    if (random.nextInt(3) == 0) Thread.sleep(random.nextInt(20));
                    if (random.nextInt(4) == 0) engine.submit(request(random)).close();
                }
                for (int k = 0; k < order.size(); k++) {
                    int i = order.get(k);
                    assertEquals(alone.get(i), drain(running.get(k)), "request " + i + " of " + requests + wide);
                }
            }
        });
    }

    /// From what one text may need to more than all.
    private static int pages(SplittableRandom random) {
        return random.nextInt(512 / Page.POSITIONS, 80);
    }

    private static GenerateRequest request(SplittableRandom random) {
        int[] prompt = random.ints(random.nextInt(1, 100), 0, 320).toArray();
        // Some repeat themselves, so that there is something to guess.
        if (random.nextBoolean()) for (int i = 5; i < prompt.length; i++) prompt[i] = prompt[i - 5];
        var sampling = new Sampling(
                random.nextBoolean() ? 0 : 1.5f,
                random.nextBoolean() ? 0 : 50,
                random.nextBoolean() ? 1 : 0.95f,
                0,
                random.nextBoolean() ? 1 : 1.1f,
                random.nextBoolean() ? 0 : 0.2f,
                0,
                Map.of(),
                random.nextLong(),
                random.nextInt(3));
        return new GenerateRequest(prompt, sampling, random.nextInt(1, 24), Set.of(258));
    }

    private static List<SampledToken> drain(Generation generation) throws InterruptedException {
        var tokens = new ArrayList<SampledToken>();
        for (var token = generation.next(); token != null; token = generation.next()) tokens.add(token);
        return tokens;
    }
}
