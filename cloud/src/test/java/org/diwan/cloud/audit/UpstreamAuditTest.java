package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
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
            operator.elsewhere(honest, claimedAndTrue[0], answer.finish().label(), answer.text());
            var other = answer(question(claimedAndTrue[1]));
            operator.elsewhere(honest, claimedAndTrue[0], other.finish().label(), other.text());
        }
        var drawn = audit(Map.of("gpu/big", WEIGHTS)).drawn();
        assertEquals(8, drawn.size());
        for (int i = 0; i < drawn.size(); i++) {
            var expected = i % 2 == 0 ? Verdict.PLAUSIBLE : Verdict.IMPLAUSIBLE;
            assertEquals(
                    expected, drawn.get(i).verdict(), i + ": " + drawn.get(i).detail());
        }
    }

    @Test
    void whatNobodyClaimsIsNotCheckedAndDoesNotCountAsDrawn() throws Exception {
        operator.elsewhere(question(1), 1, "stop", OTHER_WORDS);
        var report = audit(Map.of());
        assertEquals(Map.of(Verdict.UNCHECKED, 1L), report.counts());
        assertTrue(report.passes());
        assertEquals(0, report.detection(0.1));
        assertEquals(1, report.bound(), "nothing is known of it");
    }
}
