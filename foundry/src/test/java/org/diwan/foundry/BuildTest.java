package org.diwan.foundry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.foundry.tokenizer.LearntTokens;
import org.diwan.foundry.train.Checkpoint;
import org.diwan.foundry.train.Safetensors;
import org.diwan.foundry.train.Scorer;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One small build from text to released model, looked at from all sides.
class BuildTest {
    private static final String PROBE = "قالَ الملكُ للوزير: ما الرأي؟ 1234 books — 한국 🙂\n\n\tنعم.";

    @TempDir
    static Path base;

    private static String log = "";

    @BeforeAll
    static void build() throws IOException {
        var random = new SplittableRandom(3);
        String[] words = "قال الملك للوزير ما الرأي فسكت ثم نظر إليه وفي الغد خرج الناس إلى المدينة".split(" ", -1);
        var books = new StringBuilder();
        for (int d = 0; d < 60; d++) {
            var text = new StringBuilder();
            for (int w = 0; w < 400; w++)
                text.append(words[random.nextInt(words.length)]).append(w % 12 == 11 ? ".\\n" : " ");
            books.append("{\"id\":\"" + d + "\",\"title\":\"كتاب " + d + "\",\"text\":\"" + text + "\"}\n");
        }
        // The last book once more, and one that is too short.
        books.append(books.substring(books.lastIndexOf("{\"id\":\"59\"")).replace("\"59\"", "\"60\""));
        books.append("{\"id\":\"61\",\"text\":\"باب\"}\n");
        Files.writeString(base.resolve("books.jsonl"), books);
        Files.writeString(base.resolve("tiny.yaml"), """
                name: tiny
                language: ar
                licence: none
                seed: 7
                sources:
                  - {name: books, files: [books.jsonl], licence: none, unwrap: true}
                heldOutPercent: 20
                vocabulary: 400
                depth: 2
                context: 32
                dialoguePercent: 50
                tokens: 24576
                """);
        log = run("build");
    }

    @Test
    void everyStageIsDoneOnce() throws IOException {
        String again = run("build");
        for (String stage :
                new String[] {"1-clean", "2-dedupe", "3-admit", "4-vocabulary", "5-tokenize", "6-train", "7-release"}) {
            assertTrue(log.contains(stage + ": done"), log);
            assertTrue(again.contains(stage + ": unchanged, skipped"), again);
        }
    }

    @Test
    void droppedDocumentsAreKeptWithTheirReason() throws IOException {
        assertEquals(
                "{\"source\":\"books\",\"id\":\"61\",\"title\":\"\",\"reason\":\"too-short\",\"length\":\"3\"}\n",
                Files.readString(file("1-clean/dropped.jsonl")));
        String duplicate = Files.readString(file("2-dedupe/dropped.jsonl"));
        assertTrue(duplicate.contains("\"id\":\"60\"") && duplicate.contains("duplicate"), duplicate);
    }

    @Test
    void aRecipeWithoutAdmissionSaysSo() throws IOException {
        String manifest = Files.readString(file("3-admit/manifest.json"));
        assertTrue(manifest.contains("\"admission\":\"none: "), manifest);
        assertTrue(log.contains("no admission"), log);
    }

    /// Two implementations of one network, in two languages: the engine's kernels and libtorch.
    @Test
    void theEngineComputesWhatWasTrained() throws IOException {
        var checkpoint = Checkpoint.read(file("6-train/" + Checkpoint.FILE));
        int width = checkpoint.shape().vocabulary();
        int[] tokens = new SplittableRandom(1).ints(32, 0, width).toArray();
        float[] expected = new Scorer(checkpoint).logits(tokens);
        try (var workers = new Workers(1);
                var model = Model.load(file("7-release/tiny-f32.gguf"), workers)) {
            float[][] found = model.logits(tokens);
            for (int t = 0; t < tokens.length; t++) {
                float[] row = Arrays.copyOfRange(expected, t * width, (t + 1) * width);
                assertArrayEquals(row, found[t], 1e-3f, "logits after token " + t);
            }
        }
    }

    @Test
    void theReleasedVocabularyReadsAsTheTrainedOne() throws IOException {
        try (var gguf = GgufFile.open(file("7-release/tiny-q8_0.gguf"));
                var peer = HuggingFaceTokenizer.newInstance(file("7-release/tokenizer.json"))) {
            Tokenizer released = Tokenizer.of(Vocabulary.fromMetadata(gguf.metadata()));
            assertEquals(PROBE, released.decode(released.encode(PROBE, false, false)));
            String turn = PROBE + LearntTokens.TURN_END;
            int[] ids = released.encode(turn, true, false);
            assertArrayEquals(
                    Arrays.stream(ids).asLongStream().toArray(),
                    peer.encode(turn, false, false).getIds(),
                    "Hugging Face's tokenizers reads tokenizer.json otherwise");
            assertTrue(released.vocabulary().endTokens().contains(ids[ids.length - 1]), "<|im_end|> ends a turn");
        }
    }

    @Test
    void theHuggingFaceFolderHoldsTheSameWeights() throws IOException {
        var trained = Checkpoint.read(file("6-train/" + Checkpoint.FILE));
        var released = Safetensors.read(file("7-release/model.safetensors")).arrays();
        assertEquals(trained.weights().size(), released.size());
        Set<String> names = new LinkedHashSet<>(released.keySet());
        assertTrue(names.contains("model.layers.1.self_attn.q_proj.weight"), names::toString);
        var down = released.get("model.layers.0.mlp.down_proj.weight");
        for (var array : trained.weights())
            if (array.name().equals("blk.0.ffn_down.weight") && down != null)
                assertArrayEquals(array.values(), down.values());
        Map<?, ?> config =
                new ObjectMapper().readValue(file("7-release/config.json").toFile(), Map.class);
        assertEquals(64, config.get("hidden_size"));
        assertEquals(true, config.get("tie_word_embeddings"));
    }

    @Test
    void evaluationComparesWithBaselines() throws IOException {
        String report = run("evaluate");
        assertTrue(report.contains("books: ") && report.contains(" bits per byte"), report);
        Map<?, ?> json = new ObjectMapper().readValue(file("evaluation.json").toFile(), Map.class);
        String text = json.toString();
        assertTrue(text.contains("fiveGramBitsPerByte") && !text.contains("NaN"), text);
    }

    @Test
    void recipesThatCannotBeCookedAreRefusedByField() throws IOException {
        String good = Files.readString(base.resolve("tiny.yaml"));
        assertRefused(good.replace("depth: 2", "depth: 99"), "depth 99 is not in [2, 32]");
        assertRefused(good.replace("vocabulary: 400", "vocabulary: 4"), "vocabulary: must be in [300, 65536], not 4");
        assertRefused(good.replace("heldOutPercent: 20", "heldOutPercent: 0"), "heldOutPercent");
        assertRefused(good.replace("tokens: 24576", "tokens: many"), "tokens");
        assertRefused(good + "colour: blue\n", "colour");
        assertRefused(good + "admit: {pack: sa, licences: [none]}\n", "admit.class");
        assertRefused(good + "admit: {pack: sa, class: public, licences: []}\n", "admit.licences");
        assertRefused(good.replace("licence: none, unwrap", "unwrap"), "sources.books.licence");
        Path missing =
                Files.writeString(base.resolve("missing.yaml"), good.replace("books.jsonl", "${NO_SUCH_PLACE}/b"));
        assertEquals(1, Main.run(List.of("build", missing.toString())));
        assertEquals(2, Main.run(List.of("bake", base.resolve("tiny.yaml").toString())));
    }

    private static void assertRefused(String recipe, String reason) throws IOException {
        Path file = Files.writeString(base.resolve("bad.yaml"), recipe);
        var e = assertThrows(IOException.class, () -> Recipe.read(file));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), () -> e.getMessage() + " lacks: " + reason);
        assertFalse(Files.exists(base.resolve("build/bad")));
    }

    private static String run(String verb) throws IOException {
        var out = new ByteArrayOutputStream();
        var recipe = Recipe.read(base.resolve("tiny.yaml"));
        var build = new Build(
                recipe,
                base,
                base.resolve("build/tiny"),
                base.resolve("no-launcher"),
                null,
                new PrintStream(out, true, StandardCharsets.UTF_8));
        if (verb.equals("build")) build.run();
        else build.evaluate();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Path file(String name) {
        return base.resolve("build/tiny").resolve(name);
    }
}
