package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.diwan.app.Main.Refused;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.store.SqlKeyShelf;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.Vault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan vault …`
@Command(
        name = "vault",
        description = "Look after the keys of what was said: erase, rotate.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(erase | rotate)",
        subcommands = {VaultVerb.Erase.class, VaultVerb.Rotate.class},
        footer = {"", "Example: ./diwan vault erase --receipt r-0AbCdEfGhIjKlMnOpQrStU"})
final class VaultVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("vault what? Try: ./diwan vault erase --receipt ID");
    }

    /// Destroys keys, through the running server.
    @Command(
            name = "erase",
            description = "Make texts unreadable for ever; the ledger keeps its entries, and one that says so.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan vault erase --person citizen-4711"})
    static final class Erase extends Verb {
        /// What is erased; exactly one of them.
        static final class What {
            @Option(names = "--receipt", paramLabel = "ID", description = "The texts of one receipt.")
            private @Nullable String receipt;

            @Option(
                    names = "--person",
                    paramLabel = "LABEL",
                    description = "All texts about a person, as requests name it: safety_identifier or user.")
            private @Nullable String person;

            @Option(names = "--everything", description = "All texts of the tenant.")
            private boolean everything;

            String path() {
                if (receipt != null) return "/v1/receipts/" + encoded(receipt);
                if (person != null) return "/v1/persons/" + encoded(person);
                return "/v1/receipts?everything=" + everything;
            }

            private static String encoded(String part) {
                return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
            }
        }

        @ArgGroup(multiplicity = "1")
        private final What what = new What();

        @Mixin
        private final Server server = new Server();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            var response = server.send(server.request(what.path()).DELETE().build());
            JsonNode body = Json.parse(Server.read(response));
            out().println("erased: " + body.path("scope").asText()
                    + (body.has("receipts") ? ", " + body.path("receipts").asInt() + " receipts" : "")
                    + ", on record in entries " + body.path("entries"));
            return 0;
        }
    }

    /// New keys, while no server runs.
    @Command(
            name = "rotate",
            description = "Make a new root key and wrap all tenants' keys with it, or give tenants new keys.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan vault rotate --root", "Stop the server before: it holds the ledger."})
    static final class Rotate extends Verb {
        @Option(names = "--root", description = "The root key; the old one is forgotten afterwards.")
        private boolean root;

        @Option(names = "--tenant", paramLabel = "ID", description = "This tenant's key.")
        private @Nullable String tenant;

        @Mixin
        private final DataFolder data = new DataFolder();

        @Mixin
        private final LedgerOptions options = new LedgerOptions();

        @Override
        public Integer call() throws IOException {
            if (root == (tenant != null)) throw new IllegalArgumentException("rotate what? --root or --tenant ID");
            Path keys = data.folder().resolve("keys");
            Path secret = keys.resolve("root.key");
            // Opening it would make one.
            if (!Files.exists(secret))
                throw new IOException(secret + ": no root key here; one in a token is rotated with the token's tools");
            // Opened first: no server may run meanwhile, and what is done is on record before.
            try (var signed = SignedLedger.open(data.folder(), options.config(null))) {
                var ledger = signed.ledger();
                var file = FileRootKey.open(secret);
                try (var vault = new Vault(file, List.of(), Map.of(), SqlKeyShelf.open(keys.resolve("vault.db")))) {
                    long index = ledger.append(CanonicalJson.bytes(Map.of(
                            "type", "rotated", "time", Instant.now().toString(), "key", root ? "root" : "tenant")));
                    if (tenant != null) {
                        vault.rotate(tenant);
                    } else {
                        file.rotate();
                        int count = vault.rewrap();
                        file.dropOlder();
                        out().println("the keys of " + count + " tenants are wrapped by a new root key");
                    }
                    ledger.publish();
                    out().println("rotated, on record in entry " + index);
                }
            }
            return 0;
        }
    }
}
