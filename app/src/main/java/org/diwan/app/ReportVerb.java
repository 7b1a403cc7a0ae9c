package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.base.AtomicFile;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.report.Assessment;
import org.diwan.cloud.report.AuditResult;
import org.diwan.cloud.report.Control.Outcome;
import org.diwan.cloud.report.LawPage;
import org.diwan.cloud.report.LogFacts;
import org.diwan.cloud.report.OscalReport;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan report`: what the log shows about the law, for programs and for people.
@Command(
        name = "report",
        description = "Hold the whole log against the law, rule by rule, and write down what it shows.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan report --oscal results.json --law pdpl --html pdpl.html --audit audit.json",
            "Exit 0: nothing contradicts the law; 1: something does, or the log does not hold."
        })
final class ReportVerb extends Verb {
    /// An audit that drew a hundred thousand answers writes less.
    private static final int MAX_AUDIT_SIZE = 1 << 24;

    @Option(names = "--oscal", paramLabel = "FILE", description = "Write NIST OSCAL assessment results 1.1.3 (JSON).")
    private @Nullable Path oscal;

    @Option(
            names = "--law",
            paramLabel = "NAME",
            description = "The law of the page: pdpl, gdpr, pipa, …, or a pack such as sa for all its laws.")
    private @Nullable String law;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the page of --law.")
    private @Nullable Path html;

    @Option(names = "--audit", paramLabel = "FILE", description = "What ./diwan audit --json found in the same log.")
    private @Nullable Path audit;

    @Option(names = "--log", paramLabel = "DIR|URL", description = "The log (default: that of the data folder).")
    private @Nullable String log;

    @Option(names = "--key", paramLabel = "VKEY", description = "Its verifier key, or a file of them. Repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Which witnesses must have cosigned its checkpoint (C2SP tlog-policy).")
    private @Nullable Path witnessPolicy;

    @Mixin
    private final PackFolders folders = new PackFolders();

    @Mixin
    private final DataFolder data = new DataFolder();

    @Override
    public Integer call() throws IOException, VerificationException {
        if ((law == null) != (html == null))
            throw new IllegalArgumentException("--law and --html go together: which law, and where its page goes");
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var policy = Policy.of(folders.all(), folders.day());
        var facts = LogFacts.read(source(), data.verifierKeys(keys), policy, now);
        data.policy(witnessPolicy, keys.isEmpty()).verify(facts.checkpoint());
        var assessment = Assessment.of(facts, audit(facts.checkpoint()));
        if (oscal != null) AtomicFile.write(oscal, Json.bytes(OscalReport.of(assessment)));
        if (law != null && html != null)
            AtomicFile.write(html, LawPage.of(assessment, law).getBytes(StandardCharsets.UTF_8));
        print(assessment);
        return assessment.passes() ? 0 : Main.CHECK_FAILED;
    }

    private TileSource source() {
        if (log == null) return TileSource.of(data.ledger());
        return log.matches("https?://.*") ? TileSource.of(URI.create(log)) : TileSource.of(Path.of(log));
    }

    private Optional<AuditResult> audit(Checkpoint checkpoint) throws IOException, VerificationException {
        if (audit == null) return Optional.empty();
        if (Files.size(audit) > MAX_AUDIT_SIZE)
            throw new VerificationException(audit + ": longer than " + MAX_AUDIT_SIZE + " bytes");
        return Optional.of(AuditResult.read(Files.readAllBytes(audit), checkpoint));
    }

    private void print(Assessment assessment) {
        var facts = assessment.facts();
        out().println(facts.checkpoint().origin() + ", size "
                + facts.checkpoint().size() + ": " + facts.decisions() + " decisions, " + facts.answers() + " answers");
        for (var control : assessment.controls())
            if (control.outcome() != Outcome.UNTESTED)
                out().println((control.outcome() == Outcome.SATISFIED ? "✓ " : "✗ ") + control.id() + ": "
                        + control.observed());
        long untested = assessment.controls().stream()
                .filter(control -> control.outcome() == Outcome.UNTESTED)
                .count();
        out().println("- " + untested + " rules and duties of which no entry speaks");
        for (var clock : assessment.clocks())
            if (clock.state().isTicking())
                out().println("⏱ " + clock.breach().id() + ", " + clock.duty().law() + ", article "
                        + clock.duty().article() + ": " + clock.hoursLeft() + " hours left");
    }
}
