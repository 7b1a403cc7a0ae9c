package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.record.Trace;
import org.diwan.robots.record.Trust;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.vault.Vault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan robots trace ID`: needs no server, only the files and the log.
@Command(
        name = "trace",
        description = {
            "Walk a job back from what the robot reported to the words that were said: each message, the plan, the",
            "decision, each shown from the log."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots trace m-7f3a",
            "Exit 0: the trace verifies; 1: something in it does not follow from the log."
        })
final class RobotsTrace extends Verb {
    @Parameters(paramLabel = "ID", description = "The job's, as ./diwan robots mission prints it.")
    private String job = "";

    @Option(names = "--jobs", paramLabel = "DIR", description = "What was kept of jobs (default: robots in --data).")
    private @Nullable Path jobs;

    @Option(names = "--key", paramLabel = "VKEY", description = "The log's verifier key, or a file. Repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Which witnesses must have cosigned the checkpoint (default: as --data has it).")
    private @Nullable Path witnessPolicy;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Override
    public Integer call() throws IOException, VerificationException {
        var trust = new Trust(data.verifierKeys(keys), data.policy(witnessPolicy, keys.isEmpty()));
        Path folder = jobs != null ? jobs : data.folder().resolve("robots");
        var vault = RobotsWords.vault(data.folder());
        Trace trace;
        try {
            trace = Trace.of(
                    job, new JobFolder(folder, vault.map(RobotsWords::reading)), TileSource.of(data.ledger()), trust);
        } finally {
            vault.ifPresent(Vault::close);
        }
        for (var step : trace.steps()) out().printf("%-24s  %-8s  %s%n", step.when(), step.what(), step.detail());
        for (String fault : trace.faults()) out().println("✗ " + fault);
        if (trace.faults().isEmpty()) out().println("✓ follows from the log, from the words to the last state");
        return trace.faults().isEmpty() ? 0 : Main.CHECK_FAILED;
    }
}
