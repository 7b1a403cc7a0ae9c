package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.cloud.PolicyReplay;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan policy replay --pack NEW`: what a new law would have decided.
@Command(
        name = "replay",
        description = "Decide every logged request again under another law, and list what would differ.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan policy replay --pack drafts/sa --data ~/.diwan"})
final class PolicyReplayVerb extends Verb {
    @Option(
            names = "--pack",
            paramLabel = "PACK",
            required = true,
            description = "The new law, in the place of its namesake in --packs; a folder or a name.")
    private String name = "";

    @Mixin
    private final PackFolders folders = new PackFolders();

    @Mixin
    private final DataFolder data = new DataFolder();

    @Option(names = "--ledger", paramLabel = "DIR|URL", description = "Another log than the data folder's.")
    private @Nullable String ledger;

    @Option(names = "--key", paramLabel = "VKEY", description = "Its verifier key, or a file of them. Repeatable.")
    private final List<String> keys = new ArrayList<>();

    @Override
    public Integer call() throws IOException, VerificationException {
        var policy = Policy.of(folders.allWith(folders.one(name)), folders.day());
        var report = PolicyReplay.replay(source(), data.verifierKeys(keys), policy);
        for (var difference : report.differences())
            out().println("entry " + difference.index() + ": " + difference.request() + ": "
                    + difference.then().verdict() + " " + difference.then().obligations() + " → "
                    + difference.verdict() + " " + difference.obligations() + " by " + difference.rules());
        long differ = report.nowAllowed() + report.nowDenied() + report.otherObligations();
        if (differ > report.differences().size())
            out().println("… and " + (differ - report.differences().size()) + " more");
        out().println(report.decisions() + " decisions among " + report.entries() + " entries: " + differ
                + " would differ (" + report.nowAllowed() + " allowed instead of denied, " + report.nowDenied()
                + " denied instead of allowed, " + report.otherObligations() + " under other obligations), "
                + report.otherRules() + " would come out the same by other rules");
        if (report.unreadable() > 0) out().println(report.unreadable() + " entries are not understood here");
        return 0;
    }

    private TileSource source() {
        if (ledger == null) return TileSource.of(data.ledger());
        return ledger.matches("https?://.*") ? TileSource.of(URI.create(ledger)) : TileSource.of(Path.of(ledger));
    }
}
