package org.diwan.cloud.receipt;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.diwan.cloud.receipt.Outcome.DecisionReference;
import org.diwan.cloud.serving.Answer;
import org.diwan.cloud.serving.EngineVersion;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Work;
import org.diwan.engine.generate.Overloaded;
import org.diwan.engine.generate.PromptTooLong;
import org.diwan.engine.generate.Sampling;
import org.diwan.language.answer.AnswerParser;
import org.diwan.language.grammar.GrammarException;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.LogClient;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;

/// Checks a receipt as an auditor does who trusts the verifier keys and nothing else. Each step
/// either holds, and says so to `passed`, or throws a [VerificationException] that says what differs
/// and where.
///
/// 1. [#bindings] – form, proofs, signatures, commitments, decision before answer;
/// 2. [#log] – the log as it is today still holds both entries, and is whole;
/// 3. [#replay] – the model or encoder, run again, says the same thing, to the bit.
public final class ReceiptVerifier {
    private final List<VerifierKey> keys;
    private final WitnessPolicy policy;
    private final Consumer<String> passed;

    /// @param keys every key that signs the log's checkpoints
    /// @param passed hears one sentence for each step that holds
    public ReceiptVerifier(List<VerifierKey> keys, Consumer<String> passed) {
        this(keys, WitnessPolicy.NONE, passed);
    }

    /// @param policy which witnesses must stand by the log's checkpoints
    public ReceiptVerifier(List<VerifierKey> keys, WitnessPolicy policy, Consumer<String> passed) {
        this.keys = List.copyOf(keys);
        this.policy = policy;
        this.passed = passed;
    }

    /// The receipt in `file`, when everything in it belongs together. Offline.
    public Receipt bindings(byte[] file) throws VerificationException {
        var receipt = Receipt.parse(file);
        var decided = receipt.decided().entry();
        equal("receipt.id", receipt.id(), "decided.entry.receipt", decided.receipt());
        var answered = receipt.answered();
        if (answered != null && !Receipt.sameCheckpoint(receipt.decided().proof(), answered.proof()))
            throw new VerificationException("decided.proof and answered.proof stand under different checkpoints");
        passed.accept("form: " + Receipt.FORMAT + ", canonical, " + receipt.id());

        var decidedProof = proved("decided", decided.bytes(), receipt.decided().proof());
        equal("openings.request", receipt.request().commitment(), "decided.entry.request", decided.request());
        Asked.parse(receipt.request().value(), "openings.request.value");
        passed.accept("request: the opening is what the decision committed to");

        if (answered == null) {
            if (receipt.answer() != null) throw new VerificationException("openings.answer: opens nothing");
            passed.accept(decided.allowed() ? "answer: none recorded" : "answer: none, the verdict is deny");
            return receipt;
        }
        if (!decided.allowed())
            throw new VerificationException("answered: there is an answer, but the verdict is deny");
        var outcome = answered.entry();
        var outcomeProof = proved("answered", outcome.bytes(), answered.proof());
        equal("receipt.id", receipt.id(), "answered.entry.receipt", outcome.receipt());
        equal("decided.entry.tenant", decided.tenant(), "answered.entry.tenant", outcome.tenant());
        var reference = DecisionReference.of(decidedProof.index(), decided.bytes());
        if (!outcome.decided().equals(reference))
            throw new VerificationException("answered.entry.decided names entry "
                    + outcome.decided().index() + " with hash "
                    + outcome.decided().hash() + ", but the decision is entry " + reference.index() + " with hash "
                    + reference.hash());
        if (outcomeProof.index() <= decidedProof.index())
            throw new VerificationException("answered: entry " + outcomeProof.index() + " is not after its decision");
        passed.accept("order: decided at " + decidedProof.index() + ", then " + kind(outcome) + " at "
                + outcomeProof.index());
        opened(receipt, outcome);
        return receipt;
    }

    private void opened(Receipt receipt, Outcome outcome) throws VerificationException {
        var opening = receipt.answer();
        switch (outcome) {
            case FailedEntry failed -> {
                if (opening != null)
                    throw new VerificationException("openings.answer: the request failed, it has none");
                passed.accept("answer: none, the request failed with " + failed.reason());
            }
            case AnsweredEntry answered -> {
                if (opening == null) throw new VerificationException("openings.answer is missing");
                equal("openings.answer", opening.commitment(), "answered.entry.answer", answered.answer());
                var asked = Asked.parse(receipt.request().value(), "openings.request.value");
                var said = Said.parse(opening.value(), "openings.answer.value");
                if (!answers(answered.by(), asked, said))
                    throw new VerificationException(
                            "openings.answer.value is not the kind of answer that openings.request.value asks for");
                var decided = receipt.decided().entry();
                switch (answered.by()) {
                    case Maker.Encoder encoder ->
                        equal("answered.entry.by.model", encoder.model(), "decided.entry.model", decided.model());
                    case Maker.Engine engine ->
                        equal("answered.entry.by.model", engine.model(), "decided.entry.model", decided.model());
                    case Maker.Upstream upstream -> {
                        equal(
                                "answered.entry.by.upstream",
                                upstream.upstream(),
                                "decided.entry.upstream",
                                decided.upstream());
                        equal(
                                "answered.entry.by.jurisdiction",
                                upstream.jurisdiction(),
                                "decided.entry.destination",
                                decided.destination());
                    }
                }
                passed.accept("answer: the opening is what the answered entry committed to");
                if (said instanceof AnswerOpening answer) told(answered, answer);
            }
        }
    }

    /// Whether `said` is what `maker` can have said to `asked`.
    private static boolean answers(Maker maker, Asked asked, Said said) {
        return switch (asked) {
            case RequestOpening chat -> !(maker instanceof Maker.Encoder) && said instanceof AnswerOpening;
            case EmbedOpening(var inputs, int dimensions) ->
                maker instanceof Maker.Encoder
                        && said instanceof VectorsOpening(var vectors)
                        && vectors.size() == inputs.size();
            case RerankOpening(String query, var documents) ->
                maker instanceof Maker.Encoder
                        && said instanceof ScoresOpening(var scores)
                        && scores.size() == documents.size();
        };
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case AnsweredEntry answered -> "answered";
            case FailedEntry failed -> "failed";
        };
    }

    private TlogProof proved(String name, byte[] entry, String text) throws VerificationException {
        try {
            var proof = TlogProof.parse(text);
            proof.verify(entry, keys, policy);
            passed.accept(name + ": entry " + proof.index() + " of "
                    + proof.checkpoint().origin() + ", proved under the signed checkpoint of size "
                    + proof.checkpoint().size() + cosigned(proof.checkpoint()));
            return proof;
        } catch (VerificationException e) {
            throw new VerificationException(name + ".proof: " + e.getMessage());
        }
    }

    private String cosigned(Checkpoint checkpoint) throws VerificationException {
        var witnesses = policy.cosignedBy(checkpoint);
        return witnesses.isEmpty() ? "" : ", cosigned by " + String.join(", ", witnesses);
    }

    /// The log in `folder` is whole (every file recomputed), and holds what the receipt says.
    public void log(Receipt receipt, Path folder) throws IOException, VerificationException {
        var report = Fsck.check(folder, keys, policy);
        if (report.difference() != null) throw new VerificationException("log " + folder + ": " + report.difference());
        passed.accept("log: " + report.filesChecked() + " files recomputed, size " + report.size());
        held(receipt, TileSource.of(folder));
    }

    /// The log served below `base` still holds what the receipt says.
    public void log(Receipt receipt, URI base) throws IOException, VerificationException {
        held(receipt, TileSource.of(base));
    }

    private void held(Receipt receipt, TileSource source) throws IOException, VerificationException {
        var client = new LogClient(source, keys, policy);
        client.check(
                TlogProof.parse(receipt.decided().proof()),
                receipt.decided().entry().bytes());
        var answered = receipt.answered();
        if (answered != null)
            client.check(TlogProof.parse(answered.proof()), answered.entry().bytes());
        passed.accept("log: its checkpoint of today, size "
                + client.checkpoint().size() + ", extends the receipt's and holds its entries");
    }

    /// The model among the files `*.gguf` in `models`, run again on the same request, says the same:
    /// every token, every logit's bits, the text.
    ///
    /// @throws IOException when a model file cannot be read
    public void replay(Receipt receipt, Path models, int threads)
            throws IOException, VerificationException, InterruptedException {
        try (var shelf = new ModelShelf(models, threads, passed)) {
            replay(receipt, shelf);
        }
    }

    /// As [#replay(Receipt, Path, int)], with the models on a shelf.
    public void replay(Receipt receipt, ModelShelf models)
            throws IOException, VerificationException, InterruptedException {
        var answered = receipt.answered();
        if (answered == null || !(answered.entry() instanceof AnsweredEntry entry))
            throw new VerificationException("replay: the receipt has no answer to generate again");
        var opening = receipt.answer();
        if (opening == null) throw new VerificationException("openings.answer is missing");
        var asked = Asked.parse(receipt.request().value(), "openings.request.value");
        var said = Said.parse(opening.value(), "openings.answer.value");
        switch (entry.by()) {
            case Maker.Upstream upstream ->
                throw new VerificationException(
                        "replay: the answer came from an upstream; it is on record, but only its maker could "
                                + "run it again");
            case Maker.Engine maker -> {
                if (!(asked instanceof RequestOpening request && said instanceof AnswerOpening answer))
                    throw new VerificationException("replay: " + maker.model() + " answers conversations only");
                compare(entry, maker, request, answer, models.model(maker));
            }
            case Maker.Encoder maker -> compare(entry, maker, asked, said, models.encoder(maker));
        }
    }

    private void compare(AnsweredEntry entry, Maker.Encoder maker, Asked asked, Said said, LocalEncoder encoder)
            throws IOException, VerificationException {
        try {
            if (asked instanceof EmbedOpening embed && said instanceof VectorsOpening then) {
                var texts = embed.tokens(encoder);
                var now = VectorsOpening.of(encoder.embed(texts, embed.dimensions()));
                same(entry, maker, texts, "vectors", now.vectors(), then.vectors());
            } else if (asked instanceof RerankOpening rerank && said instanceof ScoresOpening then) {
                var pairs = rerank.tokens(encoder);
                same(entry, maker, pairs, "scores", encoder.rank(pairs), then.scores());
            } else {
                throw new VerificationException("replay: " + maker.model() + " answers no conversations");
            }
        } catch (IllegalArgumentException e) {
            throw new VerificationException("replay: the encoder refuses the request: " + e.getMessage());
        }
    }

    private void same(
            AnsweredEntry entry, Maker.Encoder maker, List<int[]> read, String what, List<?> now, List<?> then)
            throws VerificationException {
        int tokens = LocalEncoder.count(read);
        same("tokens read", Integer.toString(tokens), String.valueOf(entry.promptTokens()), maker.engine());
        same("number of " + what, Integer.toString(now.size()), Integer.toString(then.size()), maker.engine());
        for (int i = 0; i < now.size(); i++)
            same(what + "[" + i + "]", now.get(i).toString(), then.get(i).toString(), maker.engine());
        passed.accept(
                "replay: " + now.size() + " " + what + " of " + tokens + " tokens made again, identical to the bit");
    }

    private void compare(
            AnsweredEntry entry, Maker.Engine maker, RequestOpening request, AnswerOpening said, LocalModel model)
            throws VerificationException, InterruptedException {
        equal("the template of the model", model.templateDigest(), "answered.entry.by.template", maker.template());
        var prompt = model.prompt(request.messages(), request.terms().offered());
        same(
                "prompt tokens",
                Integer.toString(prompt.tokens().length),
                String.valueOf(entry.promptTokens()),
                maker.engine());

        boolean cancelled = entry.finish().equals(Answer.Finish.CANCELLED.label());
        int length = cancelled ? said.tokens().size() : maker.maxTokens();
        var again = again(model, work(model, prompt, maker, request, Math.max(1, length)));

        int common = Math.min(again.tokens().size(), said.tokens().size());
        for (int i = 0; i < common; i++)
            same(
                    "token " + i,
                    again.tokens().get(i).toString(),
                    said.tokens().get(i).toString(),
                    maker.engine());
        same(
                "number of tokens",
                Integer.toString(again.tokens().size()),
                Integer.toString(said.tokens().size()),
                maker.engine());
        same(
                "completionTokens",
                Integer.toString(again.tokens().size()),
                String.valueOf(entry.completionTokens()),
                maker.engine());
        same("trace", again.trace(), maker.trace(), maker.engine());
        same("text", again.text(), said.text(), maker.engine());
        var parser = new AnswerParser(model.format(), request.terms().offered(), prompt.text());
        redacts(said, Told.unguarded(parser, said.text()));
        if (!cancelled) same("finish", again.finish().label(), entry.finish(), maker.engine());
        passed.accept("replay: " + again.tokens().size() + " tokens generated again, identical to the bit (trace "
                + again.trace() + ")");
    }

    private static Work work(
            LocalModel model, LocalModel.Prompt prompt, Maker.Engine maker, RequestOpening request, int maxTokens)
            throws VerificationException {
        try {
            var grammar = model.grammar(request.terms(), prompt.text());
            return new Work(prompt.tokens(), sampling(maker, request), maxTokens, request.stop(), grammar);
        } catch (GrammarException e) {
            throw new VerificationException("openings.request.value: its form or tools: " + e.getMessage());
        }
    }

    private static Answer again(LocalModel model, Work work) throws VerificationException, InterruptedException {
        try {
            return model.answer(work, (text, tokens) -> true);
        } catch (Overloaded e) {
            throw new AssertionError("nobody else uses this engine", e);
        } catch (PromptTooLong | IllegalArgumentException e) {
            throw new VerificationException("replay: the model refuses the request: " + e.getMessage());
        }
    }

    private static Sampling sampling(Maker.Engine maker, RequestOpening request) {
        var said = maker.sampling();
        return new Sampling(
                said.temperature(),
                said.topK(),
                said.topP(),
                said.minP(),
                said.repetitionPenalty(),
                said.frequencyPenalty(),
                said.presencePenalty(),
                request.logitBias(),
                said.seed(),
                0);
    }

    /// What was told is committed to, and counted in the entry. An upstream's words are held against it here; our
    /// models' words have to be taken apart first, in [#replay].
    private void told(AnsweredEntry entry, AnswerOpening answer) throws VerificationException {
        var told = answer.told();
        var redacted = entry.redacted();
        if (told == null && redacted == null) return;
        equal(
                "openings.answer.value.told.redacted",
                told == null ? null : new TreeMap<>(told.redacted()).toString(),
                "answered.entry.redacted",
                redacted == null ? null : new TreeMap<>(redacted).toString());
        passed.accept("told: committed to, with the identifiers " + redacted + " redacted");
        if (entry.by() instanceof Maker.Upstream)
            redacts(answer, new Told(answer.text(), "", answer.calls(), Map.of()));
    }

    private void redacts(AnswerOpening answer, Told said) throws VerificationException {
        var told = answer.told();
        if (told == null) return;
        if (!told.redacts(said))
            throw new VerificationException(
                    "openings.answer.value.told is not the answer with identifiers replaced: it says something else");
        passed.accept("told: the answer, with nothing but identifiers replaced");
    }

    private static void equal(String what, @Nullable String is, String where, @Nullable String said)
            throws VerificationException {
        if (is == null || !is.equals(said))
            throw new VerificationException(what + " is " + is + ", but " + where + " says " + said);
    }

    private static void same(String what, String now, String then, String engine) throws VerificationException {
        if (now.equals(then)) return;
        String version = engine.equals(EngineVersion.text())
                ? ""
                : " (answered by " + engine + ", run again by " + EngineVersion.text() + ")";
        throw new VerificationException(
                "replay: " + what + " differs: now " + now + ", the receipt says " + then + version);
    }
}
