package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import org.diwan.base.Digest;
import org.diwan.cloud.Law;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.AdmittedEntry;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.admit.Admission;
import org.diwan.sovereignty.admit.Terms;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan admit …`: which documents may be learnt from, and the record that it was asked.
@Command(
        name = "admit",
        description = "Decide which documents may be taken into a corpus, by licence and law.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(filter | record)",
        subcommands = {AdmitVerb.Filter.class, AdmitVerb.Recorded.class},
        footer = {"", "Example: ./diwan admit filter --pack sa --class public --purpose training --licence CC0-1.0"})
final class AdmitVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("admit what? Try: ./diwan admit filter or record");
    }

    /// Documents in, verdicts out.
    @Command(
            name = "filter",
            description = {
                "Read documents from the standard input, one JSON object a line, and answer each with a verdict",
                "before the next is read. A program starts it: the foundry for a corpus."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "First out: {\"protocol\":\"diwan-admit/1\",\"law\":DIGEST,\"classifier\":VERSION};",
                "where that and the options are the same, so are the verdicts.",
                "In:  {\"id\",\"text\",\"licence\"?,\"jurisdiction\"?}; other members are not looked at.",
                "Out: {\"id\",\"verdict\":\"admit\"|\"redact\"|\"drop\",\"text\" if redacted,",
                "      \"reasons\":[rules, or licence, no-rule, human_approval],\"found\":{TYPE:count},",
                "      \"redacted\":{TYPE:count},\"obligations\":[…]}",
                "",
                "Example: ./diwan admit filter --pack sa --class public --purpose training --licence CC0-1.0 < d.jsonl"
            })
    static final class Filter extends Verb {
        @Option(
                names = "--pack",
                paramLabel = "PLACE",
                required = true,
                description = "Whose law a document is under that does not say.")
        private String origin = "";

        @Option(names = "--in", paramLabel = "PLACE", description = "Where they are processed (default: --pack).")
        private @Nullable String destination;

        @Option(names = "--class", paramLabel = "CLASS", required = true, description = "Of all documents.")
        private String dataClass = "";

        @Option(names = "--sector", paramLabel = "SECTOR", description = "Of who answers for them (default: general).")
        private String sector = Sector.GENERAL.label();

        @Option(names = "--trait", paramLabel = "TRAIT", description = "Besides what is found in each. Repeatable.")
        private final List<String> traits = new ArrayList<>();

        @Option(names = "--purpose", paramLabel = "PURPOSE", required = true, description = "As the packs name it.")
        private String purpose = "";

        @Option(
                names = "--licence",
                paramLabel = "TEXT",
                required = true,
                description = "Terms that are accepted, word by word. Repeatable.")
        private final List<String> licences = new ArrayList<>();

        @Mixin
        private final PackFolders folders = new PackFolders();

        @Override
        public Integer call() throws IOException {
            var home = new Jurisdiction(origin);
            var declared = EnumSet.noneOf(Trait.class);
            for (String trait : traits) declared.add(Trait.of(trait));
            var terms = new Terms(
                    home,
                    destination == null ? home : new Jurisdiction(destination),
                    DataClass.of(dataClass),
                    Sector.of(sector),
                    declared,
                    purpose,
                    new HashSet<>(licences));
            var packs = folders.all();
            var law = new Law(packs, Classifier.of(packs), Policy.of(packs, folders.day()));
            var admission = new Admission(law.policy(), law.classifier(), terms);
            AdmitLines.filter(admission, home, law.digest(), System.in, out());
            return 0;
        }
    }

    /// The entry in the ledger.
    @Command(
            name = "record",
            description = "Write into the ledger that a corpus was admitted: the digest of its manifest.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan admit record build/arabic-demo/3-admit/manifest.json"})
    static final class Recorded extends Verb {
        /// A manifest has a line for each source and reason, not for each document.
        private static final long MAX_SIZE = 1 << 22;

        @Parameters(paramLabel = "MANIFEST", description = "manifest.json of an admit stage.")
        private Path file = Path.of("");

        @Mixin
        private final DataFolder data = new DataFolder();

        @Mixin
        private final LedgerOptions ledger = new LedgerOptions();

        @Override
        public Integer call() throws IOException {
            if (Files.size(file) > MAX_SIZE)
                throw new IOException(file + ": larger than any manifest (" + MAX_SIZE + " bytes)");
            byte[] bytes = Files.readAllBytes(file);
            JsonNode manifest = Json.parse(bytes);
            JsonNode law = manifest.at("/parameters/admission/law");
            if (!manifest.path("code").asText().startsWith("admit/") || !law.isTextual())
                throw new IllegalArgumentException(file + ": is no manifest of an admission that asked the law");
            String digest = Digest.hex(Digest.sha256(bytes));
            var counts = manifest.path("counts");
            var entry = new AdmittedEntry(
                    Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                    digest,
                    law.asText(),
                    manifest.at("/parameters/admission/classifier").asText(),
                    counts.path("admitted").asLong(),
                    counts.path("redacted").asLong(),
                    counts.path("dropped").asLong());
            long index = ledger.append(data, entry.bytes());
            out().println(Json.object()
                    .put("entry", index)
                    .put("manifest", digest)
                    .put("data", data.folder().toString()));
            return 0;
        }
    }
}
