package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan verify r.json`: is the receipt true? Offline; needs no server and no key to it.
@Command(
        name = "verify",
        description = "Check a receipt: proofs, signatures, commitments, the log, and the answer itself.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan verify r.json --replay --log https://diwan.example/log/ --key log.vkey --models ./models",
            "Without --key, keys and log are those of the data folder. Exit 0: everything holds; 1: it does not."
        })
final class Verify extends Verb {
    @Parameters(paramLabel = "RECEIPT", description = "File with the receipt.")
    private Path file = Path.of("");

    @Option(names = "--replay", description = "Generate the answer again and compare every bit.")
    private boolean replay;

    @Option(names = "--log", paramLabel = "DIR|URL", description = "The log, to check that it still holds the entries.")
    private @Nullable String log;

    @Option(
            names = "--key",
            paramLabel = "VKEY",
            description = "Verifier key of the log, or a file with one on each line. Give all of them; repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Which witnesses must have cosigned the log's checkpoints (C2SP tlog-policy).")
    private @Nullable Path witnessPolicy;

    @Option(names = "--models", paramLabel = "DIR", description = "Where model files lie (default: models/).")
    private @Nullable Path models;

    @Option(names = "--threads", paramLabel = "N", description = "For the replay (default: one for each core).")
    private @Nullable Integer threads;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Override
    public Integer call() throws IOException, InterruptedException, VerificationException {
        if (Files.size(file) > Receipt.MAX_SIZE + 1)
            throw new VerificationException(file + ": larger than any receipt (" + Receipt.MAX_SIZE + " bytes)");
        var policy = data.policy(witnessPolicy, keys.isEmpty());
        var verifier = new ReceiptVerifier(data.verifierKeys(keys), policy, step -> out().println("✓ " + step));
        var receipt = verifier.bindings(Files.readAllBytes(file));
        if (log != null && log.matches("https?://.*")) verifier.log(receipt, URI.create(log));
        else if (log != null) verifier.log(receipt, Path.of(log));
        else if (keys.isEmpty()) verifier.log(receipt, data.ledger());
        else out().println("- log: not checked; say where it is with --log");
        if (replay)
            verifier.replay(
                    receipt,
                    models != null ? models : Home.models(),
                    threads != null ? threads : Runtime.getRuntime().availableProcessors());
        out().println(replay ? "verified, and generated again" : "verified; --replay also generates the answer again");
        return 0;
    }
}
