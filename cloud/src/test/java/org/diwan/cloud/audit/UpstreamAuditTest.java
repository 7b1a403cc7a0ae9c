package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.audit.Drawn.Verdict;
import org.diwan.cloud.audit.Operator.Question;
import org.diwan.cloud.receipt.ModelShelf;
import org.diwan.cloud.serving.Answer;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Work;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Mix;
import org.diwan.engine.model.QuantizedCopy;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Upstreams that claim the bundled model's weights and compute in another arithmetic (keys and values
/// in 8 bits stand for a GPU's rounding): true answers are plausible, those of another sampler are not.
/// Seeds are fixed, so each answer is always the same. How often the test is right on others is
/// measured in `bench rescore`.
class UpstreamAuditTest {
    private static final Path WEIGHTS =
            Path.of(System.getProperty("diwan.home", "..")).resolve("models/diwan-arabic-demo-q8_0.gguf");
    private static final String OTHER_WORDS =
            "The committee will meet again next month and publish its minutes within ten working days.";

    @TempDir
    Path folder;

    private Operator operator;
    private LocalModel upstream;

    @BeforeEach
    void start() throws IOException {
        operator = new Operator(folder);
        upstream = LocalModel.load(WEIGHTS, 1, new EngineLimits(1, 1, 64).withCacheType(KvType.Q8_0));
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        operator.close();
    }

    private static Question question(float temperature) {
        return new Question("كان الملك في قصره", new Sampling(temperature, 0, 1, 0, 1, 0, 0, Map.of(), 5, 0), 200);
    }

    private Answer answer(Question question) throws InterruptedException {
        return answer(upstream, question);
    }

    private static Answer answer(LocalModel upstream, Question question) throws InterruptedException {
        var prompt = upstream.prompt(question.opening().messages(), List.of());
        var work = new Work(prompt.tokens(), question.sampling(), question.maxTokens(), List.of());
        return upstream.answer(work, (text, tokens) -> true);
    }

    private AuditReport audit(Map<String, Path> claims) throws Exception {
        try (var shelf = new ModelShelf(folder, 1, step -> {})) {
            var log = TileSource.of(folder.resolve("ledger"));
            return new Audit(log, operator.keys(), WitnessPolicy.NONE, operator, shelf, claims)
                    .run(100, "x", one -> {});
        }
    }

    @Test
    void trueAnswersArePlausibleAndThoseOfAnotherSamplerAreNot() throws Exception {
        for (float[] claimedAndTrue : new float[][] {{1, 1.6f}, {1, 0.4f}, {0.7f, 1.2f}, {0, 0.8f}}) {
            var honest = question(claimedAndTrue[0]);
            var answer = answer(honest);
            operator.elsewhere(honest, claimedAndTrue[0], answer.finish().label(), answer.text(), List.of());
            var other = answer(question(claimedAndTrue[1]));
            operator.elsewhere(honest, claimedAndTrue[0], other.finish().label(), other.text(), List.of());
        }
        var drawn = audit(Map.of("gpu/big", WEIGHTS)).drawn();
        assertEquals(8, drawn.size());
        for (int i = 0; i < drawn.size(); i++) {
            var expected = i % 2 == 0 ? Verdict.PLAUSIBLE : Verdict.IMPLAUSIBLE;
            assertEquals(
                    expected, drawn.get(i).verdict(), i + ": " + drawn.get(i).detail());
        }
    }

    private static Question greedy(String words) {
        return new Question(words, Sampling.greedy(), 60);
    }

    /// Weights of four bits where those of eight are claimed: each answer passes, all together do not. Honest
    /// ones pass together, too, whether tokens or only words were told.
    @Test
    void fewerBitsShowWhenAnswersAreAddedUp() throws Exception {
        Path halves = folder.resolve("f16.gguf");
        Path fewer = folder.resolve("q4_0.gguf");
        QuantizedCopy.write(WEIGHTS, halves, Mix.F16, tensor -> {});
        QuantizedCopy.write(halves, fewer, Mix.Q4_0, tensor -> {});
        var questions = "الملك القصر المدينة البحر الكتاب العلم الطريق السماء الليل الشعر الحرب السلطان";
        try (var cheap = LocalModel.load(fewer, 1, new EngineLimits(1, 1, 64))) {
            for (String word : List.of(questions.split(" ", -1))) {
                var question = greedy(word);
                var words = answer(question);
                operator.elsewhere("words", question, words, List.of());
                operator.elsewhere("tokens", question, words, words.tokens());
                var other = answer(cheap, question);
                operator.elsewhere("cheap", question, other, other.tokens());
            }
        }
        var report = audit(Map.of("words/big", WEIGHTS, "tokens/big", WEIGHTS, "cheap/big", WEIGHTS));
        for (var one : report.drawn())
            if (!one.detail().contains("1e-")) assertEquals(Verdict.PLAUSIBLE, one.verdict(), one.detail());
        assertEquals(
                List.of("cheap/big", "tokens/big", "words/big"),
                report.together().stream().map(Together::maker).toList());
        assertEquals(
                List.of(false, true, true),
                report.together().stream().map(Together::isPlausible).toList(),
                report.text());
        assertEquals(
                List.of(0, 0, 12),
                report.together().stream().map(Together::words).toList());
        assertFalse(report.passes());
        assertTrue(report.text().contains("✗ 12 greedy answers of cheap/big together"), report.text());
        assertTrue(report.text().contains("words/big told its words and not its tokens in 12 answers"));
        var json = report.json().path("together").path(0);
        assertFalse(json.path("plausible").asBoolean());
        assertTrue(json.path("greedy").path("honestAtMost").asDouble() < 1e-3, json.toString());
    }

    @Test
    void tokensThatDoNotSpellTheWordsAreFound() throws Exception {
        var question = greedy("كان الملك في قصره");
        var answer = answer(question);
        var tokens = new ArrayList<>(answer.tokens());
        operator.elsewhere(question, 0, answer.finish().label(), answer.text(), tokens);
        operator.elsewhere(question, 0, answer.finish().label(), OTHER_WORDS, tokens);
        operator.elsewhere(question, 0, "stop", answer.text().substring(0, 20), tokens);
        tokens.set(3, 1_000_000);
        operator.elsewhere(question, 0, answer.finish().label(), answer.text(), tokens);
        var report = audit(Map.of("gpu/big", WEIGHTS));
        assertEquals(Map.of(Verdict.PLAUSIBLE, 1L, Verdict.MISSPELT, 3L), report.counts());
        assertFalse(report.passes());
        assertTrue(report.drawn().get(1).detail().contains("do not spell the words"), report.text());
        assertTrue(report.drawn().get(3).detail().contains("token 1000000 is not in the vocabulary"), report.text());
    }

    @Test
    void whatNobodyClaimsIsNotCheckedAndDoesNotCountAsDrawn() throws Exception {
        operator.elsewhere(question(1), 1, "stop", OTHER_WORDS, List.of());
        var report = audit(Map.of());
        assertEquals(Map.of(Verdict.UNCHECKED, 1L), report.counts());
        assertTrue(report.passes());
        assertEquals(0, report.detection(0.1));
        assertEquals(1, report.bound(), "nothing is known of it");
    }
}
