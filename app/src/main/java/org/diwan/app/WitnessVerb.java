package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.diwan.cloud.witness.WitnessServer;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.Witness;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./diwan witness …`
@Command(
        name = "witness",
        description = "Vouch for somebody else's log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "up",
        subcommands = WitnessVerb.Serve.class,
        footer = {"", "Example: ./diwan witness up --key w.key --log diwan.local/log=log.vkey --port 8421"})
final class WitnessVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("witness what? Try: ./diwan witness up --help");
    }

    /// Serves until it is told to stop.
    @Command(
            name = "up",
            description = "Start a witness: it cosigns a log's checkpoints as long as each continues the one before.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "Example: ./diwan witness up --key w.key --log diwan.local/log=log.vkey --jurisdiction eu --port 8421",
                "It prints the lines that the log's witness policy needs."
            })
    static final class Serve extends Verb {
        @Option(
                names = "--key",
                paramLabel = "FILE",
                required = true,
                description = "The witness' private keys; made when there is no such file.")
        private Path key = Path.of("");

        @Option(
                names = "--log",
                paramLabel = "ORIGIN=VKEY",
                required = true,
                description = "A log to follow, and its verifier key or a file of them. Repeatable.")
        private final Map<String, String> logs = new HashMap<>();

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "Name of new keys (default: from the jurisdiction).")
        private @Nullable String name;

        @Option(
                names = "--jurisdiction",
                paramLabel = "CODE",
                defaultValue = "local",
                description = "Where it stands: the group of the policy it belongs in (default: ${DEFAULT-VALUE}).")
        private String jurisdiction = "";

        @Option(
                names = "--state",
                paramLabel = "DIR",
                description = "What it remembers; never lose it (default: FILE.state, beside the key).")
        private @Nullable Path state;

        @Option(
                names = "--port",
                paramLabel = "P",
                defaultValue = "8421",
                description = "TCP port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
        private int port;

        @Option(
                names = "--host",
                paramLabel = "ADDRESS",
                defaultValue = "127.0.0.1",
                description = "Address to listen on (default: ${DEFAULT-VALUE}; put TLS in front of any other).")
        private String host = "";

        @Override
        public Integer call() throws IOException, InterruptedException {
            var keys = new HashMap<String, List<VerifierKey>>();
            for (var log : logs.entrySet()) keys.put(log.getKey(), keys(log.getKey(), log.getValue()));
            var witness = Witness.open(
                    state != null ? state : Path.of(key + ".state"),
                    key,
                    name != null ? name : "witness." + jurisdiction,
                    keys);
            var server = WitnessServer.start(host, port, witness);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "diwan-shutdown"));
            out().print(policyLines(witness, server));
            out().flush();
            err().println("witness of " + String.join(", ", logs.keySet()) + " at " + server.address()
                    + "; Ctrl-C stops");
            new CountDownLatch(1).await();
            return 0;
        }

        private static List<VerifierKey> keys(String origin, String named) throws IOException {
            var keys = DataFolder.keys(List.of(named));
            for (var one : keys)
                if (!one.name().equals(origin))
                    throw new IllegalArgumentException(
                            "--log " + origin + "=" + named + ": that is a key of " + one.name());
            return keys;
        }

        /// One witness is a group of its keys: it counts once, and only when all of them have signed.
        private String policyLines(Witness witness, WitnessServer server) {
            var out = new StringBuilder();
            var names = witness.verifierKeys().stream().map(VerifierKey::parse).toList();
            String group = names.getFirst().name();
            var members = new StringBuilder();
            for (int i = 0; i < names.size(); i++) {
                String member = group + "/" + i;
                members.append(' ').append(member);
                out.append("witness %s %s %s%n".formatted(member, names.get(i), server.address()));
            }
            out.append("group %s all%s%n".formatted(group, members));
            return out.append("group %s any %s%n".formatted(jurisdiction, group))
                    .toString();
        }
    }
}
