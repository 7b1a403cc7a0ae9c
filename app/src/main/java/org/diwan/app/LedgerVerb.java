package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.base.AtomicFile;
import org.diwan.sovereignty.ledger.ForkProof;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.FsckReport;
import org.diwan.sovereignty.ledger.LogClient;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan ledger …`
@Command(
        name = "ledger",
        description = "Look after the transparency log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "fsck|prove|watch|fork",
        subcommands = {LedgerVerb.Check.class, LedgerVerb.Prove.class, LedgerWatch.class, LedgerVerb.Fork.class},
        footer = {"", "Example: ./diwan ledger fsck --data ~/.diwan"})
final class LedgerVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("ledger what? Try: ./diwan ledger fsck");
    }

    /// Which log, and whose word about it counts.
    static final class Log {
        @Mixin
        private final DataFolder data = new DataFolder();

        @Option(names = "--log", paramLabel = "DIR|URL", description = "Another log than the data folder's.")
        private @Nullable String log;

        @Option(names = "--key", paramLabel = "VKEY", description = "Its verifier key, or a file of them. Repeatable.")
        private final List<String> keys = new ArrayList<>();

        @Option(
                names = "--witness-policy",
                paramLabel = "FILE",
                description = "Which witnesses must have cosigned its checkpoint (C2SP tlog-policy).")
        private @Nullable Path policy;

        FsckReport fsck() throws IOException {
            String named = log;
            return named != null && isUrl(named)
                    ? Fsck.check(URI.create(named), keys(), policy())
                    : Fsck.check(named != null ? Path.of(named) : data.ledger(), keys(), policy());
        }

        LogClient client() throws IOException {
            String named = log;
            var source = named != null && isUrl(named)
                    ? TileSource.of(URI.create(named))
                    : TileSource.of(named != null ? Path.of(named) : data.ledger());
            return new LogClient(source, keys(), policy());
        }

        List<VerifierKey> keys() throws IOException {
            return data.verifierKeys(keys);
        }

        WitnessPolicy policy() throws IOException {
            return data.policy(policy, keys.isEmpty());
        }

        static boolean isUrl(String text) {
            return text.matches("https?://.*");
        }
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
        private final Log log = new Log();

        @Override
        public Integer call() throws IOException, VerificationException {
            var report = log.fsck();
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

    /// Takes a proof home.
    @Command(
            name = "prove",
            description = "Write the proof that the log holds an entry, for anybody to check offline.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan ledger prove 12 --out 12.tlog-proof --entry 12.json"})
    static final class Prove extends Verb {
        @Parameters(paramLabel = "INDEX", description = "Which entry, from 0.")
        private long index;

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the tlog-proof goes.")
        private Path out = Path.of("");

        @Option(names = "--entry", paramLabel = "FILE", description = "Where the entry itself goes.")
        private @Nullable Path entry;

        @Mixin
        private final Log log = new Log();

        @Override
        public Integer call() throws IOException, VerificationException {
            var proven = log.client().prove(index);
            var checkpoint = proven.proof().checkpoint();
            AtomicFile.write(out, proven.proof().text().getBytes(StandardCharsets.UTF_8));
            if (entry != null) AtomicFile.write(entry, proven.entry());
            var witnesses = log.policy().cosignedBy(checkpoint);
            out().println("✓ entry " + index + " of " + checkpoint.origin() + " under size " + checkpoint.size()
                    + (witnesses.isEmpty() ? "" : ", cosigned by " + String.join(", ", witnesses)) + ": " + out);
            return 0;
        }
    }

    /// Judges an accusation.
    @Command(
            name = "fork",
            description = "Check a proof that a log contradicted itself, as ledger watch writes it.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan ledger fork fork.proof --key log.vkey", "Exit 0: it did; 1: not proved."})
    static final class Fork extends Verb {
        @Parameters(paramLabel = "FILE", description = "The proof.")
        private Path file = Path.of("");

        @Mixin
        private final DataFolder data = new DataFolder();

        @Option(names = "--key", paramLabel = "VKEY", description = "The log's verifier key, or a file. Repeatable.")
        private final List<String> keys = new ArrayList<>();

        @Override
        public Integer call() throws IOException, VerificationException {
            if (Files.size(file) > 4L * ForkProof.MAX_TEXT) throw new VerificationException(file + ": too large");
            var proof = ForkProof.parse(Files.readString(file));
            proof.verify(data.verifierKeys(keys));
            out().println("✓ proved: " + proof.earlier().origin() + " signed size "
                    + proof.earlier().size() + ", and size " + proof.later().size()
                    + " with another history before it");
            return 0;
        }
    }
}
