package org.diwan.cloud.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.Law;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.FailedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.Outcome.DecisionReference;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;
import org.jspecify.annotations.Nullable;

/// A real ledger that a test writes entry by entry, an hour apart, and its report.
final class WrittenLog implements AutoCloseable {
    static final LocalDate DAY = LocalDate.of(2026, 11, 28);
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    static final Policy POLICY = policy();

    private static final String HASH = "5c".repeat(32);

    private final Path folder;
    private final SignedLedger signed;
    private long hours;

    WrittenLog(Path folder) throws IOException {
        this.folder = folder;
        this.signed = SignedLedger.open(folder, LedgerConfig.ALONE);
    }

    private static Policy policy() {
        try {
            Path packs = Path.of(System.getProperty("diwan.home", "..")).resolve("packs");
            return Policy.of(Law.packs(packs), DAY);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Pack pack(String code) {
        return POLICY.packs().stream()
                .filter(pack -> pack.jurisdiction().code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    /// A decision in the log.
    record Decided(long index, DecidedEntry entry) {}

    /// What the law says to data from `sa`, on record.
    Decided decided(String dataClass, boolean personal, String destination) throws IOException {
        var request = new DecisionRequest(
                DataClass.of(dataClass),
                personal,
                false,
                new Jurisdiction("sa"),
                new Jurisdiction(destination),
                DecisionRequest.CHAT);
        var decision = POLICY.decide(request);
        return decided(
                dataClass,
                personal,
                destination,
                decision instanceof Decision.Allow ? "allow" : "deny",
                decision.rules().stream().map(Rule::id).toList(),
                decision instanceof Decision.Allow allow
                        ? allow.obligations().stream()
                                .map(Obligation::label)
                                .sorted()
                                .toList()
                        : List.of());
    }

    /// Any decision, true to the law or not.
    Decided decided(
            String dataClass,
            boolean personal,
            String destination,
            String verdict,
            List<String> rules,
            List<String> obligations)
            throws IOException {
        var entry = new DecidedEntry(
                "r-" + signed.ledger().size(),
                time(),
                "t-1",
                "k-1",
                "tiny",
                "sa",
                destination,
                destination.equals("sa") ? null : "partner",
                dataClass,
                "general",
                personal,
                false,
                List.of(),
                DecisionRequest.CHAT,
                verdict,
                rules,
                List.of(),
                obligations,
                POLICY.digest(),
                HASH);
        return new Decided(append(entry.bytes()), entry);
    }

    /// An answer to `decided`, from where it was decided.
    long answered(Decided decided) throws IOException {
        String upstream = decided.entry().upstream();
        return answered(
                decided,
                upstream == null
                        ? new Maker.Encoder("tiny", HASH, "diwan")
                        : new Maker.Upstream(upstream, "big", decided.entry().destination(), Map.of()));
    }

    long answered(Decided decided, Maker by) throws IOException {
        return append(new AnsweredEntry(
                        decided.entry().receipt(),
                        time(),
                        "t-1",
                        DecisionReference.of(decided.index(), decided.entry().bytes()),
                        by,
                        3,
                        4,
                        "stop",
                        HASH,
                        null)
                .bytes());
    }

    long failed(Decided decided) throws IOException {
        return append(new FailedEntry(
                        decided.entry().receipt(),
                        time(),
                        "t-1",
                        DecisionReference.of(decided.index(), decided.entry().bytes()),
                        "overloaded")
                .bytes());
    }

    long opened(String id, boolean personal, @Nullable String says) throws IOException {
        return append(new BreachEntry.Opened(id, time(), "sa", personal, HASH, says).bytes());
    }

    long followed(String id, BreachEntry.Step step) throws IOException {
        return append(new BreachEntry.Followed(step, id, time()).bytes());
    }

    long append(byte[] entry) throws IOException {
        hours++;
        return signed.ledger().append(entry);
    }

    /// Lets `more` hours pass.
    void pass(long more) {
        hours += more;
    }

    Instant now() {
        return START.plusSeconds(3600 * hours);
    }

    private String time() {
        return now().toString();
    }

    LogFacts facts() throws IOException, VerificationException {
        signed.ledger().publish();
        var keys =
                signed.signer().verifierKeys().stream().map(VerifierKey::parse).toList();
        return LogFacts.read(TileSource.of(folder.resolve("ledger")), keys, POLICY, now());
    }

    @Override
    public void close() throws IOException {
        signed.close();
    }
}
