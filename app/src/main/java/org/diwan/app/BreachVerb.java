package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.api.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan breach …`: puts breaches on record, through the running server, and shows the clocks.
@Command(
        name = "breach",
        description = "Put a breach on record, and see how much time the law leaves to tell the authority.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(open | notify | close | list)",
        subcommands = {BreachVerb.Open.class, BreachVerb.Notify.class, BreachVerb.Close.class, BreachVerb.Show.class},
        footer = {"", "Example: ./diwan breach open --what \"a laptop was stolen\" --personal"})
final class BreachVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("breach what? Try: ./diwan breach open --what TEXT");
    }

    /// The entry that starts the clock.
    @Command(
            name = "open",
            description = {
                "Record that a breach became known now. The ledger gets a commitment to --what, which the server",
                "keeps; only --say is public, and for ever."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan breach open --what \"a laptop was stolen\" --personal"})
    static final class Open extends Verb {
        @Option(names = "--what", paramLabel = "TEXT", required = true, description = "What happened; not public.")
        private String what = "";

        @Option(names = "--personal", description = "Data about people is concerned: the law's clock starts.")
        private boolean personal;

        @Option(names = "--say", paramLabel = "TEXT", description = "What the public ledger says of it.")
        private @Nullable String says;

        @Mixin
        private final Server server = new Server();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            var body = Json.object().put("what", what).put("personal", personal);
            if (says != null) body.put("says", says);
            var request = server.request("/v1/breaches").POST(BodyPublishers.ofByteArray(Json.bytes(body)));
            print(this, Json.parse(Server.read(server.send(request.build()))));
            return 0;
        }
    }

    /// The entry that stops it.
    @Command(
            name = "notify",
            description = "Record that the authority was told.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan breach notify b-0AbCdEfGhIjKlMnOpQrStU"})
    static final class Notify extends Verb {
        @Mixin
        private final Known known = new Known();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            return known.record(this, "notified");
        }
    }

    /// The last entry.
    @Command(
            name = "close",
            description = "Record that nothing more is to be done.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan breach close b-0AbCdEfGhIjKlMnOpQrStU"})
    static final class Close extends Verb {
        @Mixin
        private final Known known = new Known();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            return known.record(this, "closed");
        }
    }

    /// All breaches.
    @Command(
            name = "list",
            description = "Show all breaches and their clocks.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan breach list"})
    static final class Show extends Verb {
        @Mixin
        private final Server server = new Server();

        @Override
        public Integer call() throws IOException, InterruptedException, Refused {
            var response = server.send(server.request("/v1/breaches").GET().build());
            for (var breach : Json.parse(Server.read(response)).path("data")) print(this, breach);
            return 0;
        }
    }

    /// A breach that is on record.
    static final class Known {
        @Parameters(paramLabel = "ID", description = "As breach open printed it.")
        private String id = "";

        @Mixin
        private final Server server = new Server();

        int record(Verb verb, String step) throws IOException, InterruptedException, Refused {
            if (!id.matches("b-[A-Za-z0-9]+")) throw new IllegalArgumentException("'" + id + "' is not a breach id");
            var request = server.request("/v1/breaches/" + id + "/" + step).POST(BodyPublishers.noBody());
            print(verb, Json.parse(Server.read(server.send(request.build()))));
            return 0;
        }
    }

    private static void print(Verb verb, JsonNode breach) {
        verb.out()
                .println(breach.path("id").asText() + " known since "
                        + breach.path("opened").path("time").asText() + ", entry "
                        + breach.path("opened").path("entry").asText()
                        + (breach.path("personal").asBoolean() ? "" : ", no personal data")
                        + (breach.has("closed") ? ", closed" : ""));
        for (var clock : breach.path("clocks"))
            verb.out()
                    .println("  " + clock.path("law").asText() + ", article "
                            + clock.path("article").asText() + ": "
                            + clock.path("state").asText()
                            + (clock.has("hours_left")
                                    ? ", " + clock.path("hours_left").asText() + " of "
                                            + clock.path("hours").asText() + " hours left, until "
                                            + clock.path("due").asText() + ", to tell "
                                            + clock.path("authority").asText()
                                    : ""));
    }
}
