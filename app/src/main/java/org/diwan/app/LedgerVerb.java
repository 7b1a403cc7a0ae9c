package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan ledger …`
@Command(
        name = "ledger",
        description = "Look after the transparency log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "fsck",
        subcommands = LedgerVerb.Check.class,
        footer = {"", "Example: ./diwan ledger fsck --data ~/.diwan"})
final class LedgerVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("ledger what? Try: ./diwan ledger fsck");
    }

    /// Recomputes every file of a log.
    @Command(
            name = "fsck",
            description = "Recompute every tile and the root from the entries, and check the signatures.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan ledger fsck --data ~/.diwan"})
    static final class Check extends Verb {
        @Mixin
        private final DataFolder data = new DataFolder();

        @Option(names = "--log", paramLabel = "DIR|URL", description = "Another log than the data folder's.")
        private @Nullable String log;

        @Option(names = "--key", paramLabel = "VKEY", description = "Its verifier key, or a file of them. Repeatable.")
        private final List<String> keys = new ArrayList<>();

        @Override
        public Integer call() throws IOException, VerificationException {
            var known = data.verifierKeys(keys);
            var report = log != null && log.matches("https?://.*")
                    ? Fsck.check(URI.create(log), known)
                    : Fsck.check(log != null ? Path.of(log) : data.ledger(), known);
            String difference = report.difference();
            if (difference != null) throw new VerificationException(difference);
            out().println("✓ " + report.size() + " entries in " + report.filesChecked()
                    + " files, recomputed and as signed"
                    + (report.filesUnpublished() == 0
                            ? ""
                            : "; " + report.filesUnpublished() + " files wait for the next checkpoint"));
            return 0;
        }
    }
}
