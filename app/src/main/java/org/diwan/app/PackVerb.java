package org.diwan.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.diwan.sovereignty.policy.PackException;
import org.diwan.sovereignty.policy.PolicyCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `./diwan pack …`
@Command(
        name = "pack",
        description = "Look after the packs, a country's law as data.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "check",
        subcommands = PackVerb.Check.class,
        footer = {"", "Example: ./diwan pack check packs/sa"})
final class PackVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("pack what? Try: ./diwan pack check");
    }

    /// Says what is missing in a pack, or wrong with it.
    @Command(
            name = "check",
            description = {
                "Refuse a pack that does not keep its word: a rule without law, article, source or date, without",
                "an example on both sides, or that no request can reach; a promise that does not hold."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan pack check packs/de"})
    static final class Check extends Verb {
        @Parameters(
                paramLabel = "PACK",
                arity = "0..*",
                description = "Folders or names; each is checked together with what it includes (default: all).")
        private final List<String> names = new ArrayList<>();

        @Mixin
        private final PackFolders folders = new PackFolders();

        @Override
        public Integer call() throws IOException {
            try {
                boolean passes = true;
                if (names.isEmpty()) {
                    var packs = folders.all();
                    passes = print(out(), PolicyCheck.check(packs, packs, folders.day()));
                }
                for (String name : names) {
                    var pack = folders.one(name);
                    out().println(pack.jurisdiction() + ": " + pack.title());
                    passes &= print(out(), PolicyCheck.check(folders.with(pack), List.of(pack), folders.day()));
                }
                return passes ? 0 : Main.CHECK_FAILED;
            } catch (PackException e) {
                err().println("✗ " + e.getMessage());
                return Main.CHECK_FAILED;
            }
        }
    }

    /// Prints what came of a check; true if it passed.
    static boolean print(PrintWriter out, PolicyCheck.Report report) {
        for (var kept : report.promises()) {
            var proof = kept.proof();
            out.println((proof.holds() ? "✓ " : "✗ ") + kept.promise().says() + " ("
                    + kept.promise().id() + ", " + proof.cases() + " requests)");
            proof.counterexample().ifPresent(request -> out.println("  but not so: " + request));
        }
        for (String failure : report.failures()) out.println("✗ " + failure);
        out.println((report.passes() ? "✓ " : "✗ ") + report.requests() + " requests tried, " + report.examples()
                + " examples, " + report.failures().size() + " failures");
        return report.passes();
    }
}
