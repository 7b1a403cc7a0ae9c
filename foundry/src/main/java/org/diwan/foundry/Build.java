package org.diwan.foundry;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.diwan.engine.gguf.TensorType;
import org.diwan.foundry.admit.Admission;
import org.diwan.foundry.admit.AdmissionCounts;
import org.diwan.foundry.admit.AdmissionFilter;
import org.diwan.foundry.admit.AdmissionRecord;
import org.diwan.foundry.corpus.Cleaner;
import org.diwan.foundry.corpus.Deduplicator;
import org.diwan.foundry.corpus.Document;
import org.diwan.foundry.corpus.DocumentReader;
import org.diwan.foundry.corpus.DocumentWriter;
import org.diwan.foundry.corpus.HeldOut;
import org.diwan.foundry.evaluate.Evaluation;
import org.diwan.foundry.release.GgufRelease;
import org.diwan.foundry.release.HuggingFaceRelease;
import org.diwan.foundry.stage.Stage;
import org.diwan.foundry.tokenizer.BytePairTrainer;
import org.diwan.foundry.tokenizer.LearntTokens;
import org.diwan.foundry.tokenizer.RowWriter;
import org.diwan.foundry.tokenizer.WordCounter;
import org.diwan.foundry.train.Checkpoint;
import org.diwan.foundry.train.Rows;
import org.diwan.foundry.train.Scorer;
import org.diwan.foundry.train.Trainer;
import org.jspecify.annotations.Nullable;

/// From a recipe to a trained model, one folder a stage:
///
/// ```
/// 1-clean       documents.jsonl.zst, dropped.jsonl     fit to learn from
/// 2-dedupe      documents.jsonl.zst, dropped.jsonl     each text once
/// 3-admit       documents.jsonl.zst, dropped.jsonl     those that may be learnt from
/// 4-vocabulary  vocabulary.json                        byte pairs of the training documents
/// 5-tokenize    rows.bin, held-out.jsonl.zst           what is trained on, what is measured on
/// 6-train       checkpoint.safetensors                 weights and optimiser
/// 7-release     NAME-q8_0.gguf, NAME-f32.gguf, and a Hugging Face folder's files
/// ```
final class Build {
    private static final String DOCUMENTS = "documents.jsonl.zst";
    private static final String DROPPED = "dropped.jsonl";
    private static final String ADMIT = "3-admit";
    static final String VOCABULARY = "vocabulary.json";
    static final String ROWS = "rows.bin";
    static final String HELD_OUT = "held-out.jsonl.zst";

    /// A word that came once teaches the tokenizer a typing error.
    private static final int MIN_WORD_COUNT = 2;

    /// A process that is told to end waits so long for the step under way.
    private static final int MAX_STEP_SECONDS = 120;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Recipe recipe;
    private final Path base;
    private final Path folder;
    private final Path launcher;
    private final @Nullable Path ledger;
    private final PrintStream log;

    /// @param base folder that relative paths of the recipe start from
    /// @param folder where the stages go
    /// @param launcher the program `diwan`, which decides where the recipe names an admission
    /// @param ledger data folder in whose ledger an admission is recorded; null for none
    Build(Recipe recipe, Path base, Path folder, Path launcher, @Nullable Path ledger, PrintStream log) {
        this.recipe = recipe;
        this.base = base;
        this.folder = folder;
        this.launcher = launcher;
        this.ledger = ledger;
        this.log = log;
    }

    /// All stages are done afterwards; those that were are skipped.
    void run() throws IOException {
        admit();
        vocabulary();
        tokenize();
        train();
        release();
    }

    /// As [#run], but only up to the documents that may be learnt from.
    void admit() throws IOException {
        clean();
        dedupe();
        var admission = recipe.admit();
        if (admission == null) admitAll();
        else admit(admission);
    }

    private void clean() throws IOException {
        var inputs = new TreeMap<String, String>();
        var unwrap = new LinkedHashMap<String, Object>();
        for (var source : recipe.sources()) {
            unwrap.put(source.name(), source.unwrap());
            for (Path file : Recipe.files(source, base))
                inputs.put(source.name() + "/" + file.getFileName(), Digest.hex(Digest.sha256(file)));
        }
        var stage = new Stage("clean/3", inputs, Map.of("unwrap", unwrap));
        report("1-clean", stage.run(folder.resolve("1-clean"), false, out -> {
            var counts = new TreeMap<String, Object>();
            try (var kept = new DocumentWriter(out.resolve(DOCUMENTS));
                    var dropped = new DocumentWriter(out.resolve(DROPPED))) {
                for (var source : recipe.sources())
                    for (Path file : Recipe.files(source, base))
                        DocumentReader.read(source.name(), file, document -> {
                            switch (Cleaner.clean(document.text(), source.unwrap())) {
                                case Cleaner.Result.Kept(String text) -> {
                                    kept.write(document.withText(text));
                                    add(counts, source.name() + ".kept", 1);
                                    add(counts, source.name() + ".characters", text.length());
                                }
                                case Cleaner.Result.Dropped(String reason) -> {
                                    dropped.writeDropped(document, reason);
                                    add(counts, source.name() + "." + reason, 1);
                                }
                            }
                        });
            }
            return counts;
        }));
    }

    private void dedupe() throws IOException {
        Path from = folder.resolve("1-clean");
        var stage = new Stage("dedupe/1", Map.of("clean", Stage.digest(from)), Map.of());
        report("2-dedupe", stage.run(folder.resolve("2-dedupe"), false, out -> {
            var counts = new TreeMap<String, Object>();
            var deduplicator = new Deduplicator();
            try (var kept = new DocumentWriter(out.resolve(DOCUMENTS));
                    var dropped = new DocumentWriter(out.resolve(DROPPED))) {
                DocumentReader.readStage(from.resolve(DOCUMENTS), document -> {
                    boolean isNew = deduplicator.isNew(document.text());
                    add(counts, document.source() + (isNew ? ".kept" : ".duplicate"), 1);
                    if (isNew) kept.write(document);
                    else dropped.writeDropped(document, "duplicate");
                });
            }
            return counts;
        }));
    }

    /// Without an admission the stage holds one thing: that nobody decided.
    private void admitAll() throws IOException {
        var stage = new Stage(
                "admit/1",
                Map.of("dedupe", Stage.digest(folder.resolve("2-dedupe"))),
                Map.of("admission", "none: the recipe names none, every document is taken"));
        report(ADMIT, stage.run(folder.resolve(ADMIT), false, out -> Map.of()));
        log.println("no admission: nobody decided which documents may be learnt from");
    }

    /// The law that the filter names is a parameter of the stage: another law, another run.
    private void admit(Admission admission) throws IOException {
        Path from = folder.resolve("2-dedupe");
        Path admit = folder.resolve(ADMIT);
        var licences = recipe.sources().stream().collect(Collectors.toMap(Recipe.Source::name, Recipe.Source::licence));
        List<String> command = admission.command(launcher);
        try (var filter = AdmissionFilter.start(command)) {
            var stage = new Stage(
                    "admit/1",
                    Map.of("dedupe", Stage.digest(from)),
                    Map.of(
                            "admission", filter.law(),
                            "terms", command.subList(1, command.size()),
                            "licences", licences));
            report(ADMIT, stage.run(admit, false, out -> {
                var counts = new AdmissionCounts();
                try (var kept = new DocumentWriter(out.resolve(DOCUMENTS));
                        var dropped = new DocumentWriter(out.resolve(DROPPED))) {
                    DocumentReader.readStage(from.resolve(DOCUMENTS), document -> {
                        String own = document.licence();
                        String licence = own.isEmpty() ? licences.getOrDefault(document.source(), "") : own;
                        var verdict = filter.judge(document, licence);
                        counts.add(document.source(), verdict);
                        String text = verdict.text() == null ? document.text() : verdict.text();
                        if (verdict.admitted()) kept.write(document.withText(text));
                        else dropped.writeDropped(document, String.join(" ", verdict.reasons()));
                    });
                }
                filter.finish();
                return counts.json();
            }));
        }
        if (ledger != null) record(admit, ledger);
        else log.println(ADMIT + ": in no ledger; --data DIR records it in that folder's");
    }

    /// The manifest of `admit` is in the ledger of `data` afterwards; `3-admit.entry.json` says where.
    private void record(Path admit, Path data) throws IOException {
        Path entry = folder.resolve(ADMIT + ".entry.json");
        String manifest = Stage.digest(admit);
        if (Files.exists(entry)) {
            var found = JSON.readTree(entry.toFile());
            if (found.path("manifest").asText().equals(manifest)
                    && found.path("data").asText().equals(data.toString())) return;
        }
        byte[] said = AdmissionRecord.write(launcher, admit.resolve(Stage.MANIFEST), data);
        AtomicFile.write(entry, said);
        log.println(ADMIT + ": entry " + JSON.readTree(said).path("entry").asText() + " of the ledger in " + data);
    }

    /// The folder of the documents that are learnt from.
    private Path documents() {
        return folder.resolve(recipe.admit() == null ? "2-dedupe" : ADMIT);
    }

    private void vocabulary() throws IOException {
        Path from = documents();
        var stage = new Stage(
                "vocabulary/1",
                Map.of("admit", Stage.digest(folder.resolve(ADMIT))),
                Map.of("size", recipe.vocabulary(), "heldOutPercent", recipe.heldOutPercent()));
        report("4-vocabulary", stage.run(folder.resolve("4-vocabulary"), false, out -> {
            var words = new WordCounter(LearntTokens.PRE_TOKENIZER);
            DocumentReader.readStage(from.resolve(DOCUMENTS), document -> {
                if (!isHeldOut(document)) words.add(document.text());
            });
            var distinct = words.words(MIN_WORD_COUNT);
            var learnt = BytePairTrainer.train(distinct, recipe.vocabulary() - LearntTokens.CONTROL.size());
            AtomicFile.write(
                    out.resolve(VOCABULARY),
                    CanonicalJson.bytes(Map.of("tokens", learnt.tokens(), "merges", learnt.merges())));
            return Map.of("words", distinct.size(), "merges", learnt.merges().size());
        }));
    }

    private void tokenize() throws IOException {
        Path from = documents();
        Path vocabulary = folder.resolve("4-vocabulary");
        var stage = new Stage(
                "tokenize/1",
                Map.of("admit", Stage.digest(folder.resolve(ADMIT)), "vocabulary", Stage.digest(vocabulary)),
                Map.of(
                        "context", recipe.context(),
                        "dialoguePercent", recipe.dialoguePercent(),
                        "heldOutPercent", recipe.heldOutPercent(),
                        "seed", recipe.seed()));
        report("5-tokenize", stage.run(folder.resolve("5-tokenize"), false, out -> {
            var counts = new TreeMap<String, Object>();
            LearntTokens learnt = learnt();
            try (var rows = new RowWriter(
                            out.resolve(ROWS), learnt, recipe.context(), recipe.dialoguePercent(), recipe.seed());
                    var heldOut = new DocumentWriter(out.resolve(HELD_OUT))) {
                DocumentReader.readStage(from.resolve(DOCUMENTS), document -> {
                    boolean apart = isHeldOut(document);
                    add(counts, document.source() + (apart ? ".heldOut" : ".training"), 1);
                    if (apart) heldOut.write(document);
                    else rows.add(document);
                });
                counts.put("rows.text", rows.textRows());
                counts.put("rows.dialogue", rows.dialogueRows());
            }
            return counts;
        }));
    }

    private void train() throws IOException {
        Path from = folder.resolve("5-tokenize");
        var plan = recipe.plan();
        var shape = recipe.shape(learnt().vocabulary().size());
        var stage = new Stage(
                "train/1",
                Map.of("tokenize", Stage.digest(from)),
                Map.of(
                        "shape", shape.toString(),
                        "plan", plan.toString()));
        report("6-train", stage.run(folder.resolve("6-train"), true, out -> {
            try (var trainer = new Trainer(shape, plan, from.resolve(ROWS))) {
                log.println("training " + shape + ", " + plan);
                trainUnlessTold(trainer, out);
                Checkpoint end = trainer.checkpoint();
                return Map.of("steps", end.step(), "tokens", end.step() * plan.batchTokens(), "seconds", (long)
                        end.seconds());
            }
        }));
    }

    /// Trains; on SIGTERM or Ctrl-C the trainer saves what it has before the process ends.
    private void trainUnlessTold(Trainer trainer, Path out) throws IOException {
        var saved = new CountDownLatch(1);
        var hook = new Thread(() -> {
            trainer.stop();
            try {
                if (!saved.await(MAX_STEP_SECONDS, TimeUnit.SECONDS)) log.println("could not save in time");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            trainer.train(out, log);
            Runtime.getRuntime().removeShutdownHook(hook);
        } finally {
            saved.countDown();
        }
    }

    private void release() throws IOException {
        Path train = folder.resolve("6-train");
        var stage = new Stage(
                "release/2",
                Map.of("train", Stage.digest(train)),
                Map.of("name", recipe.name(), "licence", recipe.licence(), "language", recipe.language()));
        report("7-release", stage.run(folder.resolve("7-release"), false, out -> {
            release(out, Checkpoint.read(train.resolve(Checkpoint.FILE)));
            return Map.of();
        }));
    }

    /// Releases the last checkpoint of a training that goes on, into `out`.
    void snapshot(Path out) throws IOException {
        Files.createDirectories(out);
        release(out, Checkpoint.read(folder.resolve("6-train").resolve(Checkpoint.FILE)));
    }

    /// Bits per byte of the checkpoint and its baselines, written to `evaluation.json` and printed.
    void evaluate() throws IOException {
        Path tokenize = folder.resolve("5-tokenize");
        Checkpoint checkpoint = Checkpoint.read(folder.resolve("6-train").resolve(Checkpoint.FILE));
        var rows = new Rows(tokenize.resolve(ROWS), recipe.context(), recipe.seed());
        long rowsSeen = checkpoint.step() * recipe.plan().batchTokens() / recipe.context();
        var scores = Evaluation.run(tokenize.resolve(HELD_OUT), learnt(), new Scorer(checkpoint), rows, rowsSeen);
        for (var score : scores)
            log.printf(
                    Locale.ROOT,
                    "%s: %d held-out documents, %d bytes: model %.3f, 5-gram %.3f, xz -9 %.3f bits per byte%n",
                    score.source(),
                    score.documents(),
                    score.bytes(),
                    score.model(),
                    score.ngram(),
                    score.xz());
        var json = Map.of(
                "step", checkpoint.step(),
                "scores", scores.stream().map(Evaluation.Score::json).toList());
        AtomicFile.write(folder.resolve("evaluation.json"), CanonicalJson.bytes(json));
    }

    private void release(Path out, Checkpoint checkpoint) throws IOException {
        LearntTokens learnt = learnt();
        String description = "Trained by Diwan foundry for " + checkpoint.step() + " steps of "
                + recipe.plan().batchTokens() + " tokens";
        var card = new GgufRelease.Card(recipe.name(), description, recipe.licence(), List.of(recipe.language()));
        for (TensorType type : List.of(TensorType.Q8_0, TensorType.F32)) {
            String name = recipe.name() + "-" + type.name().toLowerCase(Locale.ROOT) + ".gguf";
            GgufRelease.write(out.resolve(name), card, checkpoint, learnt, type);
        }
        HuggingFaceRelease.write(out, checkpoint, learnt);
    }

    /// The tokens that stage 3 has learnt.
    LearntTokens learnt() throws IOException {
        return JSON.readValue(folder.resolve("4-vocabulary").resolve(VOCABULARY).toFile(), LearntTokens.class);
    }

    private boolean isHeldOut(Document document) {
        return HeldOut.test(document.source(), document.id(), recipe.heldOutPercent());
    }

    private void report(String stage, boolean made) {
        log.println(stage + (made ? ": done" : ": unchanged, skipped"));
    }

    private static void add(Map<String, Object> counts, String name, long amount) {
        counts.merge(name, amount, (a, b) -> (Long) a + (Long) b);
    }
}
