package org.diwan.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import org.diwan.engine.generate.Engine;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.GenerateRequest;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real weights tell a real story. Oracles: the beginning of the text that karpathy/llama2.c prints
/// for stories260K at temperature 0 (its `test_all.py`), and [ReferenceModel] for every token.
class StoriesTest {
    private static final int BOS = 1;
    private static final int TOKENS = 128;
    private static final String STORY = """
            Once upon a time, there was a little girl named Lily. She loved to play outside in the park. \
            One day, she saw a big, red ball. She wanted to play with it, but it was too high.
            Lily's mom said, "Lily, let's go to the park.\"""";

    @TempDir
    Path folder;

    @Test
    void tellsTheKnownStory() throws IOException, InterruptedException {
        Path stories = StoriesConverter.folder();
        assumeTrue(stories != null, "needs DIWAN_DATA with models/stories260K");
        Path file = folder.resolve("stories260K.gguf");
        String[] pieces = StoriesConverter.convert(stories, file);

        int[] story = new int[TOKENS];
        var text = new StringBuilder();
        try (var workers = new Workers(2);
                var model = Model.load(file, workers);
                var engine = new Engine(model, EngineLimits.DEFAULT);
                var generation =
                        engine.submit(new GenerateRequest(new int[] {BOS}, Sampling.greedy(), TOKENS, Set.of()))) {
            for (int i = 0; i < TOKENS; i++) {
                var token = generation.next();
                assertTrue(token != null, "the story ended after " + i + " tokens");
                story[i] = token.id();
                text.append(pieces[token.id()]);
            }
        }
        assertEquals(STORY, text.substring(1, 1 + STORY.length()), "llama2.c strips the space after BOS");
        assertArrayEquals(greedy(ReferenceModel.of(file)), story);
    }

    private static int[] greedy(ReferenceModel model) {
        int[] story = new int[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            double[] logits = model.forward(i == 0 ? BOS : story[i - 1], i);
            story[i] = IntStream.range(0, logits.length).reduce(0, (best, id) -> logits[id] > logits[best] ? id : best);
        }
        return story;
    }
}
