package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.audit.Audit;
import org.diwan.cloud.audit.Openings;
import org.diwan.cloud.receipt.ModelShelf;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan audit --sample N --seed S`: draws answers from the signed log and runs them again.
@Command(
        name = "audit",
        description = "Draw answers from the log, ask for their openings, run them again, and say what that proves.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan audit --sample 20 --seed 2026-11-28 --log https://diwan.example/log/ --key log.vkey \\",
            "             --receipts ./handed-over --models ./models",
            "Without --receipts the running server is asked. Exit 0: no finding; 1: a finding, or a broken log."
        })
final class AuditVerb extends Verb {
    @Option(names = "--sample", paramLabel = "N", defaultValue = "10", description = "Answers to draw (default: 10).")
    private int count;

    @Option(
            names = "--seed",
            paramLabel = "TEXT",
            required = true,
            description = "Yours; say it to nobody before the log was published.")
    private String seed = "";

    @Option(names = "--log", paramLabel = "DIR|URL", description = "The log (default: that of the data folder).")
    private @Nullable String log;

    @Option(names = "--key", paramLabel = "VKEY", description = "Its verifier key, or a file of them. Repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Which witnesses must have cosigned its checkpoints (C2SP tlog-policy).")
    private @Nullable Path witnessPolicy;

    @Option(names = "--receipts", paramLabel = "DIR", description = "Receipts that were handed over, ID.json each.")
    private @Nullable Path receipts;

    @Option(names = "--models", paramLabel = "DIR", description = "Where model files lie (default: models/).")
    private @Nullable Path models;

    @Option(
            names = "--claims",
            paramLabel = "UPSTREAM/MODEL=FILE",
            description = "Weights that an upstream says it runs, to score its answers with. Repeatable.")
    private final Map<String, Path> claims = new TreeMap<>();

    @Option(names = "--threads", paramLabel = "N", description = "For running again (default: one for each core).")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "The report as one JSON object.")
    private boolean json;

    @Mixin
    private final Server server = new Server();

    @Override
    public Integer call() throws IOException, InterruptedException, VerificationException {
        if (count < 1) throw new IllegalArgumentException("--sample " + count + ", must be 1 or more");
        var known = server.data().verifierKeys(keys);
        int processors = threads != null ? threads : Runtime.getRuntime().availableProcessors();
        try (var shelf = new ModelShelf(models != null ? models : Home.models(), processors, step -> {})) {
            var policy = server.data().policy(witnessPolicy, keys.isEmpty());
            var audit = new Audit(source(), known, policy, openings(), shelf, claims);
            var report = audit.run(count, seed, one -> {});
            out().println(
                            json
                                    ? new String(Json.bytes(report.json()), StandardCharsets.UTF_8)
                                    : report.text().stripTrailing());
            return report.passes() ? 0 : Main.CHECK_FAILED;
        }
    }

    private TileSource source() {
        if (log == null) return TileSource.of(server.data().ledger());
        return log.matches("https?://.*") ? TileSource.of(URI.create(log)) : TileSource.of(Path.of(log));
    }

    private Openings openings() {
        if (receipts == null) return server::receipt;
        Path folder = receipts;
        return id -> {
            // The id is the log's word, and nothing that it says may lead out of the folder.
            Path file = folder.resolve(id + ".json");
            if (!id.matches("[A-Za-z0-9-]+") || !Files.exists(file)) return Optional.empty();
            if (Files.size(file) > Receipt.MAX_SIZE + 1)
                throw new IOException(file + ": larger than any receipt (" + Receipt.MAX_SIZE + " bytes)");
            return Optional.of(Files.readAllBytes(file));
        };
    }
}
