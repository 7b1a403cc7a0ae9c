package org.diwan.app;

import java.io.IOException;
import org.diwan.sovereignty.policy.PolicyCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `./diwan policy …`
@Command(
        name = "policy",
        description = "Look after the law.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(check | prove | replay)",
        subcommands = {PolicyVerb.Check.class, PolicyProve.class, PolicyReplayVerb.class},
        footer = {"", "Example: ./diwan policy check"})
final class PolicyVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("policy what? Try: ./diwan policy check, prove or replay");
    }

    /// Holds all packs together to their own claims.
    @Command(
            name = "check",
            description = "Try every request there is against what the packs promise, and all their examples.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan policy check --packs ./packs"})
    static final class Check extends Verb {
        @Mixin
        private final PackFolders folders = new PackFolders();

        @Override
        public Integer call() throws IOException {
            var packs = folders.all();
            return PackVerb.print(out(), PolicyCheck.check(packs, packs, folders.day())) ? 0 : Main.CHECK_FAILED;
        }
    }
}
