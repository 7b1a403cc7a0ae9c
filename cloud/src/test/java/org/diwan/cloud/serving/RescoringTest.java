package org.diwan.cloud.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.generate.TokenScore;
import org.diwan.engine.kernel.KvType;
import org.diwan.language.ChatMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Oracle: the bundled model's own greedy answers. Read again in the same arithmetic, every token of theirs is
/// the most likely one, however the tokenizer would cut the words.
class RescoringTest {
    private static final Path WEIGHTS =
            Path.of(System.getProperty("diwan.home", "..")).resolve("models/diwan-arabic-demo-q8_0.gguf");
    private static final int ANSWERS = 12;

    private static LocalModel model;

    @BeforeAll
    static void start() throws IOException {
        model = LocalModel.load(WEIGHTS, 1, new EngineLimits(1, 1, 64).withCacheType(KvType.F32));
    }

    @AfterAll
    static void stop() {
        model.close();
    }

    private static LocalModel.Prompt prompt(String words) {
        return model.prompt(List.of(new ChatMessage("user", words)), List.of());
    }

    private static Answer answer(LocalModel.Prompt prompt, Sampling sampling, int length) throws InterruptedException {
        return model.answer(new Work(prompt.tokens(), sampling, length, List.of()), (text, tokens) -> true);
    }

    private static String opening(int seed) throws InterruptedException {
        var sampling = new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), seed, 0);
        return answer(prompt("."), sampling, 12).text() + ".";
    }

    private static double widest(List<TokenScore> scores) {
        return scores.stream().mapToDouble(TokenScore::gap).max().orElseThrow();
    }

    @Test
    void honestWordsAreCutAsTheModelCutThem() throws Exception {
        int other = 0;
        for (int seed = 0; seed < ANSWERS; seed++) {
            var prompt = prompt(opening(seed));
            var answer = answer(prompt, Sampling.greedy(), 150);
            boolean ended = answer.finish() == Answer.Finish.STOP;
            var words = new Rescoring.Said(answer.text(), List.of(), ended, false);
            var told = new Rescoring.Said(answer.text(), answer.tokens(), ended, false);
            var rescoring = model.rescoring();
            assertTrue(rescoring.misspelt(told).isEmpty());
            var scores = rescoring.score(prompt, words, 0);
            assertEquals(0, widest(scores), "answer " + seed);
            assertEquals(rescoring.score(prompt, told, 0), scores, "answer " + seed);
            int[] plain = model.tokenizer().encode(answer.text(), false, false);
            if (plain.length != answer.tokens().size() - (ended ? 1 : 0)) other++;
        }
        assertTrue(other > 0, "no answer was cut otherwise than by the tokenizer: the test shows nothing");
    }

    /// Words that the model would not have said are not excused by any cut.
    @Test
    void otherWordsStayOtherWords() throws Exception {
        var prompt = prompt(opening(1));
        var other = answer(prompt(opening(2)), Sampling.greedy(), 60);
        var scores = model.rescoring().score(prompt, new Rescoring.Said(other.text(), List.of(), false, false), 0);
        assertTrue(widest(scores) > 1, "widest gap " + widest(scores));
    }

    @Test
    void anAnswerThatWasCutInsideATokenIsExcused() throws Exception {
        var prompt = prompt(opening(3));
        var answer = answer(prompt, Sampling.greedy(), 40);
        for (int length = 1; length < answer.text().length(); length += 7) {
            String text = answer.text().substring(0, length);
            var scores = model.rescoring().score(prompt, new Rescoring.Said(text, List.of(), false, true), 0);
            assertEquals(0, widest(scores), "cut after " + length + " characters");
            var told = new Rescoring.Said(text, answer.tokens(), false, true);
            assertTrue(model.rescoring().misspelt(told).isEmpty());
        }
    }
}
