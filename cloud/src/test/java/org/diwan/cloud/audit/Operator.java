package org.diwan.cloud.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.cloud.api.Terms;
import org.diwan.cloud.receipt.AnswerOpening;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.receipt.Outcome.DecisionReference;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.cloud.receipt.RequestOpening;
import org.diwan.cloud.serving.Answer;
import org.diwan.cloud.serving.EngineVersion;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.serving.Work;
import org.diwan.engine.generate.Sampling;
import org.diwan.language.ChatMessage;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.jspecify.annotations.Nullable;

/// Someone who runs a log of answers and holds its keys: honest, or not. Whatever it writes is signed,
/// proved and opened without a flaw; only the answers may come from elsewhere than it says.
final class Operator implements AutoCloseable, Openings {
    private static final String TIME = "2026-01-01T00:00:00Z";

    private final Ledger ledger;
    private final List<VerifierKey> keys;

    private record Kept(long decided, long answered, Opening request, Opening answer) {}

    private final Map<String, Kept> kept = new HashMap<>();

    /// What was asked, and how it was to be answered.
    record Question(String words, Sampling sampling, int maxTokens) {
        RequestOpening opening() {
            return new RequestOpening(List.of(new ChatMessage("user", words)), List.of(), Map.of(), Terms.NONE);
        }
    }

    Operator(Path folder) throws IOException {
        var signer = LogSigner.create(folder.resolve("log.key"), "forged.example/log");
        ledger = Ledger.open(folder.resolve("ledger"), signer);
        keys = signer.verifierKeys().stream().map(VerifierKey::parse).toList();
    }

    List<VerifierKey> keys() {
        return keys;
    }

    /// Writes that `claimed` gave to `asked` the answer that in truth `ran` gave to `done`.
    ///
    /// @return the receipt's id
    String answer(LocalModel claimed, Question asked, LocalModel ran, Question done)
            throws IOException, InterruptedException {
        String id = "r-%022d".formatted(kept.size());
        var prompt = ran.prompt(done.opening().messages(), List.of());
        var work = new Work(prompt.tokens(), done.sampling(), done.maxTokens(), List.of());
        var answer = ran.answer(work, (text, tokens) -> true);

        var maker = new Maker.Engine(
                claimed.name(),
                claimed.digest(),
                EngineVersion.text(),
                claimed.cacheType(),
                claimed.templateDigest(),
                asked.sampling(),
                asked.maxTokens(),
                answer.trace());
        int read = claimed.prompt(asked.opening().messages(), List.of()).tokens().length;
        return write(
                id,
                claimed.name(),
                null,
                asked,
                maker,
                read,
                answer.finish().label(),
                new AnswerOpening(answer.text(), answer.tokens(), List.of()));
    }

    /// Writes that upstream `gpu` in another country gave `words` to `asked`, sampling at `temperature`.
    ///
    /// @param tokens that the upstream told; none where it told its words only
    /// @return the receipt's id
    String elsewhere(Question asked, float temperature, String finish, String words, List<Integer> tokens)
            throws IOException {
        return elsewhere("gpu", asked, temperature, finish, words, tokens);
    }

    /// Writes that `upstream` gave the greedy `answer` to `asked`, and told `tokens`.
    String elsewhere(String upstream, Question asked, Answer answer, List<Integer> tokens) throws IOException {
        return elsewhere(upstream, asked, 0, answer.finish().label(), answer.text(), tokens);
    }

    private String elsewhere(
            String upstream, Question asked, float temperature, String finish, String words, List<Integer> tokens)
            throws IOException {
        String id = "r-%022d".formatted(kept.size());
        var maker = new Maker.Upstream(upstream, "big", "us", Map.of("temperature", temperature));
        return write(
                id,
                upstream + "/big",
                upstream,
                asked,
                maker,
                null,
                finish,
                new AnswerOpening(words, tokens, List.of()));
    }

    private String write(
            String id,
            String model,
            @Nullable String upstream,
            Question asked,
            Maker maker,
            @Nullable Integer read,
            String finish,
            AnswerOpening answer)
            throws IOException {
        var request = Opening.of(asked.opening());
        byte[] decided = new DecidedEntry(
                        id,
                        TIME,
                        "t-1",
                        "k-1",
                        model,
                        "sa",
                        upstream == null ? "sa" : "us",
                        upstream,
                        "internal",
                        "general",
                        false,
                        false,
                        List.of(),
                        "chat",
                        "allow",
                        List.of(),
                        List.of(),
                        List.of(),
                        "0".repeat(64),
                        request.commitment())
                .bytes();
        long decidedAt = ledger.append(decided);
        var said = Opening.of(answer);
        var answered = new AnsweredEntry(
                id,
                TIME,
                "t-1",
                DecisionReference.of(decidedAt, decided),
                maker,
                read,
                upstream == null ? answer.tokens().size() : null,
                finish,
                said.commitment(),
                null);
        kept.put(id, new Kept(decidedAt, ledger.append(answered.bytes()), request, said));
        ledger.publish();
        return id;
    }

    /// From now on hands out the receipt of `other` when asked for `id`.
    void confuse(String id, String other) {
        kept.put(id, kept.get(other));
    }

    void lose(String id) {
        kept.remove(id);
    }

    @Override
    public Optional<byte[]> receipt(String id) throws IOException {
        var one = kept.get(id);
        if (one == null) return Optional.empty();
        try {
            return Optional.of(Receipt.assemble(
                            id,
                            ledger.entry(one.decided()),
                            ledger.prove(one.decided()),
                            ledger.entry(one.answered()),
                            ledger.prove(one.answered()),
                            one.request(),
                            one.answer())
                    .bytes());
        } catch (org.diwan.sovereignty.ledger.VerificationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        ledger.close();
    }
}
