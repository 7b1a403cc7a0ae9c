package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.audit.Drawn.Verdict;
import org.diwan.cloud.audit.Operator.Question;
import org.diwan.cloud.receipt.ModelShelf;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An operator who signs whatever it likes: each way to cheat with an answer is found when that answer
/// is drawn, and no honest answer is suspected.
class AuditTest {
    private static final Question QUESTION =
            new Question("What is the diwan?", new Sampling(0.8f, 0, 1, 0, 1, 0, 0, Map.of(), 7, 0), 12);

    @TempDir
    Path folder;

    private Operator operator;
    private LocalModel model;

    @BeforeEach
    void start() throws IOException {
        operator = new Operator(folder);
        Files.createDirectory(folder.resolve("models"));
        model = load(folder.resolve("models/tiny.gguf"), TensorType.Q8_0, 1);
    }

    @AfterEach
    void stop() throws IOException {
        model.close();
        operator.close();
    }

    private static LocalModel load(Path file, TensorType type, long seed) throws IOException {
        RandomModel.write(file, Shape.tiny("llama"), type, seed);
        return LocalModel.load(file, 1, new EngineLimits(1, 1, 64));
    }

    private String honest(String words) throws Exception {
        var question = new Question(words, QUESTION.sampling(), 8);
        return operator.answer(model, question, model, question);
    }

    private AuditReport audit(int count) throws Exception {
        try (var shelf = new ModelShelf(folder.resolve("models"), 1, step -> {})) {
            var log = TileSource.of(folder.resolve("ledger"));
            var audit = new Audit(log, operator.keys(), WitnessPolicy.NONE, operator, shelf, Map.of());
            return audit.run(count, "seed", one -> {});
        }
    }

    private Drawn only(String id) throws Exception {
        var report = audit(100);
        for (var one : report.drawn())
            if (!one.receipt().equals(id)) assertEquals(Verdict.IDENTICAL, one.verdict(), one.detail());
        return report.drawn().stream()
                .filter(one -> one.receipt().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void forged(String id, String detail) throws Exception {
        var one = only(id);
        assertEquals(Verdict.FORGED, one.verdict());
        assertTrue(one.detail().contains(detail), one.detail());
    }

    @Test
    void honestAnswersAreIdentical() throws Exception {
        for (int i = 0; i < 10; i++) honest("question " + i);
        var report = audit(4);
        assertTrue(report.passes());
        assertEquals(10, report.answers());
        assertEquals(Map.of(Verdict.IDENTICAL, 4L), report.counts());
        // One forged of ten, four drawn: 4/10.
        assertEquals(0.4, report.detection(0.1), 1e-12);
        assertEquals(10, audit(11).drawn().size());
        assertEquals(0, audit(10).bound(), "all were looked at");
        assertTrue(report.text().contains("probability 0.400"), report.text());
    }

    @Test
    void aSwappedModelIsFound() throws Exception {
        honest("before");
        try (var other = load(folder.resolve("other.gguf"), TensorType.Q8_0, 2)) {
            forged(operator.answer(model, QUESTION, other, QUESTION), "differs");
        }
    }

    @Test
    void anotherQuantisationIsFound() throws Exception {
        try (var smaller = load(folder.resolve("smaller.gguf"), TensorType.Q4_0, 1)) {
            forged(operator.answer(model, QUESTION, smaller, QUESTION), "differs");
        }
        honest("after");
    }

    /// Even where it says the same words: the trace is over the bits of every logit.
    @Test
    void aLessPreciseMemoryIsFoundByTheTraceAlone() throws Exception {
        Path file = folder.resolve("models/tiny.gguf");
        var greedy = new Question("x", Sampling.plain(0), 1);
        try (var cheaper = LocalModel.load(
                file, 1, new EngineLimits(1, 1, 64).withCacheType(org.diwan.engine.kernel.KvType.Q8_0))) {
            forged(operator.answer(model, greedy, cheaper, greedy), "trace");
        }
    }

    @Test
    void anotherTemplateIsFound() throws Exception {
        Path file = folder.resolve("template.gguf");
        byte[] bytes = Files.readAllBytes(folder.resolve("models/tiny.gguf"));
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = text.indexOf("'<|im_end|>' + '");
        bytes[at + "'<|im_end|>' + '".length() + 1] = 't';
        Files.write(file, bytes);
        try (var other = LocalModel.load(file, 1, new EngineLimits(1, 1, 64))) {
            assertFalse(other.templateDigest().equals(model.templateDigest()), "the template was changed");
            forged(operator.answer(model, QUESTION, other, QUESTION), "differs");
        }
    }

    @Test
    void anotherPromptIsFound() throws Exception {
        var slanted = new Question("What is the Diwan?", QUESTION.sampling(), QUESTION.maxTokens());
        forged(operator.answer(model, QUESTION, model, slanted), "differs");
    }

    @Test
    void anotherSamplerIsFound() throws Exception {
        var cooler = new Question(
                QUESTION.words(), new Sampling(0.2f, 0, 1, 0, 1, 0, 0, Map.of(), 7, 0), QUESTION.maxTokens());
        forged(operator.answer(model, QUESTION, model, cooler), "differs");
    }

    @Test
    void anotherSeedIsFound() throws Exception {
        var other = new Question(
                QUESTION.words(), new Sampling(0.8f, 0, 1, 0, 1, 0, 0, Map.of(), 8, 0), QUESTION.maxTokens());
        forged(operator.answer(model, QUESTION, model, other), "differs");
    }

    @Test
    void anotherReceiptInItsPlaceIsFound() throws Exception {
        String first = honest("one");
        String second = honest("two");
        operator.confuse(first, second);
        var report = audit(2);
        assertEquals(Verdict.FORGED, report.drawn().getFirst().verdict());
        assertEquals(Verdict.IDENTICAL, report.drawn().getLast().verdict());
    }

    @Test
    void whatIsNotHandedOutIsAFinding() throws Exception {
        honest("one");
        operator.lose(honest("two"));
        var report = audit(2);
        assertEquals(Verdict.WITHHELD, report.drawn().getLast().verdict());
        assertFalse(report.passes());
    }

    @Test
    void aLogThatDoesNotHoldIsNotAudited() throws Exception {
        honest("one");
        var files = new ArrayList<Path>();
        try (var tiles = Files.walk(folder.resolve("ledger/tile/entries"))) {
            tiles.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : List.copyOf(files)) {
            try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.seek(40);
                int old = raw.read();
                raw.seek(40);
                raw.write(old ^ 1);
            }
        }
        assertThrows(VerificationException.class, () -> audit(1));
    }
}
