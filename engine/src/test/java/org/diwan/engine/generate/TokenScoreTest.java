package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracles: the definitions, summed plainly over the logits that the model gives for the whole text.
class TokenScoreTest {
    @TempDir
    Path folder;

    @Test
    void everyTokenIsScoredAfterTheTrueOnesBeforeIt() throws IOException {
        Path file = folder.resolve("m.gguf");
        RandomModel.write(file, Shape.tiny("llama"), TensorType.F32, 1);
        try (var workers = new Workers(2);
                var model = Model.load(file, workers)) {
            var random = new SplittableRandom(5);
            // Longer than a step of either side.
            int[] prompt = random.ints(131, 0, 320).toArray();
            int[] answer = random.ints(150, 0, 320).toArray();
            int[] whole = java.util.stream.IntStream.concat(
                            java.util.Arrays.stream(prompt), java.util.Arrays.stream(answer))
                    .toArray();
            float[][] logits = model.logits(whole);
            var scores = TokenScore.of(model, KvType.F32, prompt, answer, 0.7f);
            assertEquals(answer.length, scores.size());
            for (int i = 0; i < answer.length; i++) {
                var expected = TokenScore.of(logits[prompt.length - 1 + i], 0, 320, answer[i], 0.7f);
                assertEquals(expected, scores.get(i), "token " + i);
            }
            assertEquals(
                    0, TokenScore.of(model, KvType.F32, prompt, new int[0], 1).size());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> TokenScore.of(model, KvType.F32, prompt, new int[model.contextLength()], 1));
        }
    }

    /// An answer that is read on from some token otherwise is scored as if it had been read so from the start.
    @Test
    void whatIsReadOtherwiseLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("m.gguf");
        RandomModel.write(file, Shape.tiny("llama"), TensorType.F32, 2);
        try (var workers = new Workers(1);
                var model = Model.load(file, workers)) {
            Seeded.forAll(5, random -> {
                int[] prompt = random.ints(random.nextInt(1, 40), 0, 320).toArray();
                int[] answer = random.ints(random.nextInt(1, 200), 0, 320).toArray();
                var reading = new ForcedReading(model, KvType.F32, prompt, answer.length);
                reading.scores(answer, 0, 1);
                for (int back = 0; back < 3; back++) {
                    int from = random.nextInt(answer.length);
                    for (int i = from; i < answer.length; i++) answer[i] = random.nextInt(320);
                    var whole = TokenScore.of(model, KvType.F32, prompt, answer, 1);
                    assertEquals(whole.subList(from, answer.length), reading.scores(answer, from, 1));
                }
            });
        }
    }

    @Test
    void scoresAreTheDefinitions() {
        Seeded.forAll(200, random -> {
            int count = random.nextInt(1, 50);
            float[] logits = new float[count + 3];
            for (int i = 0; i < logits.length; i++) logits[i] = (float) random.nextDouble(-20, 20);
            float temperature = (float) random.nextDouble(0.2, 3);
            int token = random.nextInt(count);
            double sum = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < count; i++) sum += Math.exp((double) logits[3 + i] / temperature);
            double entropy = 0;
            for (int i = 0; i < count; i++) {
                double p = Math.exp((double) logits[3 + i] / temperature) / sum;
                entropy -= p * Math.log(p);
                most = Math.max(most, logits[3 + i]);
            }
            double variance = 0;
            for (int i = 0; i < count; i++) {
                double p = Math.exp((double) logits[3 + i] / temperature) / sum;
                variance += p * Math.pow(Math.log(p) + entropy, 2);
            }
            var score = TokenScore.of(logits, 3, count, token, temperature);
            assertEquals(
                    Math.log(Math.exp((double) logits[3 + token] / temperature) / sum), score.logProbability(), 1e-9);
            assertEquals(entropy, score.entropy(), 1e-9);
            assertEquals(variance, score.variance(), 1e-8);
            assertEquals(most - logits[3 + token], score.gap(), 1e-12);
            assertEquals(most, logits[3 + score.best()], 0);
            for (int k = 0; k < TokenScore.WIDTHS.size(); k++) {
                double width = TokenScore.rounding(most) * TokenScore.WIDTHS.get(k);
                double all = 0;
                for (int i = 0; i < count; i++) all += Math.exp((logits[3 + i] - most) / width);
                double expected = (logits[3 + token] - most) / width - Math.log(all);
                assertEquals(expected, score.rounded().get(k), 1e-9 * (1 + Math.abs(expected)));
            }
        });
    }
}
