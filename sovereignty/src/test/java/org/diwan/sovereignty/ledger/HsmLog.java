package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The process in which [HsmKeyTest] keeps a log: `HsmLog CONFIGURATION PIN FOLDER` appends some
/// entries, publishes, and prints the log's verifier key; exit code 1 and the reason when it cannot.
final class HsmLog {
    static final int ENTRIES = 3;

    private HsmLog() {}

    public static void main(String[] arguments) {
        try {
            var signer = LogSigner.inHsm(new HsmKey(Path.of(arguments[0]), HsmKey.ALIAS, arguments[1]), Logs.ORIGIN);
            try (var ledger = Ledger.open(Path.of(arguments[2]), signer)) {
                for (int i = 0; i < ENTRIES; i++) ledger.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
                ledger.publish();
            }
            System.out.println(signer.verifierKeys().getFirst());
        } catch (IOException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }
}
