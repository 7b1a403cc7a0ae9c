package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.policy.PolicyCheck;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./diwan policy …`
@Command(
        name = "policy",
        description = "Look after the law.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "check",
        subcommands = PolicyVerb.Check.class,
        footer = {"", "Example: ./diwan policy check"})
final class PolicyVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("policy what? Try: ./diwan policy check");
    }

    /// Holds the packs to their own claims.
    @Command(
            name = "check",
            description = "Try every request there is against what the packs promise, and all their examples.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan policy check --packs ./packs"})
    static final class Check extends Verb {
        @Option(names = "--packs", paramLabel = "DIR", description = "Folder of packs (default: packs/).")
        private @Nullable Path packs;

        @Override
        public Integer call() throws IOException {
            var law = Law.load(packs != null ? packs : Home.packs());
            var report = PolicyCheck.check(law.packs(), law.policy());
            for (var statement : report.statements()) {
                out().println((statement.holds() ? "✓ " : "✗ ") + statement.text() + " (" + statement.id() + ", "
                        + statement.requests() + " requests)");
                statement.counterexample().ifPresent(request -> out().println("  but this is allowed: " + request));
            }
            for (String failure : report.failures()) out().println("✗ " + failure);
            out().println((report.passes() ? "✓ " : "✗ ") + report.requests() + " requests tried, " + report.examples()
                    + " examples, " + report.failures().size() + " failures");
            return report.passes() ? 0 : Main.CHECK_FAILED;
        }
    }
}
