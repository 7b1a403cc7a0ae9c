package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.base.AtomicFile;
import org.diwan.base.Digest;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.ForkException;
import org.diwan.sovereignty.ledger.Monitor;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan ledger watch`: does the log still stand by everything that it ever told anybody?
@Command(
        name = "watch",
        description = "Follow a log: is it what it was, and what others were shown?",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan ledger watch --log https://diwan.example/log/ --key log.vkey --state seen \\",
            "           --also https://witness.example/ --also r.json --every 60",
            "Exit 1: the log contradicts itself; --out then holds the proof."
        })
final class LedgerWatch extends Verb {
    private static final int MAX_CHECKPOINT = 256 * 1024;

    @Mixin
    private final LedgerVerb.Log log = new LedgerVerb.Log();

    @Option(
            names = "--state",
            paramLabel = "FILE",
            required = true,
            description = "Where the newest verified checkpoint is remembered.")
    private Path state = Path.of("");

    @Option(
            names = "--also",
            paramLabel = "URL|FILE",
            description =
                    "What others were shown: a witness, a mirror, a receipt, a tlog-proof, a checkpoint. Repeatable.")
    private final List<String> others = new ArrayList<>();

    @Option(names = "--out", paramLabel = "FILE", description = "Where the proof of a fork goes, besides the screen.")
    private @Nullable Path out;

    @Option(names = "--every", paramLabel = "S", description = "Look again every S seconds (default: once).")
    private @Nullable Integer every;

    @Override
    public Integer call() throws IOException, InterruptedException, VerificationException {
        if (every != null && every < 1) throw new IllegalArgumentException("--every " + every + ": at least 1 second");
        var monitor = new Monitor(log.client(), state);
        try {
            look(monitor);
            while (every != null) {
                Thread.sleep(1000L * every);
                look(monitor);
            }
            return 0;
        } catch (ForkException e) {
            String proof = e.proof().text();
            out().print(proof);
            if (out != null) AtomicFile.write(out, proof.getBytes(StandardCharsets.UTF_8));
            throw e;
        }
    }

    private void look(Monitor monitor) throws IOException, VerificationException {
        var before = monitor.newest();
        var now = monitor.advance();
        out().println("✓ " + now.origin() + ": size " + now.size()
                + (before == null ? ", seen for the first time" : ", continues size " + before.size()));
        for (String other : others) {
            var shown = checkpoint(other, now.origin());
            out().println(
                            monitor.compare(shown)
                                    ? "✓ " + other + ": size " + shown.size() + ", the same history"
                                    : "- " + other + ": size " + shown.size() + ", which the log does not show yet");
        }
    }

    /// The checkpoint that somebody else was shown.
    private static Checkpoint checkpoint(String other, String origin) throws IOException, VerificationException {
        if (!LedgerVerb.Log.isUrl(other)) return inFile(Path.of(other));
        var source = TileSource.of(URI.create(other.replaceFirst("/checkpoint$", "/")));
        byte[] text = source.read("checkpoint", MAX_CHECKPOINT);
        // A witness serves many logs.
        String hash = Digest.hex(Digest.sha256(origin.getBytes(StandardCharsets.UTF_8)));
        if (text == null) text = source.read(hash + "/checkpoint", MAX_CHECKPOINT);
        if (text == null) throw new IOException(other + ": has no checkpoint of " + origin);
        return Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
    }

    private static Checkpoint inFile(Path file) throws IOException, VerificationException {
        if (Files.size(file) > Receipt.MAX_SIZE + 1) throw new VerificationException(file + ": too large");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith("{"))
            return TlogProof.parse(Receipt.parse(bytes).decided().proof()).checkpoint();
        return text.startsWith("c2sp.org/") ? TlogProof.parse(text).checkpoint() : Checkpoint.parse(text);
    }
}
