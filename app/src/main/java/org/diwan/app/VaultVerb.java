package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.diwan.app.Main.Refused;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.OperatorVault;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.vault.KeyRefusedException;
import org.diwan.sovereignty.vault.KeyRotation;
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

    /// Destroys keys, through the running process, or while none runs.
    @Command(
            name = "erase",
            description = "Make texts unreadable for ever; the ledger keeps its entries, and one that says so.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "Example: ./diwan vault erase --person citizen-4711",
                "Asks the process on --port: ./diwan up and robots serve (--port 8420), robots demo (--port 8431",
                "--data ~/.diwan-robots). What was said to a robot is found by its job's ID, too. With --offline it is",
                "done here, while none runs; say --root-in-hsm and --key-service as for ./diwan up."
            })
    static final class Erase extends Verb {
        /// What is erased; exactly one of them.
        static final class What {
            @Option(names = "--receipt", paramLabel = "ID", description = "The texts of a receipt, or of a job.")
            private @Nullable String receipt;

            @Option(
                    names = "--person",
                    paramLabel = "LABEL",
                    description = "All texts about a person, as requests name it: safety_identifier or user.")
            private @Nullable String person;

            @Option(names = "--everything", description = "All texts of the tenant.")
            private boolean everything;

            ObjectNode erased(OperatorVault words) {
                if (receipt != null) return words.eraseRecord(receipt);
                if (person != null) return words.erasePerson(person);
                return words.eraseEverything();
            }

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

        @Option(names = "--offline", description = "No process runs on --data: erase here.")
        private boolean offline;

        @Mixin
        private final Server server = new Server();

        @Mixin
        private final LedgerOptions ledger = new LedgerOptions();

        @Mixin
        private final VaultOptions vault = new VaultOptions();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            JsonNode body = offline ? here() : there();
            out().println("erased: " + body.path("scope").asText()
                    + (body.has("receipts") ? ", " + body.path("receipts").asInt() + " receipts" : "")
                    + ", on record in entries " + body.path("entries"));
            return 0;
        }

        private JsonNode there() throws IOException, InterruptedException, Refused {
            try {
                return Json.parse(Server.read(
                        server.send(server.request(what.path()).DELETE().build())));
            } catch (IOException e) {
                if (!(e.getCause() instanceof ConnectException)) throw e;
                throw new IOException(e.getMessage() + "; if none runs on this data folder, say --offline", e);
            }
        }

        /// The ledger is opened first, so no process may run meanwhile.
        private JsonNode here() throws IOException, Refused {
            var data = server.data().folder();
            if (!Files.exists(data.resolve("keys/vault.db")))
                throw new Refused(data + ": there is no vault here, so nothing was sealed; say --data");
            var config = ledger.config(data.resolve("keys/log.policy"));
            try (var signed = SignedLedger.open(data, config);
                    var words = OperatorVault.open(data, vault.config(config), signed.ledger()::append)) {
                var body = what.erased(words);
                signed.ledger().publish();
                return body;
            } catch (ApiError e) {
                throw new Refused(String.valueOf(e.getMessage()));
            }
        }
    }

    /// New keys, while no server runs.
    @Command(
            name = "rotate",
            description = "Wrap all tenants' keys with a newer root key, or give a tenant a new key.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "Example: ./diwan vault rotate --root",
                "Stop the server before: it holds the ledger. Say --root-in-hsm and --key-service as for ./diwan up.",
                "A root key in a file is made here. One in a token: make diwan-root-2 with keytool first. One in a",
                "tenant's service: the service is asked to unwrap and to wrap again, with which key is its affair."
            })
    static final class Rotate extends Verb {
        private static final String WAY_OUT = "Where a key's holder said no, let it say yes and rotate again; where it"
                + " was not named, name it: --key-service TENANT=URL, --left-key-service URL for one that a tenant"
                + " leaves, --root-in-hsm and --hsm FILE for a token.";

        @Option(names = "--root", description = "The root key; an old one in a file is forgotten afterwards.")
        private boolean root;

        @Option(names = "--tenant", paramLabel = "ID", description = "This tenant's key.")
        private @Nullable String tenant;

        @Mixin
        private final DataFolder data = new DataFolder();

        @Mixin
        private final LedgerOptions options = new LedgerOptions();

        @Mixin
        private final VaultOptions vault = new VaultOptions();

        @Option(
                names = "--left-key-service",
                paramLabel = "URL",
                description = "A service that a tenant leaves; it unwraps once more. Repeatable.")
        private final List<URI> left = new ArrayList<>();

        @Override
        public Integer call() throws IOException, Refused {
            if (root == (tenant != null)) throw new IllegalArgumentException("rotate what? --root or --tenant ID");
            var config = options.config(null);
            // The ledger is opened before anything changes: no server may run meanwhile.
            try (var rotation = vault.config(config).rotation(data.folder().resolve("keys"), left);
                    var signed = SignedLedger.open(data.folder(), config)) {
                if (tenant != null) rotation.checkTenant(tenant);
                else rotation.checkRoot();
                var ledger = signed.ledger();
                // What is done is on record before.
                long index = ledger.append(CanonicalJson.bytes(
                        Map.of("type", "rotated", "time", Instant.now().toString(), "key", root ? "root" : "tenant")));
                ledger.publish();
                if (tenant != null) rotation.tenant(tenant);
                else root(rotation);
                out().println("rotated, on record in entry " + index);
            } catch (KeyRefusedException e) {
                throw new Refused(e.getMessage() + ". " + WAY_OUT);
            }
            return 0;
        }

        private void root(KeyRotation rotation) throws IOException, Refused {
            var came = rotation.root();
            out().println("the keys of " + came.done().size() + " tenants are wrapped by the newest root key");
            for (String name : rotation.unused())
                out().println("nothing hangs on " + name + " any more; it may be destroyed where it lies");
            if (came.refused().isEmpty()) return;
            for (var refusal : came.refused())
                err().println("tenant " + refusal.tenant() + " keeps its key, wrapped by " + refusal.root() + ": "
                        + refusal.reason());
            throw new Refused(came.refused().size() + " tenants' keys are wrapped as before. " + WAY_OUT);
        }
    }
}
